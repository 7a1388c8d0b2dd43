"""Every chapter in JupyterLab: it runs without network, cleanly, within its memory, says what is so; explorers answer.

`tests/notebooks/claims_NN.py` gets the namespace of chapter NN after its last cell and asserts what the prose states.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat import NotebookNode

from bench.notebooks import MAX_MEGABYTES, PEAK, ROOT
from tests.browser.accessibility import serious
from tests.browser.conftest import SHOTS, in_lab
from tests.browser.driver import EXPLORER, Lab
from tests.notebooks import on_jax

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

CHAPTERS = sorted((ROOT / "course").glob("*.ipynb"))
FIGURES = ROOT / "artifacts" / "figures"


@dataclass(frozen=True)
class Chapter:
    """A chapter that JupyterLab has run."""

    name: str
    lab: Lab
    ran: bool
    errors: list[str]
    notebook: NotebookNode
    """With outputs, as it is after the last cell."""

    @property
    def pictures(self) -> list[dict]:
        """The outputs that are pictures, in each format that they have."""
        outputs = [output for cell in self.notebook.cells for output in cell.get("outputs", ())]
        return [output.data for output in outputs if "image/png" in output.get("data", {})]


# One worker for all tests of a chapter, which share its run, and for all chapters, which share server and browser.
_PARAMETERS = [pytest.param(path, id=path.stem, marks=pytest.mark.xdist_group("chapters")) for path in CHAPTERS]


@pytest.fixture(scope="module", params=_PARAMETERS)
def chapter(participants_lab: Lab, request: pytest.FixtureRequest) -> Iterator[Chapter]:
    """Open a chapter and run all its cells."""
    path = request.param
    with in_lab(participants_lab, path.stem) as lab:
        lab.open(path.relative_to(ROOT).as_posix())
        ran = lab.run_all()
        lab.settle()
        yield Chapter(path.stem, lab, ran, lab.error_outputs(), lab.notebook())


# In this order: the claims move the explorers, too.


def test_runs(chapter: Chapter) -> None:
    assert chapter.errors == []
    assert chapter.ran


def test_every_picture_has_alt_text(chapter: Chapter) -> None:
    assert chapter.pictures, "a chapter without a picture"
    FIGURES.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(chapter.pictures, 1):  # as files, too, for people to look at
        (FIGURES / f"{chapter.name}-{number:02}.png").write_bytes(base64.b64decode("".join(data["image/png"])))
        html = "".join(data.get("text/html", ""))
        assert re.search(r'<img [^>]*alt="[^"]{20,}"', html), "shown without dlcourse.plots.show, so without alt text"


def test_its_explorers_answer(chapter: Chapter) -> None:
    """To the keyboard and to the mouse."""
    view = chapter.lab
    explorers = view.page.locator(EXPLORER)
    assert explorers.count() >= 1, "a chapter without an explorer"
    assert serious(view.page, within=EXPLORER) == []
    for number in range(explorers.count()):
        explorer = explorers.nth(number)
        picture, caption = explorer.locator("figure img"), explorer.locator("[role=status]")
        before = picture.get_attribute("src"), caption.inner_text()
        assert picture.count() == 1 and picture.get_attribute("alt") == before[1]

        # by keyboard: Tab's target is the handle itself; Home and End reach both ends whatever the start
        handle = explorer.locator(".noUi-handle").first
        handle.scroll_into_view_if_needed()
        handle.focus()
        for _ in range(3):
            view.page.keyboard.press("ArrowRight")
        view.settle()
        after = picture.get_attribute("src"), caption.inner_text()
        if after == before:  # it stood at its right end
            for _ in range(3):
                view.page.keyboard.press("ArrowLeft")
            view.settle()
            after = picture.get_attribute("src"), caption.inner_text()
        assert after[0] != before[0], f"explorer {number + 1}: the picture stays as it was"
        assert after[1] != before[1], f"explorer {number + 1}: the caption stays as it was"
        assert picture.get_attribute("alt") == after[1]

        # by mouse: drag the handle to the left end of its track
        box = explorer.locator(".noUi-target").first.bounding_box()
        grip = handle.bounding_box()
        view.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
        view.page.mouse.down()
        view.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=4)
        view.page.mouse.up()
        view.settle()
        assert picture.get_attribute("src") != after[0], f"explorer {number + 1}: the mouse does not move it"
        explorer.screenshot(path=SHOTS / f"{chapter.name}-explorer-{number + 1}.png")


def test_its_claims_hold(chapter: Chapter) -> None:
    chapter.lab.execute(on_jax.claims(chapter.name.split("-")[0]))


def test_fits_into_a_small_machine(chapter: Chapter) -> None:
    assert json.loads(chapter.lab.execute(PEAK))["peak_megabytes"] < MAX_MEGABYTES


def test_every_chapter_has_claims() -> None:
    assert CHAPTERS, "course/ holds no chapter: run `make notebooks`"
    claims = Path(on_jax.__file__).parent
    missing = [path.stem for path in CHAPTERS if not (claims / f"claims_{path.stem.split('-')[0]}.py").exists()]
    assert missing == []
