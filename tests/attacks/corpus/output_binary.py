# Writes binary, terminal codes, NULs and broken Unicode, on all streams and descriptors.
# %% answer: biggest
import os
import sys

junk = bytes(range(256)) * 40


def biggest(numbers):
    for number in (1, 2):
        try:
            os.write(number, junk)
        except OSError:
            continue
    print("\x1b[2J\x1b]0;title\x07\x1b[?1049h\x00\x08\u202e\ud800\ufffe")
    sys.stdout.write("\ud800" * 100)
    return 0
