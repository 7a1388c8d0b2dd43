"""A computational graph as boxes and arrows, with what is known so far written on it."""

from collections.abc import Collection, Mapping

from matplotlib.axes import Axes

from dlcourse.plots.base import COLOURS

Edge = tuple[str, str]

# Three kinds of numbers: each has its colour, its place and its mark, so that colour is never alone.
FORWARD, LOCAL, TOTAL = COLOURS[0], COLOURS[2], COLOURS[1]


def computational_graph(
    axes: Axes,
    places: Mapping[str, tuple[float, float]],
    edges: Collection[Edge],
    *,
    labels: Mapping[str, str],
    values: Mapping[str, str],
    local: Mapping[Edge, str],
    totals: Mapping[str, str],
    current: str | Edge | None = None,
    quiet: Collection[Edge] = (),
) -> Axes:
    """Draw a graph from left to right.

    Args:
        places: centre of each node, in units of a box.
        edges: from an input to the node that it goes into.
        labels: what stands in each box.
        values: below the label, where the forward pass has been.
        local: on the edges, where the local gradient is known.
        totals: below the box, where the derivative of the loss is known.
        current: the node or edge to point out.
        quiet: edges that the backward pass does not need, drawn faintly.
    """
    boxes = {}
    for name, (x, y) in places.items():
        here = name == current
        text = labels[name] + (f"\n{values[name]}" if name in values else "\n ")
        box = axes.text(
            x, y, text, ha="center", va="center", fontsize=11, linespacing=1.35, zorder=5,
            color=FORWARD if name in values else "0.4",
            bbox={
                "boxstyle": "round,pad=0.35", "facecolor": "white",
                "edgecolor": "black" if here else "0.5", "linewidth": 2.6 if here else 1.0,
            },
        )  # fmt: skip
        boxes[name] = box.get_bbox_patch()
        if name in totals:
            below = y - (0.39 if text.count("\n") == 1 else 0.53)
            axes.text(
                x, below, f"◂ {totals[name]}", color=TOTAL, ha="center", va="top", fontsize=10.5, zorder=8,
                fontweight="bold" if here else "normal",
            )  # fmt: skip
    for edge in edges:
        (x0, y0), (x1, y1) = places[edge[0]], places[edge[1]]
        here = edge == current
        axes.annotate(
            "",
            xy=(x1, y1),
            xytext=(x0, y0),
            zorder=6,  # drawn after the boxes, at whose borders it begins and ends
            arrowprops={
                "arrowstyle": "-|>", "patchA": boxes[edge[0]], "patchB": boxes[edge[1]], "shrinkA": 0, "shrinkB": 1,
                "color": LOCAL if here else "0.7" if edge in quiet else "0.35", "lw": 3 if here else 1.4,
                "linestyle": ":" if edge in quiet else "-",
            },
        )  # fmt: skip
        if edge in local:
            middle, lift = ((x0 + x1) / 2, (y0 + y1) / 2), 0.24 if y0 == y1 else 0.0
            axes.text(
                middle[0], middle[1] + lift, f"× {local[edge]}", color=LOCAL, ha="center", va="center", fontsize=10.5,
                fontweight="bold" if here else "normal", zorder=7,
                bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"},
            )  # fmt: skip
    xs, ys = zip(*places.values(), strict=True)
    axes.set(xlim=(min(xs) - 0.55, max(xs) + 0.55), ylim=(min(ys) - 0.9, max(ys) + 0.5))
    axes.set_axis_off()
    return axes
