# Loads an IPython extension of its own that runs no cell any more.
# points: 0..1
# %% answer: biggest
import sys
import types

extension = types.ModuleType("quiet")


def load_ipython_extension(shell):
    original = shell.run_cell

    def run_cell(source, *args, **kwargs):
        return original("pass", *args, **kwargs)

    shell.run_cell = run_cell
    shell.run_cell_async = None
    shell.should_run_async = lambda *args, **kwargs: False


extension.load_ipython_extension = load_ipython_extension
sys.modules["quiet"] = extension
get_ipython().extension_manager.load_extension("quiet")
