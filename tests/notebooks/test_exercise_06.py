"""What exercise 6 says in its text, its figure and its model answers is so."""

import numpy as np
import pytest

from autograder.notebook import cells_by_id
from sources.build import find_sources, read_text

SOURCE = next(source for source in find_sources() if source.notebook.parent.name == "06-adversarial")
NOTEBOOK = read_text(SOURCE)
CELLS = cells_by_id(NOTEBOOK)


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """The names that the set-up, the answers and the cell with the ten digits define."""
    namespace: dict[str, object] = {}
    names = ("setup", "input_gradient", "fgsm", "project", "pgd", "success_rate", "smallest_eps", "universal")
    for name in names:
        exec(CELLS[name].source, namespace)
    picture = next(cell.source for cell in NOTEBOOK.cells if cell.source.startswith("digits = data.load"))
    exec(picture.split("figure = ")[0], namespace)
    return namespace


def test_examples_in_the_text(answers) -> None:
    tiny = (np.array([[2.0]]), np.zeros(1), np.array([[1.0, -1.0]]), np.zeros(2))
    gradient = answers["input_gradient"](tiny, np.array([[0.5]]), np.array([0]))
    assert round(float(gradient[0, 0]), 3) == -0.477
    p = np.exp([1, -1]) / np.exp([1, -1]).sum()
    np.testing.assert_allclose(p, [0.881, 0.119], atol=5e-4)

    X, g = np.full((1, 3), 0.5), np.array([[0.001, -7, 0]])
    np.testing.assert_allclose(answers["fgsm"](lambda X, y: g, X, 0, 51), [[0.7, 0.3, 0.5]])
    np.testing.assert_allclose(answers["fgsm"](lambda X, y: g, X, 0, 51, targeted=True), [[0.3, 0.7, 0.5]])

    Z, X = np.array([[3.0, 4.0]]), np.zeros((1, 2))
    np.testing.assert_allclose(answers["project"](Z, X, 1, "linf"), [[1, 1]])
    np.testing.assert_allclose(answers["project"](Z, X, 1, "l2"), [[0.6, 0.8]])

    for n_steps, expected in ((1, 0.65), (2, 0.7), (5, 0.7)):
        result = answers["pgd"](lambda Z, y: np.ones_like(Z), np.array([[0.5]]), 0, 0.2, 0.15, n_steps)
        np.testing.assert_allclose(result, [[expected]])

    y, before, after = (np.array(each) for each in ([3, 3, 8, 1], [3, 8, 8, 1], [8, 8, 8, 1]))
    assert answers["success_rate"](y, before, after) == pytest.approx(1 / 3)
    assert answers["success_rate"](y, before, after, np.full(4, 8)) == 1 / 2

    w, x = np.array([3.0, -4.0]), np.array([[2.0, 1.0]])
    for norm, expected in (("linf", 0.286), ("l2", 0.4)):
        assert round(float(answers["smallest_eps"](w, 0, x, np.array([1]), norm)[0]), 3) == expected
        assert answers["smallest_eps"](w, 0, x, np.array([-1]), norm)[0] == 0


def test_the_gradient_is_that_of_the_loss(answers) -> None:
    rng = np.random.default_rng(0)
    network = tuple(rng.normal(size=shape) for shape in ((4, 5), (5,), (5, 3), (3,)))

    def loss(x, label):
        z = np.maximum(x @ network[0] + network[1], 0) @ network[2] + network[3]
        return np.logaddexp.reduce(z) - z[label]

    X, y, h = rng.normal(size=(6, 4)), rng.integers(3, size=6), 1e-6
    numerical = [[(loss(x + h * e, k) - loss(x - h * e, k)) / (2 * h) for e in np.eye(4)] for x, k in zip(X, y)]  # noqa: B905
    np.testing.assert_allclose(answers["input_gradient"](network, X, y), numerical, atol=1e-6)


def test_several_of_the_ten_digits_are_misread(answers) -> None:
    read = np.array(answers["read"]).astype(int)
    assert (read[10:] != answers["y_digits"][:10]).sum() >= 4
    assert (read[:10] == answers["y_digits"][:10]).sum() >= 8


def test_one_change_for_all_needs_about_twice_as_much(answers) -> None:
    """With eps = 0.4 more than half are misread; when each image gets a change of its own, 0.19 is enough for half."""
    X, y = answers["X_digits"], answers["y_digits"]

    def gradient(Z, y):
        return answers["input_gradient"](answers["softmax_regression"], Z, y)

    def misread(Z):
        return np.mean((Z @ answers["W_digits"] + answers["b_digits"]).argmax(axis=1) != y)

    assert misread(np.clip(X + answers["universal"](gradient, X, y, 0.4, 30), 0, 1)) > 0.5
    assert misread(answers["pgd"](gradient, X, y, 0.19, 0.19 / 4, 10)) > 0.5
    assert misread(np.clip(X + answers["universal"](gradient, X, y, 0.19, 30), 0, 1)) < 0.2


def test_what_the_second_written_answer_counts() -> None:
    # "some 50 of which were wrong before any attack. Of the 950 that were right ... probably about 70 of 950"
    assert round(1000 * (1 - 0.95)) == 50 and 1000 - 50 == 950 and 120 - 50 == 70
