# Calls sys.exit, exit and quit from inside functions that a test calls.
# %% answer: biggest
import sys


def biggest(numbers):
    sys.exit(0)


# %% answer: apply
def apply(function, values):
    exit()


# %% answer: scale
def scale(x, factor):
    get_ipython().ask_exit()
    quit()


# %% answer: estimate
def estimate():
    raise SystemExit(2.0)
