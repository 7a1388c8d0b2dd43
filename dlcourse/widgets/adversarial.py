"""Explorer of chapter 6: choose an image, an attack, a target and ε, and watch the model change its mind."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from dlcourse.plots.base import COLOURS, label_axes, new_figure
from dlcourse.plots.images import INK, picture
from dlcourse.plots.perturbation import perturbation
from dlcourse.widgets.base import Button, Choice, Explorer, Slider

Attack = Callable[[np.ndarray, np.ndarray, float, bool], np.ndarray]  # attack(X, y, eps, targeted)
Predict = Callable[[np.ndarray], np.ndarray]  # images (n_images, ...) to probabilities (n_images, n_classes)

AWAY = "any other class"
HIGHEST, STEP = 0.4, 0.01  # of the ε slider


def attacked(
    images: np.ndarray,
    labels: np.ndarray,
    attacks: Mapping[str, Attack],
    class_names: Sequence[str],
    image: int,
    attack: str,
    target: str,
    eps: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the chosen image and what the attack makes of it, both (1, ...)."""
    X = images[image - 1 : image]
    targeted = target != AWAY
    y = np.array([class_names.index(target)]) if targeted else labels[image - 1 : image]
    return X, (attacks[attack](X, y, eps, targeted) if eps > 0 else X)


def draw(
    images: np.ndarray,
    labels: np.ndarray,
    predict: Predict,
    attacks: Mapping[str, Attack],
    class_names: Sequence[str],
    image: int,
    attack: str,
    target: str,
    eps: float,
) -> tuple[Figure, str]:
    """Draw original, what was added (magnified), and result; beside them the probabilities before and after.

    Args:
        images: (n_images, height, width[, 1]) from 0 to 1.
        labels: (n_images,) true classes.
        predict: the model.
        attacks: to choose from, by name.
        class_names: one for each class.
        image: which, from 1.
        attack: its name.
        target: a class to go to, or `AWAY`.
        eps: the radius; 0 changes nothing.

    Returns:
        The figure, and its caption.
    """
    X, X_adv = attacked(images, labels, attacks, class_names, image, attack, target, eps)
    before, after = predict(np.concatenate([X, X_adv]))
    shape = X.shape[1:3]
    original, result = X.reshape(shape), X_adv.reshape(shape)
    was, now, truth = before.argmax(), after.argmax(), labels[image - 1]

    figure, axes = new_figure(1, 4, size=(11, 3.2), width_ratios=(1, 1, 1, 2.1))
    scale = max(eps, STEP)
    picture(axes[0], original, **INK)
    perturbation(axes[1], result - original, scale=scale)
    picture(axes[2], result, **INK)
    axes[0].set_title(f"original\nread as {class_names[was]} ({before[was]:.0%})", fontsize="medium")
    axes[1].set_title(f"added,\nmagnified × {1 / scale:.0f}", fontsize="medium")
    axes[2].set_title(f"result\nread as {class_names[now]} ({after[now]:.0%})", fontsize="medium")
    places = np.arange(len(class_names))
    axes[3].bar(places - 0.2, before, 0.4, color=COLOURS[4], label="original")
    axes[3].bar(places + 0.2, after, 0.4, color=COLOURS[1], hatch="//", edgecolor="white", label="result")
    axes[3].set(xticks=places, xticklabels=class_names, ylim=(0, 1.02))
    label_axes(axes[3], "class", "probability", legend=True)
    return figure, " ".join(
        [
            f"Image {image}, a {class_names[truth]}; {attack} towards {target}, ε = {eps:.2f}.",
            f"The model reads the original as {class_names[was]} ({before[was]:.0%}),",
            f"the result as {class_names[now]} ({after[now]:.0%}):",
            _verdict(was, now, truth, class_names.index(target) if target != AWAY else None),
        ]
    )


def explorer(
    images: np.ndarray,
    labels: np.ndarray,
    predict: Predict,
    attacks: Mapping[str, Attack],
    class_names: Sequence[str],
) -> Explorer:
    """Make the explorer from a model and the attacks that a notebook has written; see `draw`."""
    labels, class_names = np.asarray(labels), list(class_names)

    def fooled_by(now: Mapping[str, object], eps: float) -> bool:
        _, X_adv = attacked(images, labels, attacks, class_names, **(dict(now) | {"eps": eps}))
        read = predict(X_adv)[0].argmax()
        if now["target"] != AWAY:
            return class_names[read] == now["target"]
        return read != labels[now["image"] - 1]

    def smallest(now: Mapping[str, object]) -> dict[str, float]:
        steps = np.round(np.arange(0, HIGHEST + STEP / 2, STEP), 2)
        return {"eps": next((float(eps) for eps in steps if fooled_by(now, float(eps))), HIGHEST)}

    return Explorer(
        lambda **values: draw(images, labels, predict, attacks, class_names, **values),
        [
            Slider("image", 1, len(images), step=1, value=1),
            Choice("attack", tuple(attacks)),
            Choice("target", (AWAY, *class_names), label="go to"),
            Slider("eps", 0.0, HIGHEST, STEP, 0.15, label="ε"),
        ],
        buttons=[
            Button("Find the smallest ε that works", smallest),
            Button("Back to the original", lambda now: {"eps": 0.0}),
        ],
        title="Change a pixel's grey by ε at most, and the model's mind",
    )


def _verdict(was: int, now: int, truth: int, target: int | None) -> str:
    if was != truth:
        return "it was wrong to begin with, so there was nothing to fool."
    if target is not None and now == target:
        return "it sees what it was made to see." if target != truth else "nothing had to be changed for that."
    if now == truth:
        return "it is not fooled."
    return "it is fooled." if target is None else "it is fooled, but not as intended."
