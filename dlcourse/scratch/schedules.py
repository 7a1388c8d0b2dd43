"""Learning-rate schedules, as chapter 3 writes them out: the learning rate as a function of the step.

Steps `t` count from 0 and may be an array. `plateau` is another kind: it looks at the losses.
"""

from collections.abc import Sequence

import numpy as np


def power(t: np.ndarray | int, lr: float, s: float, c: float = 1.0) -> np.ndarray:
    """``lr / (1 + t/s)^c``: half of `lr` after `s` steps if c = 1 (`keras.optimizers.schedules.InverseTimeDecay`)."""
    return lr / (1 + np.asarray(t) / s) ** c


def exponential(t: np.ndarray | int, lr: float, s: float) -> np.ndarray:
    """``lr / 10^(t/s)``: a tenth every `s` steps (`ExponentialDecay` with ``decay_rate=0.1``)."""
    return lr / 10.0 ** (np.asarray(t) / s)


def piecewise(t: np.ndarray | int, boundaries: Sequence[float], lrs: Sequence[float]) -> np.ndarray:
    """The first rate up to and including the first boundary, then the next (`PiecewiseConstantDecay`).

    Args:
        t: step.
        boundaries: in increasing order.
        lrs: one more than there are boundaries.

    Raises:
        ValueError: if the numbers of boundaries and rates do not fit.
    """
    if len(lrs) != len(boundaries) + 1:
        raise ValueError(f"piecewise: {len(boundaries)} boundaries need {len(boundaries) + 1} rates, not {len(lrs)}")
    return np.asarray(lrs)[np.searchsorted(boundaries, t, side="left")]


def one_cycle(t: np.ndarray | int, n_steps: int, lr: float, start: float = 0.1, end: float = 0.001) -> np.ndarray:
    """1cycle (Smith 2018), made of straight lines: up to `lr`, back down, and far down in the last tenth.

    Args:
        t: step, 0 to n_steps - 1.
        n_steps: of the whole training.
        lr: the highest rate, reached after 45 % of the steps.
        start: first rate, as a share of `lr`; reached again after 90 %.
        end: last rate, as a share of `lr`.
    """
    progress = np.asarray(t) / max(n_steps - 1, 1)
    return lr * np.interp(progress, [0, 0.45, 0.9, 1], [start, 1, start, end])


def plateau(losses: Sequence[float], lr: float, factor: float = 0.3, patience: int = 2) -> np.ndarray:
    """Multiply the rate by `factor` whenever the loss has not improved for `patience` epochs in a row.

    As `keras.callbacks.ReduceLROnPlateau` with ``min_delta=0``.

    Args:
        losses: (n_epochs,) measured at the end of each epoch.
        lr: rate of the first epoch.

    Returns:
        (n_epochs + 1,) the rate of each epoch, and of the one to come.
    """
    lrs, best, waited = [lr], np.inf, 0
    for loss in losses:
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            lr, waited = lr * factor, 0
        lrs.append(lr)
    return np.array(lrs)
