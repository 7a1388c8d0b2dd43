# Hands in a symbolic link to somebody else's folder in the place of a folder.
# points: 0
def submission(folder, release):
    (folder / "target.ipynb").unlink()
    folder.rmdir()
    folder.symlink_to(folder.parents[1] / "0-honest" / "01-target")
