"""Small pictures side by side."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlcourse.plots.base import new_figure


def image_grid(
    images: np.ndarray, titles: Sequence[str] | None = None, *, columns: int = 10, inches: float = 0.95
) -> Figure:
    """Draw grey images in rows, dark ink on white paper.

    Args:
        images: (n_images, height, width), from 0 for paper to 1 for ink.
        titles: one above each image; none by default.
        columns: images in a row.
        inches: width of one image.

    Raises:
        ValueError: if the images are not a stack of grey ones, or the titles are not one for each.
    """
    images = np.asarray(images)
    if images.ndim != 3 or len(images) == 0:
        raise ValueError(f"image_grid draws images of shape (n_images, height, width), not {images.shape}")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(titles)} titles for {len(images)} images: one for each")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = inches * images.shape[1] / images.shape[2] + (0.3 if titles is not None else 0.05)
    figure, axes = new_figure(rows, columns, size=(inches * columns, height * rows), squeeze=False)
    for place, ax in enumerate(axes.flat):
        if place >= len(images):
            ax.set_visible(False)
            continue
        ax.imshow(images[place], cmap="Greys", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
        ax.spines[:].set(visible=True, color="0.8")  # paper ends where the frame is, not at the last ink
        if titles is not None:
            ax.set_title(titles[place], fontsize="medium", pad=3)
    return figure
