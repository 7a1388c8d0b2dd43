# Says that its metadata is of an older or newer schema, and leaves out what that schema did not have.
# points: 0..1
def submission(folder, release):
    import json

    for number, cell in enumerate(release.cells):
        data = cell.metadata.get("nbgrader")
        if data:
            data["schema_version"] = (1, 2, 0, -1, 99, "3")[number % 6]
            data.pop("task", None)
            data.pop("locked", None)
            data["points"] = 50
    (folder / "target.ipynb").write_text(json.dumps(release))
