# Gives attributes, classes, keys and functions names that are Python, HTML, terminal codes or megabytes long.
# %% answer: countdown
names = ["__class__", "__dict__", "\x1b[2J", "<script>alert(1)</script>", "a" * 10**6, "\ud800", "lambda: 1", "\0", ""]


class Countdown:
    def __init__(self, start):
        for name in names:
            try:
                self.__dict__[name] = start
            except Exception:
                continue

    def __dir__(self):
        return names

    def __getattribute__(self, name):
        raise AttributeError("\ud800" + name)


Countdown.__name__ = Countdown.__qualname__ = "int"
Countdown.__module__ = "builtins"


# %% answer: biggest
def biggest(numbers):
    return type("float\x1b[2J", (), {"__repr__": lambda self: "\ud800\x00"})()


biggest.__name__ = "len"


# %% answer: estimate
def estimate():
    return {name: name for name in names}
