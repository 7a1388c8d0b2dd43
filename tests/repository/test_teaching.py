"""The teaching guides agree with the chapters, the exercises and the corpora that they speak of."""

import re
from pathlib import Path

import pytest

from autograder.corpus import read_corpus
from autograder.feedback.outline import outline
from autograder.notebook import read_notebook

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "teaching"
CHAPTERS = sorted(path.stem for path in (ROOT / "sources" / "course").glob("*.md"))
WITH_EXERCISE = [name for name in CHAPTERS if (ROOT / "sources" / "solutions" / name).exists()]
PAGES = 1_350  # words; in print that is two pages

ROW = re.compile(r"^\| (.+?) \|$", re.MULTILINE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
QUOTED = re.compile(r"(\d+) `(\w+)`")
NUMBER = re.compile(r"(?<![\w.,/#-])\d+(?:[.,]\d+)+|(?<![\w.,/#-])\d{3,}")


def guide(chapter: str) -> str:
    return (GUIDES / f"{chapter}.md").read_text()


def chapter_text(chapter: str) -> str:
    return (ROOT / "sources" / "course" / f"{chapter}.md").read_text()


def source(chapter: str, ending: str = ".py") -> Path:
    """The text of an exercise, or the corpus beside it."""
    folder = ROOT / "sources" / "solutions" / chapter
    return folder / f"{chapter.split('-', 1)[1]}{ending}"


def section(text: str, heading: str) -> str:
    """What stands below a heading of level 2."""
    return re.split(HEADING, text)[2 * HEADING.findall(text).index(heading) + 2]


def rows(text: str) -> list[list[str]]:
    """The cells of each row of its tables, without the lines that divide head and body."""
    found = [row.split(" | ") for row in ROW.findall(text)]
    return [row for row in found if not set("".join(row)) <= set("-")]


def minutes(table: list[list[str]]) -> tuple[int, int]:
    """Sum of the minutes in the first column, and the total that its last row states."""
    first = [row[0] for row in table]
    return sum(int(cell) for cell in first if cell.isdigit()), int(re.search(r"\d+", first[-1])[0])


def test_index_names_every_chapter_with_its_times() -> None:
    listed = {row[-1]: row for row in rows((GUIDES / "README.md").read_text()) if row[-1].startswith("[guide]")}
    assert sorted(listed) == [f"[guide]({name}.md)" for name in CHAPTERS]
    assert sorted(path.stem for path in GUIDES.glob("*.md")) == sorted([*CHAPTERS, "README"])
    for name in CHAPTERS:
        title, taught, exercise, link = listed[f"[guide]({name}.md)"]
        text = chapter_text(name)
        heading = re.search(r"^# (.+)$", text, re.MULTILINE)[1]
        assert title == (heading.replace(" · ", " ") if " · " in heading else f"{int(name[:2])} {heading}")
        assert f"| **Teaching** | {taught} minutes" in text
        times = "none" if name not in WITH_EXERCISE else re.search(r"\[(\d+ to \d+) minutes\]", text)[1]
        assert exercise == times, link


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_minutes_add_up_to_what_the_chapter_says(chapter: str) -> None:
    added, total = minutes(rows(section(guide(chapter), "Timing")))
    assert added == total == int(re.search(r"\*\*Teaching\*\* \| (\d+) minutes", chapter_text(chapter))[1])


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_timing_goes_through_all_sections_in_order(chapter: str) -> None:
    taught = HEADING.findall(chapter_text(chapter).split("\n## Key points\n")[0])
    named = [re.match(r"\[(.+?)\]\(", row[1])[1] for row in rows(section(guide(chapter), "Timing"))[1:-1]]
    assert named == taught


def test_time_tables_add_up() -> None:
    times = section((GUIDES / "README.md").read_text(), "Three time tables")
    for day in re.split(r"^(?=\*\*)", times, flags=re.MULTILINE)[1:]:
        added, total = minutes(rows(day)[1:])
        stated = int(re.search(r"(\d+) minutes", day)[1])
        assert added == total == stated, day


@pytest.mark.parametrize("chapter", WITH_EXERCISE)
def test_mistakes_are_those_of_the_exercise(chapter: str) -> None:
    exercise = read_notebook(next((ROOT / "solutions" / chapter).glob("*.ipynb")))
    numbers = {name: title.split(" · ")[0] for name, title in outline(exercise, chapter).titles.items()}
    messages = {(wrong.question, wrong.expects) for wrong in read_corpus(source(chapter, ".corpus.py"))}
    table = rows(section(guide(chapter), "Common mistakes"))[1:]
    assert len(table) >= 8
    for question, says, thinks, answer in table:
        number, name = QUOTED.fullmatch(question).groups()
        assert numbers.get(name) == number, question
        assert (name, says.strip('"')) in messages, says
        assert thinks, question
        assert answer, question


@pytest.mark.parametrize("chapter", WITH_EXERCISE)
def test_questions_named_by_number_exist(chapter: str) -> None:
    headings = set(re.findall(r"^# ## (\d+) · ", source(chapter).read_text(), re.MULTILINE))
    named = re.findall(r"questions? (\d+(?:(?:, | and | to )\d+)*)", guide(chapter))
    assert named
    assert {number for several in named for number in re.findall(r"\d+", several)} <= headings


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_numbers_are_those_of_the_chapter(chapter: str) -> None:
    told = chapter_text(chapter) + (ROOT / "tests" / "notebooks" / f"claims_{chapter[:2]}.py").read_text()
    if chapter in WITH_EXERCISE:
        told += source(chapter).read_text()
    text = re.sub(r"\]\([^)\s]+\)", "]", guide(chapter))
    known = {number.strip(".,") for number in re.findall(r"\d[\d.,]*", told)}
    assert {number for number in NUMBER.findall(text) if number not in known} == set()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_guide_has_two_pages_and_speaks_of_slides_not_of_people(chapter: str) -> None:
    text = guide(chapter)
    assert len(text.split()) <= PAGES
    assert not re.search(r"\b(SIB|EPFL|NBIS|MBL|BIO)\b", text)
    assert "Slides in circulation" in section(text, "If you teach from slides")
