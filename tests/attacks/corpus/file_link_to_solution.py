# Hands in a symbolic link to the solution in the place of a notebook.
# points: 0
def submission(folder, release):
    notebook = folder / "target.ipynb"
    notebook.unlink()
    notebook.symlink_to(folder.parents[3] / "solutions" / "01-target" / "target.ipynb")
