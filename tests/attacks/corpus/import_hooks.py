# Hooks into import, so that what a test imports is its own.
# points: 0..1
# %% answer: network
import builtins
import sys
import types

original = builtins.__import__


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        import importlib.machinery

        return importlib.machinery.ModuleSpec(name, Finder)

    @staticmethod
    def create_module(spec):
        return types.ModuleType(spec.name)

    @staticmethod
    def exec_module(module):
        module.__getattr__ = lambda name: lambda *args, **kwargs: None


def importer(name, *args, **kwargs):
    if name.split(".")[0] in ("keras", "dlcourse"):
        return sys.modules.setdefault(name, types.ModuleType(name))
    return original(name, *args, **kwargs)


sys.meta_path.insert(0, Finder)
sys.path_hooks.insert(0, lambda path: Finder)
sys.path_importer_cache.clear()
sys.path.insert(0, ".")
builtins.__import__ = importer
