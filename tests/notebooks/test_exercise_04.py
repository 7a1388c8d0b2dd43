"""What exercise 4 says in its text, its figure and its model answers is so."""

import numpy as np
import pytest

from autograder.notebook import cells_by_id
from dlcourse.scratch.numerical import numerical_gradient
from sources.build import find_sources, read_text

SOURCE = next(source for source in find_sources() if source.notebook.parent.name == "04-regularization")
CELLS = cells_by_id(read_text(SOURCE))
QUESTIONS = ("elastic_net", "clip_together", "dropout", "normalise", "train_until", "mixup", "cross_validate", "fold")


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """The names that the set-up, the answers and the cell with the three networks define."""
    namespace: dict[str, object] = {}
    for name in ("setup", *QUESTIONS):
        exec(CELLS[name].source, namespace)
    exec(CELLS["three_networks"].source.split("figure, panels")[0], namespace)
    return namespace


def test_examples_in_the_text(answers) -> None:
    penalty, [(dW, db)] = answers["elastic_net"]([(np.array([[2.0, -1.0]]), np.array([5.0, 5.0]))], 0.1, 0.01)
    assert penalty == pytest.approx(0.35)
    np.testing.assert_allclose(dW, [[0.14, -0.12]])
    np.testing.assert_array_equal(db, [0, 0])
    for limit, expected in ((1.0, (0.6, 0.8)), (10.0, (3.0, 4.0))):
        one, other = answers["clip_together"]([np.array([3.0]), np.array([[0.0, 4.0]])], limit)
        np.testing.assert_allclose([one[0], other[0, 1]], expected)
    out, factor = answers["dropout"](np.full((50, 2), 4.0), 0.2, np.random.default_rng(0), True)
    assert set(out.ravel()) == {0.0, 5.0} and set(factor.ravel()) == {0.0, 1.25}
    column, one = np.array([[1.0], [3.0]]), np.ones(1)
    out, mean, var = answers["normalise"](column, one, 0 * one, 0 * one, one, True)
    np.testing.assert_allclose([*out[:, 0], mean[0], var[0]], [-1, 1, 0.2, 1], atol=1e-3)
    np.testing.assert_allclose(answers["normalise"](column, one, 0 * one, 0 * one, one, False)[0], column, rtol=1e-3)
    curve = (0.9, 0.5, 0.6, 0.7, 0.4)
    weights, n_epochs, best = answers["train_until"](
        lambda w: w + 1, lambda w: {"validation": curve[int(w[0]) - 1]}, np.zeros(1), 2, 5
    )
    assert (weights[0], n_epochs, best) == (2, 4, 2)
    sizes = []
    answers["cross_validate"](
        lambda *parts: sizes.append(len(parts[3])) or 0.0,
        np.random.default_rng(0).normal(size=(10, 2)),
        np.arange(10),
        3,
        np.random.default_rng(0),
    )
    assert sizes == [4, 3, 3]


def test_the_elastic_net_is_the_gradient_of_its_penalty(answers) -> None:
    layers = answers["small_layers"](3)
    W, b = layers[0]
    _, gradients = answers["elastic_net"](layers, 0.3, 0.2)
    numerical = numerical_gradient(lambda W: answers["elastic_net"]([(W, b), *layers[1:]], 0.3, 0.2)[0], W)
    np.testing.assert_allclose(gradients[0][0], numerical, rtol=1e-6)


def test_folding_is_batch_normalisation_at_test(answers) -> None:
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(7, 3)), rng.normal(size=(3, 2))
    b, gamma, beta, mean, var = rng.uniform(1, 2, size=(5, 2))
    expected, _, _ = answers["normalise"](X @ W + b, gamma, beta, mean, var, False)
    W_new, b_new = answers["fold"](W, b, gamma, beta, mean, var)
    np.testing.assert_allclose(X @ W_new + b_new, expected)


def test_the_three_networks_are_what_the_model_answer_says(answers) -> None:
    assert len(answers["spoilt"]) == 100 and len(answers["clean"]) == 469
    assert np.sum(answers["spoilt"].y != answers["spoilt_labels"]) == 20
    (over, over_val), (under, under_val), (right, right_val) = (
        answers["loss_curves"](decay) for decay in answers["networks"].values()
    )
    # "A: the training loss falls to nearly 0, the validation loss rises above 1."
    assert over[-1] < 0.05 and over_val[-1] > 1 and over_val[-1] > 2 * over_val.min()
    # "B: both stay level at about 0.65", "close to that of guessing, ln 2 = 0.69"
    assert round(np.log(2), 2) == 0.69
    assert np.abs(np.concatenate([under[5:], under_val[5:]]) - 0.65).max() < 0.06
    # "C: both are lower from the first epochs on, the validation loss below the training loss and not rising"
    assert max(right.max(), right_val.max()) < 0.6
    assert (right_val < right).all() and right_val[-1] < 1.1 * right_val.min()
