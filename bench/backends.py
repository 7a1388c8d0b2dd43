"""What each backend of Keras costs before, while and after it compiles: `python -m bench.backends`.

For each backend that is installed a fresh process imports Keras, makes the small CNN of chapter 6, trains it for one
epoch, in which it is compiled, and for five more, and then does all of that once more with a second network of the same
shape. JAX runs three times: as it is, with an empty compilation cache on the disk, and with what that then holds.
Seconds are the processor's, of one thread where the library allows it, so that a busy computer changes them little.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

COLUMNS = ("import", "MB", "first", "epochs", "again", "whole", "peak MB")
_FOOTER = """\
import, MB   `import keras`, and the memory that the process has then
first        a network is made and trained for its first epoch: what is compiled is compiled here
epochs       five more epochs
again        a second network of the same shape is made and trained for one epoch
whole        all of it; peak MB is the most memory that the process had"""


def cache_settings(folder: str) -> dict[str, str]:
    """Environment variables with which JAX keeps all that it compiles in a folder."""
    return {
        "JAX_COMPILATION_CACHE_DIR": folder,
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }


def megabytes(what: str) -> float:
    """Memory of this process: "VmRSS" now, "VmHWM" at most."""
    return int(re.search(rf"{what}:\s*(\d+) kB", Path("/proc/self/status").read_text())[1]) / 2**10


def measure() -> list[float]:
    """The columns, on the backend that Keras runs on."""
    times = [time.process_time()]
    from dlcourse import data, device

    device.cap_threads(1)
    keras = device.import_keras()
    times.append(time.process_time())
    imported = megabytes("VmRSS")
    digits = data.load("digits")
    X, y, layers = digits.X[..., None].astype("float32"), digits.y, keras.layers

    def trained() -> object:
        keras.utils.set_random_seed(0)
        stack = [
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
        model = keras.Sequential([keras.Input((8, 8, 1)), *stack])
        model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy")
        model.fit(X, y, batch_size=64, epochs=1, verbose=0)
        return model

    times.append(time.process_time())
    model = trained()
    times.append(time.process_time())
    model.fit(X, y, batch_size=64, epochs=5, verbose=0)
    times.append(time.process_time())
    trained()
    times.append(time.process_time())
    start, after_import, ready, first, epochs, again = times
    columns = [after_import - start, imported, first - ready, epochs - first, again - epochs, again - start]
    return [*columns, megabytes("VmHWM")]


def in_a_process(backend: str, settings: dict[str, str]) -> list[float]:
    """Call `measure` in a fresh process."""
    code = "import json; from bench.backends import measure; print(json.dumps(measure()))"
    root = str(Path(__file__).resolve().parent.parent)
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root, "OMP_NUM_THREADS": "1"} | settings
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{backend} fails: {done.stderr.strip()[-1500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Print a line for each backend."""
    print(f"{'':22}" + "".join(f"{column:>9}" for column in COLUMNS))
    with tempfile.TemporaryDirectory(prefix="jax-cache-") as folder:
        runs = [("tensorflow", "tensorflow", {}), ("jax", "jax", {})]
        runs += [(f"jax, {cache} cache", "jax", cache_settings(folder)) for cache in ("empty", "warm")]
        for name, backend, settings in runs:
            if find_spec(backend) is None:
                print(f"{name:22} is not installed")
                continue
            columns = in_a_process(backend, settings)
            shown = [f"{v:9.0f}" if "MB" in c else f"{v:9.1f}" for c, v in zip(COLUMNS, columns, strict=True)]
            print(f"{name:22}{''.join(shown)}", flush=True)
    print(f"\n{_FOOTER}")


if __name__ == "__main__":
    main()
