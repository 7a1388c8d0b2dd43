# Puts pipes, sockets and devices beside the notebook, which nobody ever writes to.
def submission(folder, release):
    import contextlib
    import os
    import socket

    os.mkfifo(folder / "data.csv")
    os.mkfifo(folder / "timestamp.txt")
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as one:
        here = os.getcwd()
        os.chdir(folder)
        one.bind("socket")
        os.chdir(here)
