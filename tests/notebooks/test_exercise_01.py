"""What exercise 1 says of itself is so. What every exercise promises stands in `test_exercises.py`."""

import re

import nbformat
import numpy as np
import pytest

from autograder.notebook import cells_by_id, code_cells
from sources.build import find_sources, read_text

SOURCE = next(source for source in find_sources() if source.notebook.parent.name == "01-perceptron")
EXERCISE = read_text(SOURCE)
CELLS = cells_by_id(EXERCISE)


def test_keras_is_imported_where_it_is_needed_and_nowhere_else() -> None:
    with_keras = [cell.metadata.nbgrader.grade_id for cell in code_cells(EXERCISE) if "import keras" in cell.source]
    assert with_keras == ["keras_twin"]


def test_the_release_lacks_the_words_of_the_model_answer() -> None:
    words = "separates malignant from benign"
    assert words in CELLS["in_your_own_words"].source
    assert not any(words in cell.source for cell in nbformat.read(SOURCE.release, as_version=4).cells)


# --- what the text says ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """The names that the set-up and the answers in numpy define."""
    namespace: dict[str, object] = {}
    for name in ("setup", "predict", "signed_distance", "train_pocket", "train_average"):
        exec(CELLS[name].source, namespace)
    return namespace


def test_no_line_separates_the_cells(answers) -> None:
    """A line w·x + b with y·(w·x + b) >= 1 for every sample would be a solution of this linear program."""
    from scipy.optimize import linprog

    def separable(X: np.ndarray, y: np.ndarray) -> bool:
        rows = -y[:, None] * np.column_stack([X, np.ones(len(X))])
        return linprog(np.zeros(rows.shape[1]), A_ub=rows, b_ub=-np.ones(len(X)), bounds=(None, None)).status == 0

    assert not separable(answers["cells"].X, answers["diagnosis"])
    petals, species = iris_petals(answers)
    assert separable(petals, species)


def iris_petals(answers) -> tuple[np.ndarray, np.ndarray]:
    petals = answers["data"].load("iris").select(["petal length", "petal width"], ["setosa", "versicolor"])
    return petals.X, np.where(petals.y == 1, 1, -1)


def test_on_petals_the_rule_comes_to_rest_after_a_few_epochs(answers) -> None:
    for seed in range(20):
        _, _, mistakes = answers["train_pocket"](*iris_petals(answers), 12, np.random.default_rng(seed))
        assert not mistakes[6:].any()


def test_on_cells_it_never_does(answers) -> None:
    Z = answers["cells"].standardise().X
    _, _, mistakes = answers["train_pocket"](Z, answers["diagnosis"], 50, np.random.default_rng(0))
    assert mistakes[-10:].min() > 0
    assert np.ptp(mistakes[-10:]) > 100, "the figure below question 4 shows it jump to the end"


def test_with_all_features_about_twelve_mistakes_are_usual(answers) -> None:
    cells = answers["data"].load("breast_cancer").standardise()
    labels = np.where(cells.y == 0, 1, -1)
    fewest = [answers["train_pocket"](cells.X, labels, 5, np.random.default_rng(seed))[2].min() for seed in range(10)]
    assert np.median(fewest) == pytest.approx(12, abs=2)
    assert max(fewest) <= 20, "the test allows 40"


def test_the_average_does_better_on_new_cells(answers) -> None:
    shares = answers["compare"](range(20))
    stated = re.search(
        r"([\d.]+) % and ([\d.]+) %.*?([\d.]+) %\s*# against ([\d.]+) %", CELLS["train_average"].source, re.S
    )
    pocket_train, average_train, average_test, pocket_test = (float(share) / 100 for share in stated.groups())
    assert shares["pocket"] == pytest.approx((pocket_train, pocket_test), abs=5e-4)
    assert shares["average"] == pytest.approx((average_train, average_test), abs=5e-4)
    assert average_test < pocket_test - 0.01
