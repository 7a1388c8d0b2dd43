"""Losses of two parameters, whose surface can be drawn."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss of two parameters, with what a map of it needs.

    Attributes:
        name: what it is called in figures.
        loss: from theta (..., 2) and the data to (...).
        gradient: from theta (2,) and the data to (2,).
        limits: ((low, high), (low, high)) of the two parameters on the map.
        labels: names of the two parameters, with units.
        start: (2,) a place to start from.
        data: arrays with one row for each sample, handed on to `loss` and `gradient`; empty if there are no data.
    """

    name: str
    loss: Callable[..., np.ndarray]
    gradient: Callable[..., np.ndarray]
    limits: tuple[tuple[float, float], tuple[float, float]]
    labels: tuple[str, str]
    start: tuple[float, float]
    data: tuple[np.ndarray, ...] = field(default=())

    def __post_init__(self) -> None:
        """Check that a row of each array belongs to the same sample."""
        if len({len(array) for array in self.data}) > 1:
            raise ValueError(f"surface {self.name!r}: its data have {[len(array) for array in self.data]} rows")

    @property
    def n_samples(self) -> int:
        """How many samples the loss is the mean over; 0 if there are no data."""
        return len(self.data[0]) if self.data else 0

    def batch(self, rows: np.ndarray) -> "Surface":
        """The same loss, measured on some of the samples only."""
        data = tuple(array[rows] for array in self.data)
        return Surface(self.name, self.loss, self.gradient, self.limits, self.labels, self.start, data)

    def loss_at(self, theta: np.ndarray) -> np.ndarray:
        """Loss at theta (..., 2); inf where it overflows."""
        with np.errstate(all="ignore"):
            loss = np.asarray(self.loss(np.asarray(theta, dtype=np.float64), *self.data))
        return np.where(np.isnan(loss), np.inf, loss)

    def gradient_at(self, theta: np.ndarray) -> np.ndarray:
        """Gradient at theta (2,)."""
        return np.asarray(self.gradient(np.asarray(theta, dtype=np.float64), *self.data))

    def grid(self, resolution: int = 81) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points along both axes of the map, and the (resolution, resolution) losses there."""
        first, second = (np.linspace(*limits, resolution) for limits in self.limits)
        rows = [self.loss_at(np.stack([first, np.full(resolution, b)], axis=-1)) for b in second]
        return first, second, np.array(rows)

    @cached_property
    def lowest(self) -> float:
        """The lowest loss on the map."""
        from scipy.optimize import minimize

        first, second, losses = self.grid(41)
        row, column = np.unravel_index(losses.argmin(), losses.shape)
        found = minimize(self.loss_at, [first[column], second[row]], jac=self.gradient_at, bounds=self.limits)
        return float(min(found.fun, losses.min()))


def line_loss(theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean squared error of the line ``theta[0] · x + theta[1]``; theta (..., 2), x and y (n_samples,)."""
    return np.mean((theta[..., :1] * x + theta[..., 1:] - y) ** 2, axis=-1)


def line_gradient(theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Gradient of `line_loss` at theta (2,)."""
    error = theta[0] * x + theta[1] - y
    return 2 * np.array([np.mean(error * x), np.mean(error)])


def chain_loss(theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean squared error of ``theta[1] · tanh(theta[0] · x)``, one hidden unit and one output weight."""
    return np.mean((theta[..., 1:] * np.tanh(theta[..., :1] * x) - y) ** 2, axis=-1)


def chain_gradient(theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Gradient of `chain_loss` at theta (2,)."""
    hidden = np.tanh(theta[0] * x)
    error = theta[1] * hidden - y
    return 2 * np.array([np.mean(error * theta[1] * (1 - hidden**2) * x), np.mean(error * hidden)])


def banana() -> Surface:
    """Rosenbrock's (1960) valley, a test of optimisers to this day: easy to reach, hard to follow to (1, 1)."""

    def loss(theta: np.ndarray) -> np.ndarray:
        u, v = theta[..., 0], theta[..., 1]
        return (1 - u) ** 2 + 100 * (v - u**2) ** 2

    def gradient(theta: np.ndarray) -> np.ndarray:
        u, v = theta
        return np.array([-2 * (1 - u) - 400 * u * (v - u**2), 200 * (v - u**2)])

    return Surface("banana (Rosenbrock)", loss, gradient, ((-2.0, 2.0), (-1.0, 3.0)), ("u", "v"), (-1.2, 1.0))
