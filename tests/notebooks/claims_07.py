"""What chapter 7, *Uncertainty*, says in its prose. `check` gets the chapter's namespace after its last cell.

Long trainings amplify rounding, which differs from processor to processor: their results are compared with a tolerance.
"""

import numpy as np
from scipy import special

from dlcourse import uncertainty


def check(ns: dict) -> None:
    first_network(ns)
    fours(ns)
    two_kinds(ns)
    monte_carlo(ns)
    ensemble(ns)
    evidence(ns)
    side_by_side(ns)
    calibration(ns)
    detection(ns)
    attacked(ns)


def near(actual: float, stated: float, tolerance: float = 0.03) -> bool:
    return abs(float(actual) - stated) <= tolerance


def first_network(ns: dict) -> None:
    # "1,797 handwritten digits"; "Half of them train the network, a sixth ..., a third is kept for the test"
    assert (len(ns["train"]), len(ns["val"]), len(ns["test"])) == (898, 300, 599)
    # "it has 97 of 100 right, and where it is wrong it says so, with smaller probabilities"
    assert near(ns["net_accuracy"], 0.97, 0.015)
    p, wrong = ns["p_test"], ns["p_test"].argmax(1) != ns["y_test"]
    assert p.max(1)[wrong].mean() < 0.75 < 0.9 < p.max(1)[~wrong].mean()
    # "hesitates between a 9 and a 4 ... At 75°, at 90° and at 150° ... (0.96 or more) ... Upside down it reads an 8 ...
    # three right"
    p = ns["p_turned"]
    assert p.argmax(1)[[5, 6, 10, 12]].tolist() == [4, 4, 4, 8]
    assert set(p[3:5].argsort(1)[:, -2:].ravel().tolist()) == {4, 9}
    assert p.max(1)[[5, 6, 10]].min() > 0.93 and near(p[12, 8], 0.83, 0.15)
    assert (p.argmax(1) == 3).sum() == 3
    # `turn` turns anticlockwise, as its docstring says: a quarter turn is numpy's
    assert ns["test"].y[ns["lid"]] == 3
    np.testing.assert_allclose(ns["turn"](ns["test"].X, 90), np.rot90(ns["test"].X, 1, (1, 2)), atol=1e-9)
    # "The darker, the surer"
    inked = ns["p_ink"].max(1)
    assert (np.diff(inked) > -1e-6).all() and inked[-1] > 0.999


def fours(ns: dict) -> None:
    # "Of the lids that lie on their side, 99.8 % are a 4"; "instead of 0.2 % it calls 44 % of them a 4"
    shares = ns["fours"]
    assert shares["turned by 90°"] > 0.97 and shares["upright"] < 0.01
    assert near(shares["upright, outer rows erased"], 0.44, 0.25)
    # "only the 4 ... has little" ink in the top and bottom row
    ink = np.array([ns["ink_outer"][ns["y_train"] == k].mean() for k in range(10)])
    assert ink.argmin() == 4 and np.delete(ink, 4).min() > 1.5 * ink[4]
    # "each digit fills the height of its square"
    X = ns["train"].X
    assert ((X[:, 0].sum(axis=1) > 0) & (X[:, 7].sum(axis=1) > 0)).mean() > 0.95
    assert ns["turn"](ns["test"].X, 90)[:, [0, 7]].sum() < 0.01 * ns["test"].X.sum()  # "no ink there either"


def two_kinds(ns: dict) -> None:
    lids = ns["three_lids"]
    np.testing.assert_allclose(lids["all sure"], (0, 0), atol=1e-12)
    np.testing.assert_allclose(lids["all unsure"], (np.log(2), 0), atol=1e-12)
    np.testing.assert_allclose(lids["they disagree"], (np.log(2), np.log(2)), atol=1e-12)
    assert round(np.log(10), 2) == 2.30 and round(np.log(2), 3) == 0.693


def monte_carlo(ns: dict) -> None:
    # "The two agree as well as a hundred draws each allow"
    expected = np.sqrt(2 / np.pi) * ns["noise"]
    assert 0.6 * expected < ns["mc_difference"] < 1.5 * expected
    # "the uncertainty is simply zero"
    assert (
        np.abs(ns["mutual_information"](ns["forgotten"])).max() < 1e-5 < ns["mutual_information"](ns["by_hand"]).mean()
    )


def ensemble(ns: dict) -> None:
    assert np.abs(ns["alone"] - ns["together"][7]).max() < 1e-4
    assert ns["disagreement"]["one seed"] < 1e-5 < 1e-3 < ns["disagreement"]["five seeds"]
    # "the accuracy is that of a single network, which is not bad": the range of the single networks
    assert 0.93 < ns["accuracies"].min() < ns["accuracies"].max() < 0.99


def evidence(ns: dict) -> None:
    loss = ns["loss_table"]
    # "0.05 against 0.83 ... With λ = 1 it costs 0.68"; right evidence alone is never punished
    assert [round(value, 2) for value in loss[20, 2, 0]] == [0.05, 0.68]
    assert [round(value, 2) for value in loss[0, 0, 0]] == [0.83, 0.83]
    assert all(abs(loss[f][0] - loss[f][1]) < 1e-12 for f in ((0, 0, 0), (2, 0, 0), (20, 0, 0)))
    assert max(loss, key=lambda f: loss[f][1]) == (0, 20, 0)
    # the loss is the mean of ‖y − p‖² over the cloud
    assert near(ns["evidential_loss"](np.eye(3)[0], np.array([5.0, 0, 1]), 0), ns["sampled"], 0.002)
    assert ns["loss_difference"] < 1e-4
    flat = ns["kl_from_flat"](np.ones(10))
    assert abs(flat) < 1e-9 and uncertainty.kl_from_uniform(np.ones((1, 10), "float32"))[0] < 1e-4
    numbers = ns["evidential_numbers"]
    assert near(numbers["accuracy"], 0.955, 0.02)
    assert numbers["u where it is right"] < 0.35 < 0.5 < numbers["u where it is wrong"]
    # "as sure of its mistakes ... (u = 0.05)"; "With λ = 1 it is doubtful and less accurate"; "u is 1 everywhere, and
    # three quarters of the lids are misread"
    settings = ns["edl_settings"]
    assert settings["λ = 0"][2] < 0.12
    assert settings["λ = 1, annealed"][0] < settings["λ = 0.1, annealed"][0] - 0.02
    assert settings["λ = 1, annealed"][1] > settings["λ = 0.1, annealed"][1] + 0.1
    accuracy, where_right, where_wrong = settings["λ = 1 from the start"]
    assert near(accuracy, 0.25, 0.2) and min(where_right, where_wrong) > 0.7


def side_by_side(ns: dict) -> None:
    # "All read upright lids about equally well"
    means = [values.mean() for values in ns["test_accuracy"].values()]
    assert min(means) > 0.94 and max(means) - min(means) < 0.025
    # "On this lid ... doubt from the moment the digit leans over"
    for name, least in (("evidential", 0.45), ("MC dropout", 0.3)):
        assert ns["lid_read"][name][1][0][1:].min() > least
    assert ns["lid_read"]["softmax"][1][0][6] < 0.2
    doubt = {name: np.mean(pair[1], axis=1) for name, pair in ns["by_angle"].items()}  # by angle
    right = {name: np.mean(pair[0], axis=1) for name, pair in ns["by_angle"].items()}
    for name in ns["four"]:
        assert doubt[name][0] < doubt[name][2] > doubt[name][6]  # up to 30° less sure, towards 90° surer again
        assert doubt[name][6] < doubt[name][0] + 0.05  # "as sure as of upright lids or surer"
        assert near(right[name][6], 0.1) and near(right[name][12], 0.42, 0.05)  # "nine of ten answers are wrong"
    assert min(doubt["evidential"][2], doubt["MC dropout"][2]) > doubt["ensemble of 5"][2]
    assert max(abs(doubt["ensemble of 5"] - doubt["softmax"])) < 0.08  # "hardly differs from the softmax"
    # "at 90° every network here is sure of a 4", the 1s too
    ones = ns["turn"](ns["test"].X[ns["y_test"] == 1], 90).reshape(-1, 64)
    for name in ns["four"]:
        p, u = ns["read"](name, ones)
        assert (p.argmax(-1) == 4).mean() > 0.95 and u.mean() < 0.25


def calibration(ns: dict) -> None:
    upright, askew = ns["ece"]["upright"], ns["ece"]["askew"]
    # "nearly calibrated (0.020, where chance alone makes 0.015)"
    assert near(upright["softmax"].mean(), 0.020, 0.01) and near(ns["chance"], 0.015, 0.004)
    said, y = ns["said"], ns["y_test"]

    def gap(where: str, name: str) -> tuple[float, float]:
        p = said[where][name]
        return p.max(-1).mean(), (p.argmax(-1) == y).mean()

    for where, name, says, right in (
        ("upright", "MC dropout", 0.87, 0.96),
        ("upright", "evidential", 0.78, 0.96),
        ("askew", "softmax", 0.80, 0.65),
    ):
        assert near(gap(where, name)[0], says) and near(gap(where, name)[1], right)
    # "The ensemble is little better. Monte-Carlo dropout is about right ... Evidence is still far too modest"
    assert 0 < askew["softmax"].mean() - askew["ensemble of 5"].mean() < 0.05
    assert askew["MC dropout"].mean() < 0.07 and askew["evidential"].mean() > 0.15
    assert gap("askew", "MC dropout")[0] < gap("askew", "softmax of a dropout net")[0]
    # "from 0.150 down to 0.051 ... makes matters worse, 0.179, because there the network was a little too modest"
    assert near(askew["softmax"].mean(), 0.150) and near(ns["tempered"]["askew"][1].mean(), 0.051, 0.02)
    assert near(ns["tempered"]["upright"][1].mean(), 0.179) and (ns["tempered"]["upright"][0] < 1.05).all()
    assert ns["tempered"]["upright"][1].mean() > askew["softmax"].mean()
    # a temperature keeps the order of the classes
    logits = ns["logits_askew"]
    assert (special.softmax(logits / 2, axis=-1).argmax(-1) == logits.argmax(-1)).all()


def detection(ns: dict) -> None:
    found = {pair: values.mean() for pair, values in ns["detection"].items()}
    codes, pen, photo, lean, side, attacked = ns["strange"]
    plain, fair, evident = "softmax", "softmax of a dropout net", "evidential, u"
    draws, members = "MC dropout, disagreement", "ensemble of 5, disagreement"
    # "little better than a coin, 0.56 and 0.68"; "the best is the disagreement under dropout, 0.92 and 0.98"
    for kind, coin, best in ((codes, 0.56, 0.92), (pen, 0.68, 0.98)):
        assert near(found[kind, plain], coin, 0.08) and near(found[kind, draws], best, 0.04)
        assert max(ns["usual"], key=lambda name, kind=kind: found[kind, name]) == draws
    assert near(found[codes, evident], 0.83, 0.06) and near(found[pen, evident], 0.82, 0.08)
    assert near(found[photo, plain], 0.91) and found[photo, members] > found[photo, plain]
    # "0.02 or less for Monte-Carlo dropout and for evidence"; "it would look like up to 0.06"
    for kind in (lean, attacked):
        for name in (draws, "MC dropout, entropy", evident):
            assert found[kind, name] - found[kind, fair] < 0.03
            assert found[kind, name] - found[kind, plain] < 0.09
    assert all(found[side, name] < 0.5 for name in ns["usual"])
    assert found[codes, draws] - found[codes, "MC dropout, entropy"] > 0.06
    # "None wins everywhere"
    winners = {max(ns["usual"], key=lambda name, kind=kind: found[kind, name]) for kind in ns["strange"]}
    assert len(winners) > 1
    # "fall by more than a third"; "(0.30 wrong against 0.35)"
    for values in ns["kept_error"].values():
        first, last = values[:, 0].mean(), values[:, 6].mean()
        assert last < 0.68 * first
    assert near(ns["kept_error"]["evidential"][:, 0].mean(), 0.30) and near(ns["kept_error"][plain][:, 0].mean(), 0.35)


def attacked(ns: dict) -> None:
    own = {pair: np.mean(results, axis=0) for pair, results in ns["own"].items()}
    for name in ("softmax", "ensemble of 5", "evidential"):
        assert 0.8 < own[name, 0.1][1] < 0.92  # "0.84 to 0.87"
        assert own[name, 0.2][0] < 0.1 and own[name, 0.2][1] < 0.75
        assert own[name, 0.3][0] < 0.01
    assert near(own["ensemble of 5", 0.3][1], 0.5, 0.08)
    assert own["softmax", 0.3][1] < 0.47 and near(own["evidential", 0.3][1], 0.23, 0.1)
