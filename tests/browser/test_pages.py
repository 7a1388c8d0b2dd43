"""Feedback pages and reports in a real browser: for screen readers, on a phone, in the dark, and with no script run."""

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from autograder.course import find_course
from autograder.grade import grade
from autograder.gradebook import open_gradebook
from autograder.release import release
from autograder.report.page import write_report
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import ASSIGNMENT, REPOSITORY, find, make_solution, submit, write_notebook
from tests.autograder.test_feedback_page import HOSTILE
from tests.browser.conftest import SHOTS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

# https://www.w3.org/TR/WCAG22/, levels A and AA, and what axe recommends beyond
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
FIGURE = """
from base64 import b64decode
class Table:
    def _repr_html_(self):
        return "<table><thead><tr><th>x</th></tr></thead><tr><td>1</td></tr></table>"
print("a very long line " * 40)
"""
LONG = "a + " * 60
MARKDOWN = f"# A title\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n$$\\sum_{{i=1}}^n \\frac{{x_i}}{{n}} {LONG} b$$\n\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page on which much is to be seen, a hostile one, and the report on their class."""
    root = tmp_path_factory.mktemp("pages") / "course"
    root.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    write_notebook(root / "solutions" / ASSIGNMENT / "numbers.ipynb", make_solution())
    release(root, ASSIGNMENT)
    course = find_course(root)

    def change(notebook, add: str, why: str) -> None:
        find(notebook, "add").source = add
        find(notebook, "double").source = "double = sorted" + FIGURE
        find(notebook, "why").source = why

    submit(course, "ann", lambda notebook: change(notebook, "def add(a, b):\n    # sum\n    return a - b", MARKDOWN))
    hostile = f"def add(a, b):\n    raise ValueError({HOSTILE!r})"
    submit(course, "bob", lambda notebook: change(notebook, hostile, MARKDOWN + HOSTILE))
    for n in range(12):
        submit(course, f"other-{n}", lambda notebook, n=n: change(notebook, f"add = lambda a, b: a + b  # {n}", "Why."))
    submit(course, "torn").write_text("{")
    grade(course, ASSIGNMENT, engine=FakeEngine())
    with open_gradebook(course) as gradebook:
        mark = gradebook.find_grade("why", "numbers", ASSIGNMENT, "ann")
        mark.manual_score, mark.needs_manual_grade = 1.5, False
        gradebook.find_comment("why", "numbers", ASSIGNMENT, "ann").manual_comment = "**Good.** Say why.\n\n" + HOSTILE
        gradebook.db.commit()
    grade(course, ASSIGNMENT, engine=FakeEngine())
    _, report = write_report(course, ASSIGNMENT)
    made = {student: course.feedback / student / ASSIGNMENT / "numbers.html" for student in ("ann", "bob")}
    return {**made, "report": report}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("name", ["ann", "bob", "report"])
def test_accessible_on_any_screen(
    chromium: Browser, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    # The page's own policy lets no script run, the checker's neither: it is set aside for this test alone.
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(pages[name].as_uri())
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"page-{name}-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is wider than the screen"
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", back)[:3])) < 200) is (scheme == "dark")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page, options=RULES).response["violations"]
    context.close()
    assert [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("name", ["ann", "bob", "report"])
def test_nothing_runs_and_nothing_is_fetched(chromium: Browser, pages: dict[str, Path], name: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    said, wanted = [], []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: wanted.append(request.url))
    page.goto(pages[name].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    context.close()
    assert said == [] and [url for url in wanted if not url.startswith(("file:", "data:"))] == []
