# Has each test twice, first as it is, then one that always passes, with the same name and the same id.
def submission(folder, release):
    import json
    from copy import deepcopy

    cells = []
    for cell in release.cells:
        cells.append(cell)
        if cell.metadata.get("nbgrader", {}).get("grade"):
            for source in ("pass", "3.0"):
                cells.append(deepcopy(cell))
                cells[-1].source = source
            cells.append(deepcopy(cell))
            cells[-1].source = "pass"
            cells[-1].metadata.nbgrader.grade_id = cell.metadata.nbgrader.grade_id.upper()
    release.cells = cells
    (folder / "target.ipynb").write_text(json.dumps(release))
