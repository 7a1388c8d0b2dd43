"""Originals, what was added to them, and what came of it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from dlcourse.plots.base import COLOURS, new_figure
from dlcourse.plots.images import INK, picture

_MORE_OR_LESS = LinearSegmentedColormap.from_list("more or less ink", (COLOURS[0], "white", COLOURS[1]))


def perturbation(axes: Axes, difference: np.ndarray, *, scale: float) -> None:
    """Draw what was added to an image: orange for more ink, blue for less, full colour at ±scale."""
    picture(axes, difference, colours=_MORE_OR_LESS, limits=(-scale, scale))


def perturbations(
    X: np.ndarray,
    X_adv: np.ndarray,
    *,
    scale: float | Sequence[float],
    above: Sequence[str],
    below: Sequence[str],
    rows: tuple[str, str, str] = ("original", "added", "result"),
) -> Figure:
    """Draw three rows of images: originals, what was added, and the results.

    Args:
        X, X_adv: (n_images, height, width) or with one channel, from 0 for paper to 1 for ink.
        scale: change that gets full colour, one for all or one for each.
        above: what to write above each original, for example what the model says.
        below: what to write above each result.
        rows: names of the three rows.

    Raises:
        ValueError: if the shapes differ, or there is not one text for each image.
    """
    X, X_adv = (np.asarray(images, dtype=np.float64) for images in (X, X_adv))
    if X.shape != X_adv.shape or X.ndim not in (3, 4):
        raise ValueError(f"perturbations draws two stacks of images of one shape, not {X.shape} and {X_adv.shape}")
    if not len(above) == len(below) == len(X):
        raise ValueError(f"{len(above)} and {len(below)} texts for {len(X)} images: one for each")
    X, X_adv = (images.reshape(images.shape[:3]) for images in (X, X_adv))
    scales = np.broadcast_to(scale, len(X))
    figure, axes = new_figure(3, len(X), size=(0.4 + 1.05 * len(X), 3.9), squeeze=False)
    for column, (image, result) in enumerate(zip(X, X_adv, strict=True)):
        picture(axes[0, column], image, **INK)
        perturbation(axes[1, column], result - image, scale=scales[column])
        picture(axes[2, column], result, **INK)
        axes[0, column].set_title(above[column], fontsize="medium", pad=3)
        axes[2, column].set_title(below[column], fontsize="medium", pad=3)
    for row, name in enumerate(rows):
        axes[row, 0].set_ylabel(name)
    return figure
