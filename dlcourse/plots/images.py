"""Pictures, side by side and with something laid over them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from dlcourse.plots.base import new_figure

SIGNED = "PuOr_r"  # from blue-violet below zero over white to orange above: told apart with any colour vision
FRAME = "0.8"  # grey of the frames of images: paper ends there, not at the last ink
INK = {"colours": "Greys", "limits": (0, 1)}  # dark ink on white paper


def image_grid(
    images: np.ndarray,
    titles: Sequence[str] | None = None,
    *,
    columns: int = 10,
    inches: float = 0.95,
    colours: str = "Greys",
    limits: tuple[float, float] | None = (0, 1),
) -> Figure:
    """Draw images in rows, by default dark ink on white paper.

    Args:
        images: (n_images, height, width), from 0 for paper to 1 for ink.
        titles: one above each image; none by default.
        columns: images in a row.
        inches: width of one image.
        colours: matplotlib's name of a colour map: "Greys", "gray" for fluorescence, `SIGNED` for both signs.
        limits: values of the first and the last colour; None for the lowest and the highest of each image, which for
            `SIGNED` are made to lie evenly around zero.

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
        picture(ax, images[place], colours=colours, limits=limits)
        if titles is not None:
            ax.set_title(titles[place], fontsize="medium", pad=3)
    return figure


def picture(
    axes: Axes,
    image: np.ndarray,
    *,
    title: str | None = None,
    colours: str | Colormap = "gray",
    limits: tuple[float, float] | None = None,
) -> AxesImage:
    """Draw one image in a frame, without ticks; see `image_grid` for colours and limits.

    Args:
        image: (height, width).
        title: above it.

    Returns:
        What matplotlib needs for a colour bar.
    """
    if limits is None:
        low, high = float(np.min(image)), float(np.max(image))
        limits = (-max(-low, high), max(-low, high)) if colours == SIGNED else (low, high)
    drawn = axes.imshow(image, cmap=colours, vmin=limits[0], vmax=limits[1])
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set(visible=True, color=FRAME)
    if title:
        axes.set_title(title, loc="left", fontsize="medium")
    return drawn


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
