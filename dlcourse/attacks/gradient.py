"""Attacks that follow the gradient of the loss with respect to the input: FGSM and PGD."""

from collections.abc import Callable

import numpy as np

from dlcourse.attacks.backends import Apply, compiled, remembered, repeated
from dlcourse.attacks.ball import NORMS, project, random_offsets, spread, steepest
from dlcourse.attacks.model import BATCH_SIZE, Loss, batches, classes, cross_entropy, images, outputs_of
from dlcourse.autodiff import Tensor, differentiate
from dlcourse.device import import_keras


def input_gradient(
    model: object, X: np.ndarray, y: object, *, loss: Loss | None = None, batch_size: int = BATCH_SIZE
) -> np.ndarray:
    """Differentiate the loss of each image with respect to its pixels.

    Args:
        model: a Keras classifier; its outputs are logits or probabilities. It runs as in prediction: dropout is off.
        X: (n_samples, ...) images.
        y: (n_samples,) class indices, or one for all.
        loss: from labels (n,) and the model's outputs to a loss for each image (n,), written with `keras.ops`. By
            default the cross entropy.
        batch_size: images at a time.

    Returns:
        Gradients of the shape of X. That of an image does not depend on the others: there is no mean over the batch.

    Raises:
        ValueError: if X or y is not what it should be.
        NotImplementedError: if Keras runs on another backend than TensorFlow or JAX.
    """
    X = images(X)
    y = _labels(model, X, y)

    def build() -> Callable:
        total = _total(loss or cross_entropy(outputs_of(model, X)[0]))
        return compiled(
            model,
            lambda apply, X, y: differentiate(lambda Z: total(apply, Z, y), X),
            [(None, *X.shape[1:]), (None,)],
            ["float32", "int32"],
        )

    run = remembered(model, ("gradient", X.shape[1:], loss), build)
    return np.concatenate([run(*batch)[:n] for n, batch in batches(batch_size, X, y)])


def fgsm(
    model: object,
    X: np.ndarray,
    y: object,
    eps: float | np.ndarray,
    *,
    norm: str = "linf",
    targeted: bool = False,
    bounds: tuple[float, float] = (0.0, 1.0),
    loss: Loss | None = None,
    batch_size: int = BATCH_SIZE,
) -> np.ndarray:
    """Fast gradient sign method: one step of length eps along which the loss grows fastest.

    Goodfellow, Shlens and Szegedy (2015), "Explaining and harnessing adversarial examples". It is `pgd` with one step
    and no random start; the arguments are the same.
    """
    return pgd(
        model,
        X,
        y,
        eps,
        norm=norm,
        n_steps=1,
        step_size=eps,
        random_start=False,
        targeted=targeted,
        bounds=bounds,
        loss=loss,
        batch_size=batch_size,
    )


def pgd(
    model: object,
    X: np.ndarray,
    y: object,
    eps: float | np.ndarray,
    *,
    norm: str = "linf",
    n_steps: int = 40,
    step_size: float | np.ndarray | None = None,
    random_start: bool = True,
    targeted: bool = False,
    bounds: tuple[float, float] = (0.0, 1.0),
    loss: Loss | None = None,
    batch_size: int = BATCH_SIZE,
    seed: int = 0,
) -> np.ndarray:
    """Projected gradient descent: many small steps, each followed by the way back into the ball around the original.

    Madry and others (2018), "Towards deep learning models resistant to adversarial attacks". The loop is compiled once
    for each model, norm and loss; other images, eps, steps, bounds or targets are not traced again.

    Args:
        model: a Keras classifier; its outputs are logits or probabilities. It runs as in prediction: dropout is off.
        X: (n_samples, ...) images within `bounds`.
        y: (n_samples,) class indices, or one for all: the true classes; those to be reached if `targeted`.
        eps: radius of the ball around each image of X, in the units of X: one number, or (n_samples,).
        norm: ``"linf"``, no pixel changes by more than eps, or ``"l2"``, the root of the summed squares is at most eps.
        n_steps: how many.
        step_size: of one step, by default 2.5 · eps / n_steps, so that any point of the ball can be reached.
        random_start: begin anywhere in the ball, instead of at X.
        targeted: go towards the class y instead of away from it.
        bounds: the lowest and the highest value of a valid pixel.
        loss: that grows (or, targeted, falls), see `input_gradient`. By default the cross entropy.
        batch_size: images at a time.
        seed: of the random start.

    Returns:
        Images of the shape of X, 32-bit numbers, within `bounds` and within eps of X.

    Raises:
        ValueError: if X is not within `bounds`, eps does not fit them, or another argument is not what it should be.
        NotImplementedError: if Keras runs on another backend than TensorFlow or JAX.
    """
    if norm not in NORMS:
        raise ValueError(f"norm is {norm!r}: choose one of {list(NORMS)}")
    if n_steps < 0:
        raise ValueError(f"n_steps is {n_steps}, and cannot be negative")
    X = images(X)
    y = _labels(model, X, y)
    lower, upper = _checked_bounds(X, bounds)
    eps = _checked_eps(eps, len(X), upper - lower if norm == "linf" else None)
    step_size = 2.5 * eps / max(n_steps, 1) if step_size is None else _for_each(step_size, len(X), "step_size")
    start = X
    if random_start:
        start = X + spread(eps, X.ndim) * random_offsets(X.shape, norm, np.random.default_rng(seed))
        start = np.clip(start, lower, upper)

    def build() -> Callable:
        step = _step(loss or cross_entropy(outputs_of(model, X)[0]), norm)
        image, number = (None, *X.shape[1:]), (None,)
        return repeated(
            model, step, [image, image, number, number, number, (), ()], ["float32"] * 2 + ["int32"] + ["float32"] * 4
        )

    run = remembered(model, ("pgd", X.shape[1:], norm, loss), build)
    signed = -step_size if targeted else step_size
    cut = batches(batch_size, start, X, y, eps, signed)
    return np.concatenate([run(n_steps, *batch, np.float32(lower), np.float32(upper))[:n] for n, batch in cut])


def _step(loss: Loss, norm: str) -> Callable[..., Tensor]:
    """One step of PGD, to be compiled."""
    total = _total(loss)

    def step(
        apply: Apply, Z: Tensor, X: Tensor, y: Tensor, eps: Tensor, signed: Tensor, lower: Tensor, upper: Tensor
    ) -> Tensor:
        ops = import_keras().ops
        each = (-1, *[1] * (len(X.shape) - 1))
        g = differentiate(lambda Z: total(apply, Z, y), Z)
        Z = Z + ops.reshape(signed, each) * steepest(g, norm)
        Z = project(Z, X, ops.reshape(eps, each), norm)
        return ops.clip(Z, lower, upper)  # brings no pixel farther from X, so Z stays in the ball

    return step


def _total(loss: Loss) -> Callable[[Apply, Tensor, Tensor], Tensor]:
    """The sum over images, whose gradient holds that of each image: their losses do not depend on one another."""
    return lambda apply, X, y: import_keras().ops.sum(loss(y, apply(X)))


def _labels(model: object, X: np.ndarray, y: object) -> np.ndarray:
    """Check that the classes exist."""
    y = classes(y, len(X))
    _, n_classes = outputs_of(model, X)
    if y.max() >= n_classes:
        raise ValueError(f"y holds class {y.max()}, and the model knows {n_classes}: 0 to {n_classes - 1}")
    return y


def _checked_bounds(X: np.ndarray, bounds: tuple[float, float]) -> tuple[float, float]:
    lower, upper = map(float, bounds)
    if not lower < upper:
        raise ValueError(f"bounds are {bounds}: give the lowest and the highest value of a pixel")
    lowest, highest = float(X.min()), float(X.max())
    if lowest < lower or highest > upper:
        raise ValueError(
            f"X goes from {lowest:g} to {highest:g}, and valid pixels from {lower:g} to {upper:g}: scale X, or say "
            "which values are valid, for example bounds=(0, 255)"
        )
    return lower, upper


def _checked_eps(eps: float | np.ndarray, n_samples: int, width: float | None) -> np.ndarray:
    eps = _for_each(eps, n_samples, "eps")
    if width is not None and eps.max() > width:
        raise ValueError(
            f"eps is {eps.max():g}, more than the {width:g} between the lowest and the highest pixel: give it in the "
            "units of X, so 8 of 255 grey levels are 8 / 255 where X goes from 0 to 1"
        )
    return eps


def _for_each(value: float | np.ndarray, n_samples: int, what: str) -> np.ndarray:
    """A number for each image, (n_samples,)."""
    values = np.asarray(value, dtype=np.float32)
    if values.shape not in ((), (n_samples,)):
        raise ValueError(f"{what} has shape {values.shape}: give one number, or one for each of {n_samples} images")
    if not np.isfinite(values).all() or values.min() < 0:
        raise ValueError(f"{what} must be finite and not negative")
    return np.broadcast_to(values, (n_samples,)).copy()
