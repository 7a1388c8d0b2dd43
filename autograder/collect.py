"""Collect: from what a platform or a person hands over to the folders that grading works on."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.course import CONFIG_FILE, Course, CourseError, check_student
from autograder.intake.archive import read_archive
from autograder.intake.attempts import TIMESTAMP, Chosen, choose
from autograder.intake.entries import Source
from autograder.intake.folder import read_folder
from autograder.intake.keep import content_of, keep_attempt, replace_folder, submitted_folder
from autograder.intake.lateness import Due, are_times_of_handing_in, decide
from autograder.intake.participants import remember_participants
from autograder.intake.people import find_person
from autograder.intake.platforms import Handed, Who, who_handed_in
from autograder.intake.roster import Person
from autograder.store import Store
from autograder.submission import RefusedError


class Outcome(StrEnum):
    """What became of one student's files."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MISSING = "missing"  # nothing to grade was handed in
    REFUSED = "refused"
    UNMATCHED = "not on the list"


@dataclass(frozen=True)
class Collected:
    """What became of one student's files, and what to know about it."""

    student: str
    outcome: Outcome
    notes: tuple[str, ...] = ()
    late: str = ""
    """How late in words; "" if in time, or nobody knows."""


@dataclass(frozen=True)
class ClassList:
    """Who is in the class."""

    people: Sequence[Person] = ()
    is_whole: bool = False
    """Whether who is not on it is not in the class."""


@dataclass
class _One:
    """What one person has handed in, and who that is."""

    handed: list[tuple[Handed, bool]]
    """With whether the archive's times are to be used; of several archives the last counts."""
    student: str
    person: Person | None = None
    notes: list[str] = field(default_factory=list)


def collect(
    course: Course,
    assignment: str,
    *paths: Path,
    people: ClassList | None = None,
    due: Due | None = None,
    zone: tzinfo | None = None,
    use_times: bool | None = None,
    on_remark: Callable[[str], None] = lambda remark: None,
) -> Iterator[Collected]:
    """Bring what students have handed in to grading/submitted, and yield what became of each.

    A path is a zip file as Moodle or Canvas make it of an assignment, one of a folder, or a folder: with a folder for
    each student (and in it, if you like, one with the assignment's name), or with notebooks named after students. A
    file that is no notebook is taken, so that grading tells its student; links, devices, very large files and
    whatever in an archive is not what it seems are refused. Nothing that a student has handed in before is lost: what
    does not count any more lies in grading/attempts.

    Args:
        course: the course.
        assignment: its name.
        paths: what was handed in.
        people: the class. Without it, students are called what they are called in what was handed in.
        due: when it is due.
        zone: the time zone of archives that do not say it; this computer's if None.
        use_times: whether the times in archives are those when things were handed in. If None, they are unless they
            are all of the same quarter of an hour, which must be that of the download, and never for Canvas.
        on_remark: called with what is to be known of a path.

    Raises:
        CourseError: if there is no such assignment or path, or nothing in it.
    """
    solutions = {path.stem: path.read_bytes() for path in course.notebooks(assignment)}
    others = set(course.assignments()) - {assignment}
    handed: list[tuple[Handed, bool]] = []
    for path in paths:
        source = _source(course, path, zone)
        found = who_handed_in(source, assignment, list(solutions), others)
        if not found:
            raise CourseError(f"{path} is empty. It should hold a folder for each student, named after the student.")
        real = are_times_of_handing_in(entry.time for entry in source.entries)
        for one in found:
            believed = real and one.who.platform != "canvas" if use_times is None else use_times
            handed.append((one, believed))
        unused = source.is_archive and not any(believed for _, believed in handed[-len(found) :])
        if unused and any(one.late is None for one in found):
            on_remark(f"{path.name}: the times in it are not those of handing in, and are not used")
    return _collect(course, assignment, solutions, handed, people or ClassList(), due or Due())


def not_handed_in(course: Course, assignment: str, people: Sequence[Person]) -> list[Person]:
    """Return who is on the list and has handed in nothing, now or before."""
    present = set(course.students(assignment))
    return [person for person in people if person.student not in present]


def _source(course: Course, path: Path, zone: tzinfo | None) -> Source:
    if not path.exists():
        raise CourseError(f"There is no folder {path}. Name the zip file, or the folder that holds a folder for each.")
    if path.is_file():
        return read_archive(path, zone)
    if path.resolve() == course.submitted.resolve():
        raise CourseError(f"{path} is where collected submissions are kept. Name the folder that they come from.")
    if (path / CONFIG_FILE).exists():
        raise CourseError(f"{path} is a course. Name the folder that holds a folder for each student.")
    return read_folder(path)


def _collect(
    course: Course,
    assignment: str,
    solutions: dict[str, bytes],
    handed: Sequence[tuple[Handed, bool]],
    people: ClassList,
    due: Due,
) -> Iterator[Collected]:
    store = Store(course.grading / "results" / assignment)
    ones: dict[str, _One] = {}
    for one, believed in handed:
        student, person, why = _identify(one, people)
        if student is None:
            yield Collected(str(one.who), Outcome.UNMATCHED, (why,))
            continue
        mine = ones.setdefault(student, _One([], student, person))
        mine.handed.append((one, believed))
        mine.notes += [f"found {why}"] if why else []
    participants: dict[str, Who] = {}
    try:
        for one in sorted(ones.values(), key=lambda one: one.student):
            collected = _collect_one(course, assignment, solutions, one, due, store)
            if collected.outcome is not Outcome.REFUSED:
                participants.update((one.student, h.who) for h, _ in one.handed)
            yield collected
    finally:  # also where whoever asked has stopped asking
        remember_participants(course, assignment, participants)


def _collect_one(
    course: Course, assignment: str, solutions: dict[str, bytes], one: _One, due: Due, store: Store
) -> Collected:
    try:
        if one.person is None and not all(h.unread for h, _ in one.handed):
            check_student(one.student)
        _check_that_it_is_one_person(one, store)
        collected = _keep(course, assignment, solutions, one, due)
        _remember(one, store)
        return collected
    except (RefusedError, CourseError) as error:
        before = content_of(submitted_folder(course, one.student, assignment)) if _is_plain(one.student) else {}
        stays = ("what was collected before stays",) if before else ()
        return Collected(one.student, Outcome.REFUSED, (*one.notes, str(error), *stays))


def _identify(one: Handed, people: ClassList) -> tuple[str | None, Person | None, str]:
    """Return whose it is, and how that was found; None and why if that cannot be said."""
    match = find_person(one.who, people.people, by_part=people.is_whole)
    if match.person is not None:
        return match.person.student, match.person, match.why
    if people.is_whole and not one.unread:
        return None, None, match.why
    return one.who.name, None, ""


def _check_that_it_is_one_person(one: _One, store: Store) -> None:
    """Refuse what two people have handed in, if platforms say that they are two."""
    numbers = {(h.who.platform, h.who.number): h.who for h, _ in one.handed if h.who.number}
    if one.person is None and (before := store.record("collected", one.student)):
        numbers[before["platform"], before["number"]] = before["number"]
    by_platform = Counter(platform for platform, _ in numbers)
    if any(count > 1 for count in by_platform.values()):
        found = " and ".join(sorted(map(str, numbers.values())))
        raise RefusedError(f"is the name of several people ({found}): tell them apart with a list, --roster FILE")
    if len({h.who.name for h, _ in one.handed}) > 1 and len({h.who.platform for h, _ in one.handed}) == 1:
        found = " and ".join(sorted({h.who.name for h, _ in one.handed}))
        if not numbers:
            raise RefusedError(f"is who {found} are taken for: rename one, or put both on the list")


def _remember(one: _One, store: Store) -> None:
    for handed, _ in one.handed:
        if one.person is None and handed.who.number:
            record = {"platform": handed.who.platform, "number": handed.who.number}
            if store.record("collected", one.student) is None:
                store.save_record("collected", one.student, record)


def _keep(course: Course, assignment: str, solutions: dict[str, bytes], one: _One, due: Due) -> Collected:
    attempts = [(handed, _choose(handed, solutions, believed)) for handed, believed in one.handed]
    attempts.sort(key=lambda pair: (bool(pair[1].notebooks), pair[1].time or datetime.min))  # a stable sort
    handed, chosen = attempts[-1]
    time = (one.person.time if one.person else None) or chosen.time
    late_mark = handed.late if handed.late is not None else one.person.late if one.person else None
    notes = [*one.notes, *handed.remarks, *chosen.notes]
    target = submitted_folder(course, one.student, assignment)
    before = content_of(target)
    if not chosen.notebooks:
        return _missing(target, before, one.student, solutions, chosen, notes)
    time, late = decide(time, late_mark, due.of(one.student))
    files = {f"{name}.ipynb": content for name, content in chosen.notebooks.items()}
    same = {name: content for name, content in before.items() if name != TIMESTAMP} == files
    if time is not None:
        files[TIMESTAMP] = f"{time:%Y-%m-%d %H:%M:%S} UTC\n".encode()
    elif same and TIMESTAMP in before:
        files[TIMESTAMP] = before[TIMESTAMP]
    kept_time = _time_of(before)
    if before and not same and time and kept_time and time < kept_time:
        keep_attempt(course, one.student, assignment, files)
        notes.append(f"of {time:%d %b %H:%M} UTC, older than what was collected before, which stays")
        return Collected(one.student, Outcome.UNCHANGED, tuple(notes))
    for other in attempts[:-1]:
        for earlier in (*other[1].earlier, {f"{n}.ipynb": c for n, c in other[1].notebooks.items()}):
            if any(files.get(name) != content for name, content in earlier.items()):
                keep_attempt(course, one.student, assignment, earlier)
    for earlier in chosen.earlier:
        keep_attempt(course, one.student, assignment, earlier)
    if _same_files(before, files):
        return Collected(one.student, Outcome.UNCHANGED, tuple(notes), late)
    if any(name.endswith(".ipynb") for name in before) and not same:
        keep_attempt(course, one.student, assignment, before)
    replace_folder(target, files)
    return Collected(one.student, Outcome.CHANGED if before else Outcome.NEW, tuple(notes), late)


def _choose(handed: Handed, solutions: dict[str, bytes], use_times: bool) -> Chosen:
    if handed.unread:
        raise RefusedError(handed.unread)
    return choose(handed.files, solutions, use_times=use_times)


def _missing(
    target: Path, before: dict[str, bytes], student: str, solutions: dict[str, bytes], chosen: Chosen, notes: list[str]
) -> Collected:
    notes.append(f"no {next(iter(solutions))}.ipynb" + _listing(chosen))
    if before:
        return Collected(student, Outcome.UNCHANGED, (*notes, "what was collected before stays"))
    target.mkdir(parents=True, exist_ok=True)  # so that grading tells that it is missing
    return Collected(student, Outcome.MISSING, tuple(notes))


def _listing(chosen: Chosen) -> str:
    return f"; there is: {', '.join(chosen.found[:3])}" if chosen.found else ""


def _same_files(before: dict[str, bytes], files: dict[str, bytes]) -> bool:
    """Whether two submissions are the same; times that are written otherwise are."""
    return {**before, TIMESTAMP: b""} == {**files, TIMESTAMP: b""} and _time_of(before) == _time_of(files)


def _time_of(files: dict[str, bytes]) -> datetime | None:
    try:
        return parse_utc(files[TIMESTAMP].decode().strip()) if TIMESTAMP in files else None
    except (ValueError, OverflowError):
        return None


def _is_plain(student: str) -> bool:
    try:
        return bool(check_student(student))
    except CourseError:
        return False


def known_as(people: Sequence[Person], students: Sequence[str]) -> list[Person]:
    """Call people what they are called already: by a folder or the gradebook that has one of their ids or names."""
    known = {student.casefold(): student for student in students}
    named = []
    for person in people:
        keys = (person.student, *person.ids, person.email, person.lms, person.full_name)
        student = next((known[key.casefold()] for key in keys if key and key.casefold() in known), person.student)
        named.append(replace(person, student=student))
    return named
