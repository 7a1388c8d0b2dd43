"""Stepper of chapter 2: backpropagation through a computational graph, one edge at a time, each number predicted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from dlcourse.plots.base import new_figure
from dlcourse.plots.graph import Edge, computational_graph
from dlcourse.scratch.graph import Node, forward, gradients, local_gradients
from dlcourse.widgets.base import Button, Choice, Entry, Explorer, Slider

LR = 1.0  # the learning rate of the NBIS slides' example


def _sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a))


def _product(name: str, one: str, other: str) -> Node:
    return Node(name, (one, other), lambda u, v: u * v, lambda u, v: (v, u))


def _bend(name: str, score: str) -> Node:
    return Node(name, (score,), _sigmoid, lambda a: (_sigmoid(a) * (1 - _sigmoid(a)),))


# The loss ½(y - ŷ)². Its slope towards y is there, but labels don't learn.
_LOSS = Node("loss", ("ŷ", "y"), lambda p, y: 0.5 * (y - p) ** 2, lambda p, y: (p - y, y - p))


@dataclass(frozen=True)
class Example:
    """A graph with numbers, and where its boxes stand."""

    nodes: tuple[Node, ...]
    given: Mapping[str, float]
    places: Mapping[str, tuple[float, float]]
    labels: Mapping[str, str]
    formulas: Mapping[str, str]  # of computed nodes, in words of the graph
    slopes: Mapping[Edge, str]  # formula of each local gradient that is needed


EXAMPLES: dict[str, Example] = {
    "one neuron": Example(
        nodes=(
            Node("x₁"),
            Node("w₁", learns=True),
            Node("x₂"),
            Node("w₂", learns=True),
            Node("y"),
            _product("p₁", "w₁", "x₁"),
            _product("p₂", "w₂", "x₂"),
            Node("a", ("p₁", "p₂"), lambda u, v: u + v, lambda u, v: (1.0, 1.0)),
            _bend("ŷ", "a"),
            _LOSS,
        ),
        given={"x₁": 0.50, "w₁": 0.35, "x₂": 0.51, "w₂": 0.40, "y": 0.10},
        places={
            "x₁": (0, 3.6), "w₁": (0, 2.4), "x₂": (0, 1.2), "w₂": (0, 0), "p₁": (1.45, 3.0), "p₂": (1.45, 0.6),
            "a": (2.9, 1.8), "ŷ": (4.35, 1.8), "loss": (5.8, 1.8), "y": (4.35, 0.3),
        },
        labels={"p₁": "p₁ = w₁ · x₁", "p₂": "p₂ = w₂ · x₂", "a": "a = p₁ + p₂", "ŷ": "ŷ = σ(a)", "loss": "½(y − ŷ)²"},
        formulas={"p₁": "w₁ · x₁", "p₂": "w₂ · x₂", "a": "p₁ + p₂", "ŷ": "1/(1 + exp(−a))", "loss": "½ (y − ŷ)²"},
        slopes={
            ("ŷ", "loss"): "ŷ − y", ("a", "ŷ"): "ŷ (1 − ŷ)", ("p₁", "a"): "1: a is a sum",
            ("p₂", "a"): "1: a is a sum", ("w₁", "p₁"): "x₁, the other factor",
            ("w₂", "p₂"): "x₂, the other factor",
        },
    ),
    "one layer before it": Example(
        nodes=(
            Node("x"),
            Node("v", learns=True),
            Node("w", learns=True),
            Node("y"),
            _product("a₁", "v", "x"),
            _bend("h", "a₁"),
            _product("a₂", "w", "h"),
            _bend("ŷ", "a₂"),
            _LOSS,
        ),
        given={"x": 0.50, "v": 0.35, "w": 0.40, "y": 0.10},
        places={
            "x": (0, 2.4), "v": (0, 1.0), "a₁": (1.35, 1.7), "h": (2.7, 1.7), "w": (2.7, 0.2), "a₂": (4.05, 1.0),
            "ŷ": (5.4, 1.0), "loss": (6.75, 1.0), "y": (5.4, -0.4),
        },
        labels={"a₁": "a₁ = v · x", "h": "h = σ(a₁)", "a₂": "a₂ = w · h", "ŷ": "ŷ = σ(a₂)", "loss": "½(y − ŷ)²"},
        formulas={
            "a₁": "v · x", "h": "1/(1 + exp(−a₁))", "a₂": "w · h", "ŷ": "1/(1 + exp(−a₂))", "loss": "½ (y − ŷ)²",
        },
        slopes={
            ("ŷ", "loss"): "ŷ − y", ("a₂", "ŷ"): "ŷ (1 − ŷ)", ("w", "a₂"): "h, the other factor",
            ("h", "a₂"): "w, the other factor", ("a₁", "h"): "h (1 − h)", ("v", "a₁"): "x, the other factor",
        },
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One number to find.

    Attributes:
        kind: ``"value"`` (forward), ``"local"`` (an edge's slope), ``"total"`` (the product), ``"update"`` or
            ``"again"`` (the loss after the update).
        where: the node or the edge.
        answer: the number.
        question: what to predict.
        because: how it comes about, shown with the answer.
        hints: wrong answers, and what to say to each.
    """

    kind: str
    where: str | Edge
    answer: float
    question: str
    because: str
    hints: Mapping[str, float] = field(default_factory=dict)

    def told(self) -> str:
        """Say the answer and how it comes about."""
        if self.kind == "again":
            return f"the loss is now {_short(self.answer)}; before the step it was {self.because}"
        if self.because.endswith("a sum"):
            return self.because
        return f"{self.because} = {_short(self.answer)}"


def steps(example: Example) -> list[Step]:
    """List every number of the forward pass, the local gradients, the products and the update, in order."""
    nodes = {node.name: node for node in example.nodes}
    values = forward(example.nodes, example.given)
    local, total = local_gradients(example.nodes, values), gradients(example.nodes, values)
    found = [
        Step(
            "value", name, values[name], f"{name} = {formula}", f"{name} = {formula}", _value_hints(name, nodes, values)
        )
        for name, formula in example.formulas.items()
    ]
    for (name, into), formula in example.slopes.items():
        found.append(
            Step(
                "local",
                (name, into),
                local[name, into],
                f"the local gradient ∂{into}/∂{name}: how fast does {into} change with {name}",
                f"∂{into}/∂{name} = {formula}",
                _slope_hints(name, into, values, local),
            )
        )
    for name, into in example.slopes:
        slope, above = local[name, into], total[into]
        found.append(
            Step(
                "total",
                name,
                total[name],
                f"the product ∂loss/∂{name}: what has arrived at {into}, times the slope of the edge",
                f"∂loss/∂{name} = ∂loss/∂{into} × ∂{into}/∂{name} = {_short(above)} × {_short(slope)}",
                {
                    "that is the sum; along a path one multiplies": above + slope,
                    "that is only the slope of the edge; multiply it by what has arrived": slope,
                    "that is what has arrived; multiply it by the slope of the edge": above,
                    "the sign is the wrong way round": -total[name],
                },
            )
        )
    after = dict(example.given)
    for name, node in nodes.items():
        if node.learns:
            after[name] = values[name] - LR * total[name]
            found.append(
                Step(
                    "update",
                    name,
                    after[name],
                    f"{name} after a step downhill with learning rate {LR:g}",
                    f"{name} − {LR:g} × ∂loss/∂{name} = {_short(values[name])} − {_short(total[name])}",
                    {"that is uphill: subtract the gradient": values[name] + LR * total[name]},
                )
            )
    again = forward(example.nodes, after)["loss"]
    found.append(
        Step(
            "again",
            "loss",
            again,
            "the loss with the new weights: larger or smaller than before, and by how much",
            _short(values["loss"]),
            {"that is the loss before the step": values["loss"]},
        )
    )
    return found


_PHASES = {
    "value": "Forward",
    "local": "Local gradients",
    "total": "Products, from the loss back",
    "update": "Update",
    "again": "Forward again",
}


def draw(graph: str, step: int, guess: str = "") -> tuple[Figure, str]:
    """Draw a graph after so many steps, ask for the next number, and judge a prediction of it.

    Args:
        graph: a key of `EXAMPLES`.
        step: how many numbers are known; beyond the last, all of them.
        guess: what a person predicts for the next one, as typed; empty for no prediction.

    Returns:
        The figure, and its caption.
    """
    example = EXAMPLES[graph]
    every = steps(example)
    step = min(step, len(every))
    known = every[:step]
    values = {name: f"{number:.2f}" for name, number in example.given.items()}
    values |= {s.where: _short(s.answer) for s in known if s.kind == "value"}
    for s in known:
        if s.kind in ("update", "again"):
            values[s.where] += f"\n→ {_short(s.answer)}"
    figure, axes = new_figure(size=(11, 5.2))
    edges = [(name, node.name) for node in example.nodes for name in node.inputs]
    computational_graph(
        axes,
        example.places,
        edges,
        labels={name: example.labels.get(name, name) for name in example.places},
        values=values,
        local={s.where: _short(s.answer) for s in known if s.kind == "local"},
        totals={s.where: _short(s.answer) for s in known if s.kind == "total"},
        current=known[-1].where if known else None,
        quiet=[edge for edge in edges if edge not in example.slopes],
    )
    axes.set_title(
        "in the boxes: values      on the edges: × local gradients      below the boxes: ◂ derivative of the loss",
        fontsize=10.5,
        color="0.3",
    )
    told = f"Step {step} of {len(every)}. "
    if known:
        told += f"{_PHASES[known[-1].kind]}: {known[-1].told()}. "
    if step == len(every):
        return figure, told + "All numbers are known."
    return figure, told + f"Predict next: {every[step].question}?{judge(every[step], guess)}"


def judge(step: Step, guess: str) -> str:
    """Say about a prediction whether it is right, without giving a wrong one away."""
    if not guess.strip():
        return ""
    try:
        number = float(guess.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        return f" “{guess.strip()}” is no number: type one such as 0.25."
    if _near(number, step.answer):
        return f" {guess.strip()} is right. Press “Show it”."
    for hint, wrong in step.hints.items():
        if _near(number, wrong) and not _near(wrong, step.answer):
            return f" Not {guess.strip()}: {hint}."
    return f" Not {guess.strip()}. Try again, or press “Show it”."


def explorer() -> Explorer:
    """Make the stepper: a step slider, a field for predictions, and buttons to go on, back and to the start."""
    most = max(len(steps(example)) for example in EXAMPLES.values())

    def move(by: int) -> Button:
        def moved(values: Mapping[str, object]) -> dict[str, object]:
            last = len(steps(EXAMPLES[values["graph"]]))
            return {"step": min(max(min(values["step"], last) + by, 0), last), "guess": ""}

        return Button("Show it" if by > 0 else "One back", moved)

    return Explorer(
        draw,
        [
            Choice("graph", tuple(EXAMPLES)),
            Slider("step", 0, most, step=1, value=0),
            Entry("guess", label="your prediction", placeholder="a number, then Enter"),
        ],
        buttons=[move(+1), move(-1), Button("Start again", lambda values: {"step": 0, "guess": ""})],
        title="One edge at a time: predict each number, then let it show",
    )


def _value_hints(name: str, nodes: Mapping[str, Node], values: Mapping[str, float]) -> dict[str, float]:
    inputs = [values[other] for other in nodes[name].inputs]
    if name == "loss":
        return {
            "the ½ is missing": (inputs[1] - inputs[0]) ** 2,
            "square the difference": 0.5 * abs(inputs[1] - inputs[0]),
            "that is the difference; square it and halve it": abs(inputs[1] - inputs[0]),
        }
    if len(inputs) == 2:
        return {
            "that is the sum of the two, and here they are multiplied": sum(inputs),
            "that is the product of the two, and here they are added": inputs[0] * inputs[1],
        }
    return {
        "the minus in exp(−a) got lost": 1 - values[name],
        "that is the score itself; the activation bends it": inputs[0],
    }


def _slope_hints(name: str, into: str, values: Mapping[str, float], local: Mapping[Edge, float]) -> dict[str, float]:
    if into == "loss":
        return {
            "the sign: more ŷ, more loss": -local[name, into],
            "the ½ takes the 2 away": 2 * local[name, into],
            "that is the loss itself, not its slope": values[into],
        }
    if into in ("ŷ", "h"):
        out = values[into]
        return {
            "that is the output itself; its slope is output times (1 − output)": out,
            "taken at the output; the slope is taken at the score": _sigmoid(out) * (1 - _sigmoid(out)),
            "multiply the output by (1 − output)": 1 - out,
        }
    if into == "a":
        return {f"that is {name} itself; if {name} grows by 0.01, by how much does {into} grow?": values[name]}
    return {
        f"that is {name} itself; the slope of a product is the other factor": values[name],
        "that is the product itself; its slope is the other factor": values[into],
    }


def _near(one: float, other: float) -> bool:
    """Whether two digits of them agree, more or less: people predict with a pencil."""
    return abs(one - other) <= 0.02 * abs(other) + 5e-4


def _short(number: float) -> str:
    """Four digits behind the point, more for a small number; whole numbers as such."""
    if number == round(number, 2):
        return f"{number:.2f}".rstrip("0").rstrip(".") if number == int(number) else f"{number:.2f}"
    digits = 4 if abs(number) >= 0.01 else 6
    return f"{number:.{digits}f}".replace("-", "−")
