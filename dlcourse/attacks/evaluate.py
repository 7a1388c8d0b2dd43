"""How well an attack did."""

from collections.abc import Callable

import numpy as np

from dlcourse.attacks.model import classes, probabilities

Attack = Callable[..., np.ndarray]  # attack(model, X, y, eps, …), such as `fgsm` and `pgd`


def success_rate(model: object, X: np.ndarray, y: object, X_adv: np.ndarray, *, targets: object | None = None) -> float:
    """Share of the images that the model had right, and that it no longer has right (or takes for the target).

    Images that were wrong to begin with count neither as successes nor as tries. With targets, images that are of the
    target's class do not count either.

    Args:
        model: a Keras classifier.
        X: (n_samples, ...) originals.
        y: (n_samples,) true classes.
        X_adv: what the attack made of them.
        targets: (n_samples,) classes that were to be reached, or one for all; none for an untargeted attack.

    Raises:
        ValueError: if no image counts.
    """
    y = classes(y, len(X))
    counts = probabilities(model, X).argmax(axis=1) == y
    after = probabilities(model, X_adv).argmax(axis=1)
    fooled = after != y
    if targets is not None:
        targets = classes(targets, len(X), "targets")
        counts &= targets != y
        fooled = after == targets
    if not counts.any():
        raise ValueError("the model has none of these images right, so there is nothing to attack")
    return float(fooled[counts].mean())


def smallest_eps(
    attack: Attack, model: object, X: np.ndarray, y: object, *, high: float, n_halvings: int = 8, **options: object
) -> np.ndarray:
    """Find for each image the smallest radius at which an untargeted attack succeeds, by halving an interval.

    It is the smallest that *this* attack needs: a better one may need less.

    Args:
        attack: called as ``attack(model, X, y, eps, **options)`` with one eps for each image, such as `pgd`.
        model: a Keras classifier.
        X: (n_samples, ...) images.
        y: (n_samples,) true classes.
        high: the largest radius to try.
        n_halvings: the answer is exact to high / 2^n_halvings, and errs upwards.
        **options: for the attack.

    Returns:
        (n_samples,) radii: 0 where the model was wrong to begin with, inf where the attack fails even with `high`.
    """
    y = classes(y, len(X))

    def fooled(eps: np.ndarray) -> np.ndarray:
        return probabilities(model, attack(model, X, y, eps, **options)).argmax(axis=1) != y

    wrong = probabilities(model, X).argmax(axis=1) != y
    below, above = np.zeros(len(X)), np.full(len(X), float(high))
    found = fooled(above)
    for _ in range(n_halvings):
        middle = (below + above) / 2
        down = fooled(middle)
        above, below = np.where(down, middle, above), np.where(down, below, middle)
    return np.where(wrong, 0.0, np.where(found, above, np.inf))
