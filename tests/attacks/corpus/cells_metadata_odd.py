# Fills the metadata of its cells with odd things: lists for names, names of other students, code.
# points: 0..1
def submission(folder, release):
    import json

    for number, cell in enumerate(release.cells):
        cell.metadata.update(student_id="0-honest", tags=["raises-exception", "hide", "__import__('os')"])
        cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
        if number % 5 == 1:
            cell.metadata.nbgrader = ["grade_id", "biggest_test"]
        if number % 5 == 2:
            cell.metadata.nbgrader.grade_id = {"a": 1}
    release.metadata.update(student="0-honest", nbgrader={"student_id": "0-honest", "max_score": 1000})
    (folder / "target.ipynb").write_text(json.dumps(release))
