"""Whatever interrupts grading, the next run goes on there: nothing is lost, nothing is graded twice.

Grading is killed at its first write, at its second, and so on until it comes to its end undisturbed; after each, a run
in peace must leave what grading without any disturbance leaves. The same with a disk that is full from there on.
"""

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from autograder.course import Course, CourseError, find_course
from autograder.grade import ClassResult, grade
from autograder.gradebook import open_gradebook, read_gradebook
from autograder.store import Store, only_one
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ASSIGNMENT, find, submit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("faults")]

STUDENTS = ("ada", "bo", "cy")
CALLS = ("write", "replace", "unlink", "rmdir")  # of os, with all that changes files here
DISK_IS_FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class LoggingEngine(FakeEngine):
    """Writes down what it runs, so that it is known even if the process is killed."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def run(self, job, *, stop=None):
        outcome = super().run(job, stop=stop)
        with self._log.open("a") as file:
            file.write(f"{job.cells[1].source!r}\n")
        return outcome


def in_a_child(work: Callable[[], None]) -> int:
    """Do something in a fork of this process; return how that ended: 0, an exit code or minus a signal."""
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            work()
            code = 0
        except (CourseError, OSError):
            code = 2
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def disturb(n: int, disturbance: Callable[[str], None]) -> list[int]:
    """Let something happen before the n-th change of a file or of the gradebook, counted from now; for this process."""
    count = [0]

    def counted(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            count[0] += 1
            if count[0] >= n:
                disturbance(name)
            return original(*arguments, **options)

        return call

    for name in CALLS:
        setattr(os, name, counted(name, getattr(os, name)))
    Session.commit = counted("commit", Session.commit)
    return count


def kill(name: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fill_the_disk(name: str) -> None:
    if name == "write":
        raise DISK_IS_FULL
    if name == "commit":
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))


def run(course: Course, log: Path) -> ClassResult:
    return grade(course, ASSIGNMENT, workers=1, engine=LoggingEngine(log))


def state(course: Course) -> dict[str, Any]:
    """All that grading leaves, but for when it did so."""
    marks = read_gradebook(course, ASSIGNMENT)
    files = {
        str(path.relative_to(course.root)): path.read_bytes()
        for folder in (course.autograded, course.feedback)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    store = Store(course.grading / "results" / ASSIGNMENT)
    records = {student: store.record("graded", student) for student in STUDENTS}
    for record in records.values():
        for stamp in record["files"].values():
            stamp[1] = 0
    pages = {student: store.record("feedback", student) for student in STUDENTS}
    unfinished = list(course.grading.rglob(".*"))
    return {"rows": marks.rows, "comments": marks.comments, "times": marks.times, "files": files, "records": records,
            "pages": pages, "unfinished": unfinished}  # fmt: skip


@pytest.fixture(scope="module")
def before(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with an exercise graded before; ada was marked by hand, and has handed in anew; the others are new."""
    root = shutil.copytree(template, tmp_path_factory.mktemp("faults") / "course")
    course = find_course(root)
    submit(course, "ada", lambda notebook: setattr(find(notebook, "add"), "source", "def add(a, b): return 3"))
    grade(course, ASSIGNMENT, engine=FakeEngine())
    with open_gradebook(course) as gradebook:
        for name in ("why", "biggest_test"):
            mark = gradebook.find_grade(name, "numbers", ASSIGNMENT, "ada")
            mark.manual_score, mark.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    submit(course, "ada")
    submit(course, "bo", lambda notebook: setattr(find(notebook, "double"), "source", "double = 1"))
    submit(course, "cy").write_text("{")
    return root


@pytest.fixture
def fresh(before: Path, tmp_path: Path) -> Callable[[], tuple[Course, Path]]:
    """Make copies of that course, one at a time, always at the same place."""

    def copy() -> tuple[Course, Path]:
        shutil.rmtree(tmp_path / "course", ignore_errors=True)
        log = tmp_path / "log"
        log.write_text("")
        return find_course(shutil.copytree(before, tmp_path / "course")), log

    return copy


@pytest.mark.parametrize("disturbance", [kill, fill_the_disk])
def test_every_interruption_is_made_good(fresh: Callable[[], tuple[Course, Path]], disturbance: Callable) -> None:
    course, log = fresh()
    assert in_a_child(lambda: run(course, log)) == 0
    undisturbed, all_runs = state(course), log.read_text()
    assert len(all_runs.splitlines()) == 2  # cy's is no notebook
    assert undisturbed["unfinished"] == []
    n, ended = 0, None
    while ended != 0:
        n += 1
        course, log = fresh()

        def disturbed(number: int = n, course: Course = course, log: Path = log) -> None:
            disturb(number, disturbance)
            run(course, log)

        ended = in_a_child(disturbed)
        assert ended in (0, -signal.SIGKILL if disturbance is kill else 2), (n, ended)
        results = list((course.grading / "results" / ASSIGNMENT / "results").glob("*.gz"))
        log.write_text("")
        assert in_a_child(lambda course=course, log=log: run(course, log)) == 0, n
        ran = log.read_text().splitlines()
        # The result of ada's first submission is there from the start, and cy's is stored as well.
        assert len(ran) <= max(0, 4 - len(results)), (n, ran)
        assert state(course) == undisturbed, n
        log.write_text("")
        assert in_a_child(lambda course=course, log=log: _unchanged(run(course, log))) == 0
        assert log.read_text() == ""
    assert n > 30


def _unchanged(result: ClassResult) -> None:
    assert result.counts == {"unchanged": 3} and result.pages == 0


def test_it_says_what_was_skipped_and_why(fresh: Callable[[], tuple[Course, Path]]) -> None:
    course, log = fresh()
    run(course, log)
    shutil.rmtree(course.autograded / "bo")
    shutil.rmtree(course.feedback / "ada")
    result = run(course, log)
    assert result.counts == {"unchanged": 2, "finished from stored results": 1}
    assert result.pages == 1 and result.changes == {}
    assert log.read_text().count("\n") == 2


@pytest.mark.parametrize("room", [4, 12, 24, 48])
def test_a_really_full_disk(fresh: Callable[[], tuple[Course, Path]], tmp_path: Path, room: int) -> None:
    """A file system with so many kilobytes left; grading says so, and goes on when there is room."""
    course, log = fresh()
    assert in_a_child(lambda: run(course, log)) == 0
    undisturbed = state(course)
    course, log = fresh()
    kept = tmp_path / "kept"
    shutil.copytree(course.grading, kept)
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(course.grading)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.copytree(kept, course.grading, dirs_exist_ok=True)
        filler = course.grading / "filler"
        status = os.statvfs(course.grading)
        filler.write_bytes(b"x" * max(0, status.f_bavail * status.f_frsize - room * 1024))
        said = tmp_path / "said"

        def on_a_full_disk() -> None:
            try:
                run(course, log)
            except (CourseError, OSError) as error:
                said.write_text(str(error))
                raise

        assert in_a_child(on_a_full_disk) == 2
        assert "No space left on device" in said.read_text() or "Make room on the disk" in said.read_text()
        filler.unlink()
        assert in_a_child(lambda: run(course, log)) == 0
        assert state(course) == undisturbed
    finally:
        subprocess.run(["umount", str(course.grading)], check=True)


def test_a_second_one_is_told_to_wait(fresh: Callable[[], tuple[Course, Path]]) -> None:
    course, log = fresh()
    lock = course.grading / "results" / "lock"
    with (
        only_one(lock),
        pytest.raises(CourseError, match=rf"Another `autograder grade` is at work .*process {os.getpid()}, since \d"),
    ):
        run(course, log)
    assert lock.exists()  # and means nothing any more
    assert run(course, log).counts["graded"] == 3


def test_a_lock_ends_with_its_process(fresh: Callable[[], tuple[Course, Path]]) -> None:
    course, log = fresh()

    def die() -> None:
        with only_one(course.grading / "results" / "lock"):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(die) == -signal.SIGKILL
    assert run(course, log).counts["graded"] == 3
