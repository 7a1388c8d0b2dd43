"""The report on a class: one page that stands alone."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.course import Course
from autograder.feedback import markup
from autograder.files import write_file
from autograder.grade import report_folder
from autograder.html import render
from autograder.report.gather import gather
from autograder.report.overview import MOST_NAMES, Overview, overview

MOST_SHOWN = 10  # pairs with their code


def write_report(course: Course, assignment: str) -> tuple[Overview, Path]:
    """Write grading/report/`assignment`.html; return what it says, and the file.

    Raises:
        CourseError: if there is no such assignment, or nobody has been graded.
        OSError: if the file cannot be written.
    """
    made = overview(gather(course, assignment))
    path = report_folder(course) / f"{assignment}.html"
    write_file(path, report_page(made).encode(errors="replace"))
    return made, path


def report_page(made: Overview) -> str:
    """Return the page's HTML."""
    filters = {"code": markup.code, "message": markup.message, "names": names, "figure": figure, "percent": percent}
    return render(
        "report.html.jinja", filters, it=made, isnan=math.isnan, most_shown=MOST_SHOWN, compared=_compared(made)
    )


def names(students: Sequence[str]) -> str:
    """List students, the first of them if they are many."""
    more = len(students) - MOST_NAMES
    return ", ".join(students[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def figure(value: float, digits: int = 2) -> str:
    """Write a number for people; a dash if there is none."""
    return "–" if math.isnan(value) else f"{round(value, digits) + 0.0:.{digits}f}"  # 0.00, never -0.00


def percent(value: float) -> str:
    """Write a share; a dash if there is none."""
    return "–" if math.isnan(value) else f"{100 * value:.0f} %"


def _compared(made: Overview) -> list[Mapping[str, object]]:
    """Return, for the first pairs, their answers to the question in which they share most."""
    compared = []
    for pair in made.pairs[:MOST_SHOWN]:
        question = pair.questions[0]
        codes = [made.answers[student].get(question, "") for student in (pair.one, pair.other)]
        compared.append({"pair": pair, "question": question, "codes": codes})
    return compared
