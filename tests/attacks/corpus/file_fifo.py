# Puts a pipe that nobody writes to in the place of the notebook.
# points: 0
def submission(folder, release):
    import os

    (folder / "target.ipynb").unlink()
    os.mkfifo(folder / "target.ipynb")
