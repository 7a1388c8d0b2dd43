# Turns tests into text and raw cells, and text into tests.
def submission(folder, release):
    import json

    for number, cell in enumerate(release.cells):
        if cell.metadata.get("nbgrader", {}).get("grade") and "sunny" not in cell.source:
            cell.cell_type = ("markdown", "raw")[number % 4 < 2]
            cell.metadata.nbgrader.cell_type = "code"
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    (folder / "target.ipynb").write_text(json.dumps(release))
