# Puts modules named like numpy, dlcourse, checks, json and IPython beside the notebook.
def submission(folder, release):
    evil = (
        "import builtins\n"
        "class Anything:\n"
        "    def __getattr__(self, name): return lambda *a, **k: None\n"
        "checks = Anything()\n"
        "def __getattr__(name): return Anything()\n"
        "try:\n    open('/tmp/left-by-attack-modules', 'w').close()\nexcept OSError:\n    pass\n"
    )
    for name in ("numpy", "dlcourse", "checks", "json", "IPython", "keras", "ipykernel", "autograder", "typing", "ast"):
        (folder / f"{name}.py").write_text(evil)
    (folder / "dlcourse").mkdir()
    (folder / "dlcourse" / "__init__.py").write_text(evil)
    (folder / "dlcourse" / "checks.py").write_text(evil)
