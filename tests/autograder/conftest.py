"""A small course to grade, and what to do with it."""

import os
import shutil
from pathlib import Path

import pytest

from autograder.course import Course, find_course
from autograder.release import release
from tests.autograder.small_course import ASSIGNMENT, CORPUS, REPOSITORY, make_solution, write_notebook


@pytest.fixture(scope="session", autouse=True)
def _kernels_find_the_packages() -> None:
    """Kernels import dlcourse whether or not it is installed."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released course. Making a gradebook takes seconds, copying one nothing."""
    root = tmp_path_factory.mktemp("template") / "course"
    root.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    write_notebook(root / "solutions" / ASSIGNMENT / "numbers.ipynb", make_solution())
    corpus = root / "sources" / "solutions" / ASSIGNMENT / "numbers.corpus.py"
    corpus.parent.mkdir(parents=True)
    corpus.write_text(CORPUS)
    release(root, ASSIGNMENT)
    return root


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    """A course of one's own, with a released exercise and nothing handed in."""
    return find_course(shutil.copytree(template, tmp_path / "course"))
