"""Explorer of chapter 7: turn an image, and see what each method says of it and how sure it is."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from dlcourse.plots.base import COLOURS, label_axes, new_figure
from dlcourse.plots.images import FRAME
from dlcourse.widgets.base import Button, Choice, Explorer, Slider

# From images (n, height, width) to the probabilities of the classes (n, n_classes) and to how unsure the method is,
# (n,) from 0, sure, to 1, no idea.
Reader = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
Turn = Callable[[np.ndarray, float], np.ndarray]  # turns images (n, height, width) by so many degrees

START = {"example": 0, "angle": 0, "ink": 100}
ANGLES = np.arange(-180, 181, 5)


def draw(
    images: np.ndarray,
    y: np.ndarray,
    readers: Mapping[str, Reader],
    turn: Turn,
    digit: str,
    example: int,
    angle: int,
    ink: int,
) -> tuple[Figure, str]:
    """Draw one turned image and, for each method, its probabilities and how unsure it is.

    Args:
        images: (n_samples, height, width), from 0 for paper to 1 for ink.
        y: (n_samples,) their classes, written on them as digits.
        readers: the methods, by name.
        turn: turns images.
        digit: which class to take the image from.
        example: which image of that class.
        angle: in degrees.
        ink: in percent of what it is; 0 leaves empty paper.

    Returns:
        The figure, and its caption. The bar of the true class is hatched.
    """
    image = _turned(images, y, turn, digit, example, angle, ink)
    said = {name: tuple(np.asarray(part)[0] for part in reader(image[None])) for name, reader in readers.items()}

    widths = (1.1, *[1] * len(said))
    figure, axes = new_figure(1, len(widths), size=(2.4 + 2.1 * len(said), 3.4), squeeze=False, width_ratios=widths)
    paper, *panels = axes[0]
    paper.imshow(image, cmap="Greys", vmin=0, vmax=1)
    paper.set(xticks=[], yticks=[])
    paper.grid(visible=False)
    paper.spines[:].set(visible=True, color=FRAME)
    paper.set_title(f"a {digit},\n{_by(angle)}", fontsize="medium")
    for index, (panel, (name, (p, unsure))) in enumerate(zip(panels, said.items(), strict=True)):
        right = np.arange(len(p)) == int(digit)
        panel.barh(
            np.arange(len(p)),
            p,
            color=np.where(right, COLOURS[0], COLOURS[1]),
            hatch=["///" if r else "" for r in right],
        )
        panel.set(xlim=(0, 1), yticks=range(len(p)))
        panel.invert_yaxis()
        panel.set_title(f"{name}\nsays {p.argmax()}, unsure {unsure:.2f}", fontsize="medium")
        panel.set_axisbelow(True)
        label_axes(panel, "probability", "" if index else "class")

    words = [f"{name}: {p.argmax()} with p = {p.max():.2f}, unsure {unsure:.2f}" for name, (p, unsure) in said.items()]
    wrong = [name for name, (p, _) in said.items() if p.argmax() != int(digit)]
    verdict = (
        "All are right."
        if not wrong
        else "All are wrong."
        if len(wrong) == len(said)
        else f"Wrong: {', '.join(wrong)}."
    )
    faint = "" if ink == 100 else f", with {ink} % of its ink"
    return figure, f"A {digit}, {_by(angle)}{faint}. {'; '.join(words)}. {verdict}"


def surest_mistake(
    images: np.ndarray, y: np.ndarray, reader: Reader, turn: Turn, digit: str, example: int, ink: int = 100
) -> int | None:
    """The angle at which a method is wrong with the largest probability, in steps of 5°; None if it is always right."""
    turned = np.stack([_turned(images, y, turn, digit, example, angle, ink) for angle in ANGLES])
    p, _ = reader(turned)
    sure = np.where(np.asarray(p).argmax(axis=1) == int(digit), -1.0, np.asarray(p).max(axis=1))
    return int(ANGLES[sure.argmax()]) if sure.max() > 0 else None


def explorer(
    images: np.ndarray,
    y: np.ndarray,
    readers: Mapping[str, Reader],
    turn: Turn,
    *,
    digit: int = 0,
    example: int = 0,
    angle: int = 0,
) -> Explorer:
    """Make the explorer from images and the methods that a notebook has trained; see `draw`.

    Args:
        digit, example, angle: what is shown first.

    Raises:
        ValueError: if there is no method, or not one class for each image.
    """
    if not readers:
        raise ValueError("the explorer needs one method at least")
    if len(images) != len(y):
        raise ValueError(f"{len(images)} images and {len(y)} classes: one for each")
    first = next(iter(readers))

    def find(now: Mapping[str, object]) -> dict[str, int]:
        where = {name: now[name] for name in ("digit", "example", "ink")}
        found = surest_mistake(images, y, readers[first], turn, **where)
        return {} if found is None else {"angle": found}

    n_examples = int(min(np.bincount(y)[np.unique(y)].min(), 40))
    return Explorer(
        lambda **values: draw(images, y, readers, turn, **values),
        [
            Choice("digit", tuple(str(label) for label in np.unique(y)), value=str(digit)),
            Slider("example", 0, n_examples - 1, step=1, value=example, label="which of them"),
            Slider("angle", -180, 180, step=5, value=angle, label="turned by", unit="°"),
            Slider("ink", 0, 100, step=5, value=START["ink"], unit="%"),
        ],
        buttons=[
            Button(f"Find the surest mistake of {first}", find),
            Button("Start again", lambda now: START),
        ],
        title="Turn a digit: what does each method say, and how unsure is it?",
    )


def _turned(
    images: np.ndarray, y: np.ndarray, turn: Turn, digit: str, example: int, angle: int, ink: int
) -> np.ndarray:
    image = images[np.flatnonzero(y == int(digit))[example]]
    return ink / 100 * (image if angle == 0 else turn(image[None], angle)[0])


def _by(angle: int) -> str:
    if angle == 0:
        return "upright"
    return f"turned by {abs(angle)}° {'anticlockwise' if angle > 0 else 'clockwise'}"
