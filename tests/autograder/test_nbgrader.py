"""Plain nbgrader works from the course's root, and autograder leaves what nbgrader expects."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course
from autograder.grade import grade
from autograder.gradebook import open_gradebook, read_marks
from autograder.notebook import read_notebook
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.nbgrader import nbgrader
from tests.autograder.small_course import ASSIGNMENT, find, submit

pytestmark = pytest.mark.slow


def points(course: Course, student: str) -> dict[str, float]:
    with open_gradebook(course) as gradebook:
        return {name: mark.points for name, mark in read_marks(gradebook, ASSIGNMENT, "numbers", student).items()}


def test_from_nothing_to_feedback(course: Course) -> None:
    """Release, grade and feedback by nbgrader alone, beginning without a gradebook."""
    exercise = course.exercises / ASSIGNMENT / "numbers.ipynb"
    content = exercise.read_bytes()
    (course.grading / "gradebook.db").unlink()
    exercise.unlink()
    nbgrader(course, "generate_assignment", ASSIGNMENT, "--force")
    assert exercise.read_bytes() == content

    submit(course, "ann", lambda notebook: notebook.cells.remove(find(notebook, "add_test")))
    nbgrader(course, "autograde", ASSIGNMENT)
    assert points(course, "ann") == {"add_test": 2, "double_test": 3, "biggest_test": 1, "why": 0}
    nbgrader(course, "generate_feedback", ASSIGNMENT)
    page = (course.feedback / "ann" / ASSIGNMENT / "numbers.html").read_text()
    assert "hidden tests ran here" in page and "20 + 22" not in page
    assert "ann" in nbgrader(course, "db", "student", "list").stdout
    nbgrader(course, "export")
    assert f"{ASSIGNMENT}," in (course.root / "grades.csv").read_text()


def test_goes_on_where_autograder_stopped(course: Course) -> None:
    submit(course, "ann")
    submit(course, "bob").write_text("{")
    grade(course, ASSIGNMENT)
    before = points(course, "ann")
    result = nbgrader(course, "autograde", ASSIGNMENT, "--force", check=False)
    assert result.returncode == 1 and "NotJSONError" in result.stderr  # bob
    assert points(course, "ann") == before
    nbgrader(course, "generate_feedback", ASSIGNMENT, "--force")


def test_nbgrader_releases_our_pages(course: Course, tmp_path: Path) -> None:
    """`release_feedback` takes pages from grading/feedback/; students get theirs by what they handed in."""
    submission = submit(course, "ann")
    (submission.parent / "timestamp.txt").write_text("2026-11-21 12:00:00.000000 UTC")
    (submission.parent / "submission_secret.txt").write_text("of nbgrader submit")
    grade(course, ASSIGNMENT, engine=FakeEngine())
    page = (course.feedback / "ann" / ASSIGNMENT / "numbers.html").read_bytes()
    assert b"What is right" in page
    nbgrader(course, "release_feedback", ASSIGNMENT)
    (released,) = (course.grading / "exchange").rglob("feedback/*.html")
    assert released.read_bytes() == page
    nbgrader(course, "generate_feedback", ASSIGNMENT, "--force")  # whoever prefers nbgrader's pages
    page = (course.feedback / "ann" / ASSIGNMENT / "numbers.html").read_text()
    assert "What is right" not in page and "hidden tests ran here" in page and "20 + 22" not in page


def test_a_timeout_says_how_long(course: Course) -> None:
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("CELL_SECONDS = 30", "CELL_SECONDS = 1"))
    submit(course, "ann", lambda notebook: setattr(find(notebook, "add"), "source", "while True: pass"))
    nbgrader(course, "autograde", ASSIGNMENT)
    notebook = read_notebook(course.autograded / "ann" / ASSIGNMENT / "numbers.ipynb")
    assert find(notebook, "add").outputs[-1].evalue == "stopped after 1 s"
    assert points(course, "ann")["double_test"] == 3


def test_nothing_that_tensorflow_says_counts_as_an_error(course: Course) -> None:
    """nbgrader takes stderr for a failure; the settings keep TensorFlow from greeting there."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    code = "import os, autograder.course as c; c.find_course(); print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=course.root, env=environment, text=True) == "3\n"


@contextmanager
def jupyter_server(course: Course) -> Iterator[Any]:
    """A Jupyter server in the course's root; yields a function that gets JSON from it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (course.root / "server.log").open("w")
    options = ["--allow-root", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    command = [sys.executable, "-m", "jupyter", "server", *options, "--IdentityProvider.token=secret"]
    server = subprocess.Popen(command, cwd=course.root, stdout=log, stderr=log)

    def get(path: str) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": "token secret"})
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                raise AssertionError((course.root / "server.log").read_text()) from error
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, (course.root / "server.log").read_text()
                time.sleep(0.2)

    try:
        yield get
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def test_formgrader_knows_what_was_graded(course: Course) -> None:
    submit(course, "ann")
    grade(course, ASSIGNMENT)
    with jupyter_server(course) as get:
        (assignment,) = get("/formgrader/api/assignments")
        assert (assignment["name"], assignment["num_submissions"], assignment["max_score"]) == (ASSIGNMENT, 1, 8)
        assert assignment["source_path"] == f"solutions/{ASSIGNMENT}"
        (submission,) = get(f"/formgrader/api/submissions/{ASSIGNMENT}")
        assert (submission["student"], submission["score"]) == ("ann", 6)
        assert submission["autograded"] and submission["needs_manual_grade"]
