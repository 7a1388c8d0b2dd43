"""Makes a sample class for an exercise: what students hand in, made of the solution and of its corpus."""

import ast
import re
import shutil
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_solution

from autograder.audit import Exercise
from autograder.corpus import Solution
from autograder.notebook import cells_by_id, grade_id, is_test
from autograder.syntax import parse

NOTES = "README.md"


@dataclass(frozen=True)
class Sample:
    """One made-up submission."""

    student: str
    what: str
    """What was handed in, for people."""
    content: bytes | None
    """The file; None for a student who has handed in none."""
    loses: Mapping[str, float]
    """The points that it must lose, by tested question."""


def make_class(exercise: Exercise) -> list[Sample]:
    """Make the submissions of a class. The same exercise gives the same bytes.

    Args:
        exercise: with a corpus that holds wrong and right solutions of each question.
    """
    release, source, answers = exercise.release, cells_by_id(exercise.source), answers_of(exercise)
    names = [question.name for question in exercise.tested]
    first, last = names[0], names[-1]
    wrong = {name: [s for s in exercise.corpus if s.question == name and s.wrong] for name in names}
    right = {name: [s for s in exercise.corpus if s.question == name and not s.wrong] for name in names}

    hand_in = partial(filled_in, exercise)
    some_wrong = [wrong[name][0] for name in names[::3]]
    others_wrong = [wrong[name][-1] for name in names[1::2]]
    alternatives = [right[name][0] for name in names[::2]]
    everything = {question.name: question.points for question in exercise.tested}
    deleted, duplicated = hand_in(), hand_in()
    test = next(name for name in source if is_test(source[name]))
    deleted.cells = [cell for cell in deleted.cells if grade_id(cell) != test]
    _duplicate(duplicated, last, wrong[last][0].code)
    torn = to_bytes(hand_in())

    def lost(solutions: Sequence[Solution]) -> dict[str, float]:
        return {solution.question: solution.loses or everything[solution.question] for solution in solutions}

    return [
        Sample("amara", "everything right", to_bytes(hand_in()), {}),
        Sample("bjorn", f"wrong: {_listed(some_wrong)}", to_bytes(hand_in(_codes(some_wrong))), lost(some_wrong)),
        Sample(
            "chiara",
            f"right, but other than the solution: {_listed(alternatives)}; wrong: {_listed(others_wrong)}",
            to_bytes(hand_in(_codes([*alternatives, *others_wrong]))),
            lost(others_wrong),
        ),
        Sample("dmitri", "the exercise as it was handed out", to_bytes(release), everything),
        Sample(
            "elif",
            f"{first} is not valid Python",
            to_bytes(hand_in({first: _break_syntax(answers[first])})),
            {first: everything[first]},
        ),
        Sample(
            "farid",
            f"{last} never ends",
            to_bytes(hand_in({last: _never_end(answers[last])})),
            {last: everything[last]},
        ),
        Sample("greta", f"everything right, but the cell {test} is deleted", to_bytes(deleted), {}),
        Sample("hugo", f"the cell {last} stands twice, first wrong, then right", to_bytes(duplicated), {}),
        Sample("ines", "a file that was cut off while it was saved", torn[: len(torn) // 2], everything),
        Sample("jonas", "nothing", None, everything),
    ]


def write_class(samples: Sequence[Sample], folder: Path, notebook: str) -> None:
    """Write a class into a folder, as student/`notebook`.ipynb, with a note on who handed in what.

    Students of an earlier class are removed; a folder that holds anything else is left alone.

    Raises:
        FileExistsError: if the folder is there and holds no sample class.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / NOTES).exists():
        raise FileExistsError(f"{folder} is not empty and holds no sample class; name another with --into")
    shutil.rmtree(folder, ignore_errors=True)
    for sample in samples:
        (folder / sample.student).mkdir(parents=True)
        if sample.content is not None:
            (folder / sample.student / f"{notebook}.ipynb").write_bytes(sample.content)
    rows = "\n".join(f"| {sample.student} | {sample.what} | {sum(sample.loses.values()):g} |" for sample in samples)
    (folder / NOTES).write_text(
        f"A made-up class for the exercise `{notebook}`, to try grading with.\n\n"
        f"| student | what was handed in | points to lose in tests |\n| --- | --- | --- |\n{rows}\n",
        encoding="utf-8",
    )


def answers_of(exercise: Exercise) -> dict[str, str]:
    """Return the solution's own answers, by question."""
    cells = cells_by_id(exercise.source)
    return {name: _without_markers(cell.source) for name, cell in cells.items() if is_solution(cell)}


def filled_in(exercise: Exercise, changes: Mapping[str, str] | None = None) -> NotebookNode:
    """Write the solution's answers into the exercise, some of them exchanged for those in `changes`."""
    notebook, answers = deepcopy(exercise.release), {**answers_of(exercise), **(changes or {})}
    for name, cell in cells_by_id(notebook).items():
        if name in answers and is_solution(cell):
            cell.source = answers[name]
    return notebook


def _codes(solutions: Sequence[Solution]) -> dict[str, str]:
    return {solution.question: solution.code for solution in solutions}


def _listed(solutions: Sequence[Solution]) -> str:
    return ", ".join(f"{solution.question} ({solution.name})" for solution in solutions)


def _without_markers(source: str) -> str:
    """Take the lines out that mark a solution for nbgrader."""
    lines = source.splitlines()
    return "\n".join(line for line in lines if not re.search(r"(BEGIN|END) (SOLUTION|MARK SCHEME)", line))


def _break_syntax(code: str) -> str:
    """Forget the colon of the first line that ends in one, or else a closing bracket."""
    broken, found = re.subn(r":[ \t]*$", "", code, count=1, flags=re.MULTILINE)
    return broken if found else f"{code}\nprint("


def _never_end(code: str) -> str:
    """Put a loop without end at the start of the first function, or else below the code."""
    lines = code.splitlines()
    for node in ast.walk(parse(code)):
        if isinstance(node, ast.FunctionDef):
            start = next((s for s in node.body if not isinstance(s, ast.Expr)), node.body[-1])
            if start.lineno > node.lineno:
                indent = " " * start.col_offset
                lines[start.lineno - 1 : start.lineno - 1] = [f"{indent}while True:", f"{indent}    pass"]
                return "\n".join(lines)
    return "\n".join([*lines, "while True:", "    pass"])


def _duplicate(notebook: NotebookNode, name: str, code: str) -> None:
    """Copy an answer cell, metadata included, as JupyterLab does, and change the first of the two."""
    place = next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == name)
    copy = deepcopy(notebook.cells[place])
    copy.id = f"{copy.id[:56]}-copy"
    notebook.cells[place].source = code
    notebook.cells.insert(place + 1, copy)


def to_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as the content of its file."""
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()
