# Puts sitecustomize, usercustomize, .pth files, and start-up files of IPython, Python and pytest beside the notebook.
def submission(folder, release):
    evil = "try:\n    open('/tmp/left-by-attack-startup', 'w').close()\nexcept OSError:\n    pass\nimport builtins\nbuiltins.abs = lambda x: 0\n"
    for name in ("sitecustomize.py", "usercustomize.py", "conftest.py", "__main__.py", "evil.pth", "__init__.py"):
        (folder / name).write_text(evil)
    for name in (
        ".ipython/profile_default/startup/00.py",
        ".ipython/profile_default/ipython_config.py",
        ".config/matplotlib/matplotlibrc",
        ".keras/keras.json",
        ".jupyter/jupyter_config.py",
        ".venv/pyvenv.cfg",
        ".local/lib/python3.11/site-packages/usercustomize.py",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(evil)
    (folder / "ipython_config.py").write_text("c = get_config()\nc.InteractiveShellApp.exec_lines = ['abs = max']\n")
    (folder / "ipython_kernel_config.py").write_text("c = get_config()\nc.IPKernelApp.exec_lines = ['abs = max']\n")
