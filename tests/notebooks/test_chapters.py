"""Every chapter runs from top to bottom without network, cleanly, within its memory, and says only what is so.

`claims_NN.py` beside this file gets the namespace of chapter NN after its last cell and asserts what the prose states.
"""

import base64
import os
import re
from pathlib import Path

import pytest

from bench.notebooks import MAX_MEGABYTES, ROOT, NotebookRun, run
from tests.notebooks.on_jax import claims

CHAPTERS = sorted((ROOT / "course").glob("*.ipynb"))
HERE = Path(__file__).parent
ARTEFACTS = ROOT / "artifacts" / "figures"


def save_figures(result: NotebookRun) -> None:
    """Keep every figure as a PNG, for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    number = 0
    for cell in result.notebook.cells:
        for output in cell.get("outputs", ()):
            if png := output.get("data", {}).get("image/png"):
                number += 1
                (ARTEFACTS / f"{result.path.stem}-{number:02}.png").write_bytes(base64.b64decode(png))


# A chapter's tests share one run of it, so they share a worker.
_PARAMETERS = [pytest.param(path, id=path.stem, marks=pytest.mark.xdist_group(path.stem)) for path in CHAPTERS]


@pytest.fixture(scope="module", params=_PARAMETERS)
def chapter(request: pytest.FixtureRequest) -> NotebookRun:
    number = request.param.stem.split("-")[0]
    result = run(request.param, then=claims(number))
    save_figures(result)
    return result


@pytest.mark.notebook
def test_runs_and_its_claims_hold(chapter: NotebookRun) -> None:
    assert chapter.error is None, chapter.error
    assert chapter.stderr() == ""


@pytest.mark.notebook
@pytest.mark.skipif(os.environ.get("KERAS_BACKEND") == "jax", reason="what it compiles takes more memory on JAX")
def test_fits_into_a_small_machine(chapter: NotebookRun) -> None:
    assert chapter.peak_megabytes < MAX_MEGABYTES


@pytest.mark.notebook
def test_every_picture_has_alt_text(chapter: NotebookRun) -> None:
    pictures = [
        output.data
        for cell in chapter.notebook.cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    assert pictures, "a chapter without a picture"
    for data in pictures:
        html = "".join(data.get("text/html", ""))
        assert re.search(r'<img [^>]*alt="[^"]{20,}"', html), "shown without dlcourse.plots.show, so without alt text"


def test_every_chapter_has_claims() -> None:
    assert CHAPTERS, "course/ holds no chapter: run `make notebooks`"
    missing = [path.stem for path in CHAPTERS if not (HERE / f"claims_{path.stem.split('-')[0]}.py").exists()]
    assert missing == []
