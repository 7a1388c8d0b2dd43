"""A formula as a computational graph of single numbers: values forward, derivatives backward, one edge at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Values = dict[str, float]
Edge = tuple[str, str]
"""From an input to the node that it goes into."""


@dataclass(frozen=True)
class Node:
    """One number of a formula.

    Attributes:
        name: unique in its graph.
        inputs: names of the nodes that go into it; none for a number that is given.
        value: of the inputs' values, in order.
        slopes: of the same: the derivative of this node with respect to each input, the edges' local gradients.
        learns: for a given number: whether it is a parameter, whose gradient is wanted.
    """

    name: str
    inputs: tuple[str, ...] = ()
    value: Callable[..., float] | None = None
    slopes: Callable[..., tuple[float, ...]] | None = None
    learns: bool = False


def forward(nodes: tuple[Node, ...], given: Mapping[str, float]) -> Values:
    """Return the value of every node; nodes stand in an order in which inputs come first."""
    values = dict(given)
    for node in nodes:
        if node.inputs:
            values[node.name] = node.value(*(values[name] for name in node.inputs))
    return values


def local_gradients(nodes: tuple[Node, ...], values: Values) -> dict[Edge, float]:
    """Return the local gradient of every edge, at these values."""
    return {
        (name, node.name): slope
        for node in nodes
        if node.inputs
        for name, slope in zip(node.inputs, node.slopes(*(values[i] for i in node.inputs)), strict=True)
    }


def gradients(nodes: tuple[Node, ...], values: Values) -> Values:
    """Return the derivative of the last node with respect to every node, by the chain rule from the last to the first.

    What reaches a node over several edges adds up.
    """
    local = local_gradients(nodes, values)
    total = {node.name: 0.0 for node in nodes}
    total[nodes[-1].name] = 1.0
    for node in reversed(nodes):
        for name in node.inputs:
            total[name] += total[node.name] * local[name, node.name]
    return total
