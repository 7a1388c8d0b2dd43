"""The corpus of an exercise: wrong solutions that its tests must catch, and right ones that they must not.

A corpus is a text beside the exercise's source, in cells as py:percent has them:

    # %% question: perceptron_step
    # %% wrong: "updates on correct samples too"   expects: "already on its right side"   loses: 2
    def perceptron_step(w, b, x, y):
        return w + y * x, b + y

    # %% right: "branch-free"
    def perceptron_step(w, b, x, y):
        ...

`question` names an answer cell, whose text each solution takes the place of. `expects` is part of what the student must
be told; `loses` is the number of points, by default all of the question's. A cell `# %% equivalent: "…"` holds no
solution, but changes of the solution that make no difference (`autograder.mutation.equivalent`).
"""

import ast
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.notebook import Question
from autograder.syntax import parse

_MARKER = re.compile(r"#\s*%%(.*)")
_STRING = r'"(?:[^"\\]|\\.)*"'
_QUESTION = re.compile(r"question:\s*(\S+)")
_SOLUTION = re.compile(rf"(wrong|right):\s*({_STRING})")
EQUIVALENT = re.compile(rf"equivalent:\s*({_STRING})")
_OPTION = re.compile(rf"\s*(\w+):\s*({_STRING}|\S+)")


class CorpusError(Exception):
    """A corpus that cannot be read; the text gives the file and the line."""


@dataclass(frozen=True)
class Solution:
    """One solution of a question."""

    question: str
    name: str
    code: str
    line: int
    """Where it stands in the corpus."""
    expects: str | None = None
    """Part of the message that a wrong one must get; None for a right one."""
    loses: float | None = None
    """How many points a wrong one must lose; None for all of the question's."""

    @property
    def wrong(self) -> bool:
        """Whether the tests must catch it."""
        return self.expects is not None


def read_corpus(path: Path) -> list[Solution]:
    """Read a corpus file.

    Raises:
        CorpusError: if it is missing or malformed.
    """
    return parse_corpus(corpus_text(path), str(path))


def corpus_text(path: Path) -> str:
    """Read a corpus file's text.

    Raises:
        CorpusError: if it is missing or cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CorpusError(f"{path} is missing: write wrong and right solutions of each question into it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read: {error}") from error


def parse_corpus(text: str, name: str = "the corpus") -> list[Solution]:
    """Make solutions of a corpus's text.

    Args:
        text: the whole of it.
        name: what to call it in messages.

    Raises:
        CorpusError: with the line, if it is malformed.
    """
    solutions: list[Solution] = []
    question: str | None = None
    preamble, cells = _split(text)
    if _has_code(preamble):
        raise CorpusError(f"{name}, line 1: there is code above the first '# %%', which belongs to no question")
    for line, marker, code in cells:
        where = f"{name}, line {line}"
        if match := _QUESTION.fullmatch(marker):
            question = match[1]
            if _has_code(code):
                raise CorpusError(f"{where}: code below '# %% question:' belongs below '# %% wrong:' or '# %% right:'")
        elif EQUIVALENT.fullmatch(marker):
            if _has_code(code):
                raise CorpusError(
                    f"{where}: below '# %% equivalent:' stand only '# - line before' and '# + line after'"
                )
        elif _SOLUTION.match(marker):
            if question is None:
                raise CorpusError(f"{where}: no '# %% question: …' above this solution")
            solution = _parse_solution(marker, code, question, name, line)
            if any((s.question, s.name) == (question, solution.name) for s in solutions):
                raise CorpusError(f"{where}: question {question} has another solution named {solution.name!r}")
            solutions.append(solution)
        else:
            raise CorpusError(
                f'{where}: \'# %% {marker}\' is none of  # %% question: NAME,  # %% wrong: "NAME" expects: "MESSAGE",'
                '  # %% right: "NAME",  # %% equivalent: "REASON"'
            )
    return solutions


def check_corpus(
    solutions: Sequence[Solution], questions: Sequence[Question], name: str, *, min_wrong: int = 1, min_right: int = 1
) -> None:
    """Check that a corpus fits its exercise.

    Args:
        solutions: the corpus.
        questions: those of the exercise; ones that a person grades need no solutions.
        name: what to call the corpus in messages.
        min_wrong, min_right: how many solutions each question must have.

    Raises:
        CorpusError: if it does not fit.
    """
    tested = {question.name: question for question in questions if not question.by_hand}
    for solution in solutions:
        where = f"{name}, line {solution.line}"
        if solution.question not in tested:
            near = difflib.get_close_matches(solution.question, tested, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(tested)}"
            raise CorpusError(f"{where}: the exercise has no tested question {solution.question!r}; {hint}")
        points = tested[solution.question].points
        if solution.loses is not None and solution.loses > points:
            raise CorpusError(f"{where}: loses {solution.loses:g}, but {solution.question} has only {points:g} points")
    for question in tested:
        for kind, least in ((True, min_wrong), (False, min_right)):
            have = sum(s.question == question and s.wrong is kind for s in solutions)
            if have < least:
                word = "wrong" if kind else "right"
                raise CorpusError(f"{name}: question {question} has {have} {word} solutions and needs {least}")


def split_cells(text: str) -> list[tuple[int, str, str]]:
    """Cut a corpus at its markers; return line number, marker and text of each cell."""
    return _split(text)[1]


def question_of(marker: str) -> str | None:
    """Return the question that a marker names, if it does."""
    match = _QUESTION.fullmatch(marker)
    return match and match[1]


def _split(text: str) -> tuple[str, list[tuple[int, str, str]]]:
    """Cut a corpus at its markers: what stands above the first, then line number, marker and code of each cell."""
    preamble: list[str] = []
    cells: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _MARKER.fullmatch(line.rstrip()):
            cells.append((number, match[1].strip(), []))
        else:
            (cells[-1][2] if cells else preamble).append(line)
    return "\n".join(preamble), [(number, marker, "\n".join(lines)) for number, marker, lines in cells]


def _has_code(text: str) -> bool:
    """Whether there is more than comments and a docstring."""
    try:
        body = parse(text).body
    except SyntaxError:
        return True
    return any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in body)


def _parse_solution(marker: str, code: str, question: str, file: str, line: int) -> Solution:
    where = f"{file}, line {line}"
    match = _SOLUTION.match(marker)
    kind, name = match[1], ast.literal_eval(match[2])
    options = _parse_options(marker[match.end() :], where)
    if unknown := set(options) - ({"expects", "loses"} if kind == "wrong" else set()):
        raise CorpusError(f"{where}: a {kind} solution takes no {sorted(unknown)[0]!r}")
    if not name.strip():
        raise CorpusError(f"{where}: the solution has no name")
    if kind == "wrong" and not options.get("expects", "").strip():
        raise CorpusError(f'{where}: wrong solution {name!r} needs  expects: "part of the message that it must get"')
    if not _has_code(code):
        raise CorpusError(f"{where}: solution {name!r} has no code")
    try:
        parse(code)
    except SyntaxError as error:
        raise CorpusError(f"{file}, line {line + (error.lineno or 0)}: {error.msg}") from error
    return Solution(
        question, name, code.strip("\n"), line, options.get("expects"), _points(options.get("loses"), where)
    )


def _parse_options(text: str, where: str) -> dict[str, str]:
    options: dict[str, str] = {}
    position = 0
    while text[position:].strip():
        match = _OPTION.match(text, position)
        if match is None:
            raise CorpusError(f"{where}: cannot read {text[position:].strip()!r} (texts stand in double quotes)")
        if match[1] in options:
            raise CorpusError(f"{where}: {match[1]!r} stands twice")
        options[match[1]] = ast.literal_eval(match[2]) if match[2].startswith('"') else match[2]
        position = match.end()
    return options


def _points(text: str | None, where: str) -> float | None:
    if text is None:
        return None
    try:
        points = float(text)
    except ValueError:
        points = 0.0
    if not 0 < points < float("inf"):
        raise CorpusError(f"{where}: loses must be a positive number of points, not {text}")
    return points
