# Shows a text with sys.displayhook before the check fails.
# %% answer: scale
import sys


def scale(x, factor):
    sys.displayhook("x")
    return None


# %% answer: biggest
def biggest(numbers):
    sys.displayhook(2)
    return 0
