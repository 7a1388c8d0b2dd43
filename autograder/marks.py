"""Marks and comments given by hand, as a table for a spreadsheet and back, with comments that can be used again.

`write_table` lists every answer that a person marks, with the mark and the comment it has; `read_table` takes changed
ones back into the gradebook. A rubric beside it gives comments short names: what is written once is used for many.
"""

import codecs
import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course, CourseError, suggest
from autograder.files import write_file
from autograder.gradebook import Marks, open_gradebook, read_gradebook
from autograder.keys import Conditions, digest
from autograder.plan import Assignment
from autograder.result import Judged
from autograder.spreadsheet import to_csv, unprotected
from autograder.store import Store, only_one

COLUMNS = ("student", "question", "answer", "points", "max", "use", "comment", "key")
RUBRIC_COLUMNS = ("code", "question", "points", "comment")
_NEEDED = ("student", "question", "points", "comment", "key")


@dataclass(frozen=True)
class Row:
    """One answer that a person marks."""

    student: str
    question: str
    notebook: str
    cell: str
    """Of the notebook; the comment is on the cell `question` is called after."""
    answer: str
    max_points: float
    points: float | None
    """The mark that it has; None as long as it waits."""
    comment: str

    @property
    def key(self) -> str:
        """What tells whether the answer, its mark or its comment have changed meanwhile."""
        return digest(self.answer, self.points, self.comment)[:12]


@dataclass(frozen=True)
class Entry:
    """A comment of the rubric."""

    question: str
    """"" for any."""
    points: float
    """What it adds to full marks; usually below 0. Not a number if it says nothing of points."""
    comment: str


@dataclass(frozen=True)
class Change:
    """A mark or a comment that a table changes."""

    before: Row
    after: Row

    def __str__(self) -> str:
        """Say what changes."""
        old = "–" if self.before.points is None else f"{self.before.points:g}"
        said = [] if self.before.points == self.after.points else [f"{old} → {self.after.points:g}"]
        if self.before.comment != self.after.comment:
            said.append("another comment" if self.before.comment else "a comment")
        return f"{self.before.student}: {self.before.question} {', '.join(said)}"


@dataclass(frozen=True)
class Reading:
    """What came of a table."""

    changes: tuple[Change, ...]
    unchanged: int
    refused: tuple[str, ...]
    """Rows that were not read, each with its line and the reason."""


def marks_file(course: Course, assignment: str) -> Path:
    """Where the table is."""
    return course.grading / "marks" / f"{assignment}.csv"


def rubric_file(course: Course, assignment: str) -> Path:
    """Where the rubric is."""
    return course.grading / "marks" / f"{assignment}.rubric.csv"


def write_table(course: Course, assignment: str) -> list[Row]:
    """Write the table, and a rubric if there is none: with the comments that have been given so far.

    Raises:
        CourseError: if nobody has been graded, nothing is marked by hand, or the table that is there holds marks that
            were not read.
        OSError: if a file cannot be written.
    """
    rows = _rows(course, assignment)
    path, rubric = marks_file(course, assignment), rubric_file(course, assignment)
    if path.exists():
        reading = _compare(course, path, rows, read_rubric(rubric))
        if reading.changes or reading.refused:
            raise CourseError(
                f"{course.relative(path)} holds marks that are not in the gradebook. Take them in first: "
                f"autograder marks {assignment} --read; or move the file away."
            )
    if not rubric.exists():
        given = dict.fromkeys((row.question, row.comment) for row in rows if row.comment)
        entries = [(f"c{n}", question, "", comment) for n, (question, comment) in enumerate(given, start=1)]
        write_file(rubric, _csv(RUBRIC_COLUMNS, entries))
    table = [
        (
            r.student,
            r.question,
            r.answer,
            "" if r.points is None else f"{r.points:g}",
            f"{r.max_points:g}",
            "",
            r.comment,
            r.key,
        )
        for r in rows
    ]
    write_file(path, _csv(COLUMNS, table))
    return rows


def read_table(course: Course, assignment: str, path: Path | None = None, *, dry_run: bool = False) -> Reading:
    """Take marks and comments of a table into the gradebook: all of those that can be read, at once.

    An empty mark or comment leaves what is there. A row is refused if its answer, or what the gradebook holds for it,
    has changed since the table was written.

    Args:
        course: the course.
        assignment: its name.
        path: the table, by default where `write_table` puts it.
        dry_run: only say what would change.

    Raises:
        CourseError: if it is no such table, or the gradebook cannot be used.
    """
    path = path or marks_file(course, assignment)
    with only_one(course.grading / "results" / "lock"):
        rows = _rows(course, assignment)
        reading = _compare(course, path, rows, read_rubric(rubric_file(course, assignment)))
        if reading.changes and not dry_run:
            _record(course, assignment, reading.changes)
    return reading


def read_rubric(path: Path) -> dict[str, Entry]:
    """Read a rubric: code, question (empty: any), points (added to full marks; empty: none), comment.

    Raises:
        CourseError: if it is no rubric.
    """
    entries: dict[str, Entry] = {}
    if not path.exists():
        return entries
    for line, row in _read(path, RUBRIC_COLUMNS):
        code = row["code"].strip()
        where = f"{path.name}, line {line}"
        if not code and not any(row.values()):
            continue
        if not re.fullmatch(r"[^\s,;]+", code):
            raise CourseError(f"{where}: the code {code!r} must be one word.")
        if code in entries:
            raise CourseError(f"{where}: the code {code!r} stands twice.")
        try:
            points = _number(row["points"]) if row["points"].strip() else math.nan
        except ValueError:
            raise CourseError(f"{where}: {row['points']!r} is no number of points.") from None
        entries[code] = Entry(row["question"].strip(), points, row["comment"].strip())
    return entries


def _rows(course: Course, name: str) -> list[Row]:
    """List the answers that a person marks."""
    assignment = Assignment(course, name, Conditions(course.limits))
    store, marks = Store(course.grading / "results" / name), read_gradebook(course, name)
    records = {student: store.record("graded", student) for student in course.students(name)}
    if not any(records.values()):
        raise CourseError(f"Nobody's {name} has been graded yet. Do that first: autograder grade {name}")
    rows = []
    for student, record in records.items():
        for notebook, judged in (record or {}).get("judged", {}).items():
            by_hand = [one for one in map(Judged.from_json, judged) if one.by_hand]
            if not by_hand or student not in marks.rows or notebook not in record["units"]:
                continue
            stored = store.result(record["units"][notebook])
            texts = {} if stored is None or stored["problem"] else _texts(stored["notebook"])
            rows += [_row(assignment, student, notebook, one, marks, texts) for one in by_hand if texts]
    if not rows:
        raise CourseError(f"{name} has no answer that is marked by hand.")
    return sorted(rows, key=lambda row: (row.notebook, row.cell, row.student))


def _row(
    assignment: Assignment, student: str, notebook: str, judged: Judged, marks: Marks, texts: Mapping[str, str]
) -> Row:
    (cell,) = judged.cells
    mark = marks.rows[student][notebook][cell.name].mark
    said = {c: manual for book, c, _, manual in marks.comments.get(student, ()) if book == notebook and manual}
    return Row(
        student=student,
        question=assignment.label(notebook, judged.question),
        notebook=notebook,
        cell=cell.name,
        answer=texts.get(cell.name, ""),
        max_points=judged.max_points,
        points=None if mark.waits else mark.points,
        comment=said.get(judged.question, ""),
    )


def _texts(notebook: str) -> dict[str, str]:
    import nbformat

    from autograder.notebook import cells_by_id

    return {name: cell.source for name, cell in cells_by_id(nbformat.v4.reads(notebook)).items()}


def _compare(course: Course, path: Path, rows: Iterable[Row], rubric: Mapping[str, Entry]) -> Reading:
    """Say what a table changes."""
    known = {(row.student, row.question): row for row in rows}
    changes, refused, unchanged = {}, [], 0
    for line, cells in _read(path, _NEEDED):
        who = cells["student"].strip(), cells["question"].strip()
        if not any(value.strip() for value in cells.values()):
            continue
        where = f"line {line} ({', '.join(who)})"
        if who not in known:
            refused.append(f"{where}: there is no such answer")
            continue
        try:
            after = _wanted(known[who], cells, rubric)
        except ValueError as error:
            refused.append(f"{where}: {error}")
            continue
        if after == known[who]:
            unchanged += 1
        elif who in changes:
            refused.append(f"{where}: the answer stands twice")
        elif cells["key"].strip() != known[who].key:
            refused.append(
                f"{where}: the answer, its mark or its comment has changed since the table was written; write it anew"
            )
        else:
            changes[who] = Change(known[who], after)
    return Reading(tuple(changes.values()), unchanged, tuple(refused))


def _wanted(row: Row, cells: Mapping[str, str], rubric: Mapping[str, Entry]) -> Row:
    """Return what a row of the table makes of an answer.

    Raises:
        ValueError: saying what is wrong with it.
    """
    used = []
    for code in re.split(r"[\s,;]+", cells.get("use", "").strip()):
        if code:
            if code not in rubric:
                raise ValueError(f"the rubric has no {code!r}. {suggest(code, rubric, 'There are')}")
            if rubric[code].question not in ("", row.question):
                raise ValueError(f"{code!r} is for {rubric[code].question}")
            used.append(rubric[code])
    text, points = cells["points"].strip(), row.points
    sums = [entry.points for entry in used if not math.isnan(entry.points)]
    if sums:
        points = min(row.max_points, max(0.0, row.max_points + sum(sums)))
    if text:  # a mark goes before a sum
        points = _number(text)
    if points is not None and not 0 <= points <= row.max_points:
        raise ValueError(f"{points:g} is not between 0 and {row.max_points:g} points")
    comments = [entry.comment for entry in used if entry.comment]
    own = cells["comment"].strip()
    if own and own not in comments:
        comments.append(own)
    if comments and points is None:
        raise ValueError("it has a comment and no points")
    return replace(row, points=points, comment="\n\n".join(comments) or row.comment)


def _record(course: Course, assignment: str, changes: Iterable[Change]) -> None:
    with open_gradebook(course) as gradebook:
        for change in changes:
            row = change.after
            grade = gradebook.find_grade(row.cell, row.notebook, assignment, row.student)
            if row.points != change.before.points:
                grade.manual_score, grade.needs_manual_grade = row.points - (grade.extra_credit or 0.0), False
            if row.comment != change.before.comment:
                cell = row.question.rpartition("/")[2]
                gradebook.find_comment(cell, row.notebook, assignment, row.student).manual_comment = row.comment
        gradebook.db.commit()


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return codecs.BOM_UTF8 + to_csv([columns, *rows])  # without that mark, Excel would not know the encoding


def _read(path: Path, needed: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells of each row of a table, be it separated by commas, semicolons or tabs."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CourseError(f"There is no file {path}.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path} is no UTF-8 text. Save it as CSV with the encoding UTF-8.") from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), restval="")
    if missing := [name for name in needed if name not in (reader.fieldnames or ())]:
        raise CourseError(f"{path} lacks the columns: {', '.join(missing)}.")
    try:
        for row in reader:
            yield (
                reader.line_num,
                {
                    name: unprotected(value.replace("\r\n", "\n"))
                    for name, value in row.items()
                    if isinstance(value, str) and name
                },
            )
    except csv.Error as error:
        raise CourseError(f"{path}, line {reader.line_num}: {error}") from error


def _number(text: str) -> float:
    """Read a number, with a comma or a point.

    Raises:
        ValueError: if it is none.
    """
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        raise ValueError(f"{text.strip()!r} is no number of points") from None
    if not math.isfinite(number):
        raise ValueError(f"{text.strip()!r} is no number of points")
    return number
