"""What chapter 2, *Backprop by hand*, says in its prose. `check` gets the chapter's namespace after its last cell."""

import itertools

import numpy as np

from dlcourse.scratch import initialisation, mlp
from dlcourse.scratch.activations import ACTIVATIONS
from dlcourse.scratch.numerical import numerical_gradient, relative_error
from dlcourse.widgets import backprop


def check(ns: dict) -> None:
    screws(ns)
    losses(ns)
    chain(ns)
    neuron(ns)
    stepper()
    bookkeeping(ns)
    whole_layer(ns)
    gradient_check(ns)
    learning(ns)
    deep(ns)
    width(ns)
    trained(ns)
    skips(ns)
    step_length(ns)


def screws(ns: dict) -> None:
    # "Forty-three screws"; "337 of the 342 birds"
    assert ns["n_parameters"] == 43
    assert ns["X"].shape == (342, 4)
    # "the loss falls from 1.28 to 0.08, and 337 of the 342 birds are right. It takes 3,440 forward passes"
    assert round(ns["loss_of"](ns["start"]), 2) == 1.28
    assert round(ns["loss_of"](ns["nudged"]), 2) == 0.08
    assert (ns["forward"](ns["X"], ns["nudged"])[-1].argmax(axis=1) == ns["y"]).sum() == 337
    assert ns["n_forward"] == 2 * 43 * 40 == 3_440
    # "It talked nonsense": hardly more right than the most frequent species would be
    at_start = (ns["forward"](ns["X"], ns["start"])[-1].argmax(axis=1) == ns["y"]).mean()
    assert at_start < 0.55


def losses(ns: dict) -> None:
    # "the distance itself has the same slope for a tiny error as for a huge one"
    error, h = np.array([2.0, 0.02]), 1e-6
    np.testing.assert_allclose((np.abs(error + h) - np.abs(error - h)) / (2 * h), [1, 1], rtol=1e-4)
    # "The cross entropy pushes 405 times harder."; "ŷ − y, here 0.0025 − 1"
    push = ns["at_minus_6"]
    assert round(push["cross entropy"] / push["square error"]) == 405
    assert round(ns["sigmoid"](-6), 4) == 0.0025
    np.testing.assert_allclose(push["cross entropy"], ns["sigmoid"](-6) - 1, rtol=1e-6)
    # "Far to the left the square error is flat"
    assert abs(push["square error"]) < 0.003


def chain(ns: dict) -> None:
    np.testing.assert_allclose([ns["one_path"], ns["two_paths"]], ns["judged"], rtol=1e-8)


def neuron(ns: dict) -> None:
    # The table's row of six digits
    six = [ns[name] for name in ("score", "y_hat", "loss", "dloss_dw1", "w1_new", "dloss_dw2", "w2_new")]
    six += [ns["y_hat_new"], ns["loss_new"]]
    row = [0.379000, 0.593632, 0.121836, 0.059540, 0.290460, 0.060731, 0.339269, 0.578899, 0.114672]
    assert [round(float(number), 6) for number in six] == row
    # "The slides round to two digits at every station": 0.49, 0.24, 0.5, 0.06, 0.29
    assert [f"{ns[name]:.2f}" for name in ("dloss_dy_hat", "dy_hat_da", "da_dw1", "dloss_dw1", "w1_new")] == [
        "0.49",
        "0.24",
        "0.50",
        "0.06",
        "0.29",
    ]
    # "x2 is meant, and was used": with w2 in its place the sum would be 0.335
    assert f"{0.35 * 0.50 + 0.4 * 0.51:.2f}" == "0.38" != f"{0.35 * 0.50 + 0.4 * 0.40:.2f}"
    # "the largest slope of the first layer is eleven times smaller than that of the second"
    assert round(np.abs(ns["dw"]).max() / np.abs(ns["dv"]).max()) == 11

    def loss(v: np.ndarray, w: np.ndarray) -> float:
        return 0.5 * (ns["target"] - ns["sigmoid"](ns["sigmoid"](np.array([0.50, 0.51]) @ v) @ w)) ** 2

    v, w = ns["v"], ns["w"]
    assert relative_error(ns["dv"], numerical_gradient(lambda some: loss(some, w), v)) < 1e-8
    assert relative_error(ns["dw"], numerical_gradient(lambda some: loss(v, some), w)) < 1e-8


def stepper() -> None:
    # "Predict each number": the same numbers as in the text
    answers = [round(step.answer, 6) for step in backprop.steps(backprop.EXAMPLES["one neuron"])]
    for number in (0.379, 0.593632, 0.121836, 0.059540, 0.060731, 0.290460, 0.339269, 0.114672):
        assert number in answers
    assert len(backprop.EXAMPLES) == 2


def bookkeeping(ns: dict) -> None:
    # "The same numbers, to the last digit"
    np.testing.assert_allclose(
        [ns["auto_loss"].value, ns["W_1"].gradient, ns["W_2"].gradient],
        [ns["loss"], ns["dloss_dw1"], ns["dloss_dw2"]],
        rtol=1e-14,
    )
    np.testing.assert_allclose(ns["neuron_by_library"], [ns["dloss_dw1"], ns["dloss_dw2"]], rtol=1e-14)
    # "0.230920: a step twice as long"; "0.290460 and 0.339269, as by hand"
    assert round(float(ns["with_mse"][0]), 6) == 0.230920
    assert [round(float(weight), 6) for weight in ns["with_half"]] == [0.290460, 0.339269]
    np.testing.assert_allclose((0.35 - ns["with_mse"][0]) / ns["dloss_dw1"], 2, rtol=1e-5)


def whole_layer(ns: dict) -> None:
    # The table of shapes
    (dW1, db1), (dW2, db2) = ns["gradient"]
    assert (dW1.shape, db1.shape, dW2.shape, db2.shape) == ((4, 5), (5,), (5, 3), (3,))
    # "A forward and a backward pass together cost 2.4 forward passes; nudging costs 86."
    assert round(ns["by_backprop"] / ns["multiplications_forward"], 1) == 2.4
    assert ns["by_nudging"] / ns["multiplications_forward"] == 86
    # "never cost more than three forward passes": of a network with wide hidden layers nearly three
    sizes = [1000] * 4 + [10]
    products = [n * m for n, m in itertools.pairwise(sizes)]
    assert 2.5 < (3 * sum(products) - products[0]) / sum(products) < 3


def gradient_check(ns: dict) -> None:
    # "Each curve is a V"; "best near h = 1e-5, and there a hundred times more exact than the forward one … near 1e-8"
    best = {name: round(np.log10(h)) for name, h in ns["best_h"].items()}
    assert best["central difference"] == -5
    assert best["forward difference"] == -8
    least = {name: error.min() for name, error in ns["relative"].items()}
    assert 50 < least["forward difference"] / least["central difference"] < 200
    assert least["central difference"] < 1e-9
    # "its error falls in proportion to h for the forward difference and to h² for the central one"
    for name, factor in (("forward difference", 10), ("central difference", 100)):
        errors = ns["relative"][name]
        assert 0.7 * factor < errors[1] / errors[2] < 1.4 * factor
    # "with losses rounded to 32 … nothing below h = 0.01 helps any more, and below 1e-6 … the slope comes out as 0"
    rounded = ns["relative"]["central, losses in 32 bits"]
    assert best["central, losses in 32 bits"] == -2
    np.testing.assert_allclose(rounded[ns["hs"] < 0.9e-6], 1)
    # "below 1e-7 all is well"
    assert 0 < ns["largest_error"] < 1e-7
    # "calls them by name"
    told = ns["reports"]
    assert list(told) == ["sum", "mean", "none", "at H", "early"]
    assert "layer 2 of 2, weights W (5, 3): 342 times too large" in told["sum"]
    assert "layer 2 of 2, biases b (3,): 342 times too small: the mean over the samples" in told["mean"]
    assert "layer 1 of 2, weights W (4, 5): the slope of the activation is missing" in told["none"]
    assert "the slope was taken at the activation f(A)" in told["at H"]
    assert "stale weights" in told["early"]
    # "Three ways, one gradient"; on JAX, Keras's functions round to 32 bits
    bits = 1e-14 if ns["keras"].config.backend() == "tensorflow" else 1e-6
    for mine, theirs in zip(ns["ours"], ns["by_library"], strict=True):
        assert np.abs(mine - theirs).max() < bits


def learning(ns: dict) -> None:
    # "After 200 steps all 342 birds are right, and our weights and Keras's differ by less than a hundred-thousandth"
    assert ns["right"] == 342
    assert ns["apart"] < 1e-5
    # "The first forty steps were those that cost 3,440 forward passes by nudging."
    layers = ns["start"]
    for _ in range(40):
        layers = ns["step_downhill"](layers, ns["backward"](ns["X"], ns["y"], layers), lr=0.5)
    for pair, nudged in zip(layers, ns["nudged"], strict=True):
        for one, other in zip(pair, nudged, strict=True):
            assert np.abs(one - other).max() < 1e-4


def deep(ns: dict) -> None:
    # "It gives the same for two layers, and so does dlcourse.scratch.mlp"
    package = mlp.loss_and_gradients(ns["X"], ns["y"], ns["start"], "tanh")[1]
    for one, other in zip(ns["deep_gradient"], package, strict=True):
        np.testing.assert_allclose(one[0], other[0], atol=1e-15)
    assert {"sigmoid", "tanh", "ReLU", "SELU"} <= set(ACTIVATIONS)
    assert {name: float(sd(64, 10)) for name, sd in ns["schemes"].items()} == {
        name: float(sd(64, 10)) for name, sd in initialisation.SCHEMES.items()
    }
    norms = ns["norms"]
    shrinks = {pair: size[-2] / size[0] for pair, size in norms.items()}
    # "37 times smaller …; with Glorot's smaller weights some 230,000 times"
    assert round(shrinks["sigmoid", "N(0, 1)"]) == 37
    assert 225_000 < shrinks["sigmoid", "Glorot"] < 240_000
    # "Ten of them alone make at most 4^-10, a millionth"
    assert round(4.0**-10, 6) == 1e-6
    # "it grows 690-fold on its way back"
    assert round(1 / shrinks["tanh", "N(0, 1)"], -1) == 690
    # "the lines are level"; "at 10^7 to 10^8", "at 10^-13"
    for scheme in ("N(0, 1)", "N(0, 0.01²)", "He"):
        assert np.ptp(np.log10(norms["ReLU", scheme])) < 0.9
    assert norms["ReLU", "N(0, 1)"].min() > 1e7 and norms["ReLU", "N(0, 1)"].max() < 2e8
    assert norms["ReLU", "N(0, 0.01²)"].min() > 0.5e-13 and norms["ReLU", "N(0, 0.01²)"].max() < 5e-13
    # The figure's alt text: near 1 with tanh and Glorot, ReLU and He, SELU and LeCun; SELU explodes with N(0, 1)
    for pair in (("tanh", "Glorot"), ("ReLU", "He"), ("SELU", "LeCun")):
        assert norms[pair].min() > 0.3 and norms[pair].max() < 3
    assert norms["SELU", "N(0, 1)"].min() > 1e7
    # "0.75 / 0.00001: 75,000"
    assert round((0.5 + 0.25) / 0.00001) == 75_000


def width(ns: dict) -> None:
    # "for 64 inputs 8"; "LeCun: Var(a) = x̄²"; "ReLU leaves half of the mean square"
    spread = ns["spread_of_score"]
    assert round(spread["N(0, 1)"]) == 8
    assert abs(spread["LeCun"] - 1) < 0.02
    assert abs(spread["Glorot"] - 1) < 0.02
    assert abs(spread["He"] - np.sqrt(2)) < 0.02
    assert abs(ns["half"] - 0.5) < 0.01
    # "Its slope at 0 is 1. The sigmoid's is ¼"
    assert ACTIVATIONS["tanh"].derivative(np.zeros(1)) == 1
    assert ACTIVATIONS["sigmoid"].derivative(np.zeros(1)) == 0.25
    # "Dense starts with Glorot's variance, drawn from a uniform distribution"
    dense = ns["keras"].layers.Dense(1)
    assert type(dense.kernel_initializer).__name__ == "GlorotUniform"


def trained(ns: dict) -> None:
    accuracy = ns["accuracy"]
    assert len(accuracy) == 8
    well = {("sigmoid", "N(0, 1)"), ("tanh", "Glorot"), ("ReLU", "He"), ("SELU", "LeCun")}
    # "Four learn well …; the four others do not, or hardly"
    assert {pair for pair, share in accuracy.items() if share > 0.8} == well
    assert all(share < 0.35 for pair, share in accuracy.items() if pair not in well)
    # "It learns, more slowly": worse than the three others after as many epochs
    assert accuracy["sigmoid", "N(0, 1)"] == min(accuracy[pair] for pair in well)
    # "its gradient shrinks on the way, but only to 0.07"
    assert round(ns["norms"]["sigmoid", "N(0, 1)"][0], 2) == 0.07


def skips(ns: dict) -> None:
    # "0.96, where it was 0.10"
    assert round(ns["accuracy_skip"], 2) == 0.96
    assert round(ns["accuracy"]["sigmoid", "Glorot"], 2) == 0.10
    # The alt text: "1e-6 and 1e-18; with skip connections the hidden layers are level, at 0.04 and 0.015"
    norms = ns["norms_skip"]
    assert round(np.log10(norms["10 layers, plain"][0])) == -6
    assert round(np.log10(norms["30 layers, plain"][0])) == -18
    assert abs(norms["10 layers, with skips"][0] - 0.04) < 0.005
    assert abs(norms["30 layers, with skips"][0] - 0.015) < 0.002
    for depth in (10, 30):
        hidden = norms[f"{depth} layers, with skips"][:-1]
        assert hidden.max() / hidden.min() < 1.3
    # The formula of the way back is that of the package: see tests/dlcourse/test_scratch.py


def step_length(ns: dict) -> None:
    # "A tiny step gains almost nothing, 0.5 takes the loss from 1.28 to 0.68, 5 … 2.18, and 50 far up, at 42."
    landed = {lr: round(loss, 2) for lr, loss in ns["landed"].items()}
    assert landed[0.5] == 0.68
    assert landed[5] == 2.18
    assert round(landed[50]) == 42
    assert 0 < ns["loss_of"](ns["start"]) - ns["landed"][0.01] < 0.02
