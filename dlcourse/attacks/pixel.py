"""One-pixel attack: no gradient, only the model's answers, searched by differential evolution."""

import numpy as np

from dlcourse.attacks.model import classes, images, probabilities


def one_pixel(
    model: object,
    X: np.ndarray,
    y: object,
    *,
    n_pixels: int = 1,
    targeted: bool = False,
    bounds: tuple[float, float] = (0.0, 1.0),
    population: int = 60,
    n_generations: int = 20,
    mutation: float = 0.5,
    batch_size: int = 4096,
    seed: int = 0,
) -> np.ndarray:
    """Change one pixel (or a few) of each image, found by differential evolution over its place and its value.

    Su, Vargas and Sakurai (2019), "One pixel attack for fooling deep neural networks". A candidate is a row, a column
    and a value for each channel; a child is one candidate plus `mutation` times the difference of two others, and takes
    the place of its parent if the model likes the true class less with it (or, targeted, the target more). All images
    evolve at once, and each stops as soon as the model is fooled.

    Args:
        model: a Keras classifier; only its outputs are used.
        X: (n_samples, height, width, n_channels) or (n_samples, height, width) images.
        y: (n_samples,) true classes, or those to be reached if `targeted`; or one for all.
        n_pixels: how many pixels may change.
        targeted: go towards y instead of away from it.
        bounds: the lowest and the highest value of a pixel.
        population: candidates for each image, 4 at least.
        n_generations: at most.
        mutation: the factor of the difference, F in the papers.
        batch_size: images that the model sees at a time.
        seed: of all chance.

    Returns:
        The images with the best candidate painted in, of the shape of X, also where it fools nobody.

    Raises:
        ValueError: if X is not a stack of images, or another argument is not what it should be.
    """
    X = images(X)
    if X.ndim not in (3, 4):
        raise ValueError(f"X has shape {X.shape}: one_pixel needs images, (n_samples, height, width[, n_channels])")
    if population < 4 or n_pixels < 1:
        raise ValueError(f"population is {population} and n_pixels {n_pixels}: at least 4 and 1 are needed")
    y, rng = classes(y, len(X)), np.random.default_rng(seed)
    n_channels = X.shape[3] if X.ndim == 4 else 1
    shape = (len(X), population, n_pixels, 2 + n_channels)
    low = np.array([0, 0, *[bounds[0]] * n_channels])
    high = np.array([X.shape[1] - 1e-6, X.shape[2] - 1e-6, *[bounds[1]] * n_channels])

    def score(candidates: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is to be made small, and whether the model is fooled; both (n_rows, population)."""
        painted = paint(X[rows], candidates).reshape(-1, *X.shape[1:])
        p = probabilities(model, painted, batch_size=batch_size).reshape(len(rows), population, -1)
        of_y = np.take_along_axis(p, y[rows, None, None], axis=2)[:, :, 0]
        is_y = p.argmax(axis=2) == y[rows, None]
        return (-of_y, is_y) if targeted else (of_y, ~is_y)

    candidates = rng.uniform(low, high, shape)
    scores, fooled = score(candidates, np.arange(len(X)))
    for _ in range(n_generations):
        rows = np.flatnonzero(~fooled.any(axis=1))
        if not rows.size:
            break
        parents = candidates[rows]
        one, two, three = (parents[:, rng.permutation(population)] for _ in range(3))
        children = np.clip(one + mutation * (two - three), low, high)
        child_scores, child_fooled = score(children, rows)
        better = child_scores < scores[rows]
        candidates[rows] = np.where(better[:, :, None, None], children, parents)
        scores[rows] = np.where(better, child_scores, scores[rows])
        fooled[rows] = np.where(better, child_fooled, fooled[rows])
    best = np.where(fooled, scores - 2, scores).argmin(axis=1)  # scores are within 1 of zero: fooled ones come first
    return paint(X, candidates[np.arange(len(X)), best][:, None])[:, 0]


def paint(X: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """Paint pixels into copies of images.

    Args:
        X: (n_samples, height, width[, n_channels]).
        candidates: (n_samples, population, n_pixels, 2 + n_channels); row and column are rounded down.

    Returns:
        (n_samples, population, height, width[, n_channels]).
    """
    n_samples, population, n_pixels, _ = candidates.shape
    painted = np.repeat(X[:, None], population, axis=1)
    sample, member = np.arange(n_samples)[:, None], np.arange(population)
    row, column = (candidates[..., axis].astype(int) for axis in (0, 1))
    values = candidates[..., 2:] if X.ndim == 4 else candidates[..., 2]
    for pixel in range(n_pixels):
        painted[sample, member, row[:, :, pixel], column[:, :, pixel]] = values[:, :, pixel]
    return painted
