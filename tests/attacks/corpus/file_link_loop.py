# Puts links that point at themselves and at each other beside the notebook, and a folder that holds itself.
def submission(folder, release):
    (folder / "self").symlink_to("self")
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "inside").mkdir()
    (folder / "inside" / "again").symlink_to("..")
