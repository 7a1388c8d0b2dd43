"""Whether something was handed in in time: the gradebook's due date, extensions, and what platforms say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from autograder.course import Course, CourseError

DOWNLOAD = timedelta(minutes=15)  # archives are made within: times that near to each other are those of the download


@dataclass(frozen=True)
class Due:
    """When an assignment is due, in UTC."""

    date: datetime | None = None
    extensions: Mapping[str, timedelta] = field(default_factory=dict)
    """More time, by student."""

    def of(self, student: str) -> datetime | None:
        """When it is due for a student."""
        return self.date and self.date + self.extensions.get(student, timedelta())


def set_due(course: Course, assignment: str, text: str) -> None:
    """Write down in the gradebook when an assignment is due.

    Raises:
        CourseError: if the text is no time, or the gradebook cannot be used.
    """
    from nbgrader.utils import parse_utc

    from autograder.gradebook import open_gradebook

    try:
        date = parse_utc(text)
    except (ValueError, OverflowError) as error:
        raise CourseError(f"--due {text!r} is no time. Write it like '2026-03-01 23:59 Europe/Berlin'.") from error
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=date)


def are_times_of_handing_in(times: Iterable[datetime | None]) -> bool:
    """Whether an archive's times can be those when things were handed in.

    Platforms that make an archive on demand write the time of the download for all that is in it.
    """
    known = [time for time in times if time is not None]
    return len(known) > 1 and max(known) - min(known) > DOWNLOAD


def decide(time: datetime | None, marked: bool | None, due: datetime | None) -> tuple[datetime | None, str]:
    """Return when something was handed in, as far as it matters, and how late that is in words, or "".

    A platform's mark goes before the time: who is marked late is late, if only by a second where no time is known.
    """
    if due is None:
        return time, "late, says the platform" if marked else ""
    if time is not None and time > due:
        return time, f"late by {in_words(time - due)}"
    if marked:
        return due + timedelta(seconds=1), "late, says the platform: by how much is not known"
    return time, ""


def in_words(span: timedelta) -> str:
    """Say how long: "2 days 3 hours", "5 minutes"."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second")]
    words = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in parts if number]
    return " ".join(words[:2]) or "less than a second"
