"""Which of the files that somebody has handed in count: the assignment's notebooks, of several the latest."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from unicodedata import normalize

from nbgrader.utils import parse_utc

from autograder.intake.entries import ARCHIVES
from autograder.intake.platforms import File, without_copy_mark
from autograder.notebook import NotebookError, parse_notebook
from autograder.submission import RefusedError

TIMESTAMP = "timestamp.txt"  # nbgrader reads the time of a submission from it
MAX_NOTEBOOKS = 50  # of one student


@dataclass
class Chosen:
    """What of somebody's files counts."""

    notebooks: dict[str, bytes] = field(default_factory=dict)
    """By name, without `.ipynb`."""
    earlier: list[dict[str, bytes]] = field(default_factory=list)
    """Earlier attempts, the first one first."""
    time: datetime | None = None
    """When the notebooks were handed in, in UTC."""
    notes: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    """The names of the notebooks that there are, whether they count or not."""


@dataclass(frozen=True)
class _Candidate:
    file: File
    content: bytes
    order: tuple[datetime, int, int]
    """Where it comes among attempts."""
    time: datetime | None


def choose(files: Sequence[File], solutions: Mapping[str, bytes], *, use_times: bool) -> Chosen:
    """Choose what of somebody's files counts.

    A notebook is known by its name, with or without what browsers and platforms add to it ("perceptron (1).ipynb",
    "perceptron-2.ipynb"), else by the cells in it. Of several the latest counts: by time, then by the platform's
    number, then by the number in its name. Where none of these tells, nothing is guessed.

    Args:
        files: the files.
        solutions: the assignment's notebooks by name, without `.ipynb`.
        use_times: whether the archive's times are those when files were handed in.

    Raises:
        RefusedError: if a file that would count must not be read.
    """
    chosen = Chosen()
    given = _timestamps(files, chosen)
    notebooks = [file for file in files if file.name.lower().endswith(".ipynb")]
    chosen.found = sorted(file.entry.name for file in notebooks)
    _note_others(files, chosen)
    if len(notebooks) > MAX_NOTEBOOKS:
        raise RefusedError(f"there are {len(notebooks)} notebooks, more than {MAX_NOTEBOOKS}")
    by_name, rest = _by_name(notebooks, solutions)
    missing = [name for name in solutions if not by_name[name]]
    if missing and rest:
        _by_content(rest, missing, solutions, by_name, chosen)
    times = []
    attempts: dict[str, list[_Candidate]] = {}
    for name, of in by_name.items():
        if of and (candidates := _ordered(name, of, given, use_times, chosen)):
            attempts[name] = candidates
            last = candidates[-1]
            chosen.notebooks[name] = last.content
            times += [last.time] if last.time else []
            called = last.file.name.rpartition("/")[2]
            if called.lower() != f"{name}.ipynb".lower() and not last.file.number:  # a platform's "-2" is nothing new
                chosen.notes.append(f"{called} is taken for {name}.ipynb")
            try:
                parse_notebook(last.content)
            except NotebookError as error:
                chosen.notes.append(f"{called} {error}")
    chosen.time = max(times, default=None)
    chosen.earlier = _earlier(attempts)
    if chosen.earlier:
        chosen.notes.append(f"{len(chosen.earlier) + 1} attempts: the latest counts")
    return chosen


def _timestamps(files: Sequence[File], chosen: Chosen) -> dict[tuple[str, ...], datetime]:
    """Return the times that nbgrader's files say, by the folders that they lie in."""
    times = {}
    for file in files:
        if file.name.rpartition("/")[2] == TIMESTAMP:
            try:
                times[file.entry.parts[:-1]] = parse_utc(file.entry.read().decode().strip())
            except (ValueError, OverflowError):
                chosen.notes.append(f"{TIMESTAMP} holds no time and is left out")
    return times


def _note_others(files: Sequence[File], chosen: Chosen) -> None:
    others = []
    for file in files:
        name = file.name.rpartition("/")[2]
        if file.entry.is_notebook or name == TIMESTAMP:
            continue
        if file.entry.trouble:
            chosen.notes.append(f"{name} {file.entry.trouble}")
        elif name.lower().endswith(ARCHIVES):
            chosen.notes.append(f"{name} is an archive, which is not opened")
        else:
            others.append(name)
    if others:
        more = f" and {len(others) - 3} more files" if len(others) > 3 else ""
        are = "is no notebook" if len(others) == 1 else "are no notebooks"
        chosen.notes.append(f"{', '.join(sorted(others)[:3])}{more} {are}: left out")


def _by_name(
    notebooks: Sequence[File], names: Mapping[str, bytes]
) -> tuple[dict[str, list[tuple[File, int]]], list[File]]:
    """Sort notebooks by the assignment's that they are named after, each with the number in its name."""
    by_name: dict[str, list[tuple[File, int]]] = {name: [] for name in names}
    known = {name.casefold(): name for name in names}
    rest = []
    for file in notebooks:
        stem = normalize("NFC", file.name.rpartition("/")[2][: -len(".ipynb")])
        shorter, number = without_copy_mark(stem)
        while shorter.casefold() not in known and without_copy_mark(shorter)[1]:
            shorter = without_copy_mark(shorter)[0]  # "perceptron (1)-2"
        if stem.casefold() in known:
            by_name[known[stem.casefold()]].append((file, 0))
        elif shorter.casefold() in known:
            by_name[known[shorter.casefold()]].append((file, number))
        else:
            rest.append(file)
    return by_name, rest


def _by_content(
    rest: Sequence[File],
    missing: Sequence[str],
    solutions: Mapping[str, bytes],
    by_name: dict[str, list[tuple[File, int]]],
    chosen: Chosen,
) -> None:
    """Find missing notebooks among those with other names."""
    if len(rest) == 1 and len(solutions) == 1:
        by_name[missing[0]].append((rest[0], 0))
        return
    cells = {name: _cell_names(solutions[name]) for name in missing}
    alike: dict[str, list[File]] = {name: [] for name in missing}
    for file in rest:
        try:
            mine = _cell_names(file.entry.read())
        except RefusedError as error:
            chosen.notes.append(f"{file.entry.name} {error}")
            continue
        name = max(missing, key=lambda name: len(mine & cells[name]))
        if mine & cells[name]:
            alike[name].append(file)
    for name, files in alike.items():
        numbers = {file.number for file in files}
        if len(files) == 1 or (len(numbers) == len(files) and 0 not in numbers):
            by_name[name] += [(file, 0) for file in files]
        elif files:
            listed = ", ".join(file.entry.name for file in files[:4])
            chosen.notes.append(f"which of {listed} counts as {name}.ipynb is not guessed: rename or remove some")


def _ordered(
    name: str,
    files: Sequence[tuple[File, int]],
    given: Mapping[tuple[str, ...], datetime],
    use_times: bool,
    chosen: Chosen,
) -> list[_Candidate]:
    """Put attempts in order, the latest last; none if it cannot be told which that is."""
    candidates = []
    for file, number in files:
        time = given.get(file.entry.parts[:-1]) or file.time or (file.entry.time if use_times else None)
        try:
            content = file.entry.read()
        except RefusedError as error:
            if len(files) == 1:
                raise RefusedError(f"{file.entry.name} {error}") from error
            chosen.notes.append(f"{file.entry.name} {error}")
            continue
        candidates.append(_Candidate(file, content, (time or datetime.min, file.number, number), time))
    candidates.sort(key=lambda one: one.order)
    tied = [one for one in candidates if one.order == candidates[-1].order]
    if len({one.content for one in tied}) > 1:
        listed = ", ".join("/".join(one.file.entry.parts) for one in tied[-3:])
        chosen.notes.append(f"which of {listed} is the latest {name}.ipynb is not guessed: remove one")
        return []
    return candidates


def _earlier(attempts: Mapping[str, Sequence[_Candidate]]) -> list[dict[str, bytes]]:
    """Return the attempts before the last, each with the notebooks that differ."""
    most = max(map(len, attempts.values()), default=0)
    earlier: list[dict[str, bytes]] = []
    for back in range(most, 1, -1):
        files = {f"{name}.ipynb": of[-back].content for name, of in attempts.items() if len(of) >= back}
        last = {f"{name}.ipynb": of[-1].content for name, of in attempts.items()}
        if files not in earlier and any(last[name] != content for name, content in files.items()):
            earlier.append(files)
    return earlier


def _cell_names(content: bytes) -> set[str]:
    """Return nbgrader's names of a notebook's cells; none if it is no notebook."""
    try:
        cells = json.loads(content)["cells"]
        return {cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell["metadata"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()
