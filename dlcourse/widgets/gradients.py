"""Explorer of chapter 2: how large the gradient of each layer is at the start, and how large the signal."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dlcourse.plots.base import COLOURS, LINESTYLES, MARKERS, label_axes, new_figure
from dlcourse.widgets.base import Choice, Explorer, Slider

Measure = Callable[..., tuple[np.ndarray, np.ndarray]]

SMALLEST, LARGEST = 1e-16, 1e16  # ends of the axis; the other side of them is drawn there
WITHOUT, WITH = "without", "with"


def draw(measure: Measure, activation: str, scheme: str, depth: int, skips: str) -> tuple[Figure, str]:
    """Draw the norm of each layer's gradient on the left, and the spread of each hidden layer's output on the right.

    Args:
        measure: called as ``measure(activation, scheme, depth, skip)`` with a Boolean last; returns the gradient norms
            of the weights, (depth + 1,), the output layer last, and the standard deviations of the hidden layers'
            outputs, (depth,).
        activation, scheme: names that `measure` knows.
        depth: hidden layers.
        skips: `WITH` or `WITHOUT` skip connections.

    Returns:
        The figure, and its caption.
    """
    with np.errstate(all="ignore"):
        norms, spreads = (np.asarray(v) for v in measure(activation, scheme, depth, skips == WITH))
    hidden = f"{depth} hidden layer{'s' if depth > 1 else ''}"
    figure, panels = new_figure(1, 2, size=(10.4, 4.0), sharey=True)
    names = ("‖gradient of W‖", "standard deviation of the output")
    series = ((np.arange(1, depth + 2), norms), (np.arange(1, depth + 1), spreads))
    for number, (axes, name, (layers, values)) in enumerate(zip(panels, names, series, strict=True)):
        shown = np.clip(np.nan_to_num(values, nan=np.inf), SMALLEST, LARGEST)
        axes.axhline(1, color="0.4", lw=0.8)
        axes.plot(
            layers, shown, color=COLOURS[number], linestyle=LINESTYLES[number], marker=MARKERS[number], markersize=5
        )
        axes.set(yscale="log", ylim=(SMALLEST / 5, LARGEST * 5), xlim=(0.5, depth + 1.5))
        axes.tick_params(labelleft=True)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))  # there is no layer 1.5
        label_axes(axes, "layer (1 is next to the pixels)", name)
    figure.suptitle(f"{activation}, {scheme}, {hidden}, {skips} skip connections", fontsize="medium")
    caption = (
        f"{activation} with {scheme}, {hidden}, {skips} skip connections: the gradient of the first layer "
        f"has norm {_power(norms[0])}, that of the last hidden one {_power(norms[-2])}."
    )
    return figure, f"{caption} {verdict(norms)}"


def verdict(norms: np.ndarray) -> str:
    """Say what such gradients mean for plain gradient descent, from the norms of all layers, the output layer last."""
    hidden = np.asarray(norms)[:-1]
    if not np.isfinite(hidden).all() or hidden.max() > 100:
        return "It explodes: a step along it throws the weights far away."
    if hidden.max() < 1e-4:
        return "It vanishes in all hidden layers: nothing there moves."
    if hidden.min() < 1e-4:
        return "It vanishes on the way back: the early layers hardly move."
    return "All layers can learn."


def explorer(measure: Measure, activations: Sequence[str], schemes: Sequence[str], *, depth: int = 10) -> Explorer:
    """Make the explorer from a notebook's own function; see `draw`."""
    return Explorer(
        lambda activation, scheme, depth, skips: draw(measure, activation, scheme, depth, skips),
        [
            Choice("activation", tuple(activations)),
            Choice("scheme", tuple(schemes), label="weights drawn from"),
            Slider("depth", 1, 30, step=1, value=depth, label="hidden layers"),
            Choice("skips", (WITHOUT, WITH), label="skip connections"),
        ],
        title="Does the gradient reach the first layer?",
    )


def _power(number: float) -> str:
    """Write a number by its size: people compare exponents here."""
    if not np.isfinite(number):
        return "too large for the computer"
    return f"{number:.1e}" if not 0.01 <= number < 1000 else f"{number:.2g}"
