"""Listing what a zip file holds. It comes from strangers: nothing is unpacked, and what is read is bounded."""

import re
import stat
import struct
import zipfile
import zlib
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path

from autograder.course import CourseError
from autograder.intake.entries import ARCHIVES, MAX_DEPTH, Entry, Source, is_clutter
from autograder.submission import RefusedError

MAX_FILES = 100_000
MAX_GIGABYTES = 8  # of all files together, unpacked
MAX_RATIO = 250  # of a file's size to what it takes in the archive; notebooks full of numbers have 30
RATIO_FROM = 2**20  # smaller files may have any ratio

_EXTENDED_TIME = 0x5455  # the extra field that holds the time in UTC
_ENCRYPTED = 0x1


def read_archive(path: Path, zone: tzinfo | None = None) -> Source:
    """List the files of a zip file.

    Args:
        path: the file.
        zone: where the times in it are from, if they do not say; where this computer is if None.

    Raises:
        CourseError: if it is no zip file, is damaged, or what it would unpack to is beyond all measure.
    """
    try:
        archive = zipfile.ZipFile(path)  # stays open: entries are read later
        infos = [info for info in archive.infolist() if not _is_clutter(info.filename)]
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error, ValueError) as error:
        raise CourseError(f"{path} is no zip file that can be read: {error}. Download it once more.") from error
    if len(infos) > MAX_FILES:
        raise CourseError(f"{path} holds {len(infos)} files, more than {MAX_FILES}: no class. Nothing was read.")
    total = sum(info.file_size for info in infos)
    if total > MAX_GIGABYTES << 30:
        raise CourseError(
            f"{path} would unpack to {total / 2**30:.0f} GB, more than {MAX_GIGABYTES}: a zip bomb? Nothing was read. "
            "If it is a class, unpack it and name the folder."
        )
    entries: dict[str, Entry] = {}
    folders: set[tuple[str, ...]] = set()
    for info in infos:
        parts, trouble = _checked_path(info)
        if info.is_dir() and not trouble:
            folders.add(parts)
            continue
        folders.update(parts[:n] for n in range(1, len(parts)) if not trouble)
        entry = Entry(parts, partial(_read, archive, info), _time(info, zone), trouble or _trouble(info))
        name = info.orig_filename
        entries[name] = entry if name not in entries else Entry(parts, entry._read, None, "stands twice in the archive")
    return Source(path.name, tuple(sorted(entries.values(), key=lambda e: e.parts)), tuple(sorted(folders)), True)


def _is_clutter(name: str) -> bool:
    return any(is_clutter(part) for part in name.split("/") if part not in (".", ".."))


def _checked_path(info: zipfile.ZipInfo) -> tuple[tuple[str, ...], str]:
    """Return the parts of a path, and why it is not to be trusted, or ""."""
    name = info.orig_filename  # what zipfile makes of it is already mended: we want to know
    is_drive = re.match(r"[A-Za-z]:", name)
    shown = tuple(
        part for part in re.split(r"[/\\\0]+", name[2 if is_drive else 0 :]) if part not in ("", ".", "..")
    ) or ("?",)
    shown = tuple("".join(c if c.isprintable() else "?" for c in part)[:200] for part in shown)
    if name.startswith(("/", "\\")) or is_drive:
        return shown, "has an absolute path in the archive"
    if ".." in re.split(r"[/\\]", name):
        return shown, "has a path that leads out of the archive"
    if "\\" in name or not name.isprintable():
        return shown, "has a path with backslashes or control characters in it"
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if not parts:
        return shown, "has no name"
    return (parts, "") if len(parts) <= MAX_DEPTH + 1 else (parts, "is left out: it lies too deep")


def _trouble(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "is a link; links are not followed"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is no plain file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"unpacks to {info.file_size / max(info.compress_size, 1):.0f} times its size: a zip bomb?"
    if info.filename.lower().endswith(ARCHIVES):
        return "is an archive inside the archive, which is not opened"
    return ""


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    if info.file_size > room:
        raise RefusedError(f"is too large: there is room for {room / 2**20:.0f} MB")
    try:
        with archive.open(info) as file:
            content = file.read(room + 1)  # zipfile stops where the file's size says, and checks its sum
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise RefusedError(f"cannot be unpacked: {error}") from error
    if len(content) > room:
        raise RefusedError(f"is too large: there is room for {room / 2**20:.0f} MB")
    return content


def _time(info: zipfile.ZipInfo, zone: tzinfo | None) -> datetime | None:
    """Return when an entry was last changed, in UTC; None if the archive does not know."""
    try:
        if seconds := _extended_time(info.extra):
            return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
        if info.date_time <= (1980, 1, 1, 0, 0, 0):  # what programs write that do not know
            return None
        local = datetime(*info.date_time, tzinfo=zone)
        return local.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


def _extended_time(extra: bytes) -> int:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _EXTENDED_TIME and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return int(struct.unpack_from("<i", extra, 5)[0])
        extra = extra[4 + size :]
    return 0
