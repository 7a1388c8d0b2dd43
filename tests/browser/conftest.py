"""One JupyterLab and one browser for all browser tests: a further notebook then costs seconds."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from bench.notebooks import ROOT
from tests.browser import driver
from tests.browser.driver import Lab

SHOTS = ROOT / "artifacts" / "screenshots"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser."""
    with driver.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def participants_lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a copy of the course, so that no test changes the repository."""
    copy = tmp_path_factory.mktemp("participant") / "course"
    wanted = ("course", "exercises", "solutions", "dlcourse", "autograder")
    for name in wanted:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    shutil.copy(ROOT / "nbgrader_config.py", copy)
    with driver.lab(copy, chromium) as view:
        yield view


@contextmanager
def in_lab(lab: Lab, name: str) -> Iterator[Lab]:
    """The shared browser; afterwards a screenshot, and no JavaScript error."""
    lab.problems.clear()
    yield lab
    SHOTS.mkdir(parents=True, exist_ok=True)
    lab.page.screenshot(path=SHOTS / (re.sub(r"\W+", "-", name).strip("-") + ".png"))
    lab.leave()
    assert lab.problems == []


@pytest.fixture
def view(participants_lab: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """The shared browser, for one test."""
    with in_lab(participants_lab, request.node.name) as lab:
        yield lab
