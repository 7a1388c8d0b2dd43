"""Release: from the solution notebooks to the exercises that participants get."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from nbgrader.utils import compute_checksum, is_solution
from traitlets.config import Config

from autograder.converters import ConversionError, QuietGenerateAssignment, make_converter, run
from autograder.course import Course, CourseError, load_config
from autograder.notebook import NotebookError, read_notebook

CELLS_CHANGED = (
    "Graded cells were added to {0} or taken from it, and the gradebook holds submissions graded "
    "with the old ones. To start that assignment's gradebook anew: autograder release {0} "
    "--forget-marks (marks given by hand are lost), then grade again."
)


def release(
    root: Path,
    assignment: str,
    *,
    gradebook: Path | None = None,
    record: bool = True,
    on_kept: Callable[[Path, Path], None] = lambda file, copy: None,
) -> list[Path]:
    """Make exercises/`assignment` from solutions/`assignment`, and tell the gradebook about its cells.

    The same solution gives the same bytes. The exercise is replaced only when all of it could be made. Somebody may
    have worked in there: a notebook with answers, and files that the exercise does not have, are moved to
    grading/kept/`assignment`.

    Args:
        root: the course's root folder.
        assignment: its name.
        gradebook: an SQLite file to use in the place of the course's gradebook.
        record: False leaves the gradebook alone, which needs none.
        on_kept: called with each file that was moved, and where to.

    Returns:
        The files that were written or removed; none if the exercise was up to date.

    Raises:
        CourseError: if there is no such assignment, or it cannot be released.
    """
    root = root.resolve()
    course = Course(root, load_config(root))
    if gradebook is not None:
        course = with_gradebook(course, gradebook)
    course.notebooks(assignment)
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        _generate(course, assignment, Path(folder), record=record)
        keep = _Keeper(course.exercises / assignment, course.grading / "kept" / assignment, on_kept)
        return _replace_folder(Path(folder) / assignment, course.exercises / assignment, keep)


def record_cells(course: Course, assignment: str) -> None:
    """Tell the gradebook about an assignment's cells as they are now, so that grading uses the tests as they are now.

    Raises:
        CourseError: as `release` does.
    """
    course.notebooks(assignment)
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        _generate(course, assignment, Path(folder), record=True)


def with_gradebook(course: Course, gradebook: Path) -> Course:
    """Return the same course with another gradebook, an SQLite file."""
    config = Config(course.config)
    config.merge(Config({"CourseDirectory": {"db_url": f"sqlite:///{gradebook.resolve()}"}}))
    return replace(course, config=config)


def _generate(course: Course, assignment: str, folder: Path, *, record: bool) -> None:
    settings = Config({"CourseDirectory": {"release_directory": str(folder)}})
    if not record:
        settings.SaveCells.enabled = False
        settings.GenerateAssignment.no_database = True
    try:
        run(make_converter(QuietGenerateAssignment, course, assignment, settings=settings), course)
    except ConversionError as error:
        if "because there are submissions" in str(error):
            raise CourseError(CELLS_CHANGED.format(assignment)) from error
        where = course.relative(course.solutions / assignment)
        raise CourseError(f"{where} cannot be released: {error}") from error


def _replace_folder(new: Path, old: Path, keep: "_Keeper") -> list[Path]:
    """Give `old` the files of `new`, writing only what differs; return what changed."""
    made = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    changed = []
    for name in sorted(made):
        target = old / name
        if not target.is_file() or target.read_bytes() != (new / name).read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.new")
            shutil.copy(new / name, temporary)
            if has_answers(target):
                keep(target)
            temporary.replace(target)
            changed.append(target)
    for path in _visible_files(old):
        if path.relative_to(old) not in made:
            keep(path)
            changed.append(path)
    return changed


class _Keeper:
    """Moves files of a folder to a numbered one elsewhere, which is made when the first is."""

    def __init__(self, folder: Path, top: Path, on_kept: Callable[[Path, Path], None]) -> None:
        self._folder, self._top, self._on_kept = folder, top, on_kept
        self._into: Path | None = None

    def __call__(self, path: Path) -> None:
        """Move a file."""
        if self._into is None:
            self._into = next(into for n in count(1) if not (into := self._top / str(n)).exists())
        copy = self._into / path.relative_to(self._folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, copy)
        self._on_kept(path, copy)


def has_answers(path: Path) -> bool:
    """Whether a file is an exercise that somebody has worked in: an answer is not as it was handed out, or is new."""
    if path.suffix != ".ipynb" or not path.is_file():
        return False
    try:
        notebook = read_notebook(path)
    except NotebookError:
        return True  # whatever it is, it is not what was released
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader")
        if not known:
            if cell.cell_type == "code" and cell.source.strip():
                return True
        elif is_solution(cell) and known.get("checksum") != compute_checksum(cell):
            return True
    return False


def _visible_files(folder: Path) -> Sequence[Path]:
    """List a folder's files, but what editors keep for themselves."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
    ]
