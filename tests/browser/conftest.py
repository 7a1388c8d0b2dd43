"""One JupyterLab and one browser for all browser tests: a further notebook then costs seconds."""

import re
import shutil
from collections.abc import Iterator

import pytest

from bench.notebooks import ROOT
from tests.browser.driver import Lab, lab

SHOTS = ROOT / "artifacts" / "screenshots"


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a copy of the course, so that no test changes the repository."""
    copy = tmp_path_factory.mktemp("participant") / "course"
    wanted = ("course", "exercises", "solutions", "dlcourse", "autograder")
    for name in wanted:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    shutil.copy(ROOT / "nbgrader_config.py", copy)
    with lab(copy) as view:
        yield view


@pytest.fixture
def view(browser: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """The shared browser; afterwards a screenshot, and no JavaScript error."""
    browser.problems.clear()
    yield browser
    SHOTS.mkdir(parents=True, exist_ok=True)
    browser.page.screenshot(path=SHOTS / (re.sub(r"\W+", "-", request.node.name).strip("-") + ".png"))
    assert browser.problems == []
