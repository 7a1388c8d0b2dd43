# Returns generators without end, which a test turns into a list.
# %% answer: apply
import itertools


def apply(function, values):
    return itertools.count()


# %% answer: countdown
class Countdown:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        while True:
            yield "x" * 10000
