"""The course on JAX: no notebook asks for TensorFlow; chapters run there, as does an exercise.

`on_jax.py` says which of the chapters' claims are TensorFlow's. To save time only some chapters run here, chosen for
what they ask of the backend: layers, slopes, convolutions and saved networks, ensembles. All of them, in JupyterLab and
with explorers, by

    KERAS_BACKEND=jax make test ARGS=tests/browser/test_chapters.py
"""

import ast
import re

import nbformat
import pytest

from bench.notebooks import MAX_MEGABYTES, ROOT, run
from tests.notebooks.on_jax import OTHERWISE, claims

NOTEBOOKS = sorted([*(ROOT / "course").glob("*.ipynb"), *(ROOT / "solutions").glob("*/*.ipynb")])
CHAPTERS = [path for path in NOTEBOOKS if path.stem[:2] in ("00", "02", "05", "07")]
# Its question is about TensorFlow's tape too; the solution does without.
IMPORTS_TENSORFLOW = ["adversarial"]


def code(path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_needs_tensorflow(path) -> None:
    names = {node.id for node in ast.walk(ast.parse(code(path))) if isinstance(node, ast.Name)}
    assert not names & {"tf", "tensorflow"}, "use keras.ops and dlcourse.autodiff"
    assert path.stem in IMPORTS_TENSORFLOW or not re.search(r"import tensorflow", code(path))
    assert ".numpy()" not in code(path), "only TensorFlow's tensors have it: np.asarray takes those of each backend"


@pytest.mark.notebook
@pytest.mark.slow
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_runs_on_jax_and_its_claims_hold(path) -> None:
    check = "import sys\nassert keras.config.backend() == 'jax' and 'tensorflow' not in sys.modules\n"
    check += claims(path.stem.split("-")[0], "jax")
    result = run(path, then=check, backend="jax")
    assert result.error is None, result.error
    assert result.stderr() == ""
    assert result.peak_megabytes < MAX_MEGABYTES


@pytest.mark.notebook
def test_a_solution_runs_on_jax() -> None:
    check = "assert keras.config.backend() == 'jax'"
    result = run(ROOT / "solutions" / "06-adversarial" / "adversarial.ipynb", then=check, backend="jax")
    assert result.error is None, result.error
    assert result.stderr() == ""


@pytest.mark.parametrize("number", OTHERWISE)
def test_what_is_left_out_on_jax_exists(number: str) -> None:
    source = (ROOT / "tests" / "notebooks" / f"claims_{number}.py").read_text(encoding="utf-8")
    assert {*OTHERWISE[number]} < set(re.findall(r"^def (\w+)", source, re.MULTILINE))
    assert "setattr" in claims(number, "jax")
