"""What `dlcourse.training.fit` costs over Keras's own `model.fit`: `python -m bench.training`.

The same network is trained on the same data three ways in turn, so that whatever else the computer does hits all alike:
by `model.fit`, by `fit` with plain lines, and by `fit` with its live bar and plot. The last one needs a notebook, so
all of it runs in one fresh kernel, as a chapter does. Each round gives a ratio to its own `model.fit`; the median of
the rounds counts, of the wall time and of the processor's, which the computer's other work disturbs less. The target is
3 % of the processor's time at most while the network trains; exits with 1 if it is missed. The picture at the end is
drawn once, however long the training, and has a line of its own.
"""

import contextlib
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

ROUNDS, MOST = 11, 1.03
N_SAMPLES, N_FEATURES, N_CLASSES, N_EPOCHS = 4_000, 64, 10, 20
ALONE = "model.fit"


def measure(rounds: int = ROUNDS, n_epochs: int = N_EPOCHS) -> dict[str, list[tuple[float, float, float]]]:
    """Of each way to train, for each round: seconds of training, the processor's seconds, seconds of what follows.

    The ways take turns, each time in another order.
    """
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
    ways: dict[str, Callable[[], training.Run | None]] = {
        ALONE: lambda: models[0].fit(X, y, batch_size=32, epochs=n_epochs, verbose=0) and None,
        "fit, plain lines": lambda: training.fit(models[1], X, y, n_epochs=n_epochs, live=False),
        "fit, live": lambda: training.fit(models[2], X, y, n_epochs=n_epochs),
    }
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
    names = list(ways)
    for turn in range(rounds):
        for place in range(len(names)):
            name = names[(place + turn) % len(names)]
            with contextlib.redirect_stdout(io.StringIO()):
                start, busy = time.perf_counter(), time.process_time()
                run = ways[name]()
                whole, busy = time.perf_counter() - start, time.process_time() - busy
            after = whole - run.seconds if run else 0.0
            taken[name].append((whole - after, busy - after, after))  # what follows computes all the time
    return taken


def measure_in_a_notebook(**options: int) -> dict[str, list[tuple[float, float, float]]]:
    """Call `measure` in a fresh kernel.

    Raises:
        RuntimeError: if it fails there.
    """
    from bench.notebooks import run

    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "taken.json"
        code = f"import json, bench.training as b, pathlib\ntaken = b.measure(**{options!r})\n"
        code += f"_ = pathlib.Path({str(answer)!r}).write_text(json.dumps(taken))"
        path = Path(folder) / "training.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)
        result = run(path, timeout=1800)
        if result.error is not None:
            raise RuntimeError(f"the measurement failed: {result.error}")
        return json.loads(answer.read_text())


def main() -> int:
    """Print seconds and ratios."""
    taken = measure_in_a_notebook()
    print(f"{N_EPOCHS} epochs of {N_SAMPLES // 32} batches, median of {ROUNDS} rounds")
    print(f"{'':17}  wall, s  ratio  processor, s  ratio  after it, s")
    costs = []
    for name, rounds in taken.items():
        wall, busy, after = map(statistics.median, zip(*rounds, strict=True))
        pairs = list(zip(rounds, taken[ALONE], strict=True))
        wall_ratio, busy_ratio = (statistics.median(one[i] / other[i] for one, other in pairs) for i in (0, 1))
        print(f"{name:17} {wall:8.2f} {wall_ratio:6.3f} {busy:13.2f} {busy_ratio:6.3f} {after:12.2f}")
        costs.append(busy_ratio)
    print(f"fit takes at most {max(costs):.3f} times the processor's time of model.fit (target: {MOST})")
    return int(max(costs) > MOST)


if __name__ == "__main__":
    sys.exit(main())
