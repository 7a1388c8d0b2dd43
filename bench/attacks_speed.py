"""PGD with 40 steps on 1,000 images, beside the Adversarial Robustness Toolbox: `python -m bench.attacks_speed`.

The same Keras model on TensorFlow, the same images, eps and step; `TensorFlowV2Classifier` and
`ProjectedGradientDescent` of ART 1.20, which gets the batch size that it is fastest with. Both run in turns, and the
median counts. It also prints both success rates, our time with XLA, and on JAX where that is installed; last, how many
times as fast as ART ours is. It takes some three minutes on two cores.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from unittest import mock

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras  # after the settings that it reads

from dlcourse import attacks, data
from dlcourse.attacks import backends

EPS, STEP, N_STEPS, N_IMAGES = 0.1, 0.01, 40, 1000
MISSING = 'the benchmark compares with ART: pip install "adversarial-robustness-toolbox==1.20.*", or the extra `bench`'


def trained_model() -> tuple[keras.Model, np.ndarray, np.ndarray]:
    """The convolutional network of chapter 6, and 1,000 digits."""
    digits = data.load("digits")
    X, y = digits.X[..., None].astype(np.float32), digits.y
    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(2e-3), loss)
    model.fit(X[N_IMAGES:], y[N_IMAGES:], batch_size=64, epochs=15, verbose=0)
    return model, X[:N_IMAGES], y[:N_IMAGES]


def ours(model: keras.Model, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return attacks.pgd(model, X, y, EPS, n_steps=N_STEPS, step_size=STEP)


def art_attack(model: keras.Model, batch_size: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """ART's attack on the same model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about PyTorch, which neither needs
        from art.attacks.evasion import ProjectedGradientDescent
        from art.estimators.classification import TensorFlowV2Classifier

    classifier = TensorFlowV2Classifier(
        model=model,
        nb_classes=10,
        input_shape=(8, 8, 1),
        loss_object=keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum"),
        clip_values=(0.0, 1.0),
    )
    attack = ProjectedGradientDescent(
        classifier, eps=EPS, eps_step=STEP, max_iter=N_STEPS, num_random_init=1, batch_size=batch_size, verbose=False
    )
    return lambda X, y: attack.generate(X, y)


def seconds_of(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def with_xla(model: keras.Model, X: np.ndarray, y: np.ndarray, repeats: int) -> float:
    """Our seconds when TensorFlow compiles with XLA."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    build = backends._compile_tensorflow
    with mock.patch.object(backends, "_compile_tensorflow", lambda *given: build(*given, jit_compile=True)):
        ours(copy, X, y)
        return statistics.median(seconds_of(lambda: ours(copy, X, y)) for _ in range(repeats))


def on_this_backend(repeats: int) -> str:
    """Measure ours alone, and say how it went."""
    model, X, y = trained_model()
    first = seconds_of(lambda: ours(model, X, y))
    seconds = statistics.median(seconds_of(lambda: ours(model, X, y)) for _ in range(repeats))
    rate = attacks.success_rate(model, X, y, ours(model, X, y))
    return f"ours on {keras.config.backend()}: {seconds:.2f} s, the first time {first:.2f} s; success {rate:.3f}"


def on_jax(repeats: int) -> str:
    """The same in a process with Keras on JAX."""
    if find_spec("jax") is None:
        return "ours on jax: not measured, JAX is not installed"
    command = [sys.executable, "-m", "bench.attacks_speed", "--alone", "--repeats", str(repeats)]
    environment = os.environ | {"KERAS_BACKEND": "jax"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--alone", action="store_true", help="ours only, on the backend that Keras runs on")
    options = parser.parse_args()
    if options.alone:
        print(on_this_backend(options.repeats))
        return
    if find_spec("art") is None:
        sys.exit(f"attacks_speed: {MISSING}")

    model, X, y = trained_model()
    by_batch = {size: art_attack(model, size) for size in (32, 256, N_IMAGES)}
    for attack in by_batch.values():
        attack(X, y)  # so that nothing is traced any more
    once = {size: seconds_of(lambda attack=attack: attack(X, y)) for size, attack in by_batch.items()}
    print("ART, by batch size:", ", ".join(f"{size}: {seconds:.2f} s" for size, seconds in once.items()))
    theirs = by_batch[min(once, key=once.get)]

    first = seconds_of(lambda: ours(model, X, y))
    pairs = [(seconds_of(lambda: theirs(X, y)), seconds_of(lambda: ours(model, X, y))) for _ in range(options.repeats)]
    art_seconds, our_seconds = (statistics.median(times) for times in zip(*pairs, strict=True))
    rates = {"ART": theirs(X, y), "ours": ours(model, X, y)}
    rates = {name: attacks.success_rate(model, X, y, X_adv) for name, X_adv in rates.items()}
    print(f"success rates: ART {rates['ART']:.3f}, ours {rates['ours']:.3f}")
    if abs(rates["ART"] - rates["ours"]) > 0.02:
        sys.exit("attacks_speed: the success rates differ by more than two points, so the times say nothing")
    print(
        f"ART {art_seconds:.2f} s, ours {our_seconds:.2f} s (median of {options.repeats}), the first time {first:.2f} s"
    )
    print(f"ours with XLA: {with_xla(model, X, y, options.repeats):.2f} s")
    print(on_jax(options.repeats))
    print(f"ratio {art_seconds / our_seconds:.1f}")


if __name__ == "__main__":
    main()
