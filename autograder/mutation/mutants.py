"""Mutants of an answer: its text with one small thing changed."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from autograder.mutation.operators import OPERATORS
from autograder.syntax import parse

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Mutant:
    """An answer with one thing changed."""

    code: str
    """The whole cell."""
    line: int
    """Where it differs from the answer; the cell's first line is 1."""
    before: tuple[str, ...]
    """The lines that differ, without the spaces around them."""
    after: tuple[str, ...]
    """What they became."""

    @property
    def diff(self) -> str:
        """The lines before and after, marked with - and +."""
        return "\n".join([*(f"- {line}" for line in self.before), *(f"+ {line}" for line in self.after)])


def make_mutants(code: str) -> list[Mutant]:
    """Change everything in a solution that can be changed, one thing at a time.

    Only what stands between `### BEGIN SOLUTION` and `### END SOLUTION` is changed, or the whole cell where they are
    missing. What is no valid Python, or only another text of the same code, is left out.

    Args:
        code: an answer cell.

    Returns:
        The mutants, by line, each text once.

    Raises:
        SyntaxError: if the cell is no valid Python.
    """
    parse(code)  # says what is wrong with it
    unchanged = _meaning(code)
    inside = _inside(code)
    wrapper = MetadataWrapper(cst.parse_module(code))
    places = wrapper.resolve(PositionProvider)
    made: dict[str, Mutant] = {}
    for node in _nodes(wrapper.module):
        if node not in places or places[node].start.line not in inside:
            continue
        for operator in OPERATORS:
            for other in operator(node):
                changed = wrapper.module.deep_replace(node, other).code
                if changed not in made and _meaning(changed) not in (None, unchanged):
                    made[changed] = _mutant(code, changed)
    return sorted(made.values(), key=lambda mutant: mutant.line)


def _nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _inside(code: str) -> set[int]:
    """Return the numbers of the lines between the markers."""
    lines = [line.strip() for line in code.splitlines()]
    if BEGIN not in lines:
        return set(range(1, len(lines) + 1))
    inside, found = False, set()
    for number, line in enumerate(lines, start=1):
        inside = line == BEGIN or (inside and line != END)
        if inside:
            found.add(number)
    return found


def _meaning(code: str) -> str | None:
    """Return what tells codes apart that do not do the same; None for what is no valid Python.

    `zip(…, strict=True)` is a habit: it makes no difference where all is as it should be.
    """
    try:
        tree = parse(code)
        compile(code, "<mutant>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip":
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "strict"]
    return ast.dump(tree)


def _mutant(code: str, changed: str) -> Mutant:
    before, after = code.splitlines(), changed.splitlines()
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return Mutant(
        changed,
        start + 1,
        tuple(line.strip() for line in before[start : len(before) - end]),
        tuple(line.strip() for line in after[start : len(after) - end]),
    )
