# Stays in C code that no signal handler of Python interrupts.
# points: 0..1
# %% answer: biggest
def biggest(numbers):
    return 7 ** (7**30)


# %% cell below: biggest_test
import re

re.match(r"(a+)+$", "a" * 100 + "b")
