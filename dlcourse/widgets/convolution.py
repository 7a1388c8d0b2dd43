"""Explorer of chapter 5: slide a kernel over an image, and see what it multiplies and adds up at each place."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlcourse.plots.base import COLOURS, new_figure
from dlcourse.plots.images import SIGNED, picture
from dlcourse.scratch.convolution import conv2d, output_size, same_padding
from dlcourse.widgets.base import Button, Choice, Explorer, Slider

PADDINGS = ("valid", "same")


def draw(
    image: np.ndarray,
    kernels: Mapping[str, np.ndarray],
    kernel: str,
    padding: str,
    stride: int,
    row: int,
    column: int,
) -> tuple[Figure, str]:
    """Draw image, patch, kernel, products and feature map for one place of the output.

    Args:
        image: (height, width) grey values.
        kernels: from a name to a (height, width) kernel.
        kernel, padding, stride: the choice; see `dlcourse.scratch.convolution.conv2d`.
        row, column: of the output's pixel, from 0. Places beyond the last count as the last.

    Returns:
        The figure, and its caption.
    """
    image, K = np.asarray(image, dtype=np.float64), np.asarray(kernels[kernel], dtype=np.float64)
    out = conv2d(image[None, :, :, None], K[:, :, None, None], stride=stride, padding=padding)[0, :, :, 0]
    row, column = min(row, out.shape[0] - 1), min(column, out.shape[1] - 1)
    margins = [(0, 0), (0, 0)]
    if padding == "same":
        margins = [same_padding(n, k, stride) for n, k in zip(image.shape, K.shape, strict=True)]
    padded = np.pad(image, margins)
    top, left = row * stride, column * stride
    patch = padded[top : top + K.shape[0], left : left + K.shape[1]]
    products = patch * K + 0.0  # no minus zero

    limits = (min(0.0, image.min()), image.max())
    total = f"{out[row, column]:.4g}"
    figure, axes = new_figure(1, 5, size=(12.5, 3.3), width_ratios=(1.3, 0.8, 0.8, 0.8, 1.3))
    picture(axes[0], padded, title=f"image, {image.shape[0]} × {image.shape[1]}", limits=limits)
    _frame(axes[0], margins[1][0], margins[0][0], image.shape, colour="0.6", style=":")
    _frame(axes[0], left, top, K.shape, colour=COLOURS[1])
    picture(axes[1], patch, title="patch", limits=limits)
    _numbers(axes[1], patch, dark=patch < sum(limits) / 2)
    picture(axes[2], K, title="× kernel", colours=SIGNED)
    _numbers(axes[2], K)
    picture(axes[3], products, title=f"= products; sum {total}", colours=SIGNED)
    _numbers(axes[3], products)
    picture(axes[4], out, title=f"feature map, {out.shape[0]} × {out.shape[1]}", colours=SIGNED)
    _frame(axes[4], column, row, (1, 1), colour=COLOURS[1])

    terms = " ".join(f"{'−' if value < 0 else '+'} {abs(value):.3g}" for value in products.ravel()).removeprefix("+ ")
    inside = np.pad(np.ones(image.shape), margins)[top : top + K.shape[0], left : left + K.shape[1]]
    n_padding = int(patch.size - inside.sum())
    caption = (
        f"{kernel}, padding {padding}, stride {stride}: {image.shape[0]} × {image.shape[1]} pixels become "
        f"{out.shape[0]} × {out.shape[1]}. Output row {row}, column {column}: the patch begins at row "
        f"{top - margins[0][0]}, column {left - margins[1][0]}. Sum of products: {terms} = {total}."
    )
    if n_padding:
        caption += f" {n_padding} of the patch's {patch.size} pixels are padding."
    return figure, caption


def explorer(image: np.ndarray, kernels: Mapping[str, np.ndarray]) -> Explorer:
    """Make the explorer for an image and the kernels to choose from; see `draw`. The first kernel is shown first.

    Raises:
        ValueError: if a kernel does not fit into the image.
    """
    image = np.asarray(image)
    for kernel in kernels.values():
        for size, width in zip(image.shape, np.shape(kernel), strict=True):
            output_size(size, width)  # refuses what does not fit

    def step(values: Mapping[str, object]) -> dict[str, int]:
        """Go on to the next place, row by row, and from the last to the first."""
        K = kernels[values["kernel"]]
        rows, columns = (
            output_size(n, k, values["stride"], values["padding"])
            for n, k in zip(image.shape, np.shape(K), strict=True)
        )
        place = min(values["row"], rows - 1) * columns + min(values["column"], columns - 1) + 1
        row, column = divmod(place % (rows * columns), columns)
        return {"row": row, "column": column}

    return Explorer(
        lambda **values: draw(image, kernels, **values),
        [
            Choice("kernel", tuple(kernels)),
            Choice("padding", PADDINGS),
            Slider("stride", 1, 3, step=1, value=1),
            Slider("row", 0, image.shape[0] - 1, step=1, value=min(2, image.shape[0] - 1), label="output row"),
            Slider("column", 0, image.shape[1] - 1, step=1, value=min(2, image.shape[1] - 1), label="output column"),
        ],
        buttons=[Button("Next place", step)],
        title="Slide the kernel",
    )


def _frame(axes: Axes, left: int, top: int, shape: tuple[int, ...], *, colour: str, style: str = "-") -> None:
    axes.add_patch(
        Rectangle(
            (left - 0.5, top - 0.5), shape[1], shape[0], fill=False, edgecolor=colour, linestyle=style, linewidth=2.5
        )
    )


def _numbers(axes: Axes, values: np.ndarray, *, dark: np.ndarray | None = None) -> None:
    """Write each number into its pixel, white where the colour is dark: by default, where the number is large."""
    if dark is None:
        dark = np.abs(values) > 0.6 * (np.abs(values).max() or 1.0)
    for (row, column), value in np.ndenumerate(values):
        colour = "white" if dark[row, column] else "black"
        axes.text(column, row, f"{value:.3g}", ha="center", va="center", color=colour, fontsize="small")
