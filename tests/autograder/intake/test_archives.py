"""Archives from strangers: each trick is refused with a reason, the others are collected, and nothing is lost."""

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import autograder.intake.archive
from autograder.collect import Collected, Outcome, collect
from autograder.course import Course, CourseError
from tests.autograder.intake.conftest import notebook_bytes
from tests.autograder.small_course import ASSIGNMENT

MakeZip = Callable[..., Path]


def run(course: Course, path: Path) -> dict[str, Collected]:
    return {one.student: one for one in collect(course, ASSIGNMENT, path)}


def everything_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../evil/numbers.ipynb", "leads out of the archive"),
        ("evil/../../../numbers.ipynb", "leads out of the archive"),
        ("/evil/numbers.ipynb", "has an absolute path"),
        ("C:/evil/numbers.ipynb", "has an absolute path"),
        ("\\\\host\\evil\\numbers.ipynb", "has an absolute path"),
        ("evil\\numbers.ipynb", "backslashes or control characters"),
        ("evil/num\tbers/numbers.ipynb", "backslashes or control characters"),
        ("evil/" + "deep/" * 9 + "numbers.ipynb", "it lies too deep"),
    ],
)
def test_paths(course: Course, make_zip: MakeZip, tmp_path: Path, name: str, reason: str) -> None:
    before = everything_below(tmp_path)
    mine = notebook_bytes(course)
    results = run(course, make_zip({name: mine, "ada/numbers.ipynb": mine}))
    assert results.pop("ada").outcome is Outcome.NEW
    (refused,) = results.values()
    assert refused.outcome is Outcome.REFUSED and reason in refused.notes[-1]
    written = everything_below(tmp_path) - before - {"class.zip"}
    assert all(path.startswith(("course/grading/submitted/ada", "course/grading/submitted")) for path in written)
    assert [path.name for path in course.submitted.iterdir()] == ["ada"]


def special(make_zip: MakeZip, course: Course, mode: int) -> Path:
    path = make_zip({"ada/numbers.ipynb": notebook_bytes(course)})
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("evil/numbers.ipynb")
        info.external_attr = mode << 16
        archive.writestr(info, "/etc/passwd")
    return path


@pytest.mark.parametrize(
    ("mode", "reason"), [(stat.S_IFLNK | 0o777, "is a link"), (stat.S_IFIFO | 0o644, "is no plain file")]
)
def test_links_and_pipes(course: Course, make_zip: MakeZip, mode: int, reason: str) -> None:
    results = run(course, special(make_zip, course, mode))
    assert results["ada"].outcome is Outcome.NEW
    assert results["evil"].outcome is Outcome.REFUSED and reason in results["evil"].notes[0]


def test_a_file_that_unpacks_to_too_much(course: Course, make_zip: MakeZip) -> None:
    path = make_zip({"ada/numbers.ipynb": notebook_bytes(course), "evil/numbers.ipynb": b" " * 40 * 2**20})
    assert path.stat().st_size < 100_000
    results = run(course, path)
    assert results["ada"].outcome is Outcome.NEW
    assert results["evil"].outcome is Outcome.REFUSED and "a zip bomb?" in results["evil"].notes[0]


def test_a_file_that_is_too_large(course: Course, make_zip: MakeZip) -> None:
    large = os.urandom(2**20) * 51
    results = run(course, make_zip({"evil/numbers.ipynb": large, "ada/numbers.ipynb": notebook_bytes(course)}))
    assert results["evil"].notes == ("numbers.ipynb is too large: there is room for 50 MB",)


def test_an_archive_that_unpacks_to_too_much(
    course: Course, make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_zip({f"s{n}/numbers.ipynb": b" " * 2**20 for n in range(3)})
    with zipfile.ZipFile(path) as archive:
        end = archive.start_dir
    content = bytearray(path.read_bytes())
    for _ in range(3):  # what the archive says of their sizes
        struct.pack_into("<I", content, end + 24, 0xF0000000)
        end += 46 + sum(struct.unpack_from("<HHH", content, end + 28))
    path.write_bytes(content)
    with pytest.raises(CourseError, match=r"would unpack to 11 GB, more than 8: a zip bomb\? Nothing was read"):
        run(course, path)
    monkeypatch.setattr(autograder.intake.archive, "MAX_FILES", 2)
    with pytest.raises(CourseError, match="holds 3 files, more than 2"):
        run(course, path)


def test_a_size_that_is_a_lie(course: Course, make_zip: MakeZip) -> None:
    """The archive says that a file is small; what is read ends there, and its sum is wrong."""
    path = make_zip({"evil/numbers.ipynb": b'{"cells": 1}' * 1000, "zoe/numbers.ipynb": notebook_bytes(course)})
    with zipfile.ZipFile(path) as archive:
        place = archive.start_dir
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, place + 24, 10)
    path.write_bytes(content)
    results = run(course, path)
    assert results["evil"].outcome is Outcome.REFUSED and "cannot be unpacked" in results["evil"].notes[0]
    assert results["zoe"].outcome is Outcome.NEW


def test_encrypted_files(course: Course, make_zip: MakeZip) -> None:
    path = make_zip({"evil/numbers.ipynb": notebook_bytes(course), "zoe/numbers.ipynb": notebook_bytes(course)})
    with zipfile.ZipFile(path) as archive:
        place = archive.start_dir
    content = bytearray(path.read_bytes())
    content[place + 8] |= 1
    path.write_bytes(content)
    results = run(course, path)
    assert results["evil"].notes == ("numbers.ipynb is encrypted",) and results["zoe"].outcome is Outcome.NEW


def test_archives_in_archives_and_foreign_files(course: Course, make_zip: MakeZip) -> None:
    path = make_zip(
        {
            "ada/numbers.ipynb": notebook_bytes(course),
            "ada/backup.zip": b"PK",
            "ada/run.exe": b"MZ",
            "bob/everything.zip": b"PK",
        }
    )
    results = run(course, path)
    assert results["ada"].outcome is Outcome.NEW
    assert "backup.zip is an archive inside the archive, which is not opened" in results["ada"].notes
    assert "run.exe is no notebook: left out" in results["ada"].notes
    assert results["bob"].outcome is Outcome.MISSING
    assert "everything.zip is an archive inside the archive, which is not opened" in results["bob"].notes
    assert everything_below(course.submitted / "ada") == {ASSIGNMENT, f"{ASSIGNMENT}/numbers.ipynb"}


def test_a_name_that_stands_twice(course: Course, make_zip: MakeZip) -> None:
    path = make_zip({"ada/numbers.ipynb": notebook_bytes(course), "bob/": b""})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("ada/numbers.ipynb", b"{}")
    assert run(course, path)["ada"].notes == ("numbers.ipynb stands twice in the archive",)


@pytest.mark.parametrize("cut", [1, 20, 100, 1000])
def test_bad_archives_lose_nothing(course: Course, make_zip: MakeZip, cut: int) -> None:
    good = make_zip({"ada/numbers.ipynb": notebook_bytes(course), "bob/numbers.ipynb": notebook_bytes(course)})
    run(course, good)
    before = {path: path.read_bytes() for path in course.submitted.rglob("*") if path.is_file()}
    torn = good.with_name("torn.zip")
    torn.write_bytes(good.read_bytes()[:-cut])
    with pytest.raises(CourseError, match=r"torn\.zip is no zip file that can be read"):
        run(course, torn)
    damaged = bytearray(good.read_bytes())
    for place in range(60, 400):
        damaged[place] ^= 0x5A
    torn.write_bytes(damaged)
    results = run(course, torn)
    assert results["ada"].outcome is Outcome.REFUSED and "what was collected before stays" in results["ada"].notes
    assert {path: path.read_bytes() for path in course.submitted.rglob("*") if path.is_file()} == before


def test_other_archives(course: Course, tmp_path: Path) -> None:
    (tmp_path / "class.rar").write_bytes(b"Rar!\x1a\x07\x00")
    with pytest.raises(CourseError, match="is no zip file that can be read"):
        run(course, tmp_path / "class.rar")
