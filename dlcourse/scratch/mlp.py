"""A multi-layer perceptron in numpy: forward pass, loss, and the backward pass of a whole batch.

Layers are a list of (W, b), W of shape (n_inputs, n_units); the last layer gives scores, the others an activation of
theirs. Names as in chapter 2: A for scores (pre-activations), H for what a hidden layer passes on, and ``dA`` for the
derivative of the loss with respect to A.
"""

from typing import NamedTuple

import numpy as np

from dlcourse.scratch.activations import activation as find_activation

Layers = list[tuple[np.ndarray, np.ndarray]]
"""One (W, b) for each layer, first to last: W (n_inputs, n_units), b (n_units,)."""

Gradients = list[tuple[np.ndarray, np.ndarray]]
"""One (dW, db) for each layer, of the shapes of W and b."""


class Forward(NamedTuple):
    """What a forward pass leaves behind for the backward pass."""

    H: list[np.ndarray]  # the inputs of each layer: X, then what each hidden layer passes on
    A: list[np.ndarray]  # the scores of each layer

    @property
    def output(self) -> np.ndarray:
        """(n_samples, n_outputs): the scores of the last layer."""
        return self.A[-1]


def softmax(A: np.ndarray) -> np.ndarray:
    """Turn scores (n_samples, n_classes) into probabilities; each row adds up to 1."""
    E = np.exp(A - A.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cross_entropy(A: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean softmax cross entropy and its derivative with respect to the scores.

    Args:
        A: (n_samples, n_classes) scores.
        y: (n_samples,) class index.

    Returns:
        The loss, and dA of the shape of A: (softmax(A) - one-hot(y)) / n_samples.
    """
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    dA = np.exp(log_p)
    dA[rows, y] -= 1
    return float(-log_p[rows, y].mean()), dA / len(y)


def half_squared_error(A: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the half mean squared error, 1/(2 n_samples) · Σ (A - y)², and its derivative with respect to A.

    Args:
        A: (n_samples, 1) predictions.
        y: (n_samples,) what they should be.
    """
    error = A - np.reshape(y, (-1, 1))
    return float((error**2).mean() / 2), error / len(y)


LOSSES = {"cross entropy": cross_entropy, "half squared error": half_squared_error}


def forward(X: np.ndarray, layers: Layers, activation: str, *, skip: float = 0.0) -> Forward:
    """Run the forward pass and keep what the backward pass needs.

    Args:
        X: (n_samples, n_features).
        layers: see the module.
        activation: of the hidden layers, a name in `activations.ACTIVATIONS`.
        skip: if not 0, a hidden layer that has as many units as inputs passes on ``H + skip · f(A)``, its input plus a
            share of what it computed, instead of f(A).
    """
    f = find_activation(activation).function
    H, A = [X], []
    for number, (W, b) in enumerate(layers, start=1):
        A.append(H[-1] @ W + b)
        if number < len(layers):
            H.append(H[-1] + skip * f(A[-1]) if _skips(W, skip) else f(A[-1]))
    return Forward(H, A)


def backward(dA: np.ndarray, passed: Forward, layers: Layers, activation: str, *, skip: float = 0.0) -> Gradients:
    """Run the backward pass.

    Args:
        dA: (n_samples, n_outputs), the derivative of the loss with respect to the last scores.
        passed, layers, activation, skip: of the forward pass.
    """
    derivative = find_activation(activation).derivative
    gradients, last = [], len(layers) - 1
    dH = np.zeros(())
    for k in reversed(range(len(layers))):
        W, _ = layers[k]
        skips = k < last and _skips(W, skip)
        if k < last:  # dH came down from the layer above
            dA = (skip if skips else 1.0) * dH * derivative(passed.A[k])
        gradients.append((passed.H[k].T @ dA, dA.sum(axis=0)))
        dH = dA @ W.T + (dH if skips else 0.0)
    return gradients[::-1]


def loss_and_gradients(
    X: np.ndarray,
    y: np.ndarray,
    layers: Layers,
    activation: str,
    *,
    loss: str = "cross entropy",
    skip: float = 0.0,
) -> tuple[float, Gradients]:
    """Return the mean loss over a batch and its gradient with respect to every parameter.

    Args:
        X: (n_samples, n_features).
        y: (n_samples,): class indices for ``"cross entropy"``, numbers for ``"half squared error"``.
        layers, activation, skip: see `forward`.
        loss: a name in `LOSSES`.

    Raises:
        ValueError: if there is no such loss or activation.
    """
    if loss not in LOSSES:
        raise ValueError(f"no loss {loss!r}; there are {', '.join(LOSSES)}")
    passed = forward(X, layers, activation, skip=skip)
    value, dA = LOSSES[loss](passed.output, y)
    return value, backward(dA, passed, layers, activation, skip=skip)


def _skips(W: np.ndarray, skip: float) -> bool:
    """Whether a hidden layer with these weights adds its input to its output."""
    return skip != 0 and W.shape[0] == W.shape[1]
