"""What exercise 3 says in its text, its figures and its model answers is so."""

import numpy as np
import pytest

from autograder.notebook import cells_by_id
from sources.build import find_sources, read_text

SOURCE = next(source for source in find_sources() if source.notebook.parent.name == "03-sgd")
CELLS = cells_by_id(read_text(SOURCE))


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """The names that the set-up, the answers and the cell with the three curves define."""
    namespace: dict[str, object] = {}
    names = ("setup", "minibatches", "descend", "heavy_ball", "train_adam", "one_cycle", "plateau", "reddi")
    for name in names:
        exec(CELLS[name].source, namespace)
    exec(CELLS["three_curves"].source.split("figure, axes")[0], namespace)
    return namespace


def test_examples_in_the_text(answers) -> None:
    X = np.arange(20.0).reshape(10, 2)
    batches = answers["minibatches"](X, X[:, 0], 4, 2, np.random.default_rng(0))
    assert [len(batch) for batch, _ in batches] == [4, 4, 2, 4, 4, 2]
    trail = answers["descend"](lambda theta: 2 * theta, np.array([1.0, -4.0]), 0.25, 2)
    np.testing.assert_allclose(trail, [[1, -4], [0.5, -2], [0.25, -1]])
    trail = answers["heavy_ball"](lambda theta: np.ones(1), np.zeros(1), 1.0, 0.5, 3)
    np.testing.assert_allclose(trail[:, 0], [0, -1, -2.5, -4.25])
    (weights,) = answers["train_adam"](lambda w: [np.array([0.2, -40.0])], [np.array([3.0, -5.0])], 0.1, 1)
    np.testing.assert_allclose(weights, [2.9, -4.9], rtol=1e-6)
    for step, expected in ((0, (0.04, 0.95)), (3, (1, 0.85)), (10, (0.0001, 0.95))):
        np.testing.assert_allclose(answers["one_cycle"](step, 11, 1.0), expected)
    losses = [1.0, 0.8, 0.9, 0.85, 0.7]
    assert answers["plateau"](losses, 1, 0.5, 2, 0.05, 0.1).tolist() == [1, 1, 1, 0.5, 0.5]
    assert answers["plateau"](losses, 1, 0.5, 2, 0.05, 0.6).tolist() == [1, 1, 1, 0.5]
    assert round(np.std([0.90, 0.94], ddof=1), 3) == 0.028


def test_the_valley_is_its_gradient(answers) -> None:
    def loss(theta):
        return theta[0] ** 2 / 2 + 25 * theta[1] ** 2 / 2

    place, h = np.array([1.3, -0.7]), 1e-6
    numerical = [(loss(place + h * e) - loss(place - h * e)) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(answers["valley"](place), numerical, rtol=1e-7)


def test_the_three_curves_are_what_the_model_answer_says(answers) -> None:
    too_high, too_low, right = (answers["logistic_curve"](lr) for lr in (100.0, 0.001, 0.1))
    # "A is too high: the loss jumps up and down, by a factor of several, and gets nowhere"
    assert max(too_high[i + 1] / too_high[i] for i in range(50, 149)) > 1.5
    assert too_high[50:].max() > 2.5 * too_high[50:].min()
    assert too_high[-50:].mean() > 3 * right[-50:].mean()
    # "B is too low: it falls smoothly, but has hardly come down after 150 steps"
    assert (np.diff(too_low) < 0).mean() > 0.9
    assert too_low[-1] > 0.6 * too_low[0]
    # "C is about right: a fast fall, then little change"
    assert right[20] < 0.5 * right[0] < 2 * right[0] and right[-1] == min(right[-1], too_low[-1], too_high[-1])


def test_a_factor_on_the_loss_matters_to_sgd_and_not_to_adam(answers) -> None:
    start = np.array([2.0, 1.0])

    def hundredfold(theta):
        return 100 * answers["valley"](theta)

    plain = answers["descend"](answers["valley"], start, 0.02, 5)
    np.testing.assert_allclose(answers["descend"](hundredfold, start, 0.0002, 5), plain)
    for gradient in (answers["valley"], hundredfold):
        (weights,) = answers["train_adam"](lambda w, g=gradient: [g(w[0])], [start], 0.02, 5)
        np.testing.assert_allclose(weights, start - 0.1, atol=0.01)


def test_adam_walks_to_the_worst_place_and_amsgrad_to_the_best(answers) -> None:
    # "After 200,000 steps Adam stands at 0.997 ... AMSGrad ... at -0.998"
    assert round(answers["reddi"](200_000)[-101:].mean(), 3) == 0.997
    assert round(answers["reddi"](200_000, amsgrad=True)[-101:].mean(), 3) == -0.998
    # "Over 101 steps the mean gradient is (1010 - 100·10)/101 ≈ 0.1"
    assert abs((1010 - 100 * 10) / 101 - 0.1) < 0.002
