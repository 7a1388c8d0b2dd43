"""The gradients that common slips in a backward pass give, so that a check can call a slip by its name."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from dlcourse.scratch.activations import Activation
from dlcourse.scratch.activations import activation as find_activation
from dlcourse.scratch.mlp import LOSSES, Gradients, Layers, forward, softmax


class Along(NamedTuple):
    """A slip whose size is not known: the right gradient plus an unknown negative multiple of this direction."""

    direction: Gradients


@dataclass(frozen=True)
class _Rules:
    """The steps of a backward pass through dense layers, each replaceable by a wrong one.

    H is what goes into a layer, A its scores, dA their derivative, dH that of what the layer passes on.
    """

    through: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray] = lambda dA, W, dW: dA @ W.T
    bend: Callable[[np.ndarray, np.ndarray, np.ndarray, Activation], np.ndarray] = lambda dH, A, H, f: (
        dH * f.derivative(A)
    )
    weights: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda H, dA: H.T @ dA
    bias: Callable[[np.ndarray], np.ndarray] = lambda dA: dA.sum(axis=0)


_RIGHT = _Rules()
_IN_HIDDEN_LAYERS: dict[str, _Rules] = {
    "the slope of the activation is missing: multiply by f′(A) on the way down": replace(
        _RIGHT, bend=lambda dH, A, H, f: dH
    ),
    "the slope was taken at the activation f(A); it is taken at the score A": replace(
        _RIGHT, bend=lambda dH, A, H, f: dH * f.derivative(H)
    ),
    "the activation itself stands where its slope should": replace(_RIGHT, bend=lambda dH, A, H, f: dH * H),
    "the mask comes from the gradient above (dH > 0); it must come from the scores (A > 0)": replace(
        _RIGHT, bend=lambda dH, A, H, f: dH * (dH > 0)
    ),
    "on the way down W stands untransposed: dH = dA @ W.T": replace(
        _RIGHT, through=lambda dA, W, dW: dA @ (W if W.shape[0] == W.shape[1] else W.T)
    ),
    "on the way down the gradient of W stands in the place of W": replace(_RIGHT, through=lambda dA, W, dW: dA @ dW.T),
    "the signs of the weights were lost on the way down": replace(_RIGHT, through=lambda dA, W, dW: dA @ np.abs(W).T),
}
STALE = "stale weights: the layer above was updated before the gradient had passed back through it; update at the end"
_PROBABILITIES = "these are the probabilities; subtract 1 at the right class first"
_TWICE = "the slope of the softmax counts twice: prediction minus label already holds it"
CACHE = "the inputs of another layer were used: was the cache overwritten in the forward pass?"
MESSAGES = (*_IN_HIDDEN_LAYERS, STALE, CACHE, _PROBABILITIES, _TWICE)
"""All that `dense_slips` may have to say."""


def dense_slips(
    X: np.ndarray, y: np.ndarray, layers: Layers, activation: str, *, loss: str = "cross entropy"
) -> dict[str, Gradients | Along]:
    """Return the gradients of a network of dense layers as common slips give them.

    Args:
        X, y, layers, activation, loss: see `dlcourse.scratch.mlp.loss_and_gradients`.

    Returns:
        What to say, and the gradients that call for it. Slips that these shapes rule out are left out.
    """
    passed, f = forward(X, layers, activation), find_activation(activation)
    _, dZ = LOSSES[loss](passed.output, y)
    H, A = passed
    right = _backward(dZ, H, A, layers, f, _RIGHT)
    found: dict[str, Gradients | Along] = {}

    def add(message: str, rules: _Rules, dZ: np.ndarray = dZ, H: list[np.ndarray] = H) -> None:
        try:
            wrong = _backward(dZ, H, A, layers, f, rules)
        except ValueError:  # the shapes don't fit, so nobody can have made this slip here
            return
        if any(
            not np.array_equal(one, other)
            for a, b in zip(wrong, right, strict=True)
            for one, other in zip(a, b, strict=True)
        ):
            found[message] = wrong

    for message, rules in _IN_HIDDEN_LAYERS.items():
        add(message, rules)
    for k, j in itertools.permutations(range(len(H)), 2):
        if H[k].shape == H[j].shape:
            add(f"{CACHE} (those of layer {j + 1} for layer {k + 1})", _RIGHT, H=[*H[:k], H[j], *H[k + 1 :]])
    if loss == "cross entropy":
        P, n_samples = softmax(passed.output), len(y)
        add(_PROBABILITIES, _RIGHT, dZ=P / n_samples)
        add(_TWICE, _RIGHT, dZ=dZ * P * (1 - P))
    # W - lr·dW in the place of W, with an lr that nobody knows; the last layer's own gradient is right.
    *below, (dW, db) = _backward(dZ, H, A, layers, f, replace(_RIGHT, through=lambda dA, W, dW: dA @ dW.T))
    found[STALE] = Along([*below, (0 * dW, 0 * db)])
    return found


def _backward(
    dZ: np.ndarray, H: list[np.ndarray], A: list[np.ndarray], layers: Layers, f: Activation, rules: _Rules
) -> Gradients:
    gradients, dA = [], dZ
    for k in reversed(range(len(layers))):
        dW = rules.weights(H[k], dA)
        gradients.append((dW, rules.bias(dA)))
        if k > 0:
            dH = rules.through(dA, layers[k][0], dW)
            dA = rules.bend(dH, A[k - 1], H[k], f)
    if any(dW.shape != W.shape for (dW, _), (W, _) in zip(gradients[::-1], layers, strict=True)):
        raise ValueError("these rules give gradients of other shapes")
    return gradients[::-1]


Slips = Mapping[str, Gradients | Along]
