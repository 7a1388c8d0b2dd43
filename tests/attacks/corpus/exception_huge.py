# Raises exceptions of 100 MB, and nested ten thousand deep.
# points: 0..1
# %% answer: biggest
def biggest(numbers):
    raise ValueError("x" * 10**8)


def apply(function, values):
    error = ValueError("inner")
    for _ in range(10000):
        error = ExceptionGroup("outer", [error])
    raise error


def scale(x, factor):
    raise type("A" * 10**7, (Exception,), {})(*range(10**6))
