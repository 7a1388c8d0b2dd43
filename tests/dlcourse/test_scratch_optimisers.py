"""Every rule takes the steps of its Keras counterpart, on a surface with curvature of both kinds."""

import numpy as np
import pytest

from dlcourse.scratch import optimisers
from dlcourse.scratch.surfaces import banana

LR = 1 / 64  # exact in 32 bits, as which Keras keeps it


def keras_optimizer(name):
    import keras

    k = keras.optimizers
    return {
        "SGD": lambda: k.SGD(LR),
        "momentum": lambda: k.SGD(LR, momentum=0.9),
        "Nesterov": lambda: k.SGD(LR, momentum=0.9, nesterov=True),
        "AdaGrad": lambda: k.Adagrad(LR),
        "RMSProp": lambda: k.RMSprop(LR),
        "Adam": lambda: k.Adam(LR),
        "Nadam": lambda: k.Nadam(LR),
    }[name]()


@pytest.mark.parametrize("name", optimisers.RULES)
def test_steps_are_those_of_keras(name):
    import keras

    slopes = np.random.default_rng(0).normal(size=(50, 3)) * [1, 100, 0.01]
    variable, optimizer = keras.Variable(np.zeros(3), dtype="float64"), keras_optimizer(name)
    theta, memory = np.zeros(3), {}
    for g in slopes:
        theta = theta + optimisers.RULES[name](memory, g, LR)
        optimizer.apply([keras.ops.convert_to_tensor(g, dtype="float64")], [variable])
    np.testing.assert_allclose(theta, keras.ops.convert_to_numpy(variable), rtol=2e-5, atol=1e-9)


@pytest.mark.parametrize("name", optimisers.RULES)
def test_memory_begins_empty_and_is_all_there_is(name):
    rule, g = optimisers.RULES[name], np.array([1.0, -2.0])
    first, memory = rule({}, g, 0.1), {}
    np.testing.assert_array_equal(rule(memory, g, 0.1), first)
    rule(memory, g, 0.1)
    np.testing.assert_array_equal(rule({}, g, 0.1), first)  # nothing is kept elsewhere
    assert bool(memory) is (name != "SGD")
    assert (np.sign(first) == -np.sign(g)).all()


def test_momentum_grows_to_ten_times_the_plain_step():
    memory = {}
    steps = [optimisers.momentum(memory, np.array(1.0), 0.01) for _ in range(300)]
    assert steps[0] == pytest.approx(-0.01)
    assert steps[-1] == pytest.approx(-0.1)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_the_first_step_of_adam_is_as_long_as_the_learning_rate(scale):
    step = optimisers.adam({}, np.array([scale, -scale]), 0.01)
    np.testing.assert_allclose(step, [-0.01, 0.01], rtol=0.005)


def test_descend_returns_the_whole_way():
    surface = banana()
    way = optimisers.descend(optimisers.nesterov, surface.gradient_at, [-1.2, 1.0], 0.001, 200)
    assert way.shape == (201, 2)
    np.testing.assert_array_equal(way[0], [-1.2, 1.0])
    assert surface.loss_at(way[-1]) < 0.01 * surface.loss_at(way[0])


def test_a_walk_that_overflows_is_silent(recwarn):
    way = optimisers.descend(optimisers.sgd, banana().gradient_at, [2.0, -1.0], 1.0, 50)
    assert not np.isfinite(way[-1]).all()
    assert not recwarn.list


def test_adam_in_place_is_adam():
    rng = np.random.default_rng(0)
    ours, theirs, lr = {}, {}, np.array([[0.1], [0.02]])
    for _ in range(50):
        g = rng.normal(size=(2, 7))
        kept = g.copy()
        step = optimisers.adam_in_place(ours, g, lr)
        np.testing.assert_allclose(step, optimisers.adam(theirs, g, lr), rtol=1e-12)
        np.testing.assert_array_equal(g, kept)
    assert optimisers.adam_in_place(ours, g, lr) is step  # one array for all steps
