"""The gradient check lets right gradients pass, and calls a slip by its name, its parameter and its layer."""

import re

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.scratch import mlp
from dlcourse.scratch.initialisation import init_layers

N = 6  # samples


@pytest.fixture(params=["tanh", "ReLU", "sigmoid"])
def net(request):
    """A square network of three layers, so that untransposed products fit as well; its loss and right gradients."""
    return make_net(request.param)


def make_net(activation, sizes=(4, 4, 4, 3), loss="cross entropy"):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(N, sizes[0]))
    y = rng.integers(3, size=N) if loss == "cross entropy" else rng.normal(size=N)
    layers = [(W, rng.normal(size=b.shape)) for W, b in init_layers(sizes, "LeCun", rng)]
    return X, y, layers, activation, loss


def right(net):
    X, y, layers, activation, loss = net
    return mlp.loss_and_gradients(X, y, layers, activation, loss=loss)[1]


def check(net, gradients, *, known=True):
    X, y, layers, activation, loss = net
    slips = checks.dense_slips(X, y, layers, activation, loss=loss) if known else None
    return checks.check_gradients(
        gradients,
        layers,
        lambda some: mlp.loss_and_gradients(X, y, some, activation, loss=loss)[0],
        n_samples=N,
        slips=slips,
    )


def message(net, gradients, **kwargs) -> str:
    with pytest.raises(AssertionError) as caught:
        check(net, gradients, **kwargs)
    return str(caught.value)


def changed(gradients, k, part, array):
    """The gradients with one of them exchanged."""
    pairs = [list(pair) for pair in gradients]
    pairs[k][part] = array
    return pairs


def test_right_gradients_pass_with_a_tiny_error(net) -> None:
    assert check(net, right(net)) < 1e-7
    assert check(net, right(net), known=False) < 1e-7


def test_the_layers_are_left_as_they_were() -> None:
    net = make_net("tanh")
    before = [(W.copy(), b.copy()) for W, b in net[2]]
    check(net, right(net))
    for (W, b), (W_before, b_before) in zip(net[2], before, strict=True):
        np.testing.assert_array_equal(W, W_before)
        np.testing.assert_array_equal(b, b_before)


@pytest.mark.parametrize(
    ("k", "part", "change", "says"),
    [
        (2, 0, lambda g: g.T, r"layer 3 of 3, weights W \(4, 3\): it has shape \(3, 4\).*it is transposed"),
        (1, 0, lambda g: g.T, r"layer 2 of 3, weights W \(4, 4\): it is transposed: dW = inputs.T @ dA \(index"),
        (0, 0, lambda g: 0 * g, "layer 1 of 3, weights W .*zero everywhere: was it computed at all"),
        (1, 1, lambda g: g[None], r"layer 2 of 3, biases b \(4,\): .*without keepdims"),
        (2, 1, lambda g: np.tile(g, (N, 1)), "layer 3 of 3, biases b .*one row for each sample"),
        (0, 1, lambda g: g.sum(), "layer 1 of 3, biases b .*summed over the wrong axis"),
        (0, 1, lambda g: g / N, "layer 1 of 3, biases b .*the mean over the samples; 1/N is in dA already"),
        (0, 0, lambda g: g * N, "6 times too large: a sum over the samples where the loss is their mean"),
        (0, 0, lambda g: g / N, "6 times too small: divided by N twice"),
        (2, 0, lambda g: -g, "layer 3 of 3, weights W .*the sign is the wrong way round"),
        (1, 0, lambda g: 2 * g, "twice too large"),
        (1, 0, lambda g: g / 2, "half of what it should be"),
        (1, 0, lambda g: 0.3 * g, "each number is 0.3 times the right one"),
        (0, 0, lambda g: g + np.nan, "it holds nan or inf"),
        (0, 0, lambda g: None, r"layer 1 of 3, weights W \(4, 4\): got None"),
    ],
)  # fmt: skip
def test_one_wrong_parameter_is_found(net, k: int, part: int, change, says: str) -> None:
    gradients = right(net)
    told = message(net, changed(gradients, k, part, change(gradients[k][part])))
    assert re.search(says, told), told
    if "got None" not in told:
        assert "All others are right." in told


def test_another_direction_is_given_as_an_angle() -> None:
    net = make_net("tanh")
    other = np.random.default_rng(0).normal(size=(4, 3))
    assert re.search(r"it points another way, at an angle of \d+°", message(net, changed(right(net), 2, 0, other)))


def test_the_parameters_themselves_are_recognised() -> None:
    net = make_net("tanh")
    told = message(net, net[2])
    assert "layer 3 of 3, weights W (4, 3): these are the weights themselves, not their gradient" in told


# --- slips made in the backward pass itself, as a student makes them ---


def student(net, *, through=None, bend=None, cache=None, scale=1.0, error=None, lr=None):
    """A backward pass written out, with places to go wrong."""
    X, y, layers, name, _ = net
    _, df = mlp.find_activation(name)
    layers = [(W.copy(), b.copy()) for W, b in layers]
    H, A = mlp.forward(X, layers, name)
    H = cache(H) if cache else H
    P = mlp.softmax(A[-1])
    Y = np.eye(P.shape[1])[y]
    dA = (error(P, Y) if error else P - Y) / N * scale
    gradients = []
    for k in (2, 1, 0):
        dW = H[k].T @ dA
        gradients.insert(0, (dW, dA.sum(axis=0)))
        if k == 0:
            break
        if lr:  # updated too early
            layers[k] = (layers[k][0] - lr * dW, layers[k][1])
        dH = through(dA, layers[k][0]) if through and k == 1 else dA @ layers[k][0].T
        dA = bend(dH, A[k - 1], H[k], df) if bend else dH * df(A[k - 1])
    return gradients


@pytest.mark.parametrize(
    ("slip", "says", "also"),
    [
        ({}, None, None),
        ({"scale": N}, "layer 3 of 3, weights W (4, 3): 6 times too large", True),
        ({"error": lambda P, Y: Y - P}, "layer 3 of 3, weights W (4, 3): the sign is the wrong way round", True),
        ({"error": lambda P, Y: P}, "subtract 1 at the right class first", True),
        ({"error": lambda P, Y: (P - Y) * P * (1 - P)}, "the slope of the softmax counts twice", True),
        ({"bend": lambda dH, A, H, df: dH}, "layer 2 of 3, weights W (4, 4): the slope of the activation", True),
        ({"bend": lambda dH, A, H, df: dH * H}, "the activation itself stands where its slope should", True),
        ({"through": lambda dA, W: dA @ W}, "layer 1 of 3, weights W (4, 4): on the way down W stands unt", True),
        ({"lr": 0.1}, "layer 2 of 3, weights W (4, 4): stale weights", True),
        ({"lr": 2.0}, "stale weights", True),
        ({"cache": lambda H: [H[0], H[2], H[2]]}, "layer 2 of 3, weights W (4, 4)", False),
        ({"cache": lambda H: [H[0], H[1], H[1]]}, "was the cache overwritten", False),
    ],
)  # fmt: skip
def test_slips_in_the_backward_pass_are_named(net, slip, says, also) -> None:
    if says is None:
        assert check(net, student(net, **slip)) < 1e-7
        return
    told = message(net, student(net, **slip))
    assert says in told, told
    assert ("Also wrong: " in told) is also


def test_a_slope_taken_at_the_activation_is_named() -> None:
    for name in ("tanh", "sigmoid"):  # for ReLU it is the same: H > 0 where A > 0
        net = make_net(name)
        told = message(net, student(net, bend=lambda dH, A, H, df: dH * df(H)))
        assert "the slope was taken at the activation f(A); it is taken at the score A" in told


def test_a_mask_from_the_gradient_above_is_named() -> None:
    net = make_net("ReLU")
    told = message(net, student(net, bend=lambda dH, A, H, df: dH * (dH > 0)))
    assert "the mask comes from the gradient above (dH > 0)" in told


def test_a_network_with_numbers_as_answers_is_checked_too() -> None:
    net = make_net("tanh", sizes=(3, 5, 1), loss="half squared error")
    assert check(net, right(net)) < 1e-7
    doubled = [(2 * dW, 2 * db) for dW, db in right(net)]
    assert "layer 2 of 2, weights W (5, 1): twice too large: does the loss have a ½" in message(net, doubled)


@pytest.mark.parametrize(
    ("gradients", "says"),
    [
        (None, "the gradients: got None: did you forget `return`?"),
        (3, "expected a list with one pair (dW, db) for each layer"),
        ([], "got 0, expected one pair (dW, db) for each of 3 layers"),
        ([(1,), (1,), (1,)], "layer 1 of 3: got 1 gradients, expected the pair (dW, db)"),
    ],
)
def test_what_is_no_list_of_pairs_is_told_so(gradients, says: str) -> None:
    assert says in message(make_net("tanh"), gradients)


def test_slips_that_the_shapes_rule_out_are_left_out() -> None:
    X, y, layers, activation, _ = make_net("tanh", sizes=(4, 5, 3))
    assert not any("untransposed" in told for told in checks.dense_slips(X, y, layers, activation))
