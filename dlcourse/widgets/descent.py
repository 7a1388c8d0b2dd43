"""Explorer of chapter 3: let any optimiser run from any start on any surface."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from dlcourse.plots.base import COLOURS, LINESTYLES, label_axes, new_figure
from dlcourse.plots.surface import contours, path
from dlcourse.scratch.surfaces import Surface
from dlcourse.widgets.base import Button, Choice, Explorer, Slider

Rule = Callable[[dict, np.ndarray, float], np.ndarray]

ALL, NOBODY = "all", "nobody"
BATCHES = (ALL, "32", "8", "1")
LOWEST_EXPONENT, HIGHEST_EXPONENT = -4.0, 1.0  # of the learning rate
START = {"steps": 60, "exponent": -1.5, "batch": ALL}


def walk(surface: Surface, rule: Rule, start: Sequence[float], lr: float, n_steps: int, batch_size: int) -> np.ndarray:
    """Run an optimiser, and return its way.

    Args:
        surface: to walk on.
        rule: from (memory, gradient, lr) to a step, see `dlcourse.scratch.optimisers`.
        start: (2,) parameters to start from.
        lr: learning rate.
        n_steps: how many steps.
        batch_size: samples that each gradient is measured on, drawn afresh; 0 for all, as for a surface without data.

    Returns:
        (n_steps + 1, 2). After an overflow it goes on as inf and nan.
    """
    rng, memory, theta = np.random.default_rng(0), {}, np.array(start, dtype=np.float64)
    sampled = 0 < batch_size < surface.n_samples
    way = [theta]
    with np.errstate(all="ignore"):
        for _ in range(n_steps):
            here = surface.batch(rng.choice(surface.n_samples, batch_size, replace=False)) if sampled else surface
            theta = theta + rule(memory, here.gradient_at(theta), lr)
            way.append(theta)
    return np.array(way)


def good_learning_rate(
    surface: Surface, rule: Rule, start: Sequence[float], n_steps: int, batch_size: int = 0
) -> tuple[float, float]:
    """Try 51 learning rates, and return the exponent of the one that ends lowest, and the loss that it ends at."""
    exponents = np.round(np.arange(LOWEST_EXPONENT, HIGHEST_EXPONENT + 0.05, 0.1), 1)
    ends = [walk(surface, rule, start, 10.0**exponent, n_steps, batch_size)[-5:] for exponent in exponents]
    losses = [float(np.mean(surface.loss_at(end))) for end in ends]  # of the last places: chance decides less
    best = int(np.argmin(losses))
    return float(exponents[best]), losses[best]


def draw(
    surfaces: Mapping[str, Surface],
    rules: Mapping[str, Rule],
    surface: str,
    rule: str,
    rival: str,
    batch: str,
    exponent: float,
    across: int,
    up: int,
    steps: int,
) -> tuple[Figure, str]:
    """Draw the map with the way of one or two optimisers on the left, and the loss along it on the right.

    Args:
        surfaces, rules: what there is to choose from, by name.
        surface, rule, rival: the choice; no rival if that is `NOBODY`.
        batch: samples per gradient, or `ALL`.
        exponent: of the learning rate, 10^exponent.
        across, up: where to start, in percent of the map's width and height.
        steps: how many.

    Returns:
        The figure, and its caption.
    """
    here = surfaces[surface]
    lr, size = 10.0**exponent, 0 if batch == ALL else int(batch)
    start = [low + share / 100 * (high - low) for (low, high), share in zip(here.limits, (across, up), strict=True)]
    runners = [rule] if rival in (NOBODY, rule) else [rule, rival]
    ways = {name: walk(here, rules[name], start, lr, steps, size) for name in runners}

    figure, (left, right) = new_figure(1, 2, size=(10.5, 4.5), width_ratios=(1.25, 1))
    contours(left, *_grid(here), labels=here.labels, lowest=here.lowest)
    above = 0.0
    for index, (name, way) in enumerate(ways.items()):
        path(left, way, label=name, index=index, markers=steps <= 100)
        height = here.loss_at(way) - here.lowest
        above = max(above, height[0])
        shown = np.where(height < 1e3 * height[0] + 1e-9, np.maximum(height, 1e-12), np.nan)
        right.plot(shown, color=COLOURS[index], linestyle=LINESTYLES[index], linewidth=2, label=name)
    left.set_title(surface, loc="left", fontsize="medium")
    right.set(yscale="log", xlim=(0, steps), ylim=(max(1e-6 * above, 1e-9), 20 * max(above, 1e-6)))
    label_axes(right, "step", "loss above the lowest on the map", legend=True)

    data = f"batches of {size}" if 0 < size < here.n_samples else "all data" if here.n_samples else "no data to sample"
    places = ", ".join(f"{label.split(' (')[0]} = {value:.2f}" for label, value in zip(here.labels, start, strict=True))
    caption = f"{surface}, learning rate {lr:.2g}, {steps} steps, {data}, from {places}."
    return figure, " ".join([caption, *(f"{name}: {_verdict(here, way)}" for name, way in ways.items())])


def explorer(surfaces: Mapping[str, Surface], rules: Mapping[str, Rule]) -> Explorer:
    """Make the explorer from surfaces and from the optimisers that a notebook has written; see `draw`.

    The first surface and the first rule are shown first.
    """
    if NOBODY in rules:
        raise ValueError(f"no optimiser can be called {NOBODY!r}: that stands for no rival")
    first = next(iter(surfaces))

    def place(name: str) -> dict[str, int]:
        here = surfaces[name]
        shares = [
            round(100 * (value - low) / (high - low))
            for (low, high), value in zip(here.limits, here.start, strict=True)
        ]
        return dict(zip(("across", "up"), shares, strict=True))

    def tune(now: Mapping[str, object]) -> dict[str, float]:
        here = surfaces[now["surface"]]
        start = [
            low + now[name] / 100 * (high - low)
            for (low, high), name in zip(here.limits, ("across", "up"), strict=True)
        ]
        size = 0 if now["batch"] == ALL else int(now["batch"])
        return {"exponent": good_learning_rate(here, rules[now["rule"]], start, now["steps"], size)[0]}

    return Explorer(
        lambda **values: draw(surfaces, rules, **values),
        [
            Choice("surface", tuple(surfaces)),
            Choice("rule", tuple(rules), label="optimiser"),
            Choice("rival", (NOBODY, *rules), label="beside it"),
            Choice("batch", BATCHES, value=START["batch"], label="samples per step"),
            Slider("exponent", LOWEST_EXPONENT, HIGHEST_EXPONENT, 0.1, START["exponent"], label="log₁₀ learning rate"),
            Slider("across", 0, 100, step=1, value=place(first)["across"], label="start, left to right", unit="%"),
            Slider("up", 0, 100, step=1, value=place(first)["up"], label="start, bottom to top", unit="%"),
            Slider("steps", 1, 300, step=1, value=START["steps"]),
        ],
        buttons=[
            Button("Find its best learning rate", tune),
            Button("Start again", lambda now: {**START, **place(now["surface"])}),
        ],
        title="Any optimiser, any start, any surface",
    )


@lru_cache(maxsize=8)
def _grid(surface: Surface) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return surface.grid()


def _verdict(surface: Surface, way: np.ndarray) -> str:
    """Say how a walk went."""
    losses = surface.loss_at(way)
    first, last, lowest = float(losses[0]), float(losses[-1]), surface.lowest
    if not np.isfinite(last) or last > 10 * first + 1e-9:
        return "it flies off; the learning rate is too large here."
    text = f"the loss goes from {first:.3g} to {last:.3g} (lowest on the map: {lowest:.3g})"
    close = lowest + 0.01 * (first - lowest)
    if last <= close:
        outside = np.flatnonzero(losses > close)
        arrived = int(outside[-1]) + 1 if outside.size else 0
        return f"{text}; it has arrived, after {arrived} steps."
    slope = float(np.linalg.norm(surface.gradient_at(way[-1])))
    width = float(np.linalg.norm([high - low for low, high in surface.limits]))
    if slope * width < 0.02 * (last - lowest):  # as steep as this, the whole map would lead down a little only
        return f"{text}; it stands on a flat place that is not the bottom."
    rises = float(np.mean(np.diff(losses) > 0))
    if rises > 0.25:
        return f"{text}; it jumps to and fro: a smaller learning rate would help."
    return f"{text}; it is still on its way."
