# Hands in ten thousand cells.
# points: 0..1
def submission(folder, release):
    import nbformat

    release.cells[1:1] = [nbformat.v4.new_code_cell(f"x{number} = 1") for number in range(10000)]
    nbformat.write(release, folder / "target.ipynb")
