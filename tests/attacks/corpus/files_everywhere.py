# Writes files wherever it can: the home folder, /tmp, the course, the packages, start-up files.
# %% answer: biggest
import os
import site
import sys
from pathlib import Path

places = [Path(p) for p in ("/tmp", "/var/tmp", "/dev/shm", "/dev", "/etc", "/", "/run", "/usr/bin", "/mnt", "/sys")]
places += [Path.home(), Path(os.environ.get("HOME", "/")), Path("..").resolve(), Path("../..").resolve()]
places += [Path(p) for p in (*sys.path, *site.getsitepackages(), sys.prefix, "/mnt/course", "/mnt/home") if p]
own = Path.cwd()
for place in places:
    for name in ("left-by-attack-everywhere", ".bashrc", ".ipython/profile_default/startup/left-by-attack-e.py"):
        try:
            if place.resolve() != own and (place == Path(os.environ.get("HOME", "/")) or "left" in name):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                with (place / name).open("a") as file:
                    file.write("evil\n")
        except OSError:
            continue


def biggest(numbers):
    return 0
