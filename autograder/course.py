"""Where a course keeps things: its root, its settings, its folders, its assignments."""

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.engine.limits import Limits

CONFIG_FILE = "nbgrader_config.py"
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")  # nbgrader's default

# What nbgrader can keep in folders and in the gradebook. A dot at the start would hide the folder.
_STUDENT_ID = re.compile(r"[\w@-](?:[\w@.' -]{0,126}[\w@.-])?")


class CourseError(Exception):
    """Something that a person can put right. The text says what is wrong, where, and what to do."""


def load_config(root: Path) -> Config:
    """Read the course's nbgrader settings; they are empty where there is no nbgrader_config.py.

    Raises:
        CourseError: if the file is there but does not run.
    """
    if not (root / CONFIG_FILE).exists():
        return Config()
    try:
        return PyFileConfigLoader(CONFIG_FILE, path=os.fspath(root)).load_config()
    except Exception as error:  # the file is Python: anything can go wrong in it
        raise CourseError(f"{root / CONFIG_FILE} does not run: {type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class Course:
    """A course's root folder and its nbgrader settings, which say where everything else is."""

    root: Path
    config: Config

    def _folder(self, step: str, default: str) -> Path:
        return self.root / str(self.config.CourseDirectory.get(f"{step}_directory", default))

    @property
    def solutions(self) -> Path:
        """What instructors write: answers and hidden tests."""
        return self._folder("source", "source")

    @property
    def exercises(self) -> Path:
        """What participants get."""
        return self._folder("release", "release")

    @property
    def submitted(self) -> Path:
        """What they handed in, as student/assignment/notebook.ipynb."""
        return self._folder("submitted", "submitted")

    @property
    def autograded(self) -> Path:
        """The submissions after they ran."""
        return self._folder("autograded", "autograded")

    @property
    def feedback(self) -> Path:
        """The pages that participants get back."""
        return self._folder("feedback", "feedback")

    @property
    def grading(self) -> Path:
        """The folder that holds all that grading makes."""
        return self.submitted.parent

    @property
    def corpora(self) -> Path:
        """The wrong and right solutions that prove the tests, as assignment/notebook.corpus.py."""
        return self.root / "sources" / "solutions"

    @property
    def gradebook_url(self) -> str:
        """The address of nbgrader's gradebook."""
        return str(self.config.CourseDirectory.get("db_url", f"sqlite:///{self.root / 'gradebook.db'}"))

    @property
    def course_id(self) -> str:
        """The name of the course in the gradebook."""
        return str(self.config.CourseDirectory.get("course_id", "default_course"))

    @property
    def limits(self) -> Limits:
        """What a submission may use: `c.Autograder.limits`, and `c.Execute.timeout` for the time of a cell.

        Raises:
            CourseError: if a limit is unknown or no number.
        """
        seconds = self.config.Execute.get("timeout")
        settings = {"cell_seconds": seconds} if isinstance(seconds, int | float) else {}
        own = self.config.Autograder.get("limits", {})
        if not isinstance(own, dict):
            raise CourseError(f"c.Autograder.limits in {CONFIG_FILE} must be a dictionary, not {own!r}.")
        try:
            return changed_limits(Limits(), {**settings, **own})
        except CourseError as error:
            raise CourseError(f"c.Autograder.limits in {CONFIG_FILE}: {error}") from error

    @property
    def ignored(self) -> tuple[str, ...]:
        """Patterns of names of files that are not handed on, as nbgrader has them."""
        return tuple(self.config.CourseDirectory.get("ignore", IGNORED))

    def assignments(self) -> list[str]:
        """The names of the assignments that have a notebook in solutions/, in order."""
        return sorted({path.parent.name for path in self.solutions.glob("*/*.ipynb")})

    def notebooks(self, assignment: str) -> list[Path]:
        """The solution notebooks of an assignment, in order.

        Raises:
            CourseError: if there is no such assignment; the text names the nearest one.
        """
        if assignment not in self.assignments():
            raise CourseError(self._unknown(assignment))
        return sorted((self.solutions / assignment).glob("*.ipynb"))

    def corpus(self, solution: Path) -> Path:
        """The corpus of wrong and right solutions that belongs to a solution notebook; it need not exist."""
        return self.corpora / solution.parent.name / f"{solution.stem}.corpus.py"

    def students(self, assignment: str) -> list[str]:
        """Who has handed in something for an assignment, in order."""
        return sorted(path.parent.name for path in self.submitted.glob(f"*/{assignment}") if path.is_dir())

    def relative(self, path: Path) -> str:
        """A path as people in the course's root would write it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    def _unknown(self, assignment: str) -> str:
        known = self.assignments()
        if not known:
            return (
                f"No assignments: {self.relative(self.solutions)}/ holds no notebook. "
                "Build it with `make notebooks`, or put one into a folder of its own there."
            )
        return f"There is no assignment {assignment!r} in {self.relative(self.solutions)}/. " + suggest(
            assignment, known, "Known"
        )


def find_course(start: Path | None = None) -> Course:
    """Find the course that a folder belongs to, looking there and then upwards for nbgrader_config.py.

    Args:
        start: where to begin; the current folder if None.

    Raises:
        CourseError: if there is none.
    """
    start = (start or Path.cwd()).resolve()
    if not start.is_dir():
        raise CourseError(f"There is no folder {start}. Name the folder of the course that holds {CONFIG_FILE}.")
    for folder in (start, *start.parents):
        if (folder / CONFIG_FILE).exists():
            return Course(folder, load_config(folder))
    raise CourseError(
        f"{start} is in no course: neither it nor a folder above it holds {CONFIG_FILE}. "
        "Change into the course's folder, or name it: autograder --course FOLDER …"
    )


def changed_limits(limits: Limits, changes: Mapping[str, object]) -> Limits:
    """Return limits with some of them changed.

    Raises:
        CourseError: if there is no such limit, or its value is no positive number.
    """
    kinds = {field.name: type(field.default) for field in fields(Limits)}
    checked = {}
    for name, value in changes.items():
        if name not in kinds:
            raise CourseError(f"There is no limit {name!r}. {suggest(name, kinds, 'There are')}")
        try:
            number = kinds[name](float(value))
            good = 0 <= number < float("inf") and (number > 0 or name == "restarts") and not isinstance(value, bool)
        except (TypeError, ValueError, OverflowError):
            good = False
        if not good:
            raise CourseError(f"The limit {name} must be a positive number, not {value!r}.")
        checked[name] = number
    return replace(limits, **checked)


def check_student(student: str) -> str:
    """Return a student's name if nbgrader can keep it as a folder and in the gradebook.

    Raises:
        CourseError: if it cannot.
    """
    if not _STUDENT_ID.fullmatch(student):
        raise CourseError(
            f"{student!r} cannot be a student's name here: it may hold letters, digits, spaces and _ - . @ ', "
            "must not begin with a dot, and has at most 128 characters. Rename the folder."
        )
    return student


def suggest(wrong: str, known: Iterable[str], label: str) -> str:
    """Say which name was probably meant, or list the names there are."""
    known = list(known)
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}?" if near else f"{label}: {', '.join(known)}."
