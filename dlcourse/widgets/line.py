"""Explorer of chapter 1: turn and shift a threshold unit's line by hand, and count its mistakes."""

import numpy as np
from matplotlib.figure import Figure

from dlcourse.data import Dataset
from dlcourse.plots.base import new_figure
from dlcourse.plots.regions import boundary, mark, regions, samples
from dlcourse.widgets.base import Button, Explorer, Slider

START = {"angle": 0, "length": 1.0, "b": 0.5}


def weights(angle: float, length: float) -> np.ndarray:
    """Return the (2,) weights that point `angle` degrees anticlockwise from the first axis and have that length."""
    turn = np.radians(angle)
    return length * np.array([np.cos(turn), np.sin(turn)])


def draw(dataset: Dataset, angle: float, length: float, b: float) -> tuple[Figure, str]:
    """Draw the line w·x + b = 0 among the samples and ring those on its wrong side.

    Args:
        dataset: two features on the same scale (standardised), two classes.
        angle: of w, in degrees from the first axis.
        length: of w.
        b: bias.

    Returns:
        The figure, and its caption.
    """
    w = weights(angle, length)
    score = dataset.X @ w + b
    mistakes = (score > 0) != dataset.y
    figure, axes = new_figure(size=(6.4, 5.2))
    samples(axes, dataset)
    axes.set(xlim=(-3.5, 3.5), ylim=(-3, 3), aspect="equal")
    regions(axes, lambda points: points @ w + b > 0)
    boundary(axes, w, b, normal=True)
    mark(axes, dataset.X[mistakes])
    return figure, _caption(dataset, w, b, mistakes)


def explorer(dataset: Dataset) -> Explorer:
    """Make the explorer of lines for a standardised dataset of two features and two classes.

    Raises:
        ValueError: if the dataset has another number of features or classes.
    """
    if dataset.X.shape[1:] != (2,) or len(dataset.class_names) != 2:
        raise ValueError(
            f"{dataset.name} has {len(dataset.feature_names)} features and {len(dataset.class_names)} classes: "
            "the explorer needs two of each; use dataset.select(features=[…], classes=[…])"
        )
    return Explorer(
        lambda angle, length, b: draw(dataset, angle, length, b),
        [
            Slider("angle", -180, 180, step=5, value=START["angle"], label="angle of w", unit="°"),
            Slider("length", 0.1, 4.0, step=0.1, value=START["length"], label="length ‖w‖"),
            Slider("b", -4.0, 4.0, step=0.1, value=START["b"], label="bias b"),
        ],
        buttons=[
            Button("Swap the sides", lambda now: {"angle": (now["angle"] + 360) % 360 - 180, "b": -now["b"]}),
            Button("Start again", lambda now: START),
        ],
        title="Part the two classes by hand: turn w, shift b",
    )


def _caption(dataset: Dataset, w: np.ndarray, b: float, mistakes: np.ndarray) -> str:
    n_mistakes = int(mistakes.sum())
    what = "mistake" if n_mistakes == 1 else "mistakes"
    of_each = " and ".join(
        f"{int((mistakes & (dataset.y == label)).sum())} {name}" for label, name in enumerate(dataset.class_names)
    )
    distance = -b / np.linalg.norm(w)
    side = "through it" if distance == 0 else "in the direction of w" if distance > 0 else "against the direction of w"
    text = (
        f"w = ({w[0]:.2f}, {w[1]:.2f}), b = {b:.1f}: the line lies {abs(distance):.2f} from the origin, "
        f"{side}. "
        f"{n_mistakes} {what} among {len(dataset)} samples ({of_each} on the wrong side, ringed)."
    )
    if n_mistakes == 0:
        margin = np.abs(dataset.X @ w + b).min() / np.linalg.norm(w)
        text += f" The line parts the classes; the nearest sample is {margin:.3f} away from it."
    return text
