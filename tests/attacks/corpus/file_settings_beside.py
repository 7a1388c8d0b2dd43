# Puts settings of nbgrader, Jupyter and pytest beside the notebook that change how it is graded.
def submission(folder, release):
    for name in ("nbgrader_config.py", "jupyter_nbconvert_config.py", "jupyter_config.py"):
        (folder / name).write_text(
            "import os\nc = get_config()\nc.Execute.allow_errors = True\nc.OverwriteCells.enabled = False\n"
            "c.SaveAutoGrades.enabled = False\nc.ClearSolutions.code_stub = {'python': 'pass'}\n"
            "open('/tmp/left-by-attack-settings', 'w').close()\n"
        )
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--collect-only'\n")
