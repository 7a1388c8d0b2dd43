# Turns warnings and numpy's floating point errors into exceptions, and its own answers into warnings.
# points: 6
# %% answer: biggest
import warnings


def biggest(numbers):
    warnings.warn("this is right all the same", stacklevel=1)
    return max(numbers)


# %% answer: count
import sys


def count(text, letter):
    print("a remark", file=sys.stderr)
    return text.count(letter)


# %% cell below: count_test
warnings.simplefilter("error")
np.seterr(all="raise")
