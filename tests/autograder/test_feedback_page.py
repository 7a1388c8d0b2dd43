"""Feedback pages: what they say and in which order, and that nothing in them can do anything."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import Course, find_course
from autograder.feedback import markup, outputs
from autograder.feedback.hidden import TEXT_LEFT_OUT, HideTests
from autograder.feedback.maths import mathml
from autograder.feedback.ordinary import is_ordinary
from autograder.feedback.outline import anchors, outline
from autograder.grade import grade
from autograder.gradebook import open_gradebook
from autograder.notebook import questions, read_notebook
from dlcourse.checks.failure import RAISED_THERE
from tests.autograder.fake_engine import FakeEngine
from tests.autograder.small_course import (
    ADD_TEST,
    ASSIGNMENT,
    REPOSITORY,
    answer,
    find,
    graded,
    make_solution,
    notebook_of,
    submit,
    write_notebook,
)

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)><a href='javascript:alert(1)'>x</a>"
    "<iframe src=//x.y></iframe><style>*{display:none}</style><form action=//x.y><input></form></div></main>"
    "<math><mtext><img src=x onerror=alert(1)></mtext></math><base href=//x.y><meta http-equiv=refresh content=0>"
)
ALLOWED_HERE = {"charset", "content", "http-equiv", "name"}  # of the page's own <meta>
VOID = {"meta", "img", "br", "hr", "col"}


class Page(HTMLParser):
    """Reads a page: its text, and all that would be wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.faults, self.ids, self.targets = "", [], [], []
        self.open, self.levels, self._quiet = [], [], 0
        self.feed(text)
        self.close()
        assert self.open == [], "elements are open at the end"
        self.faults += [f"no #{one}" for one in self.targets if one not in self.ids]
        self.faults += [f"twice #{one}" for one in set(self.ids) if self.ids.count(one) > 1]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag in ("script", "iframe", "object", "embed", "form", "input", "base", "link", "svg"):
            self.faults.append(tag)
        self.faults += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        if tag == "img" and not (values.get("src", "").startswith("data:image/") and values.get("alt")):
            self.faults.append(f"img {values}")
        if tag == "a" and (href := values.get("href")):
            if href.startswith("#"):
                self.targets.append(href[1:])
            elif not re.match("https?://|mailto:", href):
                self.faults.append(f"a {href}")
        self.ids += [values["id"]] if "id" in values else []
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)
        self._quiet += tag in ("style", "head")

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"
        self._quiet -= tag in ("style", "head")

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.text += data


def page_of(course: Course, student: str = "ann") -> str:
    return (course.feedback / student / ASSIGNMENT / "numbers.html").read_text(encoding="utf-8")


def graded_page(course: Course, **answers: str) -> Page:
    """Hand in other answers, grade, and read the page."""

    def change(notebook: nbformat.NotebookNode) -> None:
        for name, source in answers.items():
            find(notebook, name).source = source

    submit(course, "ann", change)
    grade(course, ASSIGNMENT, engine=FakeEngine())
    page = Page(page_of(course))
    assert page.faults == []
    return page


def section(page: Page, title: str, until: str) -> str:
    return page.text.partition(f"\n{title}\n")[2].partition(f"\n{until}\n")[0]


def test_it_opens_with_what_is_right(course: Course) -> None:
    double = "def double(numbers):\n    for i, n in enumerate(numbers):\n        numbers[i] = 2 * n\n    return numbers"
    page = graded_page(course, add="def add(a, b):\n    return a - b", double=double)
    assert "3 of 8 points; 2 more wait for a person" in page.text
    right, missing = (
        section(page, "What is right", "What is missing"),
        section(page, "What is missing", "What waits for a person"),
    )
    assert "Biggest: 1 of 1 point" in right and "twice each number (2 points)" in right and "Add" not in right
    assert "Add" in missing and "0 of 2 points" in missing and "that is the difference" in missing
    assert "2 of 3 points" in missing and "double must not change its argument" in missing
    assert "up to 2 points" in section(page, "What waits for a person", "Your notebook")
    assert "<mark>that is the difference</mark>" in page_of(course)
    assert page.levels[:2] == [1, 2] and all(b - a <= 1 for a, b in zip(page.levels, page.levels[1:], strict=False))


def test_hidden_tests_stay_hidden(course: Course) -> None:
    page = graded_page(course, add="def add(a, b):\n    return 3")
    assert "20 + 22: got 3, expected 42" in page.text  # the message, which is for them
    assert "add(20, 22)" not in page.text and "(hidden tests ran here)" in page.text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def add(a, b):\n    return a +", "not valid Python"),
        ("def add(a, b):\n    raise NotImplementedError()", "There is no answer."),
        ("def plus(a, b):\n    return a + b", "`add` is not defined".replace("`", "")),
        ("raise OSError('no file')", "in the cell of your answer: OSError: no file"),
    ],
)
def test_why(course: Course, source: str, said: str) -> None:
    assert said in graded_page(course, add=source).text


def test_everything_is_right(course: Course) -> None:
    page = graded_page(course)
    assert "What is missing" not in page.text and "6 of 8 points" in page.text


def test_nothing_is_right(course: Course) -> None:
    no = "raise NotImplementedError()"
    page = graded_page(course, add=no, double=no, biggest=no, why="YOUR ANSWER HERE")
    assert "No question has its marks yet." in page.text or "wait for a person" in page.text


def test_marks_and_comments_of_persons(course: Course) -> None:
    graded_page(course, biggest="biggest = min")
    with open_gradebook(course) as gradebook:
        for name, points in (("why", 1.5), ("biggest_test", 1)):
            mark = gradebook.find_grade(name, "numbers", ASSIGNMENT, "ann")
            mark.manual_score, mark.needs_manual_grade = points, False
        comment = gradebook.find_comment("why", "numbers", ASSIGNMENT, "ann")
        comment.manual_comment = f"**Say** *why* $a_1$. {HOSTILE}"
        gradebook.db.commit()
    assert grade(course, ASSIGNMENT, engine=FakeEngine()).pages == 1
    page = Page(page_of(course))
    assert page.faults == []
    assert "7.5 of 8 points\n" in page.text and "wait" not in page.text.partition("Your notebook")[0]
    assert "Biggest: 1 of 1 point" in section(page, "What is right", "What is missing")
    assert "marked by hand" in page.text and "Say why" in page.text
    assert "<strong>Say</strong>" in page_of(course)


def test_a_penalty_for_handing_in_late(course: Course) -> None:
    submit(course, "ann")
    grade(course, ASSIGNMENT, engine=FakeEngine())
    with open_gradebook(course) as gradebook:
        gradebook.find_submission_notebook("numbers", ASSIGNMENT, "ann").late_submission_penalty = 2
        gradebook.db.commit()
    assert grade(course, ASSIGNMENT, engine=FakeEngine()).pages == 1
    assert "2 points are taken off for handing in late" in Page(page_of(course)).text


def test_where_to_reread(course: Course) -> None:
    """The text of a question says it; with an address of the course it is a link."""
    notebook = make_solution()
    cell = next(cell for cell in notebook.cells if cell.source == "## Add")
    cell.source += " (2 points)\n\nSums.\n\n*Reread:* [chapter 1, Sums](../../course/01-sums.ipynb#What-is-a-sum?)"
    write_notebook(course.solutions / ASSIGNMENT / "numbers.ipynb", notebook)
    page = graded_page(course, add="def add(a, b):\n    return a", double="double = 1")
    missing = section(page, "What is missing", "What waits for a person")
    assert missing.count("Reread: chapter 1, Sums (course/01-sums.ipynb)") == 1
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Autograder.course_url = "https://example.org/course/"\n')
    assert grade(find_course(course.root), ASSIGNMENT, engine=FakeEngine()).pages == 1
    assert 'href="https://example.org/course/course/01-sums.ipynb#What-is-a-sum?"' in page_of(course)


@pytest.mark.parametrize("path", sorted((REPOSITORY / "solutions").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_every_question_says_where_to_reread(path: Path) -> None:
    source = read_notebook(path)
    said = outline(source, path.stem)
    assert said.title.startswith("Exercise ")
    for question in questions(source):
        assert said.titles[question.name] != question.name and "points" not in said.titles[question.name]
        assert said.passages[question.name], f"{question.name} does not say where to reread"
        for passage in said.passages[question.name]:
            assert passage.anchor in anchors(read_notebook(REPOSITORY / passage.path)), passage


def test_a_page_stands_alone(course: Course) -> None:
    graded_page(course)
    text = page_of(course)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">') and 'name="viewport"' in text
    assert "default-src 'none'" in text and "prefers-color-scheme: dark" in text.replace("scheme:dark", "scheme: dark")
    assert re.findall(r"(?:src|href)=.?(?:https?:)?//[^\s>]*", text) == []
    for landmark in ("<header>", '<main id="main">', "<nav aria-label=", "<footer>"):
        assert landmark in text
    assert len(text) < 40_000


def test_nothing_of_a_submission_runs(course: Course) -> None:
    def change(notebook: nbformat.NotebookNode) -> None:
        find(notebook, "why").source = (
            HOSTILE + "[x](javascript:alert(1)) ![x](http://x.y/z.png) $\\text{" + HOSTILE + "}$"
        )
        notebook.cells.append(nbformat.v4.new_raw_cell(HOSTILE))
        notebook.cells.append(
            nbformat.v4.new_markdown_cell("# " + HOSTILE, attachments={HOSTILE: {"image/png": HOSTILE}})
        )
        find(notebook, "add").source = f"def add(a, b):\n    return {HOSTILE!r}"
        find(notebook, "double").source = f"print({HOSTILE!r})\nraise ValueError({HOSTILE!r})"

    submit(course, "ann", change)
    grade(course, ASSIGNMENT, engine=FakeEngine())
    assert Page(page_of(course)).faults == []


def wrapped(parts: list[str]) -> str:
    return f"<!DOCTYPE html><div>{''.join(parts)}</div>"


PNG = "iVBORw0KGgo="


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": HOSTILE},
        {"text/html": f'<figure><img src="data:image/png;base64,{PNG}" alt="a &quot;line&quot;" onerror="x"></figure>'},
        {"text/html": f'<img src="data:image/svg+xml;base64,{PNG}"><img src="data:image-0"><img alt="{HOSTILE}">'},
        {"text/html": ["<table style='position:fixed'><tr><td>", "1</td></tr></table>"]},
        {"image/png": f'{PNG}" onerror="x'},
        {"image/png": PNG, "text/plain": HOSTILE},
        {"image/svg+xml": HOSTILE},
        {"text/markdown": HOSTILE},
        {"text/latex": f"$$\\text{{{HOSTILE}}}$$"},
        {"application/javascript": "alert(1)", "text/plain": "x"},
        {"text/plain": {"a": [1]}},
        {"text/plain": None, "text/html": 3},
    ],
)
def test_outputs_do_nothing(data: dict) -> None:
    page = Page(wrapped(outputs.shown([{"output_type": "display_data", "data": data}])))
    assert page.faults == []


def test_outputs_are_those_of_the_cell() -> None:
    picture = f'<img src="data:image/png;base64,{PNG}" alt="two lines">'
    figure = f'<figure style="margin: 0">{picture}<figcaption>x</figcaption></figure>'
    html, table, stream, error = outputs.shown(
        [
            {"output_type": "display_data", "data": {"text/html": figure, "image/png": PNG, "text/plain": "two lines"}},
            {"output_type": "execute_result", "data": {"text/html": "<table><tr><td>1</td></tr></table>"}},
            {"output_type": "stream", "name": "stdout", "text": "50 %\r100 %\n\x1b[31mred\x1b[0m <b>\n"},
            {"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["\x1b[0;31mE\x1b[0m: <x>"]},
        ]
    )
    assert picture in html and "<figcaption>x" in html
    assert "<td>1</td>" in table and 'tabindex="0"' in table
    assert stream == '<pre class="out">100 %\nred &lt;b&gt;</pre>'
    assert error == '<pre class="out err">E: &lt;x&gt;</pre>'


def test_long_outputs_are_cut() -> None:
    (one,) = outputs.shown([{"output_type": "stream", "text": "x" * 10**6}])
    assert len(one) < 25_000 and "980000 characters are left out" in one
    assert len(outputs.shown([{"output_type": "stream", "text": "x"}] * 500)) == outputs.MAX_OUTPUTS + 1
    assert "is left out" in outputs.shown([{"output_type": "display_data", "data": {"image/png": "A" * 5_000_000}}])[0]
    assert "too long" in markup.clean("<b>x</b>" * 100_000)


@given(st.text() | st.text(alphabet="<>/a b=\"'&$\\{}_^*#`|-\n[](!):"))
def test_markdown_is_harmless(text: str) -> None:
    Page(wrapped([markup.markdown(text)]))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x), max_leaves=8
    )
)
def test_outputs_may_be_anything(value: object) -> None:
    odd = {"output_type": "display_data", "data": {"text/html": value, "image/png": value, "text/plain": value}}
    for output in (value, odd, {"output_type": "stream", "text": value}, {"output_type": "error", "traceback": value}):
        Page(wrapped(outputs.shown([json.loads(json.dumps(output))])))


def test_formulas() -> None:
    pytest.importorskip("latex2mathml")
    made = mathml(r"\hat y = \frac{1}{n} \sum_i x_i", block=True)
    assert "<mfrac>" in made and '<div class="formula" ' in made and "ns0:" not in made
    assert mathml(r"\href{javascript:alert(1)}{x}").count("javascript:") == 0
    assert (
        mathml(r"\text{<script>alert(1)</script>}")
        == '<code class="tex">$\\text{&lt;script&gt;alert(1)&lt;/script&gt;}$</code>'
    )
    assert mathml(r"\frac{") == '<code class="tex">$\\frac{$</code>'
    assert mathml("{" * 1999).startswith('<code class="tex">')


# --- what answers may have kept of hidden tests ---------------------------------------------------------------------


def raised(name: str, text: str) -> nbformat.NotebookNode:
    lines = ["line 1 of this cell:  double(1)", RAISED_THERE, f"line 1, in {text}: x", f"{name}: {text}"]
    return nbformat.v4.new_output("error", ename=name, evalue=text, traceback=lines)


def hidden_below(test: str, *shown: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A test below one with hidden parts, as a page shows it."""
    below = graded("double_test", test, 3)
    below.outputs = list(shown)
    notebook = notebook_of(answer("double", "def double(numbers): pass"), graded("add_test", ADD_TEST, 2), below)
    return HideTests().preprocess(notebook, {})[0].cells[-1]


@pytest.mark.parametrize("name", ["ValueError", "AssertionError", "Canary"])
def test_what_answers_raise_after_hidden_tests_is_left_out(name: str) -> None:
    cell = hidden_below("double(1)", raised(name, "canary 7b"))
    (error,) = cell.outputs
    assert error.evalue == TEXT_LEFT_OUT and error.ename == ("an exception" if name == "Canary" else name)
    assert error.traceback == ["line 1 of this cell:  double(1)", f"{error.ename}: {TEXT_LEFT_OUT}"]


def test_what_python_says_stays() -> None:
    cell = hidden_below("double(1)", raised("TypeError", "unsupported operand type(s) for +: 'int' and 'NoneType'"))
    assert "NoneType" in cell.outputs[0].evalue
    cell = hidden_below("double(1)", raised("NameError", "name 'numbers' is not defined"))  # a word of the answer's
    assert "numbers" in cell.outputs[0].evalue


def test_parts_after_hidden_tests() -> None:
    lines = (
        "✓ first (1 of 1)\n✗ second (0 of 1): got 3, expected 4\n"
        f"✗ third (0 of 1): {RAISED_THERE} ValueError: canary (in canary, line 3)\n"
        f"✗ fourth (0 of 1): {RAISED_THERE} IndexError: list index out of range (in double, line 3)\n"
    )
    cell = hidden_below("parts.score()", nbformat.v4.new_output("stream", text=lines))
    text = cell.outputs[0].text
    assert (
        "canary" not in text and "got 3, expected 4" in text and f"{RAISED_THERE} ValueError: {TEXT_LEFT_OUT}" in text
    )
    assert text.endswith("IndexError: list index out of range (in double, line 3)\n")


def test_a_test_that_goes_on_after_its_hidden_part() -> None:
    for rest, shown in (("parts.score()", True), ("check(add(1, 2))\nparts.score()", False)):
        cell = graded("add_test", f"{ADD_TEST}\n{rest}", 2)
        cell.outputs = [raised("ValueError", "canary")]
        HideTests().preprocess(notebook_of(cell), {})
        assert ("canary" in cell.outputs[0].evalue) is shown


@pytest.mark.parametrize(
    "text", ["c a n a r y", "canary", "7b ba4", "1 2 3 4 5 6 7 8 9 10 11 12 13", "ValueError\x07", "9" * 17]
)
def test_what_is_not_ordinary(text: str) -> None:
    assert not is_ordinary(text, frozenset())
