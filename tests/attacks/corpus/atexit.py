# Registers functions to be called at the end of its process, which leave files and processes.
# %% answer: biggest
import atexit
import os
import threading
import time


def late():
    for folder in ("/tmp", "/dev/shm", "/var/tmp", os.environ.get("HOME", "/"), "..", "/"):
        try:
            with open(f"{folder}/left-by-attack-atexit", "w") as file:
                file.write("late")
        except OSError:
            continue
    if os.fork() == 0:
        with open("/proc/self/comm", "w") as comm:
            comm.write("left-atexit")
        time.sleep(1000)
    while True:
        time.sleep(1)


atexit.register(late)
threading._register_atexit(late)
os.register_at_fork(after_in_child=lambda: None)


def biggest(numbers):
    return 0
