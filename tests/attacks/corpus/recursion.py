# Recurses without end, in calls, in callbacks and with the limit taken away.
# points: 0..1
# %% answer: apply
import sys


def apply(function, values):
    return apply(function, values)


# %% answer: biggest
def biggest(numbers):
    sys.setrecursionlimit(10**8)

    def deeper(n):
        return [deeper(n + 1) for _ in range(2)]

    return deeper(0)
