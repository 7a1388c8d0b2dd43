"""The build: one way, byte-identical, nothing stale; and the way back."""

import shutil
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from sources import build

CHAPTER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A chapter

The unit's answer is $\\\\hat y$.

```{code-cell}
1 + 1
```

```{code-cell}
1 + 1
```
"""

SOLUTION = """\
# %% [markdown]
# # An exercise

# %% nbgrader={"grade": false, "grade_id": "double", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "double_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert double(1) == 2, "one doubled is two"
### BEGIN HIDDEN TESTS
assert double(-3) == -6
### END HIDDEN TESTS
"""  # noqa: E501


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small course of one chapter and one exercise."""
    (tmp_path / "sources/course").mkdir(parents=True)
    (tmp_path / "sources/solutions/01-first").mkdir(parents=True)
    (tmp_path / "sources/course/01-first.md").write_text(CHAPTER)
    (tmp_path / "sources/solutions/01-first/first.py").write_text(SOLUTION)
    (tmp_path / "sources/solutions/01-first/first.corpus.py").write_text("# %% question: double\n")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build.find_sources, "__defaults__", (tmp_path,))
    monkeypatch.setattr(build.find_drift, "__defaults__", (tmp_path,))
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(build.app, list(arguments))


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.ipynb"))}


def test_the_repository_has_no_drift() -> None:
    stale, orphans = build.find_drift(build.ROOT)
    assert [str(path) for path in [*stale, *orphans]] == [], "run `make notebooks`"


def test_the_repository_has_notebooks() -> None:
    assert {source.notebook.parent.name for source in build.find_sources(build.ROOT)} >= {"course", "01-perceptron"}


def test_build_writes_three_kinds_and_then_nothing(house: Path) -> None:
    assert run("build").exit_code == 0
    first = snapshot(house)
    assert sorted(first) == [
        "course/01-first.ipynb",
        "exercises/01-first/first.ipynb",
        "solutions/01-first/first.ipynb",
    ]
    assert "0 files changed" in run("build").output
    shutil.rmtree(house / "course")
    run("build")
    assert snapshot(house) == first


def test_ids_are_grade_ids_or_hashes_and_unique(house: Path) -> None:
    run("build")
    exercise = nbformat.read(house / "exercises/01-first/first.ipynb", as_version=4)
    assert [cell.id for cell in exercise.cells][1:] == ["double", "double_test"]
    chapter = nbformat.read(house / "course/01-first.ipynb", as_version=4)
    twins = [cell.id for cell in chapter.cells if cell.source == "1 + 1"]
    assert twins[1] == f"{twins[0]}-2"


def test_release_keeps_neither_answer_nor_hidden_test(house: Path) -> None:
    run("build")
    text = (house / "exercises/01-first/first.ipynb").read_text()
    assert "2 * x" not in text and "-6" not in text and "HIDDEN" not in text
    assert "one doubled is two" in text and "NotImplementedError" in text


def test_check_names_what_is_stale(house: Path) -> None:
    run("build")
    assert run("check").exit_code == 0
    path = house / "course/01-first.ipynb"
    path.write_text(path.read_text().replace("A chapter", "Another chapter"))
    (house / "course/99-left-behind.ipynb").write_text("{}")
    result = run("check")
    assert result.exit_code == 1
    assert "course/01-first.ipynb" in result.output and "course/99-left-behind.ipynb" in result.output


def test_build_removes_a_notebook_without_source(house: Path) -> None:
    run("build")
    orphan = house / "course/99-left-behind.ipynb"
    orphan.write_text("{}")
    assert "removed course/99-left-behind.ipynb" in run("build").output
    assert not orphan.exists()


@pytest.mark.parametrize("name", ["course/01-first.ipynb", "solutions/01-first/first.ipynb"])
def test_adopt_of_an_unchanged_notebook_keeps_it(house: Path, name: str) -> None:
    run("build")
    before = snapshot(house)
    assert run("adopt", str(house / name)).exit_code == 0
    assert snapshot(house) == before


def test_adopt_takes_an_edit_back(house: Path) -> None:
    run("build")
    path = house / "solutions/01-first/first.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = notebook.cells[1].source.replace("2 * x", "x + x")
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="left over")]
    notebook.cells[0].metadata["editable"] = True
    nbformat.write(notebook, path)
    assert "adopted" in run("adopt", str(path)).output
    text = (house / "sources/solutions/01-first/first.py").read_text()
    assert "x + x" in text and "left over" not in text and "editable" not in text
    assert "points" in text and "hidden" not in text
    assert run("check").exit_code == 0


def test_adopt_all_takes_back_what_differs(house: Path) -> None:
    run("build")
    path = house / "course/01-first.ipynb"
    path.write_text(path.read_text().replace("A chapter", "Another chapter"))
    run("adopt", "--all")
    assert "# Another chapter" in (house / "sources/course/01-first.md").read_text()


def test_adopt_refuses_what_it_cannot_take_back(house: Path) -> None:
    run("build")
    release = run("adopt", str(house / "exercises/01-first/first.ipynb"))
    assert release.exit_code == 2 and "edit solutions/01-first/first.ipynb" in release.output
    assert run("adopt", str(house / "nowhere.ipynb")).exit_code == 2
    path = house / "course/01-first.ipynb"
    path.write_text("{ not json")
    broken = run("adopt", str(path))
    assert broken.exit_code == 2 and "its text is unchanged" in broken.output
    assert (house / "sources/course/01-first.md").read_text() == CHAPTER
