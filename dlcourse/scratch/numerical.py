"""Derivatives without calculus: nudge each number and see what happens."""

from collections.abc import Callable

import numpy as np


def numerical_gradient(f: Callable[[np.ndarray], float], w: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Return the gradient of f at w by central differences, (f(w + h) - f(w - h)) / 2h for one number after the other.

    The error is of the order of h² from the formula and of 1e-16/h from rounding; 1e-5 is near the best for float64.

    Args:
        f: takes an array of the shape of w, and returns a number; called twice for each number in w.
        w: any shape; it is not changed.
        h: half the distance between the two points.
    """
    w = np.array(w, dtype=np.float64)
    gradient = np.zeros_like(w)
    for position in np.ndindex(w.shape):
        kept = w[position]
        w[position] = kept + h
        above = f(w)
        w[position] = kept - h
        gradient[position] = (above - f(w)) / (2 * h)
        w[position] = kept
    return gradient


def relative_error(one: np.ndarray, other: np.ndarray) -> float:
    """Return ‖one - other‖ / (‖one‖ + ‖other‖): 0 if equal, 1 if opposite or if one of them is zero; 0 if both are."""
    one, other = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    size = np.linalg.norm(one) + np.linalg.norm(other)
    return float(np.linalg.norm(one - other) / size) if size > 0 else 0.0
