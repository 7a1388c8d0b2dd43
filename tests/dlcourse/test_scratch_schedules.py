"""Schedules have the values of their formulas, and of Keras where it has them."""

import numpy as np
import pytest

from dlcourse.scratch import schedules

T = np.arange(0, 200, 7)


def keras_values(schedule):
    return [float(schedule(float(t))) for t in T]


def test_power():
    import keras

    assert schedules.power(10, 0.4, 10) == pytest.approx(0.2)
    assert schedules.power(30, 0.4, 10, c=2) == pytest.approx(0.4 / 16)
    theirs = keras.optimizers.schedules.InverseTimeDecay(0.4, 25, 1)
    np.testing.assert_allclose(schedules.power(T, 0.4, 25), keras_values(theirs), rtol=1e-6)


def test_exponential():
    import keras

    assert schedules.exponential(50, 0.4, 50) == pytest.approx(0.04)
    theirs = keras.optimizers.schedules.ExponentialDecay(0.4, 60, 0.1)
    np.testing.assert_allclose(schedules.exponential(T, 0.4, 60), keras_values(theirs), rtol=1e-5)


def test_piecewise():
    import keras

    theirs = keras.optimizers.schedules.PiecewiseConstantDecay([70, 140], [1.0, 0.1, 0.01])
    np.testing.assert_allclose(schedules.piecewise(T, [70, 140], [1.0, 0.1, 0.01]), keras_values(theirs), rtol=1e-6)
    with pytest.raises(ValueError, match="2 boundaries need 3 rates, not 2"):
        schedules.piecewise(T, [70, 140], [1.0, 0.1])


def test_one_cycle_rises_falls_and_dies_out():
    rates = schedules.one_cycle(np.arange(101), 101, 2.0)
    assert rates[[0, 45, 90, 100]] == pytest.approx([0.2, 2.0, 0.2, 0.002])
    assert (np.diff(rates[:46]) > 0).all() and (np.diff(rates[45:]) < 0).all()
    assert schedules.one_cycle(0, 1, 2.0) == pytest.approx(0.2)


@pytest.mark.parametrize("seed", range(10))
def test_plateau_is_keras_callback(seed):
    import keras

    losses = np.random.default_rng(seed).integers(1, 9, size=12) / 8
    net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    net.compile(keras.optimizers.SGD(0.5))
    callback = keras.callbacks.ReduceLROnPlateau("val_loss", 0.3, patience=2, min_delta=0)
    callback.set_model(net)
    callback.on_train_begin()
    theirs = []
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        theirs.append(float(net.optimizer.learning_rate))
    ours = schedules.plateau(losses, 0.5, 0.3, 2)
    assert ours[0] == 0.5
    np.testing.assert_allclose(ours[1:], theirs, rtol=1e-5)
