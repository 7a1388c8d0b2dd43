"""What the website is made with: links, outputs, runs that are kept, docstrings."""

import base64
import io
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from bench.notebooks import NotebookRun
from website import executed, outputs
from website.api import mark_code
from website.links import ADDRESS, anchor, relink

PAGES = {"index.md", "course/01-perceptron.ipynb", "docs/grading.md", "dlcourse/datasets/README.md"}


@pytest.mark.parametrize(
    ("page", "link", "becomes"),
    [
        ("docs/feedback.md", "grading.md#limits", "grading.md#limits"),
        ("docs/grading.md", "../README.md", "../index.md"),
        ("README.md", "dlcourse/datasets", "dlcourse/datasets/README.md"),
        ("course/02-backprop.ipynb", "01-perceptron.ipynb#Key-points", "01-perceptron.ipynb#Key-points"),
        ("CONTRIBUTING.md", "sources/build.py", f"{ADDRESS}/blob/HEAD/sources/build.py"),
        ("docs/grading.md", "../solutions", f"{ADDRESS}/tree/HEAD/solutions"),
        ("index.md", "docs/explorer.png", "docs/explorer.png"),
        ("index.md", "https://keras.io", "https://keras.io"),
        ("index.md", "#chapters", "#chapters"),
    ],
)
def test_a_link_leads_to_a_page_or_into_the_repository(page: str, link: str, becomes: str) -> None:
    assert relink(f"See [it]({link}).", page, PAGES) == f"See [it]({becomes})."


@pytest.mark.parametrize("link", ["nowhere.md", "../../outside.md"])
def test_a_link_that_leads_nowhere_ends_the_build(link: str) -> None:
    with pytest.raises(ValueError, match=r"docs/grading\.md links to .* nowhere"):
        relink(f"[it]({link})", "docs/grading.md", PAGES)


@pytest.mark.parametrize("code", ["`w[0](X)` and ``a](b)``", "```python\nf[0](nowhere)\n```", "~~~\n[a](nowhere)\n~~~"])
def test_code_holds_no_links(code: str) -> None:
    assert relink(code, "index.md", PAGES) == code


def test_a_heading_that_begins_with_a_number_is_found() -> None:
    text = "[a](#7-give-the-pages-back) [b](instructors.md#7-give-the-pages-back) [c](#keep-solutions-private)"
    aim = "7.-Give-the-pages-back"
    made = relink(text, "docs/instructors.md", {"docs/instructors.md"})
    assert made == f"[a](#{aim}) [b](instructors.md#{aim}) [c](#keep-solutions-private)"


def test_anchors_are_jupyterlabs() -> None:
    assert anchor("The geometry: a line, its distance") == "The-geometry:-a-line,-its-distance"


def shown(**data: str) -> nbformat.NotebookNode:
    output = new_output("display_data", data={key.replace("_", "/"): value for key, value in data.items()})
    return new_notebook(cells=[new_code_cell("x", outputs=[output])])


def test_a_picture_takes_the_place_of_a_widget_and_lies_in_a_file(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((20, 30), np.uint8)).save(buffer, "png")
    png = base64.b64encode(buffer.getvalue()).decode()
    notebook = shown(text_html=f'<img src="data:image/png;base64,{png}" alt="Black.">', image_png=png)
    notebook.cells[0].outputs[0].data[outputs.WIDGET] = {"model_id": "1"}
    outputs.still(notebook, "here")
    outputs.put_pictures_aside(notebook, tmp_path, "../_figures")
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == buffer.getvalue()
    made = f'<img src="../_figures/{file.name}" width="30" height="20" loading="lazy" alt="Black.">'
    assert dict(notebook.cells[0].outputs[0].data) == {"text/html": made}


def test_a_widget_that_is_nothing_without_jupyter_ends_the_build() -> None:
    notebook = shown(text_plain="Slider()")
    notebook.cells[0].outputs[0].data[outputs.WIDGET] = {"model_id": "1"}
    with pytest.raises(ValueError, match="chapter 9 shows a widget"):
        outputs.still(notebook, "chapter 9")


def test_a_chapter_runs_again_only_if_something_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs, trouble = [], None

    def run(path: Path) -> NotebookRun:
        runs.append(path)
        return NotebookRun(path, nbformat.read(path, as_version=4), 1.0, 1.0, trouble)

    monkeypatch.setattr(executed, "run", run)
    path, cache = tmp_path / "00-first.ipynb", tmp_path / "cache"
    nbformat.write(new_notebook(cells=[new_code_cell("1", id="a")]), path)
    for _ in range(2):
        assert executed.executed(path, cache).cells[0].source == "1"
    assert len(runs) == 1
    nbformat.write(new_notebook(cells=[new_code_cell("2", id="a")]), path)
    assert executed.executed(path, cache).cells[0].source == "2"
    assert len(runs) == 2 and len(list(cache.iterdir())) == 1

    trouble = "NameError: w"
    nbformat.write(new_notebook(cells=[new_code_cell("w", id="a")]), path)
    with pytest.raises(RuntimeError, match=r"00-first\.ipynb does not run cleanly.*\n.*NameError"):
        executed.executed(path, cache)
    assert len(list(cache.iterdir())) == 1


def test_the_key_of_a_run_depends_on_the_package_and_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executed, "ROOT", tmp_path)
    files = ["requirements/course.txt", "dlcourse/data.py", "dlcourse/datasets/nuclei.npz", "course/00.ipynb"]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    keys = {executed.key(tmp_path / files[-1])}
    for name in files:
        (tmp_path / name).write_text("2")
        keys.add(executed.key(tmp_path / files[-1]))
    assert len(keys) == 1 + len(files)


def test_examples_in_docstrings_are_code() -> None:
    lines = ["What it does.", "", "    f(1)", "    f(2)", "", "Args:", "    x: one.", "", "    y: two."]
    mark_code(None, "function", "f", None, None, lines)
    assert lines == ["What it does.", "", "::", "", "    f(1)", "    f(2)", "", *lines[7:]]
    assert lines[7:] == ["Args:", "    x: one.", "", "    y: two."]
