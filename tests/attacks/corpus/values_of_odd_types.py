# Returns arrays of odd types: objects, records with objects inside, enormous texts, void, memory maps, dates.
# %% answer: scale
kinds = [
    lambda: np.array([None, object()], dtype=object),
    lambda: np.zeros(2, dtype=[("a", "O"), ("b", "f8")]),
    lambda: np.zeros(1, dtype="U50000000"),
    lambda: np.zeros(2, dtype="V8"),
    lambda: np.array(["NaT", "2000"], dtype="M8[D]"),
    lambda: np.ma.masked_all(2),
    lambda: np.asmatrix([[3.0, 6.0]]),
    lambda: np.zeros(2, dtype=np.dtype("f8", metadata={"evil": object()})),
    lambda: np.rec.array([(1, 2)]),
]
number = iter(range(1000))


def scale(x, factor):
    return kinds[next(number) % len(kinds)]()


def biggest(numbers):
    return scale(0, 0)


def estimate():
    return scale(0, 0)


def apply(function, values):
    return scale(0, 0)


def count(text, letter):
    return memoryview(b"3")
