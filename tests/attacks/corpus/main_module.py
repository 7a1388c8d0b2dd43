# Plays with __main__, __file__, __name__ and __loader__ of its module, and replaces the module itself.
# %% answer: biggest
import sys
import types


class Equal:
    __eq__ = lambda self, other: True
    __array__ = lambda self, *args, **kwargs: np.array(17.25)


__name__ = "autograder.engine.examiner"
__file__ = "/etc/passwd"
__loader__ = __spec__ = None
main = types.ModuleType("__main__")
main.__dict__.update(globals(), biggest=lambda numbers: Equal())
sys.modules["__main__"] = main
sys.argv[:] = ["nbgrader", "update_gradebook"]
sys.flags = None


def biggest(numbers):
    return 0
