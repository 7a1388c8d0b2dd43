"""Reading a submission's folder: bounded, and nothing but plain files."""

import os
from pathlib import Path

import pytest

import autograder.submission
from autograder.submission import read_given, read_submission


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submitted" / "ann" / "01-numbers"
    made.mkdir(parents=True)
    (made / "numbers.ipynb").write_bytes(b"{}")
    return made


def test_reads_notebooks_and_what_lies_beside_them(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "x.csv").write_bytes(b"1,2")
    (folder / "timestamp.txt").write_bytes(b"2026-01-01")
    (folder / "draft.ipynb").write_bytes(b"{}")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"")
    read = read_submission(folder, ["numbers", "more"], ["__pycache__", "*.pyc"])
    assert read.notebooks == {"numbers": b"{}"}
    assert read.files == {"data/x.csv": b"1,2", "timestamp.txt": b"2026-01-01"}
    assert (read.refused, read.notes, read.others) == ({}, (), ("data/x.csv", "draft.ipynb", "timestamp.txt"))


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "gradebook.db").write_bytes(b"secret")
    (folder / "numbers.ipynb").unlink()
    (folder / "numbers.ipynb").symlink_to(secret / "gradebook.db")
    (folder / "data.csv").symlink_to(secret / "gradebook.db")
    (folder / "folder").symlink_to(secret)
    read = read_submission(folder, ["numbers"])
    assert read.refused == {"numbers": "is a link; links are not followed"}
    assert read.notes == ("data.csv is a link; links are not followed", "folder is a link; links are not followed")
    assert b"secret" not in str(read).encode()


@pytest.mark.parametrize("level", [0, 1])
def test_a_folder_that_is_a_link(folder: Path, tmp_path: Path, level: int) -> None:
    link = [folder, folder.parent][level]
    link.rename(tmp_path / "elsewhere")
    link.symlink_to(tmp_path / "elsewhere")
    read = read_submission(folder, ["numbers"])
    assert read.notebooks == {} and read.refused == {"numbers": "its folder is a link; links are not followed"}


def test_pipes_and_devices_are_not_opened(folder: Path) -> None:
    (folder / "numbers.ipynb").unlink()
    os.mkfifo(folder / "numbers.ipynb")  # to open it would be to wait forever
    os.mkfifo(folder / "pipe")
    read = read_submission(folder, ["numbers"])
    assert read.refused == {"numbers": "is no plain file"} and read.notes == ("pipe is no plain file",)
    try:
        os.mknod(folder / "zero", 0o600 | 0o020000, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device")
    assert read_submission(folder, []).notes[-1] == "zero is no plain file"


def test_size_and_number_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autograder.submission, "MAX_FILE_MEGABYTES", 1)
    monkeypatch.setattr(autograder.submission, "MAX_FILES", 3)
    monkeypatch.setattr(autograder.submission, "MAX_MEGABYTES", 1)
    (folder / "numbers.ipynb").write_bytes(b" " * (2 << 20))
    (folder / "a.bin").write_bytes(b"x" * (1 << 20))
    (folder / "b.bin").write_bytes(b"x")
    for number in range(5):
        (folder / f"c{number}").touch()
    read = read_submission(folder, ["numbers"])
    assert read.refused == {"numbers": "is too large: there is room for 1 MB"}
    assert list(read.files) == ["a.bin", "c0", "c1"]
    assert read.notes[0] == "b.bin is too large: there is room for 0 MB"
    assert read.notes[1] == "c2 is left out: there are more than 3 files"
    with (folder / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    assert "sparse" not in read_submission(folder, []).files


def test_depth_and_names(folder: Path) -> None:
    deep = folder
    for number in range(12):
        deep = deep / str(number)
    deep.mkdir(parents=True)
    (folder / os.fsdecode(b"\xff.txt")).touch()
    (folder / "two\nlines").touch()
    read = read_submission(folder, ["numbers"])
    assert read.files == {}
    assert any("lies too deep" in note for note in read.notes)
    assert sum("its name is no text" in note for note in read.notes) == 2
    assert not any("\n" in note for note in read.notes)
    "".join(read.notes).encode()  # can be written


def test_no_folder(tmp_path: Path) -> None:
    assert "No such file" in read_submission(tmp_path / "a" / "b", ["numbers"]).refused["numbers"]


def test_given_files(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "x.csv").write_bytes(b"1")
    assert read_given(folder) == {"data/x.csv": b"1"}
    assert read_given(folder, ["data"]) == {}
