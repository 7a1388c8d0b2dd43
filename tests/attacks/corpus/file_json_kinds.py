# Hands in a notebook in which everything is of another kind than it should be.
# points: 0..1
def submission(folder, release):
    import json

    book = json.loads(json.dumps(release))
    book["metadata"] = {"kernelspec": [], "language_info": 5, "widgets": "x", "celltoolbar": {}}
    for number, cell in enumerate(book["cells"]):
        cell["metadata"].update(tags="raises-exception", collapsed="no", slideshow=5, name=["x"])
        cell["id"] = number
        cell["execution_count"] = "five"
        if number % 2:
            cell["source"] = cell["source"].splitlines(True)
        if cell["cell_type"] == "code":
            cell["outputs"] = {"output_type": "error"} if number % 3 else [5, None, {"output_type": "x"}]
    (folder / "target.ipynb").write_text(json.dumps(book))
