"""The misconceptions that an exercise's tests know: the messages of `mistakes={message: wrong value}`."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook import cells_by_id, questions
from autograder.syntax import parse
from dlcourse.checks.slips import MESSAGES

_NUMBER = re.compile(r"(?<![\w])[-+−]?\d[\d.,]*(?:e[-+]?\d+)?")
_SEVERAL = re.compile(r"…(?:[\s,]*…)+")  # "of … … …" says no more than "of …"
_SEEN = re.compile(r" \((?:got|at \[|it was|its shape|\[|in \w+, line).*$|: got .*$", re.DOTALL)
_LONGEST = 160


@dataclass(frozen=True)
class Misconception:
    """A message of a test that names what went wrong in somebody's head."""

    text: str
    pattern: re.Pattern[str]
    """What to look for: the text, with gaps where the test puts numbers or names."""


def known_misconceptions(source: NotebookNode) -> dict[str, tuple[Misconception, ...]]:
    """Collect the messages of a solution notebook's tests, by question, the longest first.

    A message is the text that a dictionary in a test maps to a wrong value; a test that asks for the slips of a
    backward pass knows those of `dlcourse.checks` too.
    """
    cells = cells_by_id(source)
    found = {}
    for question in questions(source):
        texts = {}
        for name in question.graded:
            if cells[name].cell_type == "code":
                texts |= {pattern: text for text, pattern in _messages(cells[name].source)}
        longest_first = sorted(texts, key=len, reverse=True)
        found[question.name] = tuple(Misconception(texts[p], re.compile(p, re.DOTALL)) for p in longest_first)
    return found


def find_misconception(message: str, known: Sequence[Misconception]) -> str:
    """Return the misconception that a message names, as the message puts it; "" if it names none."""
    for one in known:
        if match := one.pattern.search(message):
            return match[0]
    return ""


def label(message: str, known: Sequence[Misconception]) -> str:
    """Return what messages have in common that say the same of different numbers."""
    for one in known:
        if one.pattern.search(message):
            return one.text
    general = _SEVERAL.sub("…", _NUMBER.sub("…", _SEEN.sub("", message))).strip()
    return general if len(general) <= _LONGEST else general[: _LONGEST - 1] + "…"


def _messages(source: str) -> Iterator[tuple[str, str]]:
    """Yield each message of a test with a regular expression for it."""
    try:
        tree = parse(source)
    except SyntaxError:  # IPython's own syntax
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key in node.keys:
                pieces = _pieces(key)
                if pieces and " " in "".join(filter(None, pieces)).strip():
                    yield "".join("…" if p is None else p for p in pieces), _pattern(pieces)
        elif isinstance(node, ast.Attribute | ast.Name) and "dense_slips" in (
            getattr(node, "attr", ""),
            getattr(node, "id", ""),
        ):
            yield from ((text, re.escape(text)) for text in MESSAGES)


def _pieces(key: ast.expr | None) -> list[str | None]:
    """Return the parts of a text, None where a value is put in; nothing if it is no text."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return [key.value]
    if isinstance(key, ast.JoinedStr):
        return [part.value if isinstance(part, ast.Constant) else None for part in key.values]
    return []


def _pattern(pieces: Sequence[str | None]) -> str:
    return "".join(".{1,80}?" if piece is None else re.escape(piece) for piece in pieces)
