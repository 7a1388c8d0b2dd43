"""Reading notebooks, and what an exercise notebook is made of: questions, each with an answer cell and its tests."""

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from autograder.submission import MAX_MEGABYTES

MAX_VALUES = 1_000_000  # lists, objects and their entries in a notebook's JSON: it takes far more room when it is read
MAX_DEPTH = 64
MAX_CELLS = 2000
_CELL_TYPES = {"code", "markdown", "raw"}
# A string as a whole, even one without an end, so that the brackets in it do not count; or what makes up a structure.
_JSON_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)


class NotebookError(Exception):
    """A file that is not a notebook. The text says why, as the rest of a sentence that begins with its name."""


@dataclass(frozen=True)
class Question:
    """One question of an exercise: the cells that carry its points, and the cell that its answer goes into."""

    name: str
    """The grade_id of the answer cell, by which people know the question."""
    graded: tuple[str, ...]
    """The grade_ids of the cells that carry points: its tests, or the answer itself where a person grades it."""
    points: float
    by_hand: bool


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook, of whatever version, as version 4.

    Cells that lack an id get one. Nothing is checked that grading can do without.

    Raises:
        NotebookError: if the file cannot be read, or is no notebook.
    """
    try:
        return parse_notebook(path.read_bytes())
    except OSError as error:
        raise NotebookError(f"cannot be read: {error.strerror}") from error


def parse_notebook(content: bytes) -> NotebookNode:
    """Make a notebook of the content of its file; see `read_notebook`."""
    if not content.strip():
        raise NotebookError("is empty")
    _check_size(content)
    try:
        raw = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotebookError(f"is not a notebook: byte {error.start} is no text (UTF-8)") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NotebookError(f"is not a notebook: it is not JSON ({error.msg}: {where})") from error
    except (RecursionError, ValueError) as error:  # nested too deeply, or a number with too many digits
        raise NotebookError(f"is not a notebook: its JSON cannot be read ({error})") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise NotebookError("is not a notebook: it is JSON without an nbformat")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about ids that are missing or stand twice: `normalize` sees to them
            notebook = nbformat.convert(nbformat.versions[raw["nbformat"]].to_notebook_json(raw), 4)
            _, notebook = nbformat.validator.normalize(notebook)
        _check_cells(notebook)
    except NotebookError:
        raise
    except Exception as error:  # nbformat does not say what it may raise on nonsense
        raise NotebookError(f"is a damaged notebook ({type(error).__name__}: {error})") from error
    return notebook


def _check_size(content: bytes) -> None:
    """Look, before anything is read, whether the JSON is one that can be read with reasonable means."""
    if len(content) > MAX_MEGABYTES << 20:
        raise NotebookError(f"has {len(content) >> 20} MB, more than {MAX_MEGABYTES}")
    depth = values = 0
    for match in _JSON_TOKEN.finditer(content):
        match match[0]:
            case b"[" | b"{":
                depth += 1
                values += 1
                if depth > MAX_DEPTH:
                    raise NotebookError(f"is not a notebook: its JSON is nested more than {MAX_DEPTH} deep")
            case b"]" | b"}":
                depth -= 1
            case b",":
                values += 1
        if values > MAX_VALUES:
            raise NotebookError(f"is not a notebook: its JSON holds more than {MAX_VALUES} values")


def _check_cells(notebook: NotebookNode) -> None:
    """Look at what every later step takes for granted."""
    if len(notebook.cells) > MAX_CELLS:
        raise NotebookError(f"has {len(notebook.cells)} cells, more than {MAX_CELLS}")
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.get("cell_type") not in _CELL_TYPES:
            raise NotebookError(f"is a damaged notebook: cell {number} is of no known type")
        if not isinstance(cell.get("source"), str) or not isinstance(cell.get("metadata"), dict):
            raise NotebookError(f"is a damaged notebook: cell {number} has no source or no metadata")
        if cell.cell_type == "code" and not isinstance(cell.setdefault("outputs", []), list):
            raise NotebookError(f"is a damaged notebook: the outputs of cell {number} are no list")


def grade_id(cell: NotebookNode) -> str | None:
    """Return the name by which nbgrader knows a cell; None if it has none."""
    metadata = cell.metadata.get("nbgrader")
    name = metadata.get("grade_id") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) and name else None


def cells_by_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the cells that nbgrader knows, by their names, in the notebook's order."""
    return {name: cell for cell in notebook.cells if (name := grade_id(cell))}


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell is a test: it carries points, and a program can tell how many are earned."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def is_kept(cell: NotebookNode) -> bool:
    """Whether a submission must have this cell: it carries points, or is locked."""
    return is_grade(cell) or is_locked(cell) or is_task(cell)


def questions(source: NotebookNode) -> list[Question]:
    """Find the questions of a solution notebook, in order.

    A test belongs to the answer whose name it begins with (`step_test` to `step`), else to the last answer above it.
    """
    answers = [name for name, cell in cells_by_id(source).items() if is_solution(cell) and not is_grade(cell)]
    tests: dict[str, list[NotebookNode]] = {}
    by_hand: set[str] = set()
    above = None
    for name, cell in cells_by_id(source).items():
        if is_test(cell):
            tests.setdefault(_answer_of(name, answers) or above or name, []).append(cell)
        elif is_grade(cell) or is_task(cell):
            tests[name] = [cell]
            by_hand.add(name)
        elif is_solution(cell):
            above = name
    return [
        Question(
            name=name,
            graded=tuple(cell.metadata.nbgrader.grade_id for cell in cells),
            points=sum(float(cell.metadata.nbgrader.points) for cell in cells),
            by_hand=name in by_hand,
        )
        for name, cells in tests.items()
    ]


def _answer_of(test: str, answers: list[str]) -> str | None:
    """Return the answer that a test is named after."""
    after = [answer for answer in answers if re.match(rf"{re.escape(answer)}[-_.]?tests?(?![a-z])", test)]
    return max(after, key=len, default=None)


def code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Yield the cells that run."""
    return (cell for cell in notebook.cells if cell.cell_type == "code")
