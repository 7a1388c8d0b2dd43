"""What chapter 1, *Perceptron*, says in its prose. `check` gets the chapter's namespace after its last cell."""

import itertools

import numpy as np
from scipy.optimize import linprog

from dlcourse import data
from dlcourse.widgets import activation, approximation, line


def check(ns: dict) -> None:
    species(ns)
    geometry(ns)
    rule(ns)
    no_line(ns)
    bound(ns)
    logistic(ns)
    keras_agrees(ns)
    xor(ns)
    truth_tables(ns)
    zoo(ns)
    layers(ns)
    approximations(ns)
    digits(ns)
    who_sets_the_weights(ns)
    slides(ns)


def separable(X: np.ndarray, y: np.ndarray) -> bool:
    """Whether some line leaves all samples of class 1 above it and all others below, by linear programming."""
    signed = np.where(y == 1, 1, -1)[:, None] * np.c_[X, np.ones(len(X))]
    free = [(None, None)] * signed.shape[1]
    return linprog(np.zeros(signed.shape[1]), A_ub=-signed, b_ub=-np.ones(len(X)), bounds=free).status == 0


def species(ns: dict) -> None:
    # "How many of the 274 birds"; "its label y is 0 for an Adelie and 1 for a Gentoo"
    assert ns["X"].shape == (274, 2)
    assert ns["penguins"].class_names == ("Adelie", "Gentoo")
    # "the two clouds do not touch"; "linearly separable, and we have just proved it"
    assert separable(ns["X"], ns["y"])
    # "Long bills speak for Gentoo, deep ones against."
    adelie, gentoo = (ns["X"][ns["y"] == label].mean(axis=0) for label in (0, 1))
    assert gentoo[0] > adelie[0]
    assert gentoo[1] < adelie[1]
    # "Length alone is wrong 15 times and depth alone 19 times. Together they make no mistake"
    assert ns["wrong"] == {"length only": 15, "depth only": 19, "length minus depth": 0}
    # "a score of exactly 0 counts as no"
    assert ns["step"](np.array([-1.0, 0.0, 1e-9])).tolist() == [0, 0, 1]


def geometry(ns: dict) -> None:
    X, w, b = ns["X"], np.array([1.0, -1.0]), -0.5
    # "a dotted line of length 1.89 joins the farthest Gentoo to the boundary"
    assert round(float(ns["distance"]), 2) == 1.89
    assert np.argmax(X[ns["y"] == 1] @ w + b) == np.argmax((X @ w + b)[ns["y"] == 1])
    # "w is perpendicular to it": a step along the boundary does not change the score
    assert np.isclose(w @ np.array([-w[1], w[0]]), 0)
    # "Only the scores change: they are ten times as large."
    np.testing.assert_allclose(X @ ns["w10"] + ns["b10"], 10 * (X @ w + b))
    assert (ns["predict"](X, ns["w10"], ns["b10"]) == ns["predict"](X, w, b)).all()
    # "Turn w until no bird is ringed": the sliders can do it, without touching the length
    explorer = line.explorer(ns["penguins"])
    assert " 0 mistakes" not in explorer.caption
    explorer.set(angle=-45, b=0.0)
    assert " 0 mistakes" in explorer.caption


def rule(ns: dict) -> None:
    X, y = ns["X"], ns["y"]
    # "Six mistakes, all in the first two epochs; the third confirms that none is left."
    assert len(ns["mistakes"]) == 6
    assert {epoch for epoch, *_ in ns["mistakes"]} == {0, 1}
    _, _, w, b = ns["mistakes"][-1]
    assert (ns["predict"](X, w, b) == y).all()
    # "After a missed Gentoo the score of this bird is higher by η(‖x‖² + 1)"
    x, lr = X[0], 0.3
    np.testing.assert_allclose((w + lr * x) @ x + (b + lr) - (w @ x + b), lr * (x @ x + 1))
    # "Six again, at the very same birds. Starting from zero, lr multiplies w and b alike"
    assert len(ns["mistakes_small"]) == 6
    assert ns["same_birds"]
    np.testing.assert_allclose(ns["w_small"], 0.001 * w)
    np.testing.assert_allclose(ns["b_small"], 0.001 * b, atol=1e-12)


def no_line(ns: dict) -> None:
    # "In each of the 100 epochs it makes between 3 and 13 mistakes"; "never reach zero"
    assert (len(ns["per_epoch"]), ns["per_epoch"].min(), ns["per_epoch"].max()) == (100, 3, 13)
    # "no line can do it"
    assert not separable(ns["X2"], ns["y2"])
    # "a weighted mean of the three Adelies at the corners, with shares 0.12, 0.26 and 0.63 (rounded)"
    chinstraps = ns["chinstraps"]
    assert chinstraps.class_names == ("Adelie", "Chinstrap")
    assert chinstraps.y[ns["triangle"]].tolist() == [0, 0, 0]
    assert chinstraps.y[ns["inside"]] == 1
    assert ns["shares"].round(2).tolist() == [0.12, 0.26, 0.63]
    assert (ns["shares"] > 0).all()
    np.testing.assert_allclose(ns["shares"] @ chinstraps.X[ns["triangle"]], chinstraps.X[ns["inside"]])


def bound(ns: dict) -> None:
    # "At most 554 mistakes are possible; in twenty different orders it makes 2 to 6."
    assert int(ns["bound"]) == 554
    assert (len(ns["made"]), min(ns["made"]), max(ns["made"])) == (20, 2, 6)
    # The margin is the largest: no other direction leaves more room (a scan over the half sphere comes within 1 %).
    signed = np.where(ns["y"] == 1, 1, -1)[:, None] * np.c_[ns["X"], np.ones(len(ns["X"]))]
    directions = np.random.default_rng(0).normal(size=(100_000, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    scanned = (signed @ directions.T).min(axis=0).max()
    assert 0.95 * ns["margin"] < scanned <= ns["margin"] * (1 + 1e-6)
    # "after 300 epochs one flower is still wrong, although a separating line exists"
    table = ns["table"]
    assert separable(ns["sepals"].X, ns["sepals"].y)
    assert table["sepals (cm), 300 epochs"][3:] == (300, 1)
    # "The last of 1,486 mistakes falls in epoch 507."
    assert table["sepals (cm), 3,000 epochs"][2:] == (1_486, 507, 0)
    # "The margin is 0.05 and R is 7.8, so the bound is 22,137."
    reach, margin, mistakes = ns["novikoff_bound"](ns["sepals"].X, ns["sepals"].y)
    assert (round(reach, 1), round(margin, 2)) == (7.8, 0.05)
    assert abs(mistakes - 22_137) < 2
    # "Standardise the same numbers and the bound falls to 201: the rule needs 12 mistakes."
    assert (round(table["sepals (z), 300 epochs"][1]), table["sepals (z), 300 epochs"][2]) == (201, 12)
    # "The petals need a handful of mistakes."
    assert table["petals (cm), 300 epochs"][2] <= 12
    # "mistakes ≤ (R/γ)²"
    for _, most, made, *_ in table.values():
        assert made <= most


def logistic(ns: dict) -> None:
    # "It grows without end: 0.6, 2.2, 4.4, 7.4, 12.7, 23.5 at steps 1, 10, 100 … 100,000."
    steps = ns["steps"]
    assert steps.tolist() == [1, 10, 100, 1_000, 10_000, 100_000]
    assert ns["norms_separable"][steps - 1].round(1).tolist() == [0.6, 2.2, 4.4, 7.4, 12.7, 23.5]
    assert (np.diff(ns["norms_separable"]) > 0).all()
    # "For Adelie and Chinstrap it settles at 12.9"
    assert round(ns["norms_mixed"][-1], 1) == 12.9
    assert np.ptp(ns["norms_mixed"][-50_000:]) < 0.01
    # "Once every bird lies on its right side"
    assert (ns["predict"](ns["X"], ns["w_log"], ns["b_log"]) == ns["y"]).all()
    # "The slope at the boundary is ‖w‖/4"
    for length in (0.5, 1, 4):
        slope = (ns["sigmoid"](length * 1e-6) - ns["sigmoid"](-length * 1e-6)) / 2e-6
        assert np.isclose(slope, length / 4)
    # The step follows the gradient of the mean cross entropy.
    X, y, h = ns["X"], ns["y"], 1e-6

    def loss(w: np.ndarray, b: float) -> float:
        y_hat = ns["sigmoid"](X @ w + b)
        return float(-np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)))

    start_w, start_b = np.array([0.3, -0.2]), 0.1
    gradient = [(loss(start_w + h * e, start_b) - loss(start_w - h * e, start_b)) / (2 * h) for e in np.eye(2)]
    error = ns["sigmoid"](X @ start_w + start_b) - y
    np.testing.assert_allclose(X.T @ error / len(y), gradient, rtol=1e-6)


def keras_agrees(ns: dict) -> None:
    # "They agree to seven digits"
    assert np.abs(ns["ours"] - ns["theirs"]).max() < 1e-6
    # "A hundred steps, and the weights differ by less than 0.00001."
    assert np.abs(ns["w_keras"][:, 0] - ns["w_soft"]).max() < 1e-5
    assert abs(ns["b_keras"][0] - ns["b_soft"]) < 1e-5


def xor(ns: dict) -> None:
    # "After 1,000 epochs there has been none without a mistake."
    assert len(ns["xor_per_epoch"]) == 1_000
    assert ns["xor_per_epoch"].min() >= 1
    assert not separable(ns["X_xor"], ns["y_xor"])
    # "XOR is OR but not AND, and each of the three is a threshold unit."; the third looks at their outputs
    x1, x2 = ns["X_xor"].T
    np.testing.assert_array_equal(ns["y_hat_xor"], ns["y_xor"])
    np.testing.assert_array_equal(ns["step"](x1 + x2 - 0.5), x1 | x2)
    np.testing.assert_array_equal(ns["step"](x1 + x2 - 1.5), x1 & x2)
    # "both corners with XOR = 1 have moved to the same point"
    hidden = ns["step"](ns["X_xor"] @ np.ones((2, 2)) + [-0.5, -1.5])
    np.testing.assert_array_equal(hidden[1], hidden[2])
    np.testing.assert_array_equal(hidden[1], [1, 0])


def truth_tables(ns: dict) -> None:
    # "Two layers can do all 256."
    assert ns["solved"] == len(ns["functions"]) == 256
    # "its score is ½ for r, and at least one lower for everything else"
    rows = ns["rows"]
    for index in range(len(rows)):
        W1, b1, *_ = ns["truth_table_network"](rows, np.eye(len(rows), dtype=int)[index])
        scores = (rows @ W1 + b1)[:, 0]
        assert scores[index] == 0.5
        assert np.delete(scores, index).max() <= -0.5
    # "104 of 256": the perceptron found these, and no line exists for the rest
    assert ns["separable"] == 104
    assert sum(separable(rows, outputs) for outputs in ns["functions"]) == 104
    # "Of the 16 functions of two inputs it can do all but XOR and its opposite."; "1,882 of 65,536 for four"
    assert len(threshold_functions(2)) == 14
    assert len(threshold_functions(3)) == 104
    assert len(threshold_functions(4)) == 1_882
    assert 2**2**4 == 65_536


def threshold_functions(n_inputs: int) -> set[bytes]:
    """Truth tables of all threshold units; weights from -3 to 3 suffice up to four inputs (Muroga 1971)."""
    rows = np.array(list(itertools.product([0, 1], repeat=n_inputs)))
    weights = np.array(list(itertools.product(range(-3, 4), repeat=n_inputs)))
    thresholds = np.arange(-3 * n_inputs, 3 * n_inputs + 2) - 0.5
    outputs = (rows @ weights.T)[:, :, None] > thresholds
    return {table.tobytes() for table in outputs.reshape(len(rows), -1).T}


def zoo(ns: dict) -> None:
    activations = ns["activations"]
    assert list(activations) == ["step", "sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU", "SELU"]
    # "Never trust a derivative that you have not checked."
    assert max(ns["worst"].values()) < 1e-9
    # "slope at most ¼; never negative"
    a = np.linspace(-20, 20, 40_001)
    sigmoid, slope = activations["sigmoid"]
    assert np.isclose(slope(a).max(), 0.25)
    assert sigmoid(a).min() > 0
    # "one takes the value from the left"
    zero, left = np.array([0.0]), np.array([-1e-9])
    for _, derivative in activations.values():
        np.testing.assert_allclose(derivative(zero), derivative(left), atol=1e-6)
    # "Step, ReLU, leaky ReLU and SELU have no derivative at 0"; ELU is "smooth for α = 1"
    for name, jumps in (("ReLU", True), ("leaky ReLU", True), ("SELU", True), ("ELU", False), ("tanh", False)):
        before, after = activations[name][1](np.array([-1e-9, 1e-9]))
        assert bool(abs(after - before) > 0.1) is jumps
    # "keeps mean 0 and variance 1 through layers" (LeCun's initialisation)
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(2_000, 256))
    for _ in range(5):
        Z = activations["SELU"][0](Z @ rng.normal(scale=np.sqrt(1 / 256), size=(256, 256)))
    assert abs(Z.mean()) < 0.05
    assert abs(Z.var() - 1) < 0.1
    # Keras's functions are the same ones.
    import keras

    theirs = {"leaky ReLU": lambda x: keras.ops.leaky_relu(x, negative_slope=0.1), "step": None}
    for name, (function, _) in activations.items():
        other = theirs.get(name, getattr(keras.ops, name.lower(), None))
        if other is not None:
            np.testing.assert_allclose(np.asarray(other(a[::1000].astype("float32"))), function(a[::1000]), atol=1e-5)
    assert "tanh: at a = 1.0" in activation.explorer(activations, start="tanh").caption
    # "probabilities that add up to 1"
    assert np.isclose(ns["p"].sum(), 1)
    # The table of derivatives, which the text gives in numpy as well
    p, scores, h = ns["p"], ns["scores"], 1e-5
    nudged = [(ns["softmax"](scores + h * e) - ns["softmax"](scores - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(np.stack(nudged, axis=1), np.diag(p) - np.outer(p, p), atol=1e-9)
    # "a shift of all scores changes nothing, and this one keeps exp from overflowing"
    np.testing.assert_allclose(ns["softmax"](ns["scores"] + 1000), ns["p"])
    # "With two classes and scores (0, a) it gives σ(a) for the second"
    pairs = np.c_[np.zeros(5), np.linspace(-3, 3, 5)]
    np.testing.assert_allclose(ns["softmax"](pairs)[:, 1], ns["sigmoid"](pairs[:, 1]))


def layers(ns: dict) -> None:
    # "four measurements in, three probabilities out"; "(342, 4) @ (4, 5) + (5,) -> (342, 5)" and so on
    assert ns["all_birds"].X.shape == (342, 4)
    H = np.tanh(ns["all_birds"].X @ ns["W1"] + ns["b1"])
    assert H.shape == (342, 5)
    assert ns["Y_hat"].shape == (342, 3)
    np.testing.assert_allclose(ns["Y_hat"].sum(axis=1), 1)
    # "one row for each unit: their W is ours transposed. Keras uses the columns, as we do"
    np.testing.assert_allclose(np.tanh(ns["W1"].T @ ns["all_birds"].X[0] + ns["b1"]), H[0])
    np.testing.assert_allclose(ns["twin"].predict(ns["all_birds"].X, verbose=0), ns["Y_hat"], atol=1e-5)
    # "two linear layers are one linear layer with other weights"
    np.testing.assert_allclose(ns["two_layers"], ns["one_layer"], atol=1e-12)


def approximations(ns: dict) -> None:
    relu, step, widths = np.array(ns["percent"]["ReLU"]), np.array(ns["percent"]["step"]), ns["widths"]
    # "2, 4, … 128 hidden units"; "the error falls"
    assert widths.tolist() == [2, 4, 8, 16, 32, 64, 128]
    assert (np.diff(relu) < 0).all()
    assert (np.diff(step) < 0).all()
    # "Twice the units: half the error with steps, a quarter of it with ReLUs."
    np.testing.assert_allclose(step[4:] / step[3:-1], 0.5, atol=0.05)
    np.testing.assert_allclose(relu[4:] / relu[3:-1], 0.25, atol=0.02)
    # "equal to f at every knot"
    spread, knots = ns["spread"], np.linspace(170, 235, 9)
    np.testing.assert_allclose(ns["relu_network"](spread, knots)(knots), spread(knots), atol=1e-15)
    # "Share of penguins per mm": over all lengths it adds up to 1
    assert np.isclose(spread(np.arange(150, 260, 0.05)).sum() * 0.05, 1, atol=1e-3)
    # "a curve with two humps"
    curve = spread(ns["x"])
    assert ((curve[1:-1] > curve[:-2]) & (curve[1:-1] > curve[2:])).sum() == 2
    # "four ReLUs follow it coarsely, sixteen almost exactly"
    assert relu[1] > 25
    assert relu[3] < 5
    labels = ("flipper length (mm)", "share of penguins (1/mm)")
    assert "4 ReLU units" in approximation.explorer(ns["networks"], spread, ns["x"], labels).caption


def digits(ns: dict) -> None:
    # "1,797 handwritten digits of 8 × 8 pixels; we hold a quarter back"; "with 450 test digits"
    assert data.load("digits").X.shape == (1797, 8, 8)
    assert len(ns["test"]) == 450
    # "each of these numbers is uncertain by about ±0.01"
    accuracy = ns["accuracy"]
    for share in (0.91, 0.96):
        assert 0.005 < np.sqrt(share * (1 - share) / 450) < 0.015
    # "a linear model is at 0.96 already"; "the hidden layer hardly helps"
    assert abs(accuracy["which digit?", "linear"] - 0.96) < 0.015
    assert abs(accuracy["which digit?", "32 learned"] - accuracy["which digit?", "linear"]) < 0.025
    # "the linear model stays at 0.91. With 32 learned units it is 0.98."
    assert abs(accuracy["odd?", "linear"] - 0.91) < 0.015
    assert abs(accuracy["odd?", "32 learned"] - 0.98) < 0.015
    # "And 32 random units are worse than none"
    for question in ("which digit?", "odd?"):
        assert accuracy[question, "32 random"] < accuracy[question, "linear"] - 0.03
    # "The strongest digits of a unit are of few kinds" (8 drawn at random are of 5.7), "nearly all on the side ..."
    assert np.mean([len(kinds) for kinds in ns["liked"]]) <= 3
    assert ns["agree"] > 0.85
    dead = ns["dead"]
    # "about a third of the 32 answer 0 to every training digit. None did at the start"; these are the pale ones
    assert ns["dead_before"].sum() == 0
    assert 6 <= dead.sum() <= 15
    size = np.abs(ns["W_after"]).mean(axis=0)
    assert size[dead].mean() < 0.7 * size[~dead].mean()


def who_sets_the_weights(ns: dict) -> None:
    # "Of the fifty with two hidden units only 21 solve it; with four it is 47, with eight 50."
    for n_hidden, solved in ((2, 21), (4, 47), (8, 50)):
        assert abs(ns["xor_solved"][n_hidden] - solved) <= 2


def slides(ns: dict) -> None:
    # "320 students in the sixth edition. With the exponential function they would be 2,968"
    assert 10 * 2 ** (6 - 1) == 320
    assert round(10 * 2 * np.exp(6 - 1)) == 2_968
    # "as printed, every class gets 1/K"
    f = ns["scores"]
    np.testing.assert_allclose(np.exp(f) / sum(np.exp(f) for _ in f), 1 / len(f))
