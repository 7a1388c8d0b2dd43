"""Originals, what was added to them, and what came of it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlcourse.plots.base import COLOURS, new_figure
from dlcourse.plots.images import FRAME, INK, picture

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
    figure, axes = new_figure(3, 1, size=(0.4 + 1.05 * len(X), 3.9))
    ink, paper = (INK["colours"],) * len(X), np.tile(INK["limits"], (len(X), 1))
    _row(axes[0], rows[0], X, ink, paper, above)
    _row(axes[1], rows[1], X_adv - X, (_MORE_OR_LESS,) * len(X), np.stack([-scales, scales], axis=1))
    _row(axes[2], rows[2], X_adv, ink, paper, below)
    return figure


def _row(
    axes: Axes,
    name: str,
    images: np.ndarray,
    colours: Sequence[str | Colormap],
    limits: np.ndarray,
    titles: Sequence[str] = (),
) -> None:
    """Draw images in a row, each in a frame. All share one pair of axes: a pair for each takes long to draw."""
    n_images, height, width = images.shape
    lefts = 1.12 * np.arange(n_images)
    for left, image, colour, (low, high) in zip(lefts, images, colours, limits, strict=True):
        extent = (left, left + 1, 0, height / width)
        axes.imshow(image, cmap=colour, vmin=low, vmax=high, extent=extent)
        axes.add_patch(Rectangle((left, 0), 1, height / width, fill=False, edgecolor=FRAME, clip_on=False))
    for left, title in zip(lefts, titles, strict=bool(titles)):
        axes.annotate(
            title,
            (left + 0.5, height / width),
            (0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize="medium",
        )
    axes.set(xlim=(0, lefts[-1] + 1), ylim=(0, height / width), xticks=[], yticks=[], ylabel=name)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
