# Hands in several notebooks: the solved exercise under other names, and checkpoints.
def submission(folder, release):
    import nbformat

    from tests.attacks.attack import solved

    for name in ("target (1).ipynb", "TARGET.ipynb", "target.ipynb.ipynb", "ｔarget.ipynb", "autograded.ipynb"):
        nbformat.write(solved(release), folder / name)
    (folder / ".ipynb_checkpoints").mkdir()
    nbformat.write(solved(release), folder / ".ipynb_checkpoints" / "target-checkpoint.ipynb")
