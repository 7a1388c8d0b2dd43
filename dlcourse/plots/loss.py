"""The loss of a training run, epoch by epoch."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dlcourse.plots.base import COLOURS, new_figure
from dlcourse.plots.curves import curves


def loss_curve(
    history: Mapping[str, Sequence[float]], *, best_epoch: int | None = None, n_epochs: int | None = None
) -> tuple[Figure, str]:
    """Draw the training loss, and the validation loss if there is one, against the epoch.

    Args:
        history: what Keras records: ``{"loss": [...], "val_loss": [...], ...}``, one value for each epoch.
            A validation loss that was measured less often is left out.
        best_epoch: marked by a vertical line; counted from 1.
        n_epochs: where the axis ends, if more epochs are to come.

    Returns:
        The figure, and in words what it shows.

    Raises:
        ValueError: if no epoch is recorded.
    """
    if not len(history.get("loss", ())):
        raise ValueError("loss_curve: the history holds no loss: train for at least one epoch")
    losses = {
        name: np.asarray(history[key], dtype=np.float64)
        for key, name in (("loss", "training"), ("val_loss", "validation"))
        if key in history and len(history[key]) == len(history["loss"])
    }
    epochs = np.arange(1, len(losses["training"]) + 1)
    figure, axes = new_figure(size=(5.5, 3.2))
    curves(axes, epochs, losses, labels=("epoch", "loss"), markers=len(epochs) <= 30, legend=False)
    axes.set_xlim(0.5, max(n_epochs or 0, len(epochs)) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if best_epoch is not None:
        axes.axvline(best_epoch, color=COLOURS[-1], linestyle=":", label=f"best: epoch {best_epoch}")
    axes.legend()
    alt = f"The loss over {len(epochs)} epochs. " if len(epochs) > 1 else "The loss after one epoch. "
    alt += " ".join(_in_words(name, values) for name, values in losses.items())
    if best_epoch is not None:
        alt += f" A line marks epoch {best_epoch}, whose weights are kept."
    return figure, alt


def _in_words(name: str, values: np.ndarray) -> str:
    """Say from where to where a loss goes, and where it is lowest."""
    name = name.capitalize()
    if not np.isfinite(values).all():
        return f"{name}: not a finite number from epoch {int(np.argmin(np.isfinite(values))) + 1} on."
    if len(values) == 1:
        return f"{name}: {values[0]:.3g}."
    text = f"{name}: from {values[0]:.3g} to {values[-1]:.3g}"
    lowest = int(np.argmin(values))
    return text + (f", lowest ({values[lowest]:.3g}) at epoch {lowest + 1}." if lowest < len(values) - 1 else ".")
