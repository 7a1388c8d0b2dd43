# Gives cells and functions names that look the same: Cyrillic letters, full-width letters, invisible ones.
# points: 0..1
def submission(folder, release):
    from copy import deepcopy

    import nbformat

    cells = []
    for cell in release.cells:
        cells.append(cell)
        data = cell.metadata.get("nbgrader", {})
        if data.get("grade"):
            for name in (data.grade_id.replace("e", "\u0435"), data.grade_id + "\u200b", "\uff42iggest_test", "../x"):
                copy = deepcopy(cell)
                copy.metadata.nbgrader.grade_id = name
                copy.source, copy.id = "2.0", f"{cell.id}{len(cells)}"
                cells.append(copy)
        if data.get("grade_id") == "biggest":
            cell.source = (
                "def ｂｉｇｇｅｓｔ(numbers):\n    return 0\n\ndef bіggest(numbers):\n    return max(numbers)\n"
            )
    release.cells = cells
    nbformat.write(release, folder / "target.ipynb")
