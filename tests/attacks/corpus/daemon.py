# Leaves a process behind: double fork, setsid, closed descriptors, ignored signals.
# %% answer: biggest
import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        with open("/proc/self/comm", "w") as comm:
            comm.write("left-daemon")
        os.closerange(0, 1000)
        time.sleep(1000)
    os._exit(0)


def biggest(numbers):
    return 0
