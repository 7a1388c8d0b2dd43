"""Find a learning rate: by a range test of some seconds, or by a sweep of whole trainings."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from dlcourse.device import import_keras
from dlcourse.plots.base import COLOURS, label_axes, new_figure


@dataclass(frozen=True)
class RangeTest:
    """What a range test measured.

    Attributes:
        lrs: (n_steps,) learning rates, each larger than the one before by the same factor.
        losses: (n_steps,) a running mean of the losses, each measured before the step with that rate.
        suggestion: a tenth of the rate at which the running mean was lowest.
    """

    lrs: np.ndarray
    losses: np.ndarray
    suggestion: float

    def draw(self) -> tuple[Figure, str]:
        """Draw loss against learning rate, and say in words what it shows."""
        lowest = float(self.lrs[np.nanargmin(self.losses)])
        figure, axes = new_figure(size=(5.8, 3.6))
        axes.plot(self.lrs, self.losses, color=COLOURS[0], linewidth=2)
        axes.axvline(lowest, color=COLOURS[-1], linestyle=":", label=f"lowest: {lowest:.2g}")
        axes.axvline(self.suggestion, color=COLOURS[1], linestyle="--", label=f"a tenth of it: {self.suggestion:.2g}")
        start = self.losses[0]
        axes.set(xscale="log", ylim=(0, 1.5 * start if math.isfinite(start) else None))
        label_axes(axes, "learning rate (grows step by step)", "loss (running mean)", legend=True)
        return figure, (
            f"Loss against learning rate. From {start:.2g} it falls until the rate is {lowest:.2g} and then shoots up; "
            f"lines mark that rate and a tenth of it, {self.suggestion:.2g}."
        )


def range_test(
    train_step: Callable[[float], float],
    *,
    lowest: float = 1e-5,
    highest: float = 10.0,
    n_steps: int = 120,
    smoothing: float = 0.9,
) -> RangeTest:
    """Take steps with a learning rate that grows by the same factor each time, until the loss explodes.

    The method of Smith (2017), "Cyclical learning rates for training neural networks", with the running mean that
    fast.ai's finder has.

    Args:
        train_step: takes one step with the learning rate that it gets, and returns the loss before that step.
        lowest, highest: first and last learning rate.
        n_steps: how many steps. It ends earlier when the running mean is over four times its lowest, or not finite.
        smoothing: share of the past in the running mean, 0 for none.

    Raises:
        ValueError: if the rates are not positive and increasing, or the very first loss is not finite.
    """
    if not 0 < lowest < highest or n_steps < 2:
        raise ValueError(f"range_test needs 0 < lowest < highest and two steps, not {lowest}, {highest}, {n_steps}")
    lrs, losses, mean = np.geomspace(lowest, highest, n_steps), [], 0.0
    for number, lr in enumerate(lrs, start=1):
        mean = smoothing * mean + (1 - smoothing) * float(train_step(float(lr)))
        smooth = mean / (1 - smoothing**number)  # corrected for its start at 0, as in Adam
        if not math.isfinite(smooth) or (losses and smooth > 4 * min(losses)):
            break
        losses.append(smooth)
    if not losses:
        raise ValueError("range_test: the first loss is not a finite number: look for nan in the data")
    measured = np.array(losses)
    return RangeTest(lrs[: len(losses)], measured, float(lrs[measured.argmin()] / 10))


def find(
    model: object, X: np.ndarray, y: np.ndarray, *, batch_size: int = 32, seed: int = 0, **options: object
) -> RangeTest:
    """Run a range test on a compiled Keras model, and leave its weights and its optimiser as they were.

    Args:
        model: a compiled `keras.Model`.
        X: (n_samples, ...) inputs.
        y: (n_samples, ...) targets.
        batch_size: samples for each step.
        seed: of the order of the samples.
        **options: see `range_test`.
    """
    rng, weights, order = np.random.default_rng(seed), model.get_weights(), []
    if not model.optimizer.built:  # so that what it remembers exists, at its start value
        model.optimizer.build(model.trainable_variables)
    to_numpy = import_keras().ops.convert_to_numpy
    state = [np.array(to_numpy(variable)) for variable in model.optimizer.variables]

    def train_step(lr: float) -> float:
        nonlocal order
        if len(order) < min(batch_size, len(X)):
            order = list(rng.permutation(len(X)))
        rows = [order.pop() for _ in range(min(batch_size, len(X)))]
        model.optimizer.learning_rate = lr
        logs = model.train_on_batch(X[rows], y[rows], return_dict=True)
        model.reset_metrics()
        return float(logs["loss"])

    try:
        return range_test(train_step, **options)
    finally:
        model.set_weights(weights)
        for variable, value in zip(model.optimizer.variables, state, strict=True):
            variable.assign(value)


def sweep(
    train: Callable[[float, int], float], lrs: Sequence[float], *, seeds: Sequence[int] = (0, 1, 2)
) -> np.ndarray:
    """Train with each learning rate from several seeds.

    Args:
        train: from a learning rate and a seed to a score, for example the validation loss at the end.
        lrs: learning rates to try.
        seeds: of the start and the order of the samples.

    Returns:
        (n_seeds, n_lrs) scores; nan where training did not end with a finite number.
    """
    scores = np.array([[float(train(lr, seed)) for lr in lrs] for seed in seeds])
    return np.where(np.isfinite(scores), scores, np.nan)
