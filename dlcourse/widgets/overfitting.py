"""Explorer of chapter 4: size, label noise, weight decay and dropout of a network, its boundary and both its losses."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from dlcourse.data import Dataset
from dlcourse.plots.base import COLOURS, label_axes, new_figure
from dlcourse.plots.curves import curves
from dlcourse.plots.regions import mark, regions, samples
from dlcourse.scratch.ensemble import Run, start, train
from dlcourse.widgets.base import Button, Choice, Explorer, Slider

N_EPOCHS, LR = 300, 0.02
SIZES = ("1", "2", "4", "8", "16", "32", "64", "128")
DECAYS = ("0", "0.3", "1", "3", "10", "30")
START = {"size": "64", "noise": 20, "decay": "0", "dropout": 0.0}


def flip(y: np.ndarray, noise: float, n_classes: int) -> np.ndarray:
    """Give a share of the labels, always the same for the same share, another class.

    Args:
        y: (n_samples,) class indices; not changed.
        noise: share of wrong labels, 0 to 1.
        n_classes: at least two.
    """
    rng = np.random.default_rng(0)
    order, shift = rng.permutation(len(y)), rng.integers(1, n_classes, size=len(y))
    y = y.copy()
    wrong = order[: round(noise * len(y))]
    y[wrong] = (y[wrong] + shift[wrong]) % n_classes
    return y


@lru_cache(maxsize=32)
def fit(training: Dataset, validation: Dataset, size: int, noise: int, decay: float, dropout: float) -> Run:
    """Train one network of two hidden layers with Adam on all samples at once.

    Args:
        training, validation: standardised samples of two features. Only the labels of the first are spoilt.
        size: hidden units of each layer.
        noise: share of wrong labels, in percent.
        decay: weight decay; each step shrinks the weights by the share LR · decay.
        dropout: share of hidden outputs that each step leaves out, below 1.
    """
    n_classes = len(training.class_names)

    def drop(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        return (rng.random(shape) >= dropout) / (1 - dropout)

    return train(
        start((2, size, size, n_classes), [0]),
        training.X.astype(np.float32),
        flip(training.y, noise / 100, n_classes),
        n_epochs=N_EPOCHS,
        batch_size=len(training),
        lr=LR,
        decay=decay,
        mask=drop if dropout else None,
        validation=(validation.X.astype(np.float32), validation.y),
    )


def draw(
    training: Dataset, validation: Dataset, size: str, noise: int, decay: str, dropout: float
) -> tuple[Figure, str]:
    """Draw what the network makes of the plane on the left, and both losses on the right.

    Args:
        training, validation, noise, dropout: see `fit`.
        size, decay: the same as texts, one of `SIZES` and one of `DECAYS`.

    Returns:
        The figure, and its caption.
    """
    run = fit(training, validation, int(size), noise, float(decay), dropout)
    losses = {name: run.history[key][0] for name, key in (("training", "loss"), ("validation", "val_loss"))}
    accuracy, val_accuracy = (run.history[key][0, -1] for key in ("accuracy", "val_accuracy"))
    best = int(losses["validation"].argmin())
    labels = flip(training.y, noise / 100, len(training.class_names))

    figure, (left, right) = new_figure(1, 2, size=(10.5, 4.6), width_ratios=(1.1, 1))
    samples(left, replace(training, y=labels))
    if (wrong := labels != training.y).any():
        mark(left, training.X[wrong], label="wrong label")
        left.legend(*left.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)
    regions(left, lambda X: run.nets.scores(X.astype(np.float32))[0].argmax(axis=1), resolution=160)
    curves(right, np.arange(1, N_EPOCHS + 1), losses, labels=("epoch", "loss"), legend=False)
    right.axvline(best + 1, color=COLOURS[-1], linestyle=":", label=f"lowest validation loss: epoch {best + 1}")
    right.set(yscale="log", ylim=(1e-3, 10))
    label_axes(right, "epoch", "loss (cross entropy)", legend=True)

    last, lowest = losses["validation"][[-1, best]]
    text = (
        f"Two layers of {size} hidden {'unit' if size == '1' else 'units'}, {noise} % wrong labels, "
        f"weight decay {decay}, dropout {dropout:g}. "
        f"Training: loss {losses['training'][-1]:.3f}, accuracy {accuracy:.2f}. "
        f"Validation: loss {last:.3f} (lowest {lowest:.3f} at epoch {best + 1}), accuracy {val_accuracy:.2f}. "
    )
    guessing = np.bincount(labels).max() / len(labels)
    return figure, text + _verdict(losses["validation"], accuracy, val_accuracy, guessing)


def explorer(training: Dataset, validation: Dataset) -> Explorer:
    """Make the explorer from standardised samples of two features; see `draw`.

    Raises:
        ValueError: if there are not two features.
    """
    if training.X.shape[1:] != (2,) or validation.X.shape[1:] != (2,):
        raise ValueError("the explorer draws a plane: select two features first")
    return Explorer(
        lambda **values: draw(training, validation, **values),
        [
            Choice("size", SIZES, value=START["size"], label="hidden units in each layer"),
            Slider("noise", 0, 40, step=5, value=START["noise"], label="wrong labels", unit="%"),
            Choice("decay", DECAYS, value=START["decay"], label="weight decay"),
            Slider("dropout", 0.0, 0.9, step=0.1, value=START["dropout"], label="dropout"),
        ],
        buttons=[Button("Start again", lambda now: START)],
        title="A network too large for its data: rein it in",
    )


def _verdict(losses: np.ndarray, accuracy: float, val_accuracy: float, guessing: float) -> str:
    """Say in words what the validation losses and the accuracies at the end say.

    Args:
        losses: (n_epochs,) on the validation set.
        accuracy, val_accuracy: at the end.
        guessing: the accuracy of naming the commonest class each time.
    """
    if accuracy < guessing + 0.05:
        return "It underfits: even on the samples that it is trained on it does hardly better than a guess."
    if losses[-1] > 1.25 * losses.min() and accuracy > val_accuracy + 0.02:
        return "It overfits: the training loss keeps falling, the validation loss has turned and risen."
    if val_accuracy > accuracy + 0.02:
        return "It has not learned the wrong labels by heart: it does better on new samples, whose labels are right."
    return "No sign of overfitting: it does about as well on new samples as on those that it is trained on."
