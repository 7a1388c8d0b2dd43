"""Where deep learning stands (AI ⊃ ML ⊃ DL) and how it came about, as two diagrams."""

from dataclasses import dataclass
from enum import StrEnum

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from dlcourse.plots.base import COLOURS, MARKERS, new_figure


class Kind(StrEnum):
    """What an event was, in the words of the figure's legend."""

    MODEL = "a model"
    LEARNING = "a way to learn"
    LIMIT = "a limit"
    TOOL = "hardware or software"
    RESULT = "a result"
    PRIZE = "a prize"


@dataclass(frozen=True)
class Event:
    """One event of the timeline.

    Attributes:
        year: where it stands on the axis; of an event that took years, the first.
        what: what happened, in a few words.
        who: by whom.
        kind: what sort of event it is.
        source: DOI or arXiv identifier of the paper, else where to look it up.
        last: its last year, if it is another one.
    """

    year: int
    what: str
    who: str
    kind: Kind
    source: str
    last: int | None = None

    @property
    def years(self) -> str:
        """The year, or the first and the last with a dash between them."""
        return str(self.year) if self.last is None else f"{self.year}–{self.last % 100:02}"


EVENTS = (
    Event(1943, "threshold unit", "McCulloch & Pitts", Kind.MODEL, "doi:10.1007/BF02478259"),
    Event(1958, "perceptron: it learns from its mistakes", "Rosenblatt", Kind.LEARNING, "doi:10.1037/h0042519"),
    Event(1960, "least mean squares (ADALINE)", "Widrow & Hoff", Kind.LEARNING, "IRE WESCON Convention Record 4:96"),
    Event(1969, "what a single layer cannot do", "Minsky & Papert", Kind.LIMIT, "Perceptrons, MIT Press"),
    Event(1980, "Neocognitron: layers of local filters", "Fukushima", Kind.MODEL, "doi:10.1007/BF00344251"),
    Event(1982, "networks as memories", "Hopfield", Kind.MODEL, "doi:10.1073/pnas.79.8.2554"),
    Event(1986, "back-propagation", "Rumelhart, Hinton & Williams", Kind.LEARNING, "doi:10.1038/323533a0"),
    Event(1989, "a convolutional net reads postcodes", "LeCun et al.", Kind.RESULT, "doi:10.1162/neco.1989.1.4.541"),
    Event(1997, "LSTM: memory for sequences", "Hochreiter & Schmidhuber", Kind.MODEL, "doi:10.1162/neco.1997.9.8.1735"),
    Event(
        2007, "GPUs for all (CUDA), then for learning", "NVIDIA; Raina et al.", Kind.TOOL,
        "doi:10.1145/1553374.1553486", last=2009,
    ),
    Event(2012, "AlexNet wins ImageNet", "Krizhevsky, Sutskever & Hinton", Kind.RESULT, "doi:10.1145/3065386"),
    Event(
        2015, "TensorFlow, then PyTorch", "Google; Facebook", Kind.TOOL, "arXiv:1603.04467 and arXiv:1912.01703",
        last=2016,
    ),
    Event(2017, "transformer", "Vaswani et al.", Kind.MODEL, "arXiv:1706.03762"),
    Event(2018, "Turing award", "Bengio, Hinton & LeCun", Kind.PRIZE, "ACM A. M. Turing award"),
    Event(
        2020, "AlphaFold2: protein structures", "Jumper et al.", Kind.RESULT, "doi:10.1038/s41586-021-03819-2",
        last=2021,
    ),
    Event(2024, "Nobel prize in physics", "Hopfield & Hinton", Kind.PRIZE, "Nobel Prize in Physics 2024"),
    Event(2024, "Nobel prize in chemistry", "Baker, Hassabis & Jumper", Kind.PRIZE, "Nobel Prize in Chemistry 2024"),
)  # fmt: skip

# One colour and one marker each, so that nothing hangs on the colour alone.
_LOOKS = {kind: (COLOURS[i], MARKERS[i]) for i, kind in enumerate(Kind)}

_FIELDS = (
    ("artificial intelligence", "machines do what seems to need intelligence", "a chess program, an expert system"),
    ("machine learning", "rules are fitted to data, not written by hand", "logistic regression, random forests"),
    ("deep learning", "layers of neurons learn the features too", "AlphaFold2, image and language models"),
)  # fmt: skip


def draw_fields() -> Figure:
    """Draw AI ⊃ ML ⊃ DL as nested boxes, each with what makes it one and two examples."""
    figure, axes = new_figure(size=(8.2, 4.4))
    axes.set(xlim=(0, 100), ylim=(0, 54))
    axes.axis("off")
    for depth, (name, meaning, examples) in enumerate(_FIELDS):
        left, top = 1 + 7 * depth, 53 - 15.5 * depth
        bottom = 1 + 2.5 * depth
        box = FancyBboxPatch(
            (left, bottom), 98 - 14 * depth, top - bottom,
            boxstyle="round,pad=0,rounding_size=3", linewidth=2, edgecolor=COLOURS[depth],
            facecolor=mpl.colors.to_rgba(COLOURS[depth], 0.07),
        )  # fmt: skip
        axes.add_patch(box)
        axes.text(50, top - 2, name, ha="center", va="top", size=14, weight="bold", color=COLOURS[depth])
        axes.text(50, top - 6.6, meaning, ha="center", va="top", size=11)
        axes.text(50, top - 10.6, f"e.g. {examples}", ha="center", va="top", size=11, style="italic")
    return figure


def describe_fields() -> str:
    """Say in words what `draw_fields` shows."""
    inside = "; inside it, ".join(f"{name} ({meaning}, e.g. {examples})" for name, meaning, examples in _FIELDS)
    return f"Three nested boxes. The outermost is {inside}."


def draw_timeline(events: tuple[Event, ...] = EVENTS) -> Figure:
    """Draw events down a time axis that is true to scale; their labels stand evenly spaced beside it."""
    figure, axes = new_figure(size=(9.2, 0.36 * len(events) + 1.3))
    first, last = events[0].year, events[-1].year
    axes.set(xlim=(-0.02, 1), ylim=(last + 2.5, first - 2.5))  # time runs downwards
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks(range(first // 10 * 10 + 10, last + 1, 10))
    axes.set_ylabel("year")
    axes.axvline(0, color="0.6", linewidth=2, zorder=0)
    for row, event in enumerate(events):
        colour, marker = _LOOKS[event.kind]
        height = first + (last - first) * row / (len(events) - 1)
        axes.plot([0, 0.11, 0.16], [event.year, height, height], color="0.75", linewidth=0.8, zorder=0)
        axes.plot(0, event.year, marker=marker, color=colour, markersize=6, clip_on=False)
        axes.plot(0.18, height, marker=marker, color=colour, markersize=8)
        axes.text(0.21, height, event.years, va="center", size=11, weight="bold")
        axes.text(0.31, height, event.what, va="center", size=11)
        axes.text(0.70, height, event.who, va="center", size=10, color="0.35")
    keys = [Line2D([], [], color=colour, marker=marker, ls="", markersize=8) for colour, marker in _LOOKS.values()]
    names = [str(kind) for kind in _LOOKS]
    figure.legend(keys, names, loc="outside upper center", ncols=len(keys), handletextpad=0.2, frameon=False)
    return figure


def describe_timeline(events: tuple[Event, ...] = EVENTS) -> str:
    """Say in words what `draw_timeline` shows: every event, in order."""
    listed = "; ".join(f"{event.years} {event.what} ({event.who}), {event.kind}" for event in events)
    half = events[len(events) // 2].year
    return f"A timeline of {len(events)} events, more than half of them since {half}: {listed}."
