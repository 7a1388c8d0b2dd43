# Waits for input that never comes, on stdin, in getpass, in breakpoint and in pdb.
# points: 0..1
# %% answer: biggest
import getpass
import sys


def biggest(numbers):
    for ask in (input, getpass.getpass, sys.stdin.read, sys.__stdin__.readline, breakpoint):
        try:
            print(ask())
        except BaseException as error:
            print(type(error).__name__)
    return 0
