# Moves the set-up below the tests, and the tests above their answers.
# points: 0..1
def submission(folder, release):
    import nbformat

    release.cells.reverse()
    nbformat.write(release, folder / "target.ipynb")
