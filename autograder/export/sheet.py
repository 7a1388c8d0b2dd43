"""A sheet with marks: rows as a platform takes them in, and whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.export.marks import ClassMarks, Score


@dataclass(frozen=True)
class Options:
    """What to export, and how."""

    per_question: bool = False
    incomplete: bool = False
    """Whether submissions that wait for a person are exported, with the points that they have so far."""
    zeros: bool = False
    """Whether those who have handed in nothing get no points, in the place of no mark."""
    out_of: float | None = None
    """What full marks are to be; the exercise's own points if None."""
    column: str = ""
    """The platform's name of the assignment; looked for in the template if empty."""


@dataclass
class Sheet:
    """The marks of a class, as a platform takes them in."""

    header: list[str]
    rows: list[list[str]] = field(default_factory=list)
    students: list[str | None] = field(default_factory=list)
    """Whose each row is."""
    columns: list[str] = field(default_factory=list)
    """The headings of those columns that hold marks."""
    notes: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    """Who has marks and is not in the template."""

    def add(self, student: str | None, row: Sequence[str]) -> None:
        """Add a row."""
        self.rows.append(list(row))
        self.students.append(student)

    @property
    def n_marked(self) -> int:
        """How many students have a mark in it."""
        places = [self.header.index(column) for column in self.columns]
        rows = zip(self.rows, self.students, strict=True)
        return sum(student is not None and any(row[n] for n in places) for row, student in rows)


def values_of(marks: ClassMarks, score: Score, options: Options) -> dict[str, str]:
    """Return somebody's marks by column: `""` is the total, then questions, then the penalty; empty for no mark."""
    columns = columns_of(marks, options)
    if score.waiting and not options.incomplete:
        return dict.fromkeys(columns, "")
    if not score.handed_in:
        return dict.fromkeys(columns, "0" if options.zeros else "")
    factor = scale(marks, options)
    if not options.per_question:
        return {"": number(score.total * factor)}
    values = {name: number(score.questions.get(name, 0.0) * factor) for name in marks.questions}
    if PENALTY in columns:
        values[PENALTY] = number(-min(score.penalty, score.raw) * factor)
    return values


PENALTY = "late penalty"


def columns_of(marks: ClassMarks, options: Options) -> dict[str, float]:
    """Return the columns of marks, as in `values_of`, with what each can give."""
    factor = scale(marks, options)
    if not options.per_question:
        return {"": marks.max_points * factor}
    columns = {name: points * factor for name, points in marks.questions.items()}
    if any(score.penalty for score in marks.scores):
        columns[PENALTY] = 0.0
    return columns


def headings(marks: ClassMarks, options: Options, total: str) -> dict[str, str]:
    """Return how the columns of marks are called, as in `values_of`, where the total is called `total`."""
    return {name: f"{total}: {name}" if name else total for name in columns_of(marks, options)}


def scale(marks: ClassMarks, options: Options) -> float:
    """What points are multiplied with."""
    return 1.0 if options.out_of is None or not marks.max_points else options.out_of / marks.max_points


def number(value: float) -> str:
    """Write a number as people do, with at most four decimals."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def by_student(marks: ClassMarks) -> Mapping[str, Score]:
    """The scores by student."""
    return {score.person.student: score for score in marks.scores}


def same_number(text: str, other: str) -> bool:
    """Whether two cells hold the same number, "8.00" and "8", or else the same text."""
    try:
        return abs(float(text.replace(",", ".")) - float(other.replace(",", "."))) < 1e-9
    except ValueError:
        return text.strip() == other.strip()
