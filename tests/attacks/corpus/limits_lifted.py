# Lifts its own limits, then takes 10 GB and makes a thousand processes.
# points: 0..1
# %% answer: biggest
import os
import resource
import time


def biggest(numbers):
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            continue
    for _ in range(1000):
        try:
            if os.fork() == 0:
                time.sleep(1000)
        except OSError:
            break
    return np.ones(10 * 2**30 // 8).max()
