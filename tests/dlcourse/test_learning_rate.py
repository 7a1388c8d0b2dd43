"""The range test finds the edge of a valley whose edge is known; for Keras it leaves the model as it was."""

import numpy as np
import pytest

from dlcourse import learning_rate
from dlcourse.plots.base import to_png


def valley_step(curvature=4.0):
    """One parameter, loss curvature/2 · w²: steps with a rate above 2 / curvature grow."""
    state = {"w": 1.0}

    def step(lr):
        w = state["w"]
        state["w"] = w - lr * curvature * w
        return curvature * w * w / 2

    return step


def test_stops_when_the_loss_explodes_and_suggests_a_tenth():
    found = learning_rate.range_test(valley_step(), lowest=1e-4, highest=100, n_steps=200, smoothing=0.0)
    assert len(found.lrs) == len(found.losses) < 200
    ratio = found.lrs[1:] / found.lrs[:-1]
    np.testing.assert_allclose(ratio, ratio[0])
    assert found.losses[0] == pytest.approx(2.0)
    lowest = found.lrs[found.losses.argmin()]
    assert 0.1 < lowest < 0.6 and found.suggestion == pytest.approx(lowest / 10)
    assert found.lrs[-1] < 1.5  # the limit is 0.5


def test_smoothing_is_corrected_for_its_start():
    found = learning_rate.range_test(lambda lr: 3.0, n_steps=10)
    np.testing.assert_allclose(found.losses, 3.0)
    assert len(found.lrs) == 10


def test_nan_ends_the_test():
    losses = iter([1.0, 0.5, float("nan"), 0.1])
    found = learning_rate.range_test(lambda lr: next(losses), n_steps=4, smoothing=0.0)
    np.testing.assert_allclose(found.losses, [1.0, 0.5])


def test_picture_and_words():
    figure, alt = learning_rate.range_test(valley_step(), smoothing=0.0).draw()
    assert to_png(figure)
    assert "shoots up" in alt
    assert figure.axes[0].get_xlabel() == "learning rate (grows step by step)"


@pytest.mark.parametrize(("lowest", "highest", "n"), [(0, 1, 10), (1, 1, 10), (2, 1, 10), (1e-3, 1, 1)])
def test_refuses_rates_that_do_not_grow(lowest, highest, n):
    with pytest.raises(ValueError, match="0 < lowest < highest"):
        learning_rate.range_test(lambda lr: 1.0, lowest=lowest, highest=highest, n_steps=n)


def test_refuses_a_start_that_is_no_number():
    with pytest.raises(ValueError, match="look for nan in the data"):
        learning_rate.range_test(lambda lr: float("nan"))


@pytest.mark.parametrize("name", ["SGD", "Adagrad", "Adam", "Nadam"])
def test_keras_model_is_left_as_it_was(name):
    import keras

    keras.utils.set_random_seed(0)
    X = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
    y = X @ np.array([1.0, -2.0, 0.5], dtype="float32")
    net = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    net.compile(getattr(keras.optimizers, name)(0.005), "mse")
    before = [array.copy() for array in net.get_weights()]
    found = learning_rate.find(net, X, y, n_steps=60)
    assert 1e-4 < found.suggestion <= 1
    for now, then in zip(net.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
    assert float(net.optimizer.learning_rate) == pytest.approx(0.005)
    assert int(net.optimizer.iterations) == 0
    again = learning_rate.find(net, X, y, n_steps=60)
    np.testing.assert_allclose(again.losses, found.losses, rtol=1e-4)


def test_sweep_has_a_row_for_each_seed():
    scores = learning_rate.sweep(lambda lr, seed: lr + seed if lr < 1 else float("inf"), [0.1, 0.2, 1.0], seeds=[0, 5])
    np.testing.assert_allclose(scores[:, :2], [[0.1, 0.2], [5.1, 5.2]])
    assert np.isnan(scores[:, 2]).all()
