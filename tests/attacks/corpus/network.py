# Connects to the network: TCP, UDP, a named and an abstract socket, a name to look up, a service of its own.
# %% answer: biggest
import contextlib
import os
import socket
import subprocess
import sys
import urllib.request

socket.setdefaulttimeout(0.3)
for family, kind, address in (
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 7007)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 7007)),
    (socket.AF_UNIX, socket.SOCK_STREAM, "/tmp/arena.sock"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "\0arena"),
    (socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53)),
):
    with contextlib.suppress(OSError), socket.socket(family, kind) as one:
        one.connect(address)
        one.send(b"network")
with contextlib.suppress(OSError):
    urllib.request.urlopen("http://127.0.0.1:7007/network", timeout=0.3)
for name in os.listdir("/proc/self/fd"):
    with contextlib.suppress(OSError, ValueError), socket.socket(fileno=os.dup(int(name))) as one:
        one.connect(("127.0.0.1", 7007))


def biggest(numbers):
    return 0
