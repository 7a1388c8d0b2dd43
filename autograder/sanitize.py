"""Puts a submission back into the form of its exercise, so that it can be graded whatever happened to its cells."""

import re
from collections import Counter
from copy import deepcopy
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_solution

from autograder.notebook import cells_by_id, grade_id, is_kept

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def restore(submitted: NotebookNode, source: NotebookNode, release: NotebookNode) -> list[str]:
    """Restore, in place, the cells of a submission that carry points or are locked.

    - Of a cell that stands twice the last copy counts, as with nbgrader; the others become ordinary cells.
    - Locked cells get the text of the source back, hidden tests included, and every cell its metadata: points, lock
      and kind are the source's. A cell that the exercise does not have is an ordinary one, whatever it says of itself.
    - Graded and locked cells that are missing come back below the cell that they stand below in the source. Answer
      cells do not: the answer may stand in another cell, which an empty one would undo.
    - The notebook's own metadata, kernel included, is the source's. Outputs, attachments of cells that run, unknown
      fields, and ids that are none or stand twice go. The same submission gives the same notebook.

    Args:
        submitted: what was handed in; changed in place.
        source: the solution notebook, with hidden tests.
        release: what was handed out; it tells an edited cell from one that merely lacks the hidden tests.

    Returns:
        One sentence for each thing that an instructor should know of.
    """
    sources = cells_by_id(source)
    notes = _drop_strangers_and_copies(submitted, sources)
    submitted.cells = [_clean(cell, sources.get(grade_id(cell) or "")) for cell in submitted.cells]
    released = cells_by_id(release)
    notes += _restore_cells(submitted, sources, released)
    notes += _bring_back_missing(submitted, sources, released)
    _set_checksums(submitted, released)
    _number(submitted, sources)
    for key in [key for key in submitted if key != "cells"]:
        del submitted[key]
    submitted.metadata = deepcopy(source.metadata)
    submitted.nbformat, submitted.nbformat_minor = nbformat.current_nbformat, nbformat.current_nbformat_minor
    return notes


def _drop_strangers_and_copies(submitted: NotebookNode, sources: dict[str, NotebookNode]) -> list[str]:
    """Take the nbgrader metadata from cells that are none of the exercise's, and from all but the last copy of each."""
    copies = Counter(name for cell in submitted.cells if (name := grade_id(cell)) in sources)
    strangers: dict[str, None] = {}
    seen: set[str] = set()
    for cell in reversed(submitted.cells):
        name = grade_id(cell)
        if name is not None and name not in sources:
            strangers[name] = None
        if name not in sources or name in seen:
            cell.metadata.pop("nbgrader", None)
        else:
            seen.add(name)
    return [f"cell '{name}' stands {_times(n)}: the last copy counts" for name, n in copies.items() if n > 1] + [
        f"cell {_quoted(name)} is none of the exercise's: taken as an ordinary cell" for name in list(strangers)[-5:]
    ]


def _clean(cell: NotebookNode, original: NotebookNode | None) -> NotebookNode:
    """Return a cell with nothing but its text, its name, and the pictures that belong to a text."""
    clean: dict[str, Any] = {"cell_type": cell.cell_type, "metadata": {}, "source": cell.source, "id": cell.get("id")}
    if original is not None:
        clean["metadata"] = {"nbgrader": {"grade_id": original.metadata.nbgrader.grade_id}}
    if cell.cell_type == "code":
        clean |= {"outputs": [], "execution_count": None}
    elif _are_attachments(cell.get("attachments")):
        clean["attachments"] = cell.attachments
    return nbformat.from_dict(clean)


def _are_attachments(attachments: object) -> bool:
    """Whether they are what nbformat says: names, each with texts by media type."""
    return isinstance(attachments, dict) and all(
        isinstance(bundle, dict) and all(isinstance(content, str) for content in bundle.values())
        for bundle in attachments.values()
    )


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
        cell.metadata = deepcopy(original.metadata)
        if is_kept(original) and not is_solution(original):
            if cell.source not in (original.source, released[name].source):
                notes.append(f"locked cell '{name}' was edited: graded with the original")
            cell.source = original.source
            cell.pop("attachments", None)
            if "attachments" in original:
                cell.attachments = deepcopy(original.attachments)
    return notes


def _change_type(cell: NotebookNode, cell_type: str) -> None:
    cell.cell_type = cell_type
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None
        cell.pop("attachments", None)
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _bring_back_missing(
    submitted: NotebookNode, sources: dict[str, NotebookNode], released: dict[str, NotebookNode]
) -> list[str]:
    notes = []
    place = 0  # where the next missing cell goes
    present = {name for cell in submitted.cells if (name := grade_id(cell))}
    for name, original in sources.items():
        if name in present:
            place = 1 + next(i for i, cell in enumerate(submitted.cells) if grade_id(cell) == name)
        elif is_kept(original):
            cell = deepcopy(released[name] if is_solution(original) else original)  # without the model answer
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            submitted.cells.insert(place, cell)
            place += 1
            notes.append(f"cell '{name}' was deleted: restored")
        else:  # the answer may stand in an ordinary cell further down, and its tests must come after it
            below = (i for i, cell in enumerate(submitted.cells) if i >= place and grade_id(cell))
            place = next(below, len(submitted.cells))
            notes.append(f"answer cell '{name}' was deleted")
    return notes


def _set_checksums(submitted: NotebookNode, released: dict[str, NotebookNode]) -> None:
    """Give each cell the checksum that nbgrader looks at: that of no answer to an answer, its own to any other."""
    for cell in submitted.cells:
        if name := grade_id(cell):
            blank = released[name] if is_solution(cell) else cell
            cell.metadata.nbgrader["checksum"] = compute_checksum(blank)


def _number(submitted: NotebookNode, sources: dict[str, NotebookNode]) -> None:
    """Give every cell an id of its own: those of the exercise theirs, the others what they have or a new one."""
    own = {original.get("id") for original in sources.values()}
    taken = own - {None}
    for number, cell in enumerate(submitted.cells):
        name, given = grade_id(cell), cell.get("id")
        if name is not None and sources[name].get("id"):
            cell.id = sources[name].id
            continue
        if not isinstance(given, str) or given in taken or not _CELL_ID.fullmatch(given):
            given = next(
                new for n in range(len(taken) + 1) if (new := f"cell-{number}" + f"-{n}" * bool(n)) not in taken
            )
        cell.id = given
        taken.add(given)


def _quoted(name: str) -> str:
    """Show a name that somebody else made up: letters that look like others can be told by their escapes."""
    return ascii(name if len(name) <= 60 else name[:59] + "…")


def _times(n: int) -> str:
    """Say how often: twice, three times …"""
    return {2: "twice", 3: "three times"}.get(n, f"{n} times")
