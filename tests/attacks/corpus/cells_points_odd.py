# Gives its questions points that are no numbers: nan, infinity, text, less than 0.
# points: 0..1
def submission(folder, release):
    import json

    odd = iter([float("nan"), float("inf"), "2", -5, None, [2], True, 10**400] * 3)
    for cell in release.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["points"] = next(odd)
            cell.metadata.nbgrader["grade"] = True
    (folder / "target.ipynb").write_text(json.dumps(release))
