"""For participants: the visible tests of an exercise, run on their notebook. It needs no solutions, no gradebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError, changed_limits, find_course, load_config
from autograder.engine.errors import EngineError
from autograder.engine.limits import Limits
from autograder.result import QuestionResult
from autograder.verdict import Verdict

_OVERLAP = 0.5  # of an exercise's cells must be in a notebook for it to be that exercise


@dataclass(frozen=True)
class Report:
    """What the visible tests say."""

    exercise: str
    questions: tuple[QuestionResult, ...]
    notes: tuple[str, ...] = ()

    by_hand: frozenset[str] = frozenset()
    """The questions that a person will read."""

    @property
    def passed(self) -> bool:
        """Whether no tested question lacks a point."""
        return all(q.points >= q.max_points for q in self.tested)

    @property
    def tested(self) -> list[QuestionResult]:
        """The questions with tests."""
        return [q for q in self.questions if q.question not in self.by_hand]

    @property
    def lines(self) -> list[tuple[str, str, str, str]]:
        """Question, mark, points and what to say of each."""
        made = []
        for q in self.questions:
            if q.question in self.by_hand:
                missing = q.verdict is Verdict.MISSING
                message = "not answered" if missing else "a person will read it"
                made.append((q.question, "✗" if missing else "…", f"–/{q.max_points:g}", message))
            else:
                mark = "✓" if q.points >= q.max_points else "✗"
                made.append((q.question, mark, f"{q.points:g}/{q.max_points:g}", q.reason))
        return made

    @property
    def summary(self) -> str:
        """One line, below the table."""
        points, most = sum(q.points for q in self.tested), sum(q.max_points for q in self.tested)
        more = "When your work is graded, more tests run: passing these is a good sign, but not all."
        return f"{points:g} of {most:g} points in the tests that you can see. {more}"


def check_notebook(
    notebook: Path, *, course: Path | None = None, changes: Mapping[str, Any] | None = None, engine: Any = None
) -> Report:
    """Run the visible tests of an exercise on a participant's notebook, wherever it lies and whatever it is called.

    Args:
        notebook: the file.
        course: the course's folder; by default it is looked for around the notebook, here, and where this program is.
        changes: limits other than the course's.
        engine: what runs it, in the place of one that is started.

    Raises:
        CourseError: if the file is no notebook or none of the course's exercises, or nothing can be run here.
    """
    import nbformat

    from autograder.library import result_of
    from autograder.notebook import NotebookError, questions, read_notebook
    from autograder.submission import read_given
    from autograder.unit import close_engine, grade_unit, make_request

    try:
        submitted = read_notebook(notebook)
    except NotebookError as error:
        raise CourseError(f"{notebook} {error}") from error
    home = _find(course, notebook)
    path, exercise = _exercise_of(submitted, home, notebook)
    text = nbformat.v4.writes(exercise)
    limits = changed_limits(home.limits if home else Limits(), changes or {})
    request = make_request(
        text, text, nbformat.v4.writes(submitted).encode(), given=read_given(path.parent), limits=limits, sandbox="none"
    )
    try:
        result = result_of(grade_unit(request, engine=engine))
    except EngineError as error:
        raise CourseError(
            f"The tests cannot be run here: {error}. Run the test cells in JupyterLab instead, or press Validate there."
        ) from error
    finally:
        if engine is None:
            close_engine()
    by_hand = frozenset(question.name for question in questions(exercise) if question.by_hand)
    return Report(f"{path.parent.name}/{path.stem}", result.questions, result.notes, by_hand)


def table(report: Report) -> Any:
    """Show a report, with rich."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    made = Table(title=report.exercise, title_justify="left")
    made.add_column("question", no_wrap=True)
    made.add_column("", no_wrap=True)
    made.add_column("points", justify="right", no_wrap=True)
    made.add_column("what the tests say", overflow="fold")
    styles = {"✓": "green", "✗": "red", "…": "cyan"}
    for question, mark, points, message in report.lines:
        made.add_row(question, Text(mark, styles[mark]), points, Text(message))
    return Group(made, *(Text(f"note: {note}", "cyan") for note in report.notes), Text(report.summary))


def text(report: Report) -> str:
    """Show a report as plain text."""
    width = max(len(line[0]) for line in report.lines)
    rows = [f"{mark} {name:{width}}  {points:>6}  {message}".rstrip() for name, mark, points, message in report.lines]
    return "\n".join([report.exercise, *rows, *(f"note: {note}" for note in report.notes), report.summary])


def _find(named: Path | None, notebook: Path) -> Course:
    """Find the course: the one that was named, or around the notebook, here, or where this program is."""
    if named is not None:
        return find_course(named)
    package = Path(__file__).resolve().parent.parent
    for start in (notebook.resolve().parent, Path.cwd(), package):
        try:
            return find_course(start)
        except CourseError:
            continue
    return Course(package, load_config(package))


def _exercise_of(submitted: Any, course: Course, notebook: Path) -> tuple[Path, Any]:
    """Find the exercise that a notebook is, by the names of its cells."""
    from autograder.notebook import NotebookError, cells_by_id, read_notebook

    names = set(cells_by_id(submitted))
    best: tuple[float, Path, Any] | None = None
    for path in sorted(course.exercises.glob("*/*.ipynb")):
        try:
            exercise = read_notebook(path)
        except NotebookError:
            continue
        known = set(cells_by_id(exercise))
        share = len(names & known) / max(len(known), 1)
        if share > (best[0] if best else 0.0):
            best = share, path, exercise
    where = f"{course.exercises}/"
    if best is None or best[0] < _OVERLAP:
        raise CourseError(
            f"{notebook} is none of the exercises in {where}: its cells do not have their names. "
            "Begin with a fresh copy of the exercise, and paste your answers into it."
        )
    return best[1], best[2]
