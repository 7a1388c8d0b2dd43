# Hands in a folder in the place of the notebook.
# points: 0
def submission(folder, release):
    (folder / "target.ipynb").unlink()
    (folder / "target.ipynb").mkdir()
    (folder / "target.ipynb" / "target.ipynb").mkdir()
