"""Whose files are these? Moodle, Canvas, nbgrader's exchange and people each have their way to name them."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from unicodedata import normalize

from autograder.intake.entries import Entry, Source


@dataclass(frozen=True)
class Who:
    """Somebody as a platform names them."""

    name: str
    platform: str = "folder"
    """`moodle`, `canvas`, `folder` or `file`."""
    number: str = ""
    """Moodle's number of a participant in one assignment, or Canvas's of a user."""

    def __str__(self) -> str:
        return f"{self.name} ({self.number})" if self.number else self.name


@dataclass(frozen=True)
class File:
    """A file of somebody."""

    name: str
    """What it was called when it was handed in, as far as that can be told."""
    entry: Entry
    number: int = 0
    """The later it was uploaded, the larger; 0 if nobody knows."""
    time: datetime | None = None
    """When it was handed in, if that stands beside it."""


@dataclass(frozen=True)
class Handed:
    """What somebody has handed in."""

    who: Who
    files: tuple[File, ...] = ()
    late: bool | None = None
    """What the platform says; None if it says nothing."""
    remarks: tuple[str, ...] = ()
    unread: str = ""
    """Why none of it is read, or ""."""


@dataclass
class _Found:
    """One file, and what its name tells."""

    who: Who
    file: File | None = None
    late: bool | None = None
    remark: str = ""
    unread: str = ""


@dataclass
class _Gathered:
    files: list[File] = field(default_factory=list)
    late: bool | None = None
    remarks: list[str] = field(default_factory=list)
    unread: str = ""


# "Ada Lovelace_1234567_assignsubmission_file_/perceptron.ipynb", or without a folder "…_file_perceptron.ipynb". A team
# without a group has no number.
_MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<type>[a-z]+)(?:_(?P<file>.*))?")
# "lovelaceada_LATE_12345_678901_perceptron-2.ipynb", "…_12345_text.html"; anonymous: "LATE_anon_x7Yz0_678901_…".
_CANVAS = re.compile(
    r"(?:(?P<name>.+?)_(?:(?P<late>LATE)_)?(?P<number>\d+)|(?:(?P<anon_late>LATE)_)?anon_(?P<anonymous>[0-9A-Za-z]{5}))"
    r"_(?:(?P<upload>\d+)_(?P<file>.+)|(?P<other>text|link)\.html)"
)
# nbgrader's exchange: "ada+01-perceptron+2026-03-01 12:00:00.000000 UTC", with random letters at the end since 0.7.
_EXCHANGE = re.compile(
    r"(?P<name>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? ?[\w+:-]*?)(?:\+\w+)?"
)
_COPY = re.compile(r"(?P<stem>.+?)(?:[-_ ]?(?:\((?P<a>\d+)\)|[Cc]opy ?(?P<b>\d*)|v(?P<c>\d+))|[-_](?P<d>\d{1,3}))")


def who_handed_in(source: Source, assignment: str, notebooks: Collection[str], others: Collection[str]) -> list[Handed]:
    """Sort the files of a source by who has handed them in.

    Args:
        source: what was brought in.
        assignment: the assignment's name: a folder of that name in a student's folder holds what counts.
        notebooks: the names of its notebooks, without `.ipynb`.
        others: the names of other assignments, whose folders are left alone.
    """
    source = _without_wrapper(source, assignment)
    gathered: dict[Who, _Gathered] = {}
    for found in (_find(source, entry, assignment, notebooks, others) for entry in source.entries):
        if found is None:
            continue
        of = gathered.setdefault(found.who, _Gathered())
        of.files += [found.file] if found.file else []
        of.late = found.late if of.late is None else of.late or bool(found.late)
        of.remarks += [found.remark] if found.remark else []
        of.unread = of.unread or found.unread
    for (folder,) in (path for path in source.folders if len(path) == 1):
        if not _MOODLE.fullmatch(folder) and not _EXCHANGE.fullmatch(folder):
            gathered.setdefault(Who(normalize("NFC", folder)), _Gathered())
    handed = [
        Handed(who, tuple(of.files), of.late, tuple(dict.fromkeys(of.remarks)), of.unread)
        for who, of in gathered.items()
    ]
    return sorted(_one_person_many_files(handed), key=lambda one: (one.who.name, one.who.number))


def without_copy_mark(stem: str) -> tuple[str, int]:
    """Take off a file's stem what programs add to tell copies apart: "perceptron (2)" gives "perceptron" and 2."""
    if match := _COPY.fullmatch(stem):
        digits = next((match[group] for group in "abcd" if match[group]), "1")
        return match["stem"], int(digits[:9])
    return stem, 0


def _find(
    source: Source, entry: Entry, assignment: str, notebooks: Collection[str], others: Collection[str]
) -> _Found | None:
    top = entry.parts[0]
    if moodle := _MOODLE.fullmatch(top):
        return _moodle(moodle, entry)
    if len(entry.parts) == 1 and (canvas := _CANVAS.fullmatch(top)):
        return _canvas(canvas, entry)
    if len(entry.parts) == 1:
        return _loose(entry, notebooks)
    if exchange := _EXCHANGE.fullmatch(top):
        if exchange["assignment"] != assignment:
            return None
        time = _time(exchange["time"])
        return _Found(Who(normalize("NFC", exchange["name"])), File("/".join(entry.parts[1:]), entry, time=time))
    inner = entry.parts[1:]
    if len(inner) > 1 and inner[0] in others:
        return None
    return _Found(Who(normalize("NFC", top)), File("/".join(inner), entry))


def _moodle(match: re.Match[str], entry: Entry) -> _Found:
    who = Who(normalize("NFC", match["name"]).strip(), "moodle", match["number"] or "")
    if not match["number"]:
        return _Found(who, unread="is a team's without a group; make groups in Moodle, or collect by hand")
    if match["type"] != "file":
        what = "an online text" if match["type"] == "onlinetext" else f"something else ({match['type']})"
        return _Found(who, remark=f"handed in {what} too, which is not graded")
    name = "/".join(entry.parts[1:]) or match["file"] or entry.name
    return _Found(who, File(name, entry))


def _canvas(match: re.Match[str], entry: Entry) -> _Found:
    late = bool(match["late"] or match["anon_late"])
    number = match["number"] or match["anonymous"]
    who = Who(normalize("NFC", match["name"] or f"anonymous-{number}"), "canvas", number)
    if match["other"]:
        what = "a text" if match["other"] == "text" else "a link to a website"
        return _Found(who, late=late, remark=f"handed in {what} too, which is not graded")
    return _Found(who, File(match["file"], entry, int(match["upload"])), late)


def _loose(entry: Entry, notebooks: Collection[str]) -> _Found | None:
    """A notebook that lies beside others, named after its student: "anna.ipynb", "anna_perceptron.ipynb"."""
    if not entry.is_notebook:
        return _Found(Who(entry.name, "file"), unread=entry.trouble) if entry.trouble else None
    stem = normalize("NFC", entry.name[: -len(".ipynb")])
    if without_copy_mark(stem)[0] in notebooks:
        return _Found(Who(entry.name, "file"), unread="lies in no student's folder; put it into one")
    if entry.trouble:
        return _Found(Who(stem, "file"), unread=entry.trouble)
    for notebook in sorted(notebooks, key=len, reverse=True):
        for pattern in (rf"(.+?)[-_ ]+{re.escape(notebook)}(.*)", rf"{re.escape(notebook)}[-_ ]+(.+)()"):
            if match := re.fullmatch(pattern, stem, re.IGNORECASE):
                return _Found(Who(match[1], "file"), File(f"{notebook}{match[2]}.ipynb", entry))
    (name, *more) = notebooks
    return _Found(Who(stem, "file"), File(entry.name if more else f"{name}.ipynb", entry))


def _one_person_many_files(handed: list[Handed]) -> list[Handed]:
    """Give "anna (1).ipynb" to the student of "anna.ipynb", if there is one."""
    by_name = {one.who.name: one for one in handed}
    result: dict[str, Handed] = {}
    rest = []
    for one in handed:
        stem, number = without_copy_mark(one.who.name)
        if one.who.platform == "file" and one.files and number and stem in by_name and by_name[stem].files:
            first = result.get(stem, by_name[stem])
            copies = tuple(replace(file, number=number) for file in one.files)
            result[stem] = replace(first, files=first.files + copies)
        else:
            rest.append(one)
    return [result.get(one.who.name, one) if one.who.name in result else one for one in rest]


def _without_wrapper(source: Source, assignment: str) -> Source:
    """Leave out the one folder that all the rest is in, as archives of a folder have it."""
    tops = {entry.parts[0] for entry in source.entries} | {path[0] for path in source.folders}
    if not source.is_archive or len(tops) != 1 or any(len(entry.parts) < 2 for entry in source.entries):
        return source
    (top,) = tops
    inner = {path[1] for path in source.folders if len(path) > 1}
    loose = [entry.parts[1] for entry in source.entries if len(entry.parts) == 2]
    wraps = bool(inner - {assignment}) or any(_CANVAS.fullmatch(name) or _MOODLE.fullmatch(name) for name in loose)
    if _MOODLE.fullmatch(top) or _EXCHANGE.fullmatch(top) or not (wraps or len(loose) > 1):
        return source
    entries = tuple(replace(entry, parts=entry.parts[1:]) for entry in source.entries)
    return Source(source.name, entries, tuple(path[1:] for path in source.folders if len(path) > 1), True)


def _time(text: str) -> datetime | None:
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(text)
    except (ValueError, OverflowError):
        return None
