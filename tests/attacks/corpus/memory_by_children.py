# Fills memory with many processes, and with memory that they share.
# points: 0..1
# %% answer: biggest
import mmap
import os
import time


def biggest(numbers):
    for _ in range(30):
        if os.fork() == 0:
            kept = [b"x" * 10**8 for _ in range(8)]
            time.sleep(1000)
    shared = mmap.mmap(-1, 8 * 2**30)
    for start in range(0, 8 * 2**30, 4096):
        shared[start] = 1
    return 0
