# Gives tests the names of other tests, so that an easy one counts for a hard one.
# points: 0..1
def submission(folder, release):
    import nbformat

    tests = [c for c in release.cells if c.metadata.get("nbgrader", {}).get("grade")]
    names = [c.metadata.nbgrader.grade_id for c in tests]
    for cell, name in zip(tests, names[-1:] + names[:-1], strict=True):
        cell.metadata.nbgrader.grade_id = name
    nbformat.write(release, folder / "target.ipynb")
