# Opens files, pipes and sockets until there are no descriptors left.
# points: 0..1
# %% answer: biggest
import os
import socket

kept = []


def biggest(numbers):
    while True:
        try:
            kept.append(os.open("/dev/null", os.O_RDONLY))
            kept.append(socket.socketpair())
        except OSError:
            return 0
