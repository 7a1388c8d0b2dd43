"""Reading the attacks: each file of `corpus/` is one submission.

The first line says what it tries. Lines below may say more:

    # points: 1          what its honest part earns; 0..1 where losing that point is the attack's own doing
    # stock: not run …   why it is not tried on plain nbgrader

A file with a function ``submission(folder, release)`` writes the student's folder itself; the released notebook with
`sunny` answered lies there already. Any other file is py:percent text that changes that notebook:

    # %% answer: NAME          the new text of that cell (of a test or set-up cell too)
    # %% cell                  a cell of its own, below the last one that was named, at the top if none was
    # %% cell below: NAME
"""

import importlib.util
import re
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.attacks.exercise import NOTEBOOK, QUESTIONS, right_answer

CORPUS = Path(__file__).with_name("corpus")


@dataclass(frozen=True)
class Attack:
    """One file of the corpus."""

    name: str
    tries: str
    at_least: float
    """Points of its honest part that nothing may take from it."""
    at_most: float
    not_on_stock: str
    """Why plain nbgrader is spared; "" if it is not."""
    path: Path

    def hand_in(self, folder: Path, release: NotebookNode) -> None:
        """Write the submission into a student's folder."""
        notebook = deepcopy(release)
        find(notebook, "sunny").source = right_answer("sunny")
        folder.mkdir(parents=True)
        text = self.path.read_text(encoding="utf-8")
        if "\ndef submission(" not in text:
            change(notebook, text)
            nbformat.write(notebook, folder / f"{NOTEBOOK}.ipynb")
            return
        nbformat.write(notebook, folder / f"{NOTEBOOK}.ipynb")
        spec = importlib.util.spec_from_file_location(f"attack_{self.path.stem}", self.path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.submission(folder, notebook)


def read_attacks(folder: Path = CORPUS) -> list[Attack]:
    """Read all attacks, in order of their names."""
    return [_read(path) for path in sorted(folder.glob("*.py"))]


def _read(path: Path) -> Attack:
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    if not first.startswith("# ") or len(first) < 12:
        raise ValueError(f"{path}: the first line must say what it tries")
    options = {}
    for line in rest:
        if not (match := re.fullmatch(r"# (points|stock): (.+)", line)):
            break
        options[match[1]] = match[2]
    low, _, high = options.get("points", "1").partition("..")
    return Attack(
        path.stem.replace("_", "-"),
        first.removeprefix("# "),
        float(low),
        float(high or low),
        options.get("stock", "").removeprefix("not run: "),
        path,
    )


def change(notebook: NotebookNode, text: str) -> None:
    """Change a notebook as py:percent text says."""
    _, *parts = re.split(r"^# %% ", text, flags=re.MULTILINE)
    place = 0  # where the next cell goes
    for part in parts:
        what, _, source = part.partition("\n")
        match what.split(": "):
            case ["answer", name]:
                find(notebook, name).source = source.strip()
                place = notebook.cells.index(find(notebook, name)) + 1
            case ["cell"]:
                notebook.cells.insert(place, nbformat.v4.new_code_cell(source.strip()))
                place += 1
            case ["cell below", name]:
                place = notebook.cells.index(find(notebook, name)) + 1
                notebook.cells.insert(place, nbformat.v4.new_code_cell(source.strip()))
                place += 1
            case _:
                raise ValueError(f"a cell cannot begin with '# %% {what}'")


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this grade_id."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def solved(release: NotebookNode) -> NotebookNode:
    """The exercise with every answer right."""
    notebook = deepcopy(release)
    for name in QUESTIONS:
        find(notebook, name).source = right_answer(name)
    return notebook
