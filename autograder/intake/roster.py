"""Reading the list of a class: what Moodle, Canvas, nbgrader or a person exports as CSV."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.course import CourseError, check_student
from autograder.intake.names import fold
from autograder.spreadsheet import unprotected

MAX_MEGABYTES = 20
_ROLES = {
    "student": ("student_id", "studentid", "nbgrader_id"),
    "login": ("sis_login_id", "username", "user_name", "login", "login_id", "userid", "benutzername", "anmeldename"),
    "number": (
        "id_number", "idnumber", "sis_user_id", "sid", "student_number", "matriculation_number", "matrikelnummer",
        "id_nummer", "integration_id",
    ),
    "email": ("email", "email_address", "mail", "email_adresse"),
    "first": ("first_name", "firstname", "given_name", "given_names", "forename", "vorname"),
    "last": ("last_name", "lastname", "surname", "family_name", "nachname"),
    "name": ("name", "full_name", "fullname", "student", "student_name", "user_full_name", "vollstandiger_name"),
    "participant": ("identifier",),
    "lms": ("lms_user_id", "canvas_id", "canvas_user_id"),
    "time": ("last_modified_submission", "submission_time", "submitted_at"),
    "status": ("status",),
}  # fmt: skip
_IDENTIFYING = {"student", "login", "number", "email", "last", "name", "lms"}


@dataclass(frozen=True)
class Person:
    """Somebody on the list."""

    student: str
    """The name of their folder and in the gradebook."""
    first: str = ""
    last: str = ""
    name: str = ""
    """All of the name, where it does not stand in parts."""
    email: str = ""
    ids: tuple[str, ...] = ()
    """Whatever else identifies them: login, matriculation number, the platform's own."""
    participant: str = ""
    """Moodle's number in one assignment."""
    lms: str = ""
    """The platform's number of the user."""
    time: datetime | None = None
    """When they handed in, if the list says so, in UTC."""
    late: bool | None = None

    @property
    def full_name(self) -> str:
        """First and last name, or whatever stands for them."""
        return f"{self.first} {self.last}".strip() or _last_name_last(self.name)


def read_roster(path: Path, zone: str = "") -> list[Person]:
    """Read the list of a class.

    Columns are found by their headings: Moodle's participants, gradebook and grading worksheet, Canvas's gradebook,
    Gradescope's roster, nbgrader's `id,first_name,last_name,email`, and most that people type. Each needs a column
    with names, addresses or ids.

    Args:
        path: the file, separated by commas, semicolons or tabs.
        zone: the time zone of the times in it; UTC if empty.

    Raises:
        CourseError: if it cannot be read, names nobody, or names somebody twice.
    """
    header, *rows = read_table(path)
    if not set(_roles(header)) & _IDENTIFYING:
        raise CourseError(
            f"{path} is no list of a class: none of its columns ({', '.join(header[:8])}) holds names, e-mail "
            "addresses or ids. Name one of them name, email or id."
        )
    people: list[Person] = []
    lines: dict[str, int] = {}
    for number, (row, person) in enumerate(zip(rows, people_of(header, rows, zone), strict=True), start=2):
        if person is None:
            continue
        if not person.student:
            raise CourseError(f"{path}, line {number}: nothing there can be a student's name: {', '.join(row)[:80]}.")
        if person.student in lines:
            raise CourseError(
                f"{path}, line {number}: {person.student!r} stands on line {lines[person.student]} as well. "
                "Leave one out, or add a column student_id that tells them apart."
            )
        lines[person.student] = number
        people.append(person)
    if not people:
        raise CourseError(f"{path} names nobody.")
    return people


def people_of(header: Sequence[str], rows: Sequence[Sequence[str]], zone: str = "") -> list[Person | None]:
    """Say who each row of a table is about; None for those about nobody, such as Canvas's points possible."""
    roles = _roles(header)
    people = []
    for row in rows:
        values = {role: unprotected(row[n].strip()) for role, n in roles.items() if n < len(row)}
        people.append(None if not any(values.values()) or _is_no_student(values) else _person(values, zone))
    return people


def read_table(path: Path) -> list[list[str]]:
    """Read a CSV file, whichever its separator and encoding, without empty rows; at least one row.

    Raises:
        CourseError: if it cannot be read, or is empty.
    """
    try:
        if path.stat().st_size > MAX_MEGABYTES << 20:
            raise CourseError(f"{path} has more than {MAX_MEGABYTES} MB: that is no list of a class.")
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from error
    text = _decode(content)
    if content.startswith(b"PK") or "\0" in text:
        raise CourseError(f"{path} is no CSV file. Save it as CSV (in a spreadsheet program: Save as …).")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=lambda c: _count_outside_quotes(first, c))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise CourseError(f"{path} is no CSV file that can be read: {error}.") from error
    rows = [row for row in rows if any(map(str.strip, row))]
    if not rows:
        raise CourseError(f"{path} is empty.")
    return rows


def heading(text: str) -> str:
    """Make headings comparable: "E-mail address" and "email_address" are near enough."""
    text = re.sub(r"(?i)e-?mail", "email", text)
    return "_".join(fold(text))


def _roles(header: Sequence[str]) -> dict[str, int]:
    known = [heading(text) for text in header]
    roles = {}
    for role, names in _ROLES.items():
        column = next((known.index(name) for name in map(heading, names) if name in known), None)
        if column is not None:
            roles[role] = column
    if "id" in known:  # Canvas's own number in its exports, a student's id in nbgrader's
        is_canvas = "student" in known and "section" in known
        roles.setdefault("lms" if is_canvas else "student", known.index("id"))
    return roles


def _is_no_student(values: dict[str, str]) -> bool:
    """Canvas's rows that are nobody: points possible, how grades are posted, the test student."""
    name = values.get("name", "")
    anything = any(value for role, value in values.items() if role not in ("name", "status", "time"))
    return name.strip().lower() == "points possible" or name == "Student, Test" or (not anything and not name)


def _person(values: dict[str, str], zone: str) -> Person:
    """Make a person of what a row says; its `student` is empty if nothing there can be one."""
    email = values.get("email", "")
    if not email and "@" in values.get("login", ""):
        email = values["login"]
    participant = "".join(re.findall(r"\d+$", values.get("participant", "")))
    name = values.get("name", "")
    if name.isdigit() or "@" in name:  # a column "student" with ids
        values, name = {"student": name, **values}, ""
    person = Person(
        student="",
        first=values.get("first", ""),
        last=values.get("last", ""),
        name=name,
        email=email,
        ids=tuple(dict.fromkeys(v for r in ("student", "login", "number") if (v := values.get(r)))),
        participant=participant,
        lms=values.get("lms", ""),
        time=_time(values.get("time", ""), zone),
        late=_late(values.get("status", "")),
    )
    for candidate in (*person.ids, email, person.lms, person.full_name):
        try:
            return Person(**{**vars(person), "student": check_student(candidate)})
        except CourseError:
            continue
    return person


def _late(status: str) -> bool | None:
    """What Moodle's worksheet says: "Submitted for grading - 3 mins 31 secs late"."""
    if not re.search(r"(?i)submitted", status):
        return None
    return bool(re.search(r"(?i)\blate\b", status)) or None


def _time(text: str, zone: str) -> datetime | None:
    """When somebody has handed in: "Tuesday, 3 March 2026, 5:15 PM"."""
    from dateutil.parser import ParserError, parse
    from dateutil.tz import gettz
    from nbgrader.utils import parse_utc

    if not re.search(r"\d{4}", text):  # "-", or nothing
        return None
    try:
        time = parse(text)
        return parse_utc(time if time.tzinfo else time.replace(tzinfo=gettz(zone or "UTC")))
    except (ParserError, OverflowError, ValueError):
        return None  # in another language, say


def _last_name_last(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else name.strip()


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what spreadsheet programs write


def _count_outside_quotes(line: str, character: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(character)
