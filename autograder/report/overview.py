"""What an instructor should know of a graded class, computed: the page shows it, and nothing is computed there."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.feedback.outline import outline
from autograder.misconceptions import Misconception, find_misconception, known_misconceptions, label
from autograder.notebook import grade_id
from autograder.report.gather import ClassData, Graded
from autograder.report.similarity import Pair, similar_pairs
from autograder.report.statistics import (
    Bin,
    QuestionStatistics,
    cronbach_alpha,
    histogram,
    question_statistics,
)
from autograder.verdict import Verdict

MOST_MISTAKES = 25
MOST_NAMES = 12
SLOWEST = 5
_STOPPED = (Verdict.TIMEOUT, Verdict.OUT_OF_MEMORY, Verdict.KILLED, Verdict.TEST_BROKEN)


@dataclass(frozen=True)
class Mistake:
    """Something that several students have got wrong in the same way."""

    question: str
    text: str
    """What the tests say of it."""
    misconception: bool
    """Whether the tests know it."""
    students: tuple[str, ...]
    message: str
    """What one of them was told, in full."""
    sample: str
    """That one's answer."""


@dataclass(frozen=True)
class Figures:
    """How a number is spread over the submissions."""

    median: float
    high: float
    """19 of 20 are below."""
    most: float
    bins: Sequence[Bin]


@dataclass
class Overview:
    """All that the page shows."""

    title: str
    submissions: int
    """How many were graded, those included that could not be read."""
    ungraded: list[str]
    failed: list[tuple[str, str]]
    """Who could not be graded, and why."""
    totals: list[float]
    max_points: float
    """What can be reached in the questions that most have a mark in."""
    waiting: dict[str, int]
    """How many submissions wait for a person, by question."""
    spread: Figures | None
    mean: float
    quartiles: tuple[float, float]
    alpha: float
    questions: list[QuestionStatistics]
    titles: dict[str, str]
    mistakes: list[Mistake]
    blank: dict[str, int]
    """How many have left a question as it was handed out."""
    stopped: list[tuple[str, str, str, str]]
    """Student, question, verdict, reason."""
    seconds: Figures | None
    megabytes: Figures | None
    slowest: list[Graded]
    largest: list[Graded]
    notes: list[tuple[str, tuple[str, ...]]]
    """What was noted of submissions, and of whose."""
    the_same: list[tuple[str, ...]]
    """Who have handed in the very same notebook."""
    pairs: list[Pair]
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conditions: Any = None


def overview(data: ClassData) -> Overview:
    """Compute what the page shows of a class."""
    titles, known, template = _exercise(data)
    failed = [(one.student, one.result.problem) for one in data.submissions if one.result.problem]
    graded = [one for one in data.submissions if not one.result.problem]
    worth = {q.question: q.max_points for one in data.submissions for q in one.result.questions}
    points = np.array(
        [
            [math.nan if q.verdict is Verdict.BY_HAND else q.points for q in one.result.questions]
            for one in graded
            if len(one.result.questions) == len(worth)
        ]
    ).reshape(-1, len(worth))
    questions = question_statistics(points, worth)
    waiting = {one.question: one.waiting for one in questions if one.waiting}
    # What most have no mark in yet is no part of what could be reached.
    max_points = sum(one.max_points for one in questions if one.waiting <= one.n)
    totals = [one.result.points for one in graded]
    ran = [one for one in graded if one.seconds > 0]
    answers = {one.student: one.answers for one in graded if one.answers}
    return Overview(
        title=titles.pop(""),
        submissions=len(data.submissions),
        ungraded=data.ungraded,
        failed=failed,
        totals=totals,
        max_points=max_points,
        waiting=waiting,
        spread=_figures(totals, max_points),
        mean=float(np.mean(totals)) if totals else math.nan,
        quartiles=tuple(map(float, np.percentile(totals, [25, 75]))) if totals else (math.nan, math.nan),
        alpha=cronbach_alpha(points),
        questions=questions,
        titles=titles,
        mistakes=_mistakes(graded, known),
        blank=_blank(graded),
        stopped=[
            (one.student, q.question, str(q.verdict), q.reason)
            for one in graded
            for q in one.result.questions
            if q.verdict in _STOPPED
        ],
        seconds=_figures([one.seconds for one in ran]),
        megabytes=_figures([one.megabytes for one in ran]),
        slowest=sorted(ran, key=lambda one: -one.seconds)[:SLOWEST],
        largest=sorted(ran, key=lambda one: -one.megabytes)[:SLOWEST],
        notes=_notes(data.submissions),
        the_same=_the_same(graded),
        pairs=similar_pairs(_once(graded, answers), template),
        answers=answers,
        conditions=data.conditions,
    )


def _exercise(data: ClassData) -> tuple[dict[str, str], dict[str, Sequence[Misconception]], dict[str, str]]:
    """Return titles ("" for the exercise's own), misconceptions, and what was handed out, by question."""
    assignment = data.assignment
    titles, known, template = {"": assignment.name}, {}, {}
    for name, source in assignment.sources.items():
        said = outline(source, name)
        if len(assignment.sources) == 1:
            titles[""] = said.title
        titles |= {assignment.label(name, question): title for question, title in said.titles.items()}
        known |= {assignment.label(name, question): found for question, found in known_misconceptions(source).items()}
        for cell in assignment.releases[name].cells:
            if cell.cell_type == "code" and grade_id(cell):
                template[assignment.label(name, grade_id(cell))] = cell.source
    return titles, known, template


def _mistakes(graded: Iterable[Graded], known: Mapping[str, Sequence[Misconception]]) -> list[Mistake]:
    """Group what the tests said, the most frequent first."""
    groups: dict[tuple[str, str], list[tuple[int, Graded, str]]] = {}
    for one in graded:
        for result in one.result.questions:
            if result.points >= result.max_points or result.verdict in (Verdict.BY_HAND, Verdict.MISSING):
                continue
            messages = one.messages.get(result.question, [])
            said = {label(text, known.get(result.question, ())): text for text in reversed(messages)}
            for text, message in said.items():
                groups.setdefault((result.question, text), []).append((len(messages), one, message))
    made = []
    for (question, text), of in groups.items():
        _, sample, message = min(of, key=lambda entry: (entry[0], entry[1].student))  # who had little else wrong
        named = bool(find_misconception(message, known.get(question, ())))
        students = tuple(entry[1].student for entry in of)
        made.append(Mistake(question, text, named, students, message, sample.answers.get(question, "")))
    return sorted(made, key=lambda m: (-len(m.students), not m.misconception, m.question, m.text))[:MOST_MISTAKES]


def _blank(graded: Iterable[Graded]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in graded:
        for result in one.result.questions:
            if result.verdict is Verdict.MISSING:
                counts[result.question] = counts.get(result.question, 0) + 1
    return counts


def _figures(values: Sequence[float], end: float | None = None) -> Figures | None:
    if not values:
        return None
    median, high, most = map(float, np.percentile(values, [50, 95, 100]))
    return Figures(median, high, most, histogram(values, max(end or 0.0, most)))


def _notes(submissions: Iterable[Graded]) -> list[tuple[str, tuple[str, ...]]]:
    groups: dict[str, list[str]] = {}
    for one in submissions:
        for note in one.result.notes:
            groups.setdefault(note, []).append(one.student)
    return [
        (note, tuple(students)) for note, students in sorted(groups.items(), key=lambda item: (-len(item[1]), item))
    ]


def _the_same(graded: Iterable[Graded]) -> list[tuple[str, ...]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in graded:
        if one.units:
            groups.setdefault(one.units, []).append(one.student)
    same = [tuple(students) for students in groups.values() if len(students) > 1]
    return sorted(same, key=lambda students: (-len(students), students))  # the page shows the first


def _once(graded: Iterable[Graded], answers: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Leave out those who have handed in what somebody else has: they are listed, and would make rare things common."""
    first = {one.units: one.student for one in reversed(list(graded))}
    return {student: answers[student] for student in sorted(first.values()) if student in answers}
