"""Explorer of chapter 0: fit a growth law to four course sizes by hand, and watch the loss."""

import numpy as np
from matplotlib.figure import Figure

from dlcourse.plots.base import COLOURS, label_axes, new_figure
from dlcourse.widgets.base import Button, Explorer, Slider

EDITIONS = np.arange(1, 5)
STUDENTS = 10 * 2.0 ** (EDITIONS - 1)  # 10, 20, 40, 80: the course sizes of the slides
FORECAST_EDITION = 6

# Where the sliders end and start. All of it stays on the axes.
MAX_W, MIN_FIRST, MAX_FIRST = 1.5, 8, 20
START = {"w": 0.5, "first": 16}


def predict(edition: np.ndarray | float, w: float, first: float) -> np.ndarray | float:
    """Students in an edition, if the first has `first` and the number doubles `w` times from each to the next."""
    return first * 2.0 ** (w * (np.asarray(edition) - 1))


def loss(w: np.ndarray | float, first: float) -> np.ndarray | float:
    """Mean squared error of log2(students) over the four editions, in doublings squared.

    Args:
        w: doublings from an edition to the next; a number or an array of any shape.
        first: students in the first edition.

    Returns:
        A number, or an array of the shape of `w`.
    """
    w = np.asarray(w, dtype=float)
    error = np.log2(predict(EDITIONS, w[..., None], first)) - np.log2(STUDENTS)
    return np.mean(error**2, axis=-1)


def draw(w: float, first: int) -> tuple[Figure, str]:
    """Draw data and model on the left, and the loss for every `w` at this `first` on the right.

    Returns:
        The figure, and its caption.
    """
    figure, (data_axes, loss_axes) = new_figure(1, 2, size=(10, 3.9))
    now, forecast = float(loss(w, first)), float(predict(FORECAST_EDITION, w, first))

    seen, unseen = np.array([1, EDITIONS[-1]]), np.array([EDITIONS[-1], FORECAST_EDITION])
    data_axes.vlines(EDITIONS, STUDENTS, predict(EDITIONS, w, first), color="0.5", linewidth=1.5, label="errors")
    data_axes.plot(seen, predict(seen, w, first), color=COLOURS[1], label="model")
    data_axes.plot(unseen, predict(unseen, w, first), color=COLOURS[1], linestyle=":")
    data_axes.plot(EDITIONS, STUDENTS, "o", color=COLOURS[0], markersize=8, label="data")
    data_axes.plot(FORECAST_EDITION, forecast, "*", color=COLOURS[1], markersize=15, label="forecast")
    data_axes.set_yscale("log", base=2)
    data_axes.set(xlim=(0.7, 6.4), ylim=(4, 6_000))
    ticks = [5 * 2**power for power in range(11)]
    data_axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    label_axes(data_axes, "edition of the course", "students (each tick doubles)")
    data_axes.legend(loc="upper left", ncols=2, columnspacing=1.0, handletextpad=0.5)

    grid = np.linspace(0, MAX_W, 151)
    loss_axes.plot(grid, loss(grid, first), color=COLOURS[2], linestyle="--", label=f"first edition: {first}")
    loss_axes.plot(w, now, "o", color=COLOURS[1], markersize=10, label="you are here")
    loss_axes.set(xlim=(0, MAX_W), ylim=(-0.2, 5))
    label_axes(loss_axes, "w (doublings per edition)", "loss (doublings²)")
    loss_axes.legend(loc="upper center")

    caption = (
        f"With {first} students in the first edition and {w:.2f} doublings per edition the loss is {now:.3f}, "
        f"and edition {FORECAST_EDITION} would have {forecast:.0f} students."
    )
    return figure, f"{caption} {_verdict(w, first)}"


def explorer() -> Explorer:
    """Two sliders, and buttons that try random changes and keep those that lower the loss."""
    rng = np.random.default_rng(0)

    def improve(values: dict, attempts: int) -> dict:
        w, first = values["w"], values["first"]
        for _ in range(attempts):
            # In steps of the sliders: w moves by up to 0.2, `first` by up to 2.
            new_w = float(np.clip(round(w + 0.05 * rng.integers(-4, 5), 2), 0, MAX_W))
            new_first = int(np.clip(first + rng.integers(-2, 3), MIN_FIRST, MAX_FIRST))
            if loss(new_w, new_first) < loss(w, first):
                w, first = new_w, new_first
        return {"w": w, "first": first}

    return Explorer(
        draw,
        [
            Slider("w", 0.0, MAX_W, step=0.05, value=START["w"]),
            Slider("first", MIN_FIRST, MAX_FIRST, step=1, value=START["first"], label="first edition"),
        ],
        buttons=[
            Button("Try one random change", lambda values: improve(values, 1)),
            Button("Try a hundred", lambda values: improve(values, 100)),
            Button("Start again", lambda values: START),
        ],
        title="Learn by hand: make the loss as small as you can",
    )


def _verdict(w: float, first: int) -> str:
    """Say where lower is, and what is reached at the bottom."""
    if loss(w, first) < 1e-9:
        return "No loss is left: the model runs through every point."
    lower, higher = loss(w - 0.05, first), loss(w + 0.05, first)
    if min(lower, higher) >= loss(w, first):
        return "No w beside this one does better: change the first edition."
    return "A larger w would lower the loss." if higher < lower else "A smaller w would lower the loss."
