"""A gradebook in PostgreSQL: a real server, started for these tests, and several writers at once."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.course import Course, find_course
from autograder.export.marks import read_marks_of_class
from autograder.gradebook import open_gradebook
from autograder.intake.lateness import Due, set_due
from autograder.intake.roster import read_roster
from autograder.students import read_due, write_students
from tests.autograder.small_course import ASSIGNMENT, find, submit

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgresql")]
PORT = 5999


def _programs() -> Path:
    """The folder of the server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "/none")]
    if not found[-1].exists():
        message = "PostgreSQL is not installed (Debian: apt install postgresql)"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return found[-1].parent


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server on a socket of its own; the address of a new database."""
    programs = _programs()
    # The server's user must reach the folder, and a socket's path must be short.
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/pg-XXXXXX"], text=True).strip())
    as_user = []
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), *arguments]
        with open(folder / "log", "ab") as log:
            done = subprocess.run(command, cwd=folder, stdout=log, stderr=log)
        assert done.returncode == 0, (folder / "log").read_text()

    data = str(folder / "data")
    run("initdb", "-D", data, "-A", "trust", "-U", "grader", "--no-sync")
    options = f"-k {folder} -p {PORT} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "-D", data, "-o", options, "-w", "start")
    run("createdb", "-h", str(folder), "-p", str(PORT), "-U", "grader", "gradebook")
    yield f"postgresql+psycopg://grader@/gradebook?host={folder}&port={PORT}"
    run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def served(course: Course, server: str) -> Course:
    """The small course, with its gradebook in the server."""
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {server!r}\n")
    (course.grading / "gradebook.db").unlink(missing_ok=True)
    return find_course(course.root)


def grade(course: Course, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--no-feedback", "--exit-zero", *arguments]
    return subprocess.Popen(command, cwd=course.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def marks(course: Course) -> dict[str, dict[str, float]]:
    with open_gradebook(course) as gradebook:
        return {
            submission.student.id: {g.name: g.score for notebook in submission.notebooks for g in notebook.grades}
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def test_grading_into_postgresql_and_again(served: Course) -> None:
    submit(served, "ada")
    submit(served, "bob", lambda notebook: find(notebook, "add").update(source="def add(a, b):\n    return a - b"))
    first = grade(served)
    output, _ = first.communicate(timeout=300)
    assert first.returncode == 0, output
    before = marks(served)
    assert before["ada"]["add_test"] > 0 and before["bob"]["add_test"] == 0
    assert before["ada"]["double_test"] == before["bob"]["double_test"] == 3

    again = grade(served)
    output, _ = again.communicate(timeout=300)
    assert again.returncode == 0 and "unchanged" in output, output
    assert marks(served) == before
    assert not (served.grading / "gradebook.db").exists()


def test_the_desk_with_postgresql(served: Course, tmp_path: Path) -> None:
    """The class, due dates, extensions and marks come from the server too."""
    (tmp_path / "list.csv").write_text("id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\n")
    write_students(served, read_roster(tmp_path / "list.csv"))
    set_due(served, ASSIGNMENT, "2026-03-01 12:00 UTC")
    submit(served, "ada")
    (served.submitted / "ada" / ASSIGNMENT / "timestamp.txt").write_text("2026-03-03 12:00:00 UTC")
    process = grade(served)
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output
    with open_gradebook(served) as gradebook:
        gradebook.find_submission(ASSIGNMENT, "ada").extension = timedelta(days=1)
        gradebook.db.commit()
    assert read_due(served, ASSIGNMENT) == Due(datetime(2026, 3, 1, 12), {"ada": timedelta(days=1)})
    ada = next(s for s in read_marks_of_class(served, ASSIGNMENT).scores if s.person.student == "ada")
    assert (ada.person.first, ada.person.email) == ("Ada", "ada@example.org")
    assert (ada.raw, ada.waiting, ada.late) == (6, ("why",), timedelta(days=1))


def test_a_server_that_is_not_there(course: Course) -> None:
    config = course.root / "nbgrader_config.py"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"postgresql+psycopg://grader@127.0.0.1:{free.getsockname()[1]}/gradebook"
    config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {url!r}\n")
    submit(find_course(course.root), "ada")
    process = grade(course)
    output, _ = process.communicate(timeout=120)
    assert process.returncode != 0 and "Traceback" not in output
    assert "gradebook" in output and "cannot be opened" in output, output
