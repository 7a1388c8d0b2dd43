"""What importing the course's package adds to `import keras`: `python -m bench.imports`.

Each repeat is a fresh process that imports Keras, as every chapter does, and then one module of dlcourse after the
other; what two of them share is counted for the first. The target is under 0.3 s in all.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

REPEATS = 5
MODULES = (
    "keras",
    *(f"dlcourse.{name}" for name in ("checks", "data", "device", "training", "plots", "widgets")),
)
_TIMED = """
import importlib, json, sys, time
seconds = {}
for name in sys.argv[1:]:
    start = time.perf_counter()
    importlib.import_module(name)
    seconds[name] = time.perf_counter() - start
print(json.dumps(seconds))
"""


def import_seconds(modules: tuple[str, ...] = MODULES) -> dict[str, float]:
    """Return the wall time in seconds that each import takes, one after the other in one fresh process.

    Raises:
        RuntimeError: if an import fails; it shows the last line of what Python said.
    """
    root = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "PYTHONPATH": root}
    done = subprocess.run([sys.executable, "-c", _TIMED, *modules], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"an import fails: {(done.stderr.strip().splitlines() or ['it says nothing'])[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Print the median of each import, and what those of the package add up to."""
    runs = [import_seconds() for _ in range(REPEATS)]
    print(f"{'import':<20} seconds (median of {REPEATS} fresh processes)")
    for name in MODULES:
        print(f"{name:<20} {statistics.median(run[name] for run in runs):7.2f}")
    added = statistics.median(sum(run.values()) - run["keras"] for run in runs)
    print(f"added {added:.2f} s")


if __name__ == "__main__":
    main()
