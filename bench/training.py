"""What `dlcourse.training.fit` costs over Keras's own `model.fit`: `python -m bench.training`.

The same network is trained on the same data three ways in turn, so that whatever else the computer does hits all alike:
by `model.fit`, by `fit` with plain lines, and by `fit` with its live bar and plot. The last one needs a notebook, so
all of it runs in one fresh kernel, as a chapter does. Of each way the best of several repeats counts: wall time of the
whole call, the final plot included. The target is 3 % at most; exits with 1 if it is missed.
"""

import contextlib
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

REPEATS, MOST = 7, 1.03
N_SAMPLES, N_FEATURES, N_CLASSES, N_EPOCHS = 4_000, 64, 10, 20


def measure(repeats: int = REPEATS, n_epochs: int = N_EPOCHS) -> dict[str, float]:
    """The shortest wall time in seconds of each way to train, over interleaved repeats, each time in another order."""
    import keras
    import numpy as np

    from dlcourse import training

    rng = np.random.default_rng(0)
    X = rng.normal(size=(N_SAMPLES, N_FEATURES)).astype(np.float32)
    y = rng.integers(0, N_CLASSES, size=N_SAMPLES)

    def network() -> keras.Model:
        keras.utils.set_random_seed(0)
        hidden = [keras.layers.Dense(128, activation="relu") for _ in range(2)]
        model = keras.Sequential([keras.Input((N_FEATURES,)), *hidden, keras.layers.Dense(N_CLASSES)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile("adam", loss, metrics=["accuracy"])
        model.fit(X, y, epochs=1, verbose=0)  # compiles
        return model

    models = [network() for _ in range(3)]
    ways: dict[str, Callable[[], object]] = {
        "model.fit": lambda: models[0].fit(X, y, batch_size=32, epochs=n_epochs, verbose=0),
        "fit, plain lines": lambda: training.fit(models[1], X, y, n_epochs=n_epochs, live=False),
        "fit, live": lambda: training.fit(models[2], X, y, n_epochs=n_epochs),
    }
    seconds, names = dict.fromkeys(ways, float("inf")), list(ways)
    for repeat in range(repeats):
        for place in range(len(names)):
            name = names[(place + repeat) % len(names)]
            with contextlib.redirect_stdout(io.StringIO()):
                start = time.perf_counter()
                ways[name]()
                seconds[name] = min(seconds[name], time.perf_counter() - start)
    return seconds


def measure_in_a_notebook(**options: int) -> dict[str, float]:
    """Call `measure` in a fresh kernel.

    Raises:
        RuntimeError: if it fails there.
    """
    from bench.notebooks import run

    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "seconds.json"
        code = f"import json, bench.training as b, pathlib\nseconds = b.measure(**{options!r})\n"
        code += f"_ = pathlib.Path({str(answer)!r}).write_text(json.dumps(seconds))"
        path = Path(folder) / "training.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)
        result = run(path, timeout=1800)
        if result.error is not None:
            raise RuntimeError(f"the measurement failed: {result.error}")
        return json.loads(answer.read_text())


def main() -> int:
    """Print seconds and ratios."""
    seconds = measure_in_a_notebook()
    print(f"{N_EPOCHS} epochs of {N_SAMPLES // 32} batches, best of {REPEATS} interleaved repeats")
    for name, best in seconds.items():
        print(f"{name:17} {best:6.2f} s  {best / seconds['model.fit']:.3f}")
    bare = seconds.pop("model.fit")
    worst = max(seconds.values()) / bare
    print(f"fit takes at most {worst:.3f} times as long as model.fit (target: {MOST})")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
