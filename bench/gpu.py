"""How much faster a GPU trains and attacks, and whether it finds the same: `python -m bench.gpu`.

On the CPU and on each GPU, with each backend of Keras that is installed, in a fresh process:

training     the CNN of chapter 5 on nuclei, by `model.fit`
PGD          40 steps (20 at full size) against the CNN of chapter 6 on digits
adversarial  that CNN trained on what 3 steps of PGD make of each batch

at the size of the notebooks, and at a full size: the same data scaled up, larger batches, four times as many filters.
All start from the same weights and see the same batches. A pass is timed again and again, its first time, in which
things are compiled, left out; the median counts. A GPU computes in 32 bits and with mixed precision. Figures agree if
loss and accuracy are as near those of the same backend on the CPU as the table says. Where there is no GPU it says so.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec

import numpy as np

from dlcourse.device import available_cores
from dlcourse.gpu import gpus_of, nvidia_smi, parse_nvidia_smi

BACKENDS = ("tensorflow", "jax")
WORKS = ("training", "PGD", "adversarial")
TOLERANCE = {"float32": 0.02, "mixed_float16": 0.05}  # of a loss (relative) and of an accuracy (absolute)
EPS = 0.15


@dataclass(frozen=True)
class Size:
    """How large the data and the networks are."""

    n_images: int
    scale: int
    """How many pixels wide each pixel of the data becomes."""
    batch_size: int
    filters: int
    """Times as many filters as in the notebooks."""
    seconds: float
    """Passes are repeated for so long, at least."""
    pgd_steps: int = 40


SIZES = {
    "notebook": Size(n_images=960, scale=1, batch_size=32, filters=1, seconds=3),
    "full": Size(n_images=1024, scale=4, batch_size=256, filters=4, seconds=3, pgd_steps=20),
    "tiny": Size(n_images=32, scale=1, batch_size=16, filters=1, seconds=0, pgd_steps=2),
}


@dataclass(frozen=True)
class Measured:
    """What one process measured: images per second of each work, and the figures that it arrived at."""

    backend: str
    device: str
    precision: str
    size: str
    rates: Mapping[str, float]
    figures: Mapping[str, float]


def scaled_up(X: np.ndarray, size: Size) -> np.ndarray:
    """As many images (n, height, width, 1) as the size wants, their pixels repeated in both directions."""
    X = X[np.arange(size.n_images) % len(X)]
    return X.repeat(size.scale, axis=1).repeat(size.scale, axis=2).astype(np.float32)


def nuclei_images(size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Nuclei as chapter 5 trains on."""
    from dlcourse import nuclei

    tile = nuclei.load()
    shapes = nuclei.measure(tile)
    clean = shapes.where(shapes.whole & shapes.alone & (shapes.area >= 200) & (shapes.elongation >= 1.3))
    X, y = nuclei.portraits(tile, clean.where(clean.column < 320), min(size.n_images, 960), shift=5, seed=0)
    return scaled_up(X, size), y[np.arange(size.n_images) % len(y)]


def digit_images(size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Digits as chapter 6 attacks."""
    from dlcourse import data

    digits = data.load("digits")
    return scaled_up(digits.X[..., None], size), digits.y[np.arange(size.n_images) % len(digits.y)]


def networks(size: Size) -> dict[str, object]:
    """The CNNs of chapter 5 (``anyplace``) and of chapter 6, compiled, with the same weights on every backend."""
    import keras

    layers, many = keras.layers, size.filters
    nuclei = [
        layers.Conv2D(8 * many, 7, activation="relu", kernel_regularizer=keras.regularizers.L2(0.03)),
        layers.MaxPooling2D(),
        layers.Conv2D(16 * many, 3),
        layers.ReLU(),
        layers.GlobalMaxPooling2D(),
        layers.Dense(4, dtype="float32"),
    ]
    digits = [
        layers.Conv2D(16 * many, 3, padding="same", activation="relu"),
        layers.Conv2D(32 * many, 3, strides=2, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dense(64 * many, activation="relu"),
        layers.Dense(10, dtype="float32"),
    ]
    made = {}
    for name, side, stack, lr in (("nuclei", 24, nuclei, 0.005), ("digits", 8, digits, 0.003)):
        model = keras.Sequential([keras.Input((side * size.scale, side * size.scale, 1)), *stack])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(lr), loss, metrics=["accuracy"])
        start_again(model)
        made[name] = model
    return made


def start_again(model: object) -> None:
    """Set the weights to the same random start, and forget what the optimiser remembers."""
    rng = np.random.default_rng(0)
    start = [
        rng.normal(0, np.sqrt(2 / np.prod(weight.shape[:-1])), weight.shape) if len(weight.shape) > 1 else 0 * weight
        for weight in model.get_weights()
    ]
    model.set_weights(start)
    for variable in model.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(np.zeros(variable.shape))


def passes(work: Callable[[], object], seconds: float, before: Callable[[], None] = lambda: None) -> float:
    """Median seconds of a pass, the first one left out."""
    taken, began = [], None
    while began is None or len(taken) < 2 or time.perf_counter() - began < seconds:
        before()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
        began = began or time.perf_counter()
    return statistics.median(taken[1:])


def measure(size: Size) -> tuple[dict[str, float], dict[str, float]]:
    """Images per second of each work, and figures, on the device that this process computes on."""
    from dlcourse import attacks

    of_nuclei, of_digits = networks(size).values()
    (X, y), (X_digits, y_digits) = nuclei_images(size), digit_images(size)
    rates, figures = {}, {}

    def train() -> None:
        of_nuclei.fit(X, y, batch_size=size.batch_size, epochs=1, shuffle=False, verbose=0)

    rates["training"] = len(X) / passes(train, size.seconds, lambda: start_again(of_nuclei))
    figures |= looked_at("training", of_nuclei, X, y)

    of_digits.fit(X_digits, y_digits, batch_size=size.batch_size, epochs=4, shuffle=False, verbose=0)
    options = {"n_steps": size.pgd_steps, "batch_size": max(256, size.batch_size)}
    attacked = []

    def attack() -> None:
        attacked[:] = [attacks.pgd(of_digits, X_digits, y_digits, EPS, **options)]

    rates["PGD"] = len(X_digits) / passes(attack, size.seconds)
    figures |= looked_at("PGD", of_digits, attacked[0], y_digits)

    def train_adversarially() -> None:
        for first in range(0, len(X_digits), size.batch_size):
            rows = slice(first, first + size.batch_size)
            X_worst = attacks.pgd(of_digits, X_digits[rows], y_digits[rows], EPS, n_steps=3, seed=first)
            of_digits.train_on_batch(X_worst, y_digits[rows])

    rates["adversarial"] = len(X_digits) / passes(train_adversarially, size.seconds, lambda: start_again(of_digits))
    figures |= looked_at("adversarial", of_digits, X_digits, y_digits)
    return rates, figures


def looked_at(name: str, model: object, X: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Loss and accuracy of a model."""
    loss, accuracy = model.evaluate(X, y, batch_size=256, verbose=0)
    return {f"{name}: loss": float(loss), f"{name}: accuracy": float(accuracy)}


def in_this_process(size: str, on: str, *, deterministic: bool = False) -> Measured:
    """Measure on the CPU, on the GPU, or on the GPU with mixed precision."""
    from dlcourse import device

    keras = device.import_keras()
    device.cap_threads()
    if deterministic:
        device.use_deterministic()
    backend = keras.config.backend()
    seen = gpus_of(backend)
    if bool(seen) == (on == "CPU"):
        raise RuntimeError(f"{backend} sees {len(seen)} GPUs, and was to compute on the {on}")
    precision = device.mixed_precision() if on == "mixed" else "float32"
    name = seen[0].name if seen else f"CPU, {available_cores()} cores"
    return Measured(backend, name, precision, size, *measure(SIZES[size]))


def in_a_process(backend: str, size: str, on: str, visible: str = "", *, deterministic: bool = False) -> Measured:
    """Call `in_this_process` in a fresh one, with a backend of Keras, which sees one GPU or none.

    Raises:
        RuntimeError: if it fails; with the end of what it said.
    """
    command = [sys.executable, "-m", "bench.gpu", "--worker", on, "--size", size]
    environment = os.environ | {"KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": visible}
    if on == "CPU":
        environment |= {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        command + ["--deterministic"] * deterministic, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{backend} on the {on} fails: {done.stderr.strip()[-1500:]}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def visible_gpus(backend: str) -> list[str]:
    """What to set CUDA_VISIBLE_DEVICES to, for each GPU that a backend sees; asked in a process that ends at once."""
    if not parse_nvidia_smi(nvidia_smi()):
        return []
    code = f"from dlcourse.gpu import gpus_of; print(len(gpus_of({backend!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    n = int(done.stdout.split()[-1]) if done.returncode == 0 else 0
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
    return allowed[:n] if allowed != [""] else [str(number) for number in range(n)]


def difference(figures: Mapping[str, float], others: Mapping[str, float]) -> float:
    """The largest difference between figures: of losses relative to the others, of accuracies as they are."""
    return max(
        abs(figures[name] - others[name]) / (max(abs(others[name]), 0.1) if name.endswith("loss") else 1)
        for name in others
    )


def row(measured: Measured, on_cpu: Measured) -> str:
    """A line of the table."""
    cells = [
        f"{measured.rates[work]:9,.0f} {measured.rates[work] / on_cpu.rates[work]:6.1f}"
        if measured is not on_cpu
        else f"{measured.rates[work]:9,.0f}       "
        for work in WORKS
    ]
    verdict = ""
    if measured is not on_cpu:
        apart, most = difference(measured.figures, on_cpu.figures), TOLERANCE[measured.precision]
        verdict = f"{apart:.4f}, {'agree' if apart <= most else 'DIFFER'} (tolerance {most})"
    head = f"{measured.size:9} {measured.device[:26]:26} {measured.backend:11} {measured.precision:14}"
    return f"{head} {' '.join(cells)}  {verdict}".rstrip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everywhere; exit with 1 if a GPU's figures are not those of the CPU."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", action="append", choices=SIZES, help="only this; repeatable")
    parser.add_argument("--backend", action="append", choices=BACKENDS, help="only this; repeatable")
    parser.add_argument("--deterministic", action="store_true", help="with device.use_deterministic()")
    parser.add_argument("--worker", choices=("CPU", "GPU", "mixed"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    sizes = options.size or ["notebook", "full"]
    if options.worker:
        print(json.dumps(asdict(in_this_process(sizes[0], options.worker, deterministic=options.deterministic))))
        return 0
    backends = [name for name in options.backend or BACKENDS if find_spec(name)]
    gpus = {backend: visible_gpus(backend) for backend in backends}
    heads = "".join(f" {work:>16}" for work in WORKS)
    print(f"{'size':9} {'device':26} {'backend':11} {'precision':14}{heads}  figures beside the CPU's")
    differ, first = False, {}
    for size in sizes:
        for backend in backends:
            on_cpu = in_a_process(backend, size, "CPU", deterministic=options.deterministic)
            first.setdefault(size, on_cpu)
            print(row(on_cpu, on_cpu), flush=True)
            for visible in gpus[backend]:
                for on in ("GPU", "mixed"):
                    measured = in_a_process(backend, size, on, visible, deterministic=options.deterministic)
                    print(row(measured, on_cpu), flush=True)
                    differ |= difference(measured.figures, on_cpu.figures) > TOLERANCE[measured.precision]
            if on_cpu is not first[size]:
                apart = difference(on_cpu.figures, first[size].figures)
                print(f"{'':9} {backend} on the CPU differs from {first[size].backend} by {apart:.4f}", flush=True)
    print("images per second, and how many times as many as on the CPU")
    if not any(gpus.values()):
        print(f"no GPU was seen by {' or '.join(backends)}: only the CPU was measured")
    return int(differ)


if __name__ == "__main__":
    sys.exit(main())
