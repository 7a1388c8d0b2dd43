# Keeps the connection open and never answers.
# points: 0..1
# %% answer: biggest
import signal
import time


def biggest(numbers):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            continue
