"""Letters stacked by their weight: the usual picture of a motif in DNA or protein."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from dlcourse.plots.base import COLOURS, label_axes

_FONT = FontProperties(family="DejaVu Sans Mono", weight="bold")


def logo(axes: Axes, heights: np.ndarray, letters: str, *, labels: tuple[str, str], title: str | None = None) -> Axes:
    """Draw at each position the letters above zero stacked upwards, the largest on top, and those below zero downwards.

    Args:
        heights: (n_positions, n_letters) of each letter, for example log odds.
        letters: one for each column.
        labels: of the x axis and the y axis.
        title: above the axes.

    Raises:
        ValueError: if there is not one letter for each column.
    """
    heights = np.asarray(heights, dtype=np.float64)
    if heights.ndim != 2 or heights.shape[1] != len(letters):
        raise ValueError(
            f"heights have shape {heights.shape}: (n_positions, {len(letters)}) for the letters {letters!r}"
        )
    shapes = [TextPath((0, 0), letter, size=1, prop=_FONT) for letter in letters]
    for position, column in enumerate(heights):
        for sign in (1, -1):
            base = 0.0
            for letter in np.argsort(sign * column):
                height = sign * column[letter]
                if height <= 0:
                    continue
                box = shapes[letter].get_extents()
                move = Affine2D().translate(-box.x0, -box.y0).scale(0.9 / box.width, height / box.height)
                move.translate(position + 0.55, base if sign > 0 else -base - height)
                colour = COLOURS[letter % len(COLOURS)]
                axes.add_patch(PathPatch(move.transform_path(shapes[letter]), facecolor=colour, edgecolor="none"))
                base += height
    axes.axhline(0, color="0.3", linewidth=0.8)
    top, bottom = np.clip(heights, 0, None).sum(axis=1).max(), np.clip(heights, None, 0).sum(axis=1).min()
    axes.set(
        xlim=(0.5, len(heights) + 0.5),
        ylim=(1.05 * bottom - 1e-9, 1.05 * top + 1e-9),
        xticks=range(1, len(heights) + 1),
    )
    axes.grid(visible=False)
    return label_axes(axes, *labels, title=title)
