# Hands in a notebook of 60 MB.
# points: 0..1
def submission(folder, release):
    import nbformat

    release.cells[0].source = "x" * (60 * 2**20)
    nbformat.write(release, folder / "target.ipynb")
