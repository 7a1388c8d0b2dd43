# Leaves a process behind: subprocess with start_new_session, nohup, a shell in the background.
# %% answer: biggest
import os
import subprocess
import sys

code = "import time\nopen('/proc/self/comm', 'w').write('left-popen')\ntime.sleep(1000)"
try:
    subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    os.system("(trap '' HUP TERM; exec -a left-shell sleep 1000) >/dev/null 2>&1 &")
    os.posix_spawn("/bin/sleep", ["left-spawn", "1000"], {})
except OSError as error:
    print(error)


def biggest(numbers):
    return 0
