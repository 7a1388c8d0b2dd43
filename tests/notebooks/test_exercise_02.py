"""What the text of exercise 2 claims is so: its examples, and what the answers show on the penguins."""

import re

import numpy as np
import pytest

from autograder.notebook import cells_by_id
from sources.build import find_sources, read_text

SOURCE = next(source for source in find_sources() if source.notebook.parent.name == "02-backprop")
CELLS = cells_by_id(read_text(SOURCE))
ANSWERS = (
    "neuron_gradient",
    "softmax_cross_entropy",
    "dense_backward",
    "elu_backward",
    "numerical_gradient",
    "he_layers",
    "gradient_step",
    "residual_backward",
    "input_slopes",
)


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """The names that the set-up and the answers define."""
    namespace: dict[str, object] = {}
    for name in ("setup", *ANSWERS):
        exec(CELLS[name].source, namespace)
    return namespace


def test_example_of_question_1(answers) -> None:
    x, w = np.array([2.0, 4.0]), np.array([0.5, -0.25])
    assert w @ x + 0.5 == 0.5
    assert round(np.tanh(0.5), 4) == 0.4621
    assert round(np.tanh(0.5) - 1, 4) == -0.5379
    assert round(1 - np.tanh(0.5) ** 2, 4) == 0.7864
    dw, db = answers["neuron_gradient"](x, 1.0, w, 0.5)
    np.testing.assert_array_equal(np.round(dw, 4), [-0.8460, -1.6921])
    assert round(db, 4) == -0.4230


def test_example_of_question_2(answers) -> None:
    loss, slopes = answers["softmax_cross_entropy"](np.log([[1.0, 2.0, 1.0]]), np.array([[0.0, 1.0, 0.0]]))
    assert round(loss, 4) == 0.6931
    np.testing.assert_allclose(slopes, [[1 / 4, -1 / 2, 1 / 4]])


def test_example_of_question_3(answers) -> None:
    above, X, W = np.array([[1.0, 10.0]]), np.array([[1.0, 2.0]]), np.array([[3.0, 0.0], [1.0, -1.0]])
    to_inputs, to_weights, to_biases = answers["dense_backward"](above, X, W)
    np.testing.assert_array_equal(to_inputs, [[3, -9]])
    assert to_weights[1, 0] == 2
    np.testing.assert_array_equal(to_biases, [1, 10])


def test_example_of_question_4(answers) -> None:
    slopes = answers["elu_backward"](np.array([[-2.0, 3.0]]), np.array([[0.5, -1.0]]))
    np.testing.assert_array_equal(np.round(slopes, 4), [[-2, 1.1036]])


def test_example_of_question_5(answers) -> None:
    gradient = answers["numerical_gradient"](lambda w: (w**3).sum(), np.array([1.0, 2.0]), 0.1)
    np.testing.assert_allclose(gradient, [3.01, 12.01])


def test_example_of_question_6(answers) -> None:
    (first, _), (second, _) = answers["he_layers"]((50, 8, 2), np.random.default_rng(0))
    assert first.shape == (50, 8) and second.shape == (8, 2)
    assert (np.sqrt(2 / 50), np.sqrt(2 / 8)) == (0.2, 0.5)


def test_example_of_question_7(answers) -> None:
    layers = [(np.array([[1.0]]), np.zeros(1)), (np.array([[2.0]]), np.zeros(1))]
    loss, new = answers["gradient_step"](np.array([[1.0], [3.0]]), np.array([1.0, 7.0]), layers, 0.1)
    assert loss == 0.5
    np.testing.assert_allclose([new[0][0][0, 0], new[1][0][0, 0]], [1.2, 2.1])
    assert new[0][1] == new[1][1] == 0


def test_example_of_question_8(answers) -> None:
    one = np.ones((1, 1))
    to_inputs, to_weights, to_bias = answers["residual_backward"](2 * one, 0 * one, 0.5 * one, np.zeros(1))
    assert (to_inputs.item(), to_weights.item(), to_bias.item()) == (3, 0, 2)


@pytest.fixture(scope="module")
def trained(answers) -> tuple[list, np.ndarray]:
    """The network of the figure below question 7, and its losses."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(0, np.sqrt(2 / n), size=(n, m)), np.zeros(m)) for n, m in ((3, 20), (20, 1))]
    losses = []
    for _ in range(300):
        loss, layers = answers["gradient_step"](answers["measurements"], answers["mass"], layers, 0.1)
        losses.append(loss)
    return layers, np.array(losses)


def test_the_network_learns_the_mass(answers, trained) -> None:
    errors = 1000 * np.sqrt(2 * trained[1])
    assert errors[0] > 1000 * answers["mass"].std() > 2 * errors[-1]
    assert (np.diff(errors) < 0).all()


def test_the_slopes_of_the_inputs_are_as_stated(answers, trained) -> None:
    X, y = answers["measurements"], answers["mass"]
    stated = re.findall(r"\d\.\d\d", CELLS["input_slopes"].source)
    flipper, length, depth, *straight = (float(number) for number in stated)
    slopes = answers["input_slopes"](X, trained[0])
    np.testing.assert_array_equal(np.round(slopes.mean(axis=0), 2), [length, depth, flipper])
    fit = np.linalg.lstsq(np.c_[X, np.ones(len(X))], y, rcond=None)[0]
    np.testing.assert_array_equal(np.round(fit[[2, 0, 1]], 2), straight)


def test_the_slopes_of_the_inputs_are_those_of_the_predictions(answers, trained) -> None:
    def mass_of(X: np.ndarray) -> np.ndarray:
        (W1, b1), (W2, b2) = trained[0]
        return (np.maximum(X @ W1 + b1, 0) @ W2 + b2)[:, 0]

    X = answers["measurements"][:20]
    numerical = [(mass_of(X + 1e-6 * e) - mass_of(X - 1e-6 * e)) / 2e-6 for e in np.eye(3)]
    np.testing.assert_allclose(answers["input_slopes"](X, trained[0]), np.transpose(numerical), atol=1e-6)
