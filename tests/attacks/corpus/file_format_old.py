# Hands in the notebook as format 3, in which cells stand in worksheets.
# points: 0..1
def submission(folder, release):
    import json

    cells = []
    for cell in release.cells:
        if cell.cell_type == "code":
            cells.append(
                {
                    "cell_type": "code",
                    "input": cell.source,
                    "language": "bash",
                    "metadata": cell.metadata,
                    "outputs": [],
                    "collapsed": False,
                }
            )
        else:
            cells.append({"cell_type": "markdown", "source": cell.source, "metadata": cell.metadata})
    book = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}] * 2}
    (folder / "target.ipynb").write_text(json.dumps(book))
