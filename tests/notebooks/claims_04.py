"""What chapter 4, *Regularization*, says in its prose. `check` gets the chapter's namespace after its last cell.

Long trainings amplify rounding, which differs from processor to processor: accuracies are compared with a tolerance.
"""

import numpy as np

from dlcourse.scratch import ensemble
from dlcourse.scratch.numerical import numerical_gradient, relative_error


def check(ns: dict) -> None:
    sets(ns)
    overfitting(ns)
    sizes_and_amounts(ns)
    penalties(ns)
    decay(ns)
    constraints(ns)
    keras_agrees(ns)
    early_stopping(ns)
    dropout(ns)
    batch_norm(ns)
    augmentation(ns)
    explorer(ns)
    skips_and_transfer(ns)
    search(ns)
    comparison(ns)
    by_heart(ns)
    double_descent(ns)
    shifts(ns)


def near(actual: float, stated: float, tolerance: float = 0.02) -> bool:
    return abs(float(actual) - stated) <= tolerance


def sets(ns: dict) -> None:
    # "300 ... 60 wrong"; "validation 300"; "test 600"; apart from one another
    assert (len(ns["ours"]), len(ns["validation"]), len(ns["test"]), len(ns["pool"])) == (300, 300, 600, 897)
    assert np.sum(ns["y"] != ns["ours"].y) == 60
    images = [{image.tobytes() for image in ns[name].X} for name in ("pool", "validation", "test")]
    assert not images[0] & images[1] and not images[0] & images[2] and not images[1] & images[2]
    assert {image.tobytes() for image in ns["ours"].X} <= images[0]
    # "26,122 parameters for 300 images"
    assert ns["plain"].nets.theta.shape == (5, 26_122)


def overfitting(ns: dict) -> None:
    history = ns["plain"].history
    # "All of them ... 79 %, fewer than after 10 epochs (85 %)"
    assert history["accuracy"][:, -1].min() > 0.98
    assert near(history["val_accuracy"][:, -1].mean(), 0.79, 0.03)
    assert near(history["val_accuracy"][:, 9].mean(), 0.85, 0.025)
    # "the loss is lowest near epoch 10, then rises; the accuracy peaks near 0.87"
    assert 4 <= history["val_loss"].mean(axis=0).argmin() + 1 <= 16
    assert history["val_loss"].mean(axis=0)[-1] > 1.2 * history["val_loss"].mean(axis=0).min()
    assert near(history["val_accuracy"].mean(axis=0).max(), 0.87, 0.025)


def sizes_and_amounts(ns: dict) -> None:
    validation = {size: scores.mean() for size, (_, scores) in ns["grid"].items()}
    # "Two hidden units underfit: more data does not help them."
    assert max(validation[2, amount] for amount in ns["amounts"]) < 0.45
    assert ns["grid"][2, 897][0].mean() < 0.4
    # "Large networks overfit little data, and more data is the best cure"
    assert ns["grid"][256, 30][0].min() == 1 and validation[256, 30] < 0.6
    large = [validation[256, amount] for amount in ns["amounts"]]
    assert large == sorted(large) and large[-1] > 0.88
    # "always 600 steps"
    assert all(abs(600 // -(-n // 32) * -(-n // 32) - 600) <= 20 for n in ns["amounts"])


def penalties(ns: dict) -> None:
    W = np.random.default_rng(1).normal(size=(3, 2))
    assert relative_error(ns["l2"](0.3)(W), numerical_gradient(lambda W: 0.3 * np.sum(W**2), W)) < 1e-8
    assert relative_error(ns["l1"](0.3)(W), numerical_gradient(lambda W: 0.3 * np.sum(np.abs(W)), W)) < 1e-8
    # "with the better strengths it is about 0.80"
    for name, strength in (("L2", 0.01), ("L1", 0.003)):
        assert near(ns["results"][name][strength].history["accuracy"][:, -1].mean(), 0.80, 0.025)
    # "With L1 most are below 0.001, a few are as large as without"; "around 0.04 and below"
    sizes = {
        name: np.concatenate([np.abs(W).ravel() for W, _ in run.nets.layers()]) for name, run in ns["kept_runs"].items()
    }
    assert np.median(sizes["L1, 0.003"]) < 0.001 and sizes["L1, 0.003"].max() > 0.5
    assert np.median(sizes["L2, 0.01"]) < 0.04 < 0.1 < np.median(sizes["none"]) < 0.2


def decay(ns: dict) -> None:
    # "SGD: the same to the last digits ... Adam: not at all"
    assert ns["gaps"]["SGD"] < 2e-6 and ns["gaps"]["Adam"] > 0.01
    # "good values are a hundred times as large"
    best = {name: ns["chosen"][name] for name in ("L2", "weight decay")}
    assert 100 <= best["weight decay"] / best["L2"] <= 400


def constraints(ns: dict) -> None:
    for W, _ in ns["results"]["max-norm"][0.7].nets.layers():
        assert np.linalg.norm(W, axis=1).max() < 0.7 * (1 + 1e-4)
    g = np.array([[3.0, 4.0], [0.3, 0.4]])
    np.testing.assert_allclose(ns["clip"](1.0)(g), [[0.6, 0.8], [0.3, 0.4]])
    # "One of the five does badly without; clipping saves it."
    scores = {name: run.history["val_accuracy"][:, -1] for name, run in ns["clipped"].items()}
    assert np.sum(scores["not clipped"] < 0.7) >= 1
    assert scores["clipped to 1"].min() > 0.75


def keras_agrees(ns: dict) -> None:
    assert set(ns["agreement"]) == {"L2", "L1", "max-norm", "clipping", "weight decay"}
    for name, (difference, moved) in ns["agreement"].items():
        assert difference < 1e-5 < 1e-2 < moved, name
    # ... and the option matters: without it the same steps end elsewhere
    bare = ensemble.train(ns["one_start"], ns["X"], ns["y"], rule=ns["optimisers"].sgd, lr=0.5, **ns["few"])
    for name in ("L2", "L1", "max-norm", "clipping"):
        option = ns["pairs"][name][0]
        run = ensemble.train(
            ns["one_start"], ns["X"], ns["y"], rule=ns["optimisers"].sgd, lr=0.5, **ns["few"], **option
        )
        assert np.abs(run.nets.theta - bare.nets.theta).max() > 1e-3, name


def early_stopping(ns: dict) -> None:
    assert ns["early_stopping"](ns["losses"], 3) == ns["by_keras_stop"] == (11, 8)
    assert ns["early_stopping"]([3, 2, 1], 2) == (3, 3)
    assert ns["early_stopping"]([1, 2, 3, 4], 1) == (2, 1)
    # "with a fifth of the work": epochs trained at a patience of 3
    ends = [ns["early_stopping"](losses, 3)[0] for losses in ns["plain"].history["val_loss"]]
    assert near(np.mean(ends) / 60, 0.2, 0.07)
    # the best weights are better than the last
    kept, last = ns["stopped"][10]
    assert kept.mean() > last.mean() + 0.02


def dropout(ns: dict) -> None:
    # "1.00 with the division, 0.20 without"; "The values are 0 and 5"
    means = {name: float(value) for name, value in ns["means"].items()}
    assert near(means["with division"], 1) and near(means["without"], 0.2) and near(means["Keras"], 1)
    assert means["Keras at test"] == 1
    np.testing.assert_allclose(np.unique(ns["dropped"]), [0, 5], rtol=1e-6)
    # "Leaving it on costs accuracy and makes each prediction a lottery."
    off, on, again = (ns[name] for name in ("off", "on", "on_again"))
    assert np.mean(off == ns["y_val"]) > np.mean(on == ns["y_val"]) + 0.05
    assert np.mean(on != again) > 0.15


def batch_norm(ns: dict) -> None:
    bits = 1e-12 if ns["keras"].config.backend() == "tensorflow" else 1e-5  # on JAX the layer rounds to 32 bits inside
    assert max(ns["differences"].values()) < bits
    assert ns["gradient_error"] < 1e-7
    # "No cure: it ends at 0.79, like the network without"
    assert near(ns["normalised"]["val_accuracy"][:, -1].mean(), 0.79, 0.03)
    # "it bears a learning rate at which the plain network is lost"
    borne = {name: scores.mean(axis=0) for name, scores in ns["borne"].items()}
    assert borne["none"][-1] < 0.7 < 0.8 < borne["batch norm"][-1]
    # "more than a third of the initial 0 and 1 is still in them after a hundred steps"
    assert 0.99**100 > 1 / 3
    # the chapter's function and the package's, which trained the networks
    rng = np.random.default_rng(0)
    nets = ensemble.start((6, 4, 3), [0], batch_norm=True, dtype=np.float64)
    X, y = rng.normal(size=(20, 6)), rng.integers(0, 3, size=20)
    run = ensemble.train(nets, X, y, n_epochs=1, batch_size=20, lr=0.0)
    running = {"mean": np.zeros(4), "var": np.ones(4)}
    W, b, gamma, beta = (array[0] for array in nets.layers()[0])
    ns["batch_norm"](X @ W + b, gamma[0], beta[0], running, training=True)
    for ours, theirs in zip(running.values(), run.nets.statistics[0], strict=True):
        np.testing.assert_allclose(ours, theirs[0, 0], rtol=1e-10)


def augmentation(ns: dict) -> None:
    batch = np.arange(2 * 5 * 64, dtype=float).reshape(2, 5, 64)
    moved = ns["shift"](0)(batch, np.random.default_rng(0))
    np.testing.assert_array_equal(moved, batch)
    moved = ns["shift"](1)(np.ones((1, 300, 64)), np.random.default_rng(0))
    assert set(moved.sum(axis=2).ravel()) == {64, 56, 49}  # unmoved, along one axis, along both


def explorer(ns: dict) -> None:
    assert len(ns["few_biopsies"]) == 80
    assert "It overfits" in ns["captions"]["0"]
    assert "has not learned the wrong labels by heart" in ns["captions"]["3"]


def skips_and_transfer(ns: dict) -> None:
    # "falls from 0.83 at 2 layers to guessing at 20; with them it stays above 0.8"
    plain, skips = (ns["deep"][name].mean(axis=0) for name in ("plain", "with skip connections"))
    assert near(plain[0], 0.83, 0.03) and plain[-1] < 0.2
    assert skips.min() > 0.77
    # "Transfer helps by 3 to 6 percentage points, and the control ..."
    means = {name: scores.mean() for name, scores in ns["transfer"].items()}
    scratch = means["from scratch"]
    assert 0.01 < means["pretrained, frozen"] - scratch < 0.08
    assert 0.03 < means["pretrained, fine-tuned"] - scratch < 0.1
    assert means["pretrained on random labels, fine-tuned"] < scratch + 0.02
    assert means["pretrained on random labels, frozen"] < scratch - 0.02


def search(ns: dict) -> None:
    # equal budgets; "3 × 2 × 2"
    assert all(len(trials) == 12 for repeats in ns["searches"].values() for trials in repeats)
    assert len({lr for lr, _, _ in ns["grid_settings"]}) == 3 and len(ns["grid_settings"]) == 12
    for i in range(3):
        assert not set(ns["train_rows"][i]) & set(ns["left_out"][i])
    assert np.array_equal(np.sort(ns["left_out"].ravel()), np.arange(300))
    # "hardly apart"; "most settings in so wide a space are bad"
    best = [min(loss for loss, _ in trials) for repeats in ns["searches"].values() for trials in repeats]
    assert max(best) - min(best) < 0.2
    random = [loss for trials in ns["searches"]["random"] for loss, _ in trials]
    assert np.mean(np.array(random) > min(best) + 0.1) > 0.5
    scores = [found.mean() for found in ns["found"].values()]
    assert max(scores) - min(scores) < 0.05 and min(scores) > 0.83


def comparison(ns: dict) -> None:
    test = {name: scores.mean() for name, (_, scores) in ns["final"].items()}
    assert len(test) == 10
    # "three strengths, five seeds" for each that has a strength
    assert all(len(runs) == 3 for name, runs in ns["results"].items() if name not in ("none", "batch norm"))
    assert all(len(scores) == 5 for pair in ns["final"].values() for scores in pair)
    # "near 0.78; all others lie between 0.83 and 0.87, dropout at the top"; "0.93"
    worst = {"none", "batch norm"}
    assert all(near(test[name], 0.78, 0.03) for name in worst)
    others = {name: score for name, score in test.items() if name not in worst}
    assert all(0.81 < score < 0.89 for score in others.values())
    assert test["dropout"] > max(others.values()) - 0.01
    right = ns["right_labels"].mean()
    assert near(right, 0.93, 0.015)
    # "brings back between a third and two thirds"
    shares = [(score - test["none"]) / (right - test["none"]) for score in others.values()]
    assert min(shares) > 0.25 and max(shares) < 0.72
    # "0.86 has a standard error of 0.014"
    assert round(np.sqrt(0.86 * 0.14 / 600), 3) == 0.014
    # "combining two remedies did not beat the better one"; "most scores are lower on the test set"
    assert test["dropout + shifts"] < max(test["dropout"], test["shifts"]) + 0.01
    assert np.mean([pair[1].mean() < pair[0].mean() for pair in ns["final"].values()]) > 0.5
    assert ns["keras_accuracy"] > 0.82


def by_heart(ns: dict) -> None:
    # "within about four times as many epochs"; within ten, about forty, about forty
    when = ns["when"]
    assert when["right"] <= 14 and 25 <= when["a fifth wrong"] <= 50 and 25 <= when["all random"] <= 55
    assert 2.5 < when["all random"] / when["right"] < 6
    assert ns["by_labels"]["all random"]["accuracy"][:, -1].min() > 0.98
    assert ns["at_end"]["right"] > 0.9 and ns["at_end"]["all random"] < 0.2


def double_descent(ns: dict) -> None:
    counts = list(ns["feature_counts"])
    plain, ridge = ns["double"][:, 0].mean(axis=0), ns["double"][:, 1].mean(axis=0)
    peak = counts.index(300)
    # "falls to about 0.1 at about 100, rises to a sharp peak near 0.8 at exactly 300, ... below the first valley"
    assert plain.argmax() == peak and near(plain[peak], 0.8, 0.08)
    assert near(plain[:peak].min(), 0.1, 0.02) and 75 <= counts[int(plain[:peak].argmin())] <= 150
    assert plain[-1] < 0.7 * plain[:peak].min()
    # "With L2 there is no peak."
    assert ridge[peak] < 0.1 and np.all(np.diff(ridge) < 0.01)


def shifts(ns: dict) -> None:
    # "Dropout does nothing for it. Augmentation teaches a shift by one pixel ... and not a shift by two"
    shifted = ns["shifted"]
    assert shifted["dropout"][1] < 0.5 and shifted["none"][1] < 0.45
    assert shifted["dropout + shifts"][1] > 0.8 and shifted["dropout + shifts"][2] < 0.5
