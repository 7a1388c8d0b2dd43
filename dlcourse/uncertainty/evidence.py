"""Evidential deep learning: the loss of a network whose outputs are the evidence for each class.

Sensoy, Kaplan and Kandemir (2018), "Evidential deep learning to quantify classification uncertainty". Everything here
is written in `keras.ops`, so that any backend can differentiate it.
"""

import math

from dlcourse.device import import_keras

Tensor = object

_SHIFT = 6  # Stirling's series is good to 32-bit numbers from here on; smaller arguments are brought there


def log_gamma(x: Tensor) -> Tensor:
    """Logarithm of the gamma function for x > 0, which `keras.ops` lacks.

    Stirling's series (Abramowitz and Stegun 6.1.41) at x + 6, and ln Γ(x) = ln Γ(x + 1) − ln x to get back.
    """
    ops = import_keras().ops
    x = ops.convert_to_tensor(x)
    back = sum(ops.log(x + step) for step in range(_SHIFT))
    z = x + _SHIFT
    return (z - 0.5) * ops.log(z) - z + 0.5 * math.log(2 * math.pi) + 1 / (12 * z) - 1 / (360 * z**3) - back


def digamma(x: Tensor) -> Tensor:
    """Derivative of `log_gamma` for x > 0 (Abramowitz and Stegun 6.3.18)."""
    ops = import_keras().ops
    x = ops.convert_to_tensor(x)
    back = sum(1 / (x + step) for step in range(_SHIFT))
    z = x + _SHIFT
    return ops.log(z) - 1 / (2 * z) - 1 / (12 * z**2) + 1 / (120 * z**4) - back


def kl_from_uniform(alpha: Tensor) -> Tensor:
    """Kullback–Leibler divergence of Dirichlet distributions from the uniform one, whose α are all 1.

    Args:
        alpha: (..., n_classes) positive parameters.

    Returns:
        (...): 0 where all α are 1, else positive, in nats.
    """
    ops = import_keras().ops
    alpha = ops.convert_to_tensor(alpha)
    strength = ops.sum(alpha, axis=-1, keepdims=True)
    constant = log_gamma(strength)[..., 0] - ops.sum(log_gamma(alpha), axis=-1) - math.lgamma(alpha.shape[-1])
    return constant + ops.sum((alpha - 1) * (digamma(alpha) - digamma(strength)), axis=-1)


def evidential_loss(y: Tensor, evidence: Tensor, kl_weight: Tensor | float) -> Tensor:
    """Expected squared error under a Dirichlet distribution, plus a penalty on evidence for the wrong classes.

    With α = evidence + 1 and S their sum, the class probabilities have the means p = α / S and the variances
    p (1 − p) / (S + 1); the expected squared error is the squared error of the mean plus the variance. The penalty is
    `kl_from_uniform` of α̃, in which the α of the true class is set to 1. Equations 5 and following in the paper.

    Args:
        y: (..., n_classes) one-hot labels.
        evidence: (..., n_classes) network outputs, not negative.
        kl_weight: λ, to be raised from 0 during training; a number, or one that broadcasts to (...).

    Returns:
        (...): the loss of each sample.
    """
    ops = import_keras().ops
    evidence = ops.convert_to_tensor(evidence)
    y = ops.cast(y, evidence.dtype)
    alpha = evidence + 1
    strength = ops.sum(alpha, axis=-1, keepdims=True)
    p = alpha / strength
    square = ops.sum((y - p) ** 2 + p * (1 - p) / (strength + 1), axis=-1)
    return square + ops.cast(kl_weight, evidence.dtype) * kl_from_uniform(y + (1 - y) * alpha)
