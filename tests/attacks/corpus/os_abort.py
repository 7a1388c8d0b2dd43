# Ends its process by abort, a segmentation fault, an illegal instruction and SIGKILL.
# %% answer: biggest
import os


def biggest(numbers):
    os.abort()


# %% answer: scale
import ctypes


def scale(x, factor):
    ctypes.string_at(0)


# %% answer: count
import signal


def count(text, letter):
    if letter == "a":
        os.kill(os.getpid(), signal.SIGILL)
    os.kill(os.getpid(), signal.SIGKILL)
