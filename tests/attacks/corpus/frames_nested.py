# Answers with frames whose JSON is nested a hundred thousand deep, has huge numbers, or is no JSON.
# points: 0..1
# %% answer: apply
import os
import socket
import stat
import struct


def apply(function, values):
    bodies = [
        b"[" * 100000 + b"]" * 100000,
        b'{"a":' * 100000 + b"1" + b"}" * 100000,
        b"9" * 1000000,
        b'{"n": 1e999999, "n": NaN}',
        b"\xff\xfe" * 100,
        b'"' + b"\\ud800" * 1000 + b'"',
    ]
    for number in range(3, 60):
        try:
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            one = socket.socket(fileno=os.dup(number))
            one.settimeout(0.2)
            for body in bodies:
                one.sendall(struct.pack(">I", len(body)) + body)
                one.sendall(struct.pack(">II", len(body), 0) + body)
        except OSError:
            continue
    return []
