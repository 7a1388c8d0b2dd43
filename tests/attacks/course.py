"""The course that the attacks are handed in to: its exercise, its secrets, and students who are honest."""

import secrets
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from autograder.course import find_course
from autograder.notebook import read_notebook
from autograder.release import release
from tests.attacks.attack import find, solved
from tests.attacks.exercise import ASSIGNMENT, NOTEBOOK, TOTAL, make_source

REPOSITORY = Path(__file__).resolve().parents[2]
HONEST = ("0-honest", "m-honest", "zz-honest")  # graded before, among and after the attacks
GRADED = "graded-long-ago"  # whose marks stand in the gradebook, and whose files are gone
SETTINGS = """
c.Execute.timeout = {cell_seconds}
c.Autograder.limits = {{
    "cell_seconds": {cell_seconds},
    "total_seconds": {total_seconds},
    "memory_megabytes": 1024,
    "processes": 48,
    "disk_megabytes": 16,
    "message_megabytes": 16,
    "restarts": 5,
}}
"""
SECRETS = ("hidden", "argument", "solution", "other", "environment", "home", "gradebook")


@dataclass(frozen=True)
class Target:
    """A course that is attacked."""

    root: Path
    secrets: dict[str, str]


def make_course(root: Path, *, cell_seconds: int = 3, total_seconds: int = 15) -> Target:
    """Make a course, and hand in what honest students have done."""
    words = {kind: f"canary-{kind}-{secrets.token_hex(8)}" for kind in SECRETS}
    root.mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(SETTINGS.format(cell_seconds=cell_seconds, total_seconds=total_seconds))
    solution = root / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    solution.parent.mkdir(parents=True)
    nbformat.write(make_source(words), solution)
    release(root, ASSIGNMENT)
    course = find_course(root)
    released = read_notebook(root / "exercises" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    for student in HONEST:
        notebook = solved(released)
        find(notebook, "sunny").source += f"  # {words['other']}"
        folder = course.submitted / student / ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{NOTEBOOK}.ipynb")
    with Gradebook(course.gradebook_url, course.course_id) as gradebook:
        gradebook.add_student(GRADED, email=f"{words['gradebook']}@example.org")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # about how nbgrader makes a submission
            submission = gradebook.add_submission(ASSIGNMENT, GRADED)
        for grade in submission.notebooks[0].grades:
            grade.auto_score = grade.max_score
        gradebook.db.commit()
        assert submission.score == TOTAL
    return Target(root, words)
