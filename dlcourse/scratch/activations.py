"""Activation functions and their derivatives, both taken at the score `A` (the pre-activation)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

# Klambauer and others, "Self-normalizing neural networks" (2017), arXiv:1706.02515
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


class Activation(NamedTuple):
    """A function of scores and its derivative; both take and return arrays of one shape."""

    function: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray], np.ndarray]


def sigmoid(A: np.ndarray) -> np.ndarray:
    """Return 1/(1 + exp(-A)), written as a tanh, which does not overflow."""
    return 0.5 * (1 + np.tanh(0.5 * A))


def relu(A: np.ndarray) -> np.ndarray:
    """Return max(A, 0)."""
    return np.maximum(A, 0)


def selu(A: np.ndarray) -> np.ndarray:
    """Return the scaled exponential linear unit."""
    return SELU_SCALE * np.where(A > 0, A, SELU_ALPHA * np.expm1(np.minimum(A, 0)))


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        "sigmoid": Activation(sigmoid, lambda A: sigmoid(A) * (1 - sigmoid(A))),
        "tanh": Activation(np.tanh, lambda A: 1 - np.tanh(A) ** 2),
        "ReLU": Activation(relu, lambda A: (A > 0).astype(float)),  # at 0, by custom, the slope from the left
        "SELU": Activation(selu, lambda A: SELU_SCALE * np.where(A > 0, 1.0, SELU_ALPHA * np.exp(np.minimum(A, 0)))),
        "none": Activation(lambda A: A, np.ones_like),
    }
)


def activation(name: str) -> Activation:
    """Return the activation of that name.

    Raises:
        ValueError: if there is none; the text lists those that there are.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"no activation {name!r}; there are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
