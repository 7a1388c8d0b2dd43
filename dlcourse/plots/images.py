"""Small pictures side by side."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
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


def strip(axes: Axes, images: np.ndarray, x: np.ndarray) -> Axes:
    """Draw grey images in one row above an axis that is shared with a curve, each centred on its value.

    Args:
        images: (n_images, height, width), from 0 for paper to 1 for ink.
        x: (n_images,) where they stand, evenly spaced and rising.

    Raises:
        ValueError: if there is not one place for each image, or the places are not evenly spaced.
    """
    images, x = np.asarray(images), np.asarray(x, dtype=np.float64)
    if images.ndim != 3 or x.shape != (len(images),) or len(x) < 2:
        raise ValueError(f"strip: {images.shape} images and {x.shape} places: one place for each, two at least")
    step = x[1] - x[0]
    if step <= 0 or not np.allclose(np.diff(x), step):
        raise ValueError("strip: the places must rise evenly")
    for image, place in zip(images, x, strict=True):
        sides = (place - 0.46 * step, place + 0.46 * step)
        axes.imshow(image, cmap="Greys", vmin=0, vmax=1, extent=(*sides, 0, 1), aspect="auto")
    axes.set(xlim=(x[0] - step / 2, x[-1] + step / 2), ylim=(0, 1))
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False)
    return axes
