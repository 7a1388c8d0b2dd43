"""The balls that an attack must stay in: all images within eps of the original, by one of two distances.

``"linf"``: no pixel differs by more than eps. ``"l2"``: the root of the sum of the squared differences is at most eps.
"""

import numpy as np

from dlcourse.autodiff import Tensor
from dlcourse.device import import_keras

NORMS = ("linf", "l2")
_TINY = 1e-12  # no length to divide by is smaller


def distance(X: np.ndarray, X_adv: np.ndarray, norm: str = "linf") -> np.ndarray:
    """How far each image was moved, (n_samples,)."""
    difference = (np.asarray(X_adv, dtype=np.float64) - X).reshape(len(X), -1)
    if norm == "linf":
        return np.abs(difference).max(axis=1)
    return np.sqrt((difference**2).sum(axis=1))


def random_offsets(shape: tuple[int, ...], norm: str, rng: np.random.Generator) -> np.ndarray:
    """Draw one offset for each image, evenly from the ball of radius 1."""
    if norm == "linf":
        return rng.uniform(-1, 1, shape).astype(np.float32)
    offsets = rng.normal(size=shape)
    n_pixels = int(np.prod(shape[1:]))
    radius = rng.uniform(size=shape[:1]) ** (1 / n_pixels)  # most of a ball's volume lies near its surface
    lengths = np.sqrt((offsets.reshape(len(offsets), -1) ** 2).sum(axis=1))
    return (offsets * spread(radius / lengths, offsets.ndim)).astype(np.float32)


def project(Z: Tensor, X: Tensor, eps: Tensor, norm: str) -> Tensor:
    """Bring Z back to the nearest point of the ball of radius eps around X; eps has the axes of X."""
    ops = import_keras().ops
    if norm == "linf":
        return ops.clip(Z, X - eps, X + eps)
    offset = Z - X
    return X + offset * ops.minimum(1.0, eps / ops.maximum(_length(offset), _TINY))


def steepest(g: Tensor, norm: str) -> Tensor:
    """The step of length 1 along which a loss with gradient g grows fastest: the sign of g, or g over its length."""
    ops = import_keras().ops
    if norm == "linf":
        return ops.sign(g)
    # Divided by its largest number first, for the square of a tiny one is 0; then its length is at least 1, or 0.
    largest = ops.max(ops.abs(g), axis=_inner(g), keepdims=True)
    g = g / ops.where(largest > 0, largest, 1.0)
    return g / ops.maximum(_length(g), 1.0)


def spread(values: np.ndarray, ndim: int) -> np.ndarray:
    """Give a number for each image the axes of the images, (n_samples, 1, …)."""
    return values.reshape(len(values), *[1] * (ndim - 1))


def _inner(X: Tensor) -> tuple[int, ...]:
    """All axes but that of the samples."""
    return tuple(range(1, len(X.shape)))


def _length(offset: Tensor) -> Tensor:
    ops = import_keras().ops
    return ops.sqrt(ops.sum(ops.square(offset), axis=_inner(offset), keepdims=True))
