"""The networks in plain numpy: derivatives agree with differences, and with Keras."""

import numpy as np
import pytest

from dlcourse.scratch import mlp
from dlcourse.scratch.activations import ACTIVATIONS, activation
from dlcourse.scratch.initialisation import SCHEMES, init_layers
from dlcourse.scratch.numerical import numerical_gradient, relative_error


def problem(sizes, seed=0, n_samples=7):
    rng = np.random.default_rng(seed)
    layers = [(W, rng.normal(size=b.shape)) for W, b in init_layers(sizes, "LeCun", rng)]
    return rng.normal(size=(n_samples, sizes[0])), rng.integers(sizes[-1], size=n_samples), layers


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_each_derivative_is_the_slope(name: str) -> None:
    f, derivative = activation(name)
    A = np.concatenate([np.linspace(-5, -0.1, 30), np.linspace(0.1, 5, 30)])  # away from the kink at 0
    np.testing.assert_allclose(derivative(A), (f(A + 1e-6) - f(A - 1e-6)) / 2e-6, rtol=1e-6, atol=1e-8)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_large_scores_neither_overflow_nor_warn(name: str) -> None:
    for function in activation(name):
        assert np.isfinite(function(np.array([-1e4, 0.0, 1e4]))).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("skip", [0.0, 0.5])
@pytest.mark.parametrize("loss", mlp.LOSSES)
@pytest.mark.parametrize("sizes", [(3, 2), (4, 5, 3), (4, 4, 4, 4, 3), (3, 5, 5, 2, 2, 4)])
def test_gradients_agree_with_differences(name: str, skip: float, loss: str, sizes: tuple[int, ...]) -> None:
    if loss == "half squared error":
        sizes = (*sizes[:-1], 1)
    X, y, layers = problem(sizes)
    value, gradients = mlp.loss_and_gradients(X, y, layers, name, loss=loss, skip=skip)
    for k, pair in enumerate(layers):
        for part in (0, 1):

            def with_other(array, k=k, part=part):
                other = [*layers]
                other[k] = (array, pair[1]) if part == 0 else (pair[0], array)  # noqa: B023
                return mlp.loss_and_gradients(X, y, other, name, loss=loss, skip=skip)[0]

            wanted = numerical_gradient(with_other, pair[part])
            assert relative_error(gradients[k][part], wanted) < 1e-6
    assert value == with_other(layers[-1][1])


def test_a_skip_adds_the_input_where_it_fits() -> None:
    X, _, layers = problem((3, 3, 2, 1))
    H = mlp.forward(X, layers, "tanh", skip=0.25).H
    np.testing.assert_allclose(H[1], X + 0.25 * np.tanh(X @ layers[0][0] + layers[0][1]))
    np.testing.assert_allclose(H[2], np.tanh(H[1] @ layers[1][0] + layers[1][1]))


def test_loss_and_gradients_agree_with_keras_and_tensorflow() -> None:
    import tensorflow as tf

    X, y, layers = problem((4, 5, 3))
    variables = [tf.Variable(array) for layer in layers for array in layer]
    with tf.GradientTape() as tape:
        W1, b1, W2, b2 = variables
        Z = tf.nn.relu(X @ W1 + b1) @ W2 + b2
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, Z))
    ours, gradients = mlp.loss_and_gradients(X, y, layers, "ReLU")
    assert ours == pytest.approx(float(loss), rel=1e-12)
    for mine, theirs in zip((a for pair in gradients for a in pair), tape.gradient(loss, variables), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-14)


@pytest.mark.filterwarnings("error")
def test_cross_entropy_of_large_scores_is_finite() -> None:
    loss, dZ = mlp.cross_entropy(np.array([[1000.0, 0.0], [0.0, -1000.0]]), np.array([1, 0]))
    assert loss == 500.0
    np.testing.assert_array_equal(dZ, [[0.5, -0.5], [0, 0]])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_weights_are_as_wide_as_the_scheme_says(scheme: str) -> None:
    (W1, b1), (W2, _) = init_layers((300, 200, 100), scheme, np.random.default_rng(0))
    assert W1.std() == pytest.approx(SCHEMES[scheme](300, 200), rel=0.02)
    assert W2.std() == pytest.approx(SCHEMES[scheme](200, 100), rel=0.02)
    assert not b1.any()


def test_the_same_seed_draws_the_same_weights() -> None:
    one, other = (init_layers((3, 2), "He", np.random.default_rng(5))[0][0] for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_numerical_gradient_is_exact_to_second_order_and_leaves_its_argument() -> None:
    w = np.array([[1, 2], [3, -1]])
    gradient = numerical_gradient(lambda v: (v**3).sum(), w, h=0.1)
    np.testing.assert_allclose(gradient, 3 * w**2 + 0.01)  # ((w+h)³ - (w-h)³)/2h = 3w² + h²
    np.testing.assert_array_equal(w, [[1, 2], [3, -1]])


def test_relative_error_has_no_unit() -> None:
    assert relative_error([3, 4], [3, 4]) == 0
    assert relative_error([3, 4], [-3, -4]) == 1
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
    assert relative_error([1e-9], [1.1e-9]) == pytest.approx(relative_error([1.0], [1.1]))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: activation("relu"), "no activation 'relu'; there are sigmoid, tanh, ReLU"),
        (lambda: init_layers((3, 2), "Xavier", np.random.default_rng(0)), "no initialisation 'Xavier'; there are N"),
        (lambda: init_layers((3,), "He", np.random.default_rng(0)), "two sizes or more"),
        (lambda: mlp.loss_and_gradients(*problem((2, 2)), "tanh", loss="mse"), "no loss 'mse'; there are cross"),
    ],
)
def test_unknown_names_are_answered_with_those_there_are(call, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()
