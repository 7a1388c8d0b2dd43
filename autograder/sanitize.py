"""Puts a submission back into the form of its exercise, so that it can be graded whatever happened to its cells."""

from collections import Counter
from copy import deepcopy

from nbformat import NotebookNode
from nbgrader.utils import is_solution

from autograder.notebook import cells_by_id, grade_id, is_kept


def restore(submitted: NotebookNode, source: NotebookNode, release: NotebookNode) -> list[str]:
    """Restore, in place, the cells of a submission that carry points or are locked.

    - Of a cell that stands twice the last copy counts, as with nbgrader; the others become ordinary cells.
    - Locked cells get the text of the source back, hidden tests included, and every cell its nbgrader metadata.
    - Graded and locked cells that are missing come back below the cell that they stand below in the source. Answer
      cells do not: the answer may stand in another cell, which an empty one would undo.

    Args:
        submitted: what was handed in; changed in place.
        source: the solution notebook, with hidden tests.
        release: what was handed out; it tells an edited cell from one that merely lacks the hidden tests.

    Returns:
        One sentence for each thing that an instructor should know of.
    """
    sources = cells_by_id(source)
    notes = _drop_strangers_and_copies(submitted, set(sources))
    notes += _restore_cells(submitted, sources, cells_by_id(release))
    notes += _bring_back_missing(submitted, sources)
    return notes


def _drop_strangers_and_copies(submitted: NotebookNode, known: set[str]) -> list[str]:
    """Take the nbgrader metadata from cells that are none of the exercise's, and from all but the last copy of each."""
    copies = Counter(name for cell in submitted.cells if (name := grade_id(cell)) in known)
    seen: set[str] = set()
    for cell in reversed(submitted.cells):
        name = grade_id(cell)
        if name not in known or name in seen:
            cell.metadata.pop("nbgrader", None)
        else:
            seen.add(name)
    return [f"cell '{name}' stands {_times(n)}: the last copy counts" for name, n in copies.items() if n > 1]


def _restore_cells(
    submitted: NotebookNode, sources: dict[str, NotebookNode], released: dict[str, NotebookNode]
) -> list[str]:
    notes = []
    for cell in submitted.cells:
        name = grade_id(cell)
        if name is None:
            continue
        original = sources[name]
        if cell.cell_type != original.cell_type:
            _change_type(cell, original.cell_type)
            notes.append(f"cell '{name}' was turned into another type of cell: turned back")
        cell.metadata.nbgrader = deepcopy(original.metadata.nbgrader)
        if is_kept(original) and not is_solution(original):
            if cell.source not in (original.source, released[name].source):
                notes.append(f"locked cell '{name}' was edited: graded with the original")
            cell.source = original.source
    return notes


def _change_type(cell: NotebookNode, cell_type: str) -> None:
    cell.cell_type = cell_type
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _bring_back_missing(submitted: NotebookNode, sources: dict[str, NotebookNode]) -> list[str]:
    notes = []
    place = 0  # where the next missing cell goes
    present = {name for cell in submitted.cells if (name := grade_id(cell))}
    for name, original in sources.items():
        if name in present:
            place = 1 + next(i for i, cell in enumerate(submitted.cells) if grade_id(cell) == name)
        elif is_kept(original):
            submitted.cells.insert(place, deepcopy(original))
            place += 1
            notes.append(f"cell '{name}' was deleted: restored")
        else:  # the answer may stand in an ordinary cell further down, and its tests must come after it
            below = (i for i, cell in enumerate(submitted.cells) if i >= place and grade_id(cell))
            place = next(below, len(submitted.cells))
            notes.append(f"answer cell '{name}' was deleted")
    return notes


def _times(n: int) -> str:
    """Say how often: twice, three times …"""
    return {2: "twice", 3: "three times"}.get(n, f"{n} times")
