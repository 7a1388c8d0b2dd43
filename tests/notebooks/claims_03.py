"""What chapter 3, *SGD*, says in its prose. `check` gets the chapter's namespace after its last cell.

Long trainings amplify rounding, which differs from processor to processor: accuracies are compared with a tolerance.
"""

import numpy as np

from dlcourse.scratch import optimisers, schedules
from dlcourse.widgets import descent


def check(ns: dict) -> None:
    surface(ns)
    learning_rates(ns)
    saddle(ns)
    real_landscape(ns)
    batches(ns)
    batch_sizes(ns)
    rules(ns)
    keras_steps(ns)
    explorer(ns)
    sweep_and_finder(ns)
    races(ns)
    decay(ns)
    keras_network(ns)
    recommended(ns)
    by_heart(ns)


def near(actual: float, stated: float, tolerance: float = 0.02) -> bool:
    return abs(float(actual) - stated) <= tolerance


def surface(ns: dict) -> None:
    # "a straight line through 342 birds"; "C runs through the middle", "C at its lowest point"
    assert len(ns["x"]) == len(ns["y"]) == 342
    loss, lines = ns["loss"], ns["lines"]
    assert near(loss(lines["C"], ns["x"], ns["y"]), ns["valley"].lowest, 1e-9)
    assert all(loss(lines[name], ns["x"], ns["y"]) > ns["valley"].lowest for name in "AB")
    # "Is ours right? Compare it with a small step to either side"
    place, h = np.array([0.3, 2.0]), 1e-6
    numerical = [
        (loss(place + h * e, ns["x"], ns["y"]) - loss(place - h * e, ns["x"], ns["y"])) / (2 * h) for e in np.eye(2)
    ]
    np.testing.assert_allclose(ns["gradient"](place, ns["x"], ns["y"]), numerical, rtol=1e-7)


def learning_rates(ns: dict) -> None:
    ends = {lr: float(ns["loss"](path[-1], ns["x"], ns["y"])) for lr, path in ns["paths"].items()}
    lowest = ns["valley"].lowest
    # "Only 0.08 gets there"; "0.082 ... flies off, to a loss of nearly 200 million"
    assert ends[0.08] - lowest < 1e-4 < 0.1 < ends[0.01] - lowest < ends[0.001] - lowest
    assert 1.9e8 < ends[0.082] < 2e8
    # "0.001 has come down to the floor of the valley, and 0.01 has crept along half of it"
    floor = ns["paths"][0.001][-1][1]
    done = (floor - ns["paths"][0.01][-1][1]) / (floor - ns["lines"]["C"][1])
    assert 0.45 < done < 0.7
    # "Across the valley the curvature is 24.7 ... 2/24.7 = 0.081 ... 78 times smaller ... 2.6 %"
    assert round(ns["across"], 1) == 24.7
    assert round(ns["limit"], 3) == 0.081
    assert round(ns["across"] / ns["along"]) == 78
    assert round(100 * ns["limit"] * ns["along"], 1) == 2.6
    # the Hessian is the derivative of the gradient
    h, where = 1e-6, np.array([0.3, 2.0])
    numerical = [
        (ns["gradient"](where + h * e, ns["x"], ns["y"]) - ns["gradient"](where - h * e, ns["x"], ns["y"])) / (2 * h)
        for e in np.eye(2)
    ]
    np.testing.assert_allclose(ns["hessian"](ns["x"]), numerical, rtol=1e-6)
    # "Both curvatures are 2 ... one step"
    np.testing.assert_allclose(ns["curvatures"], 2)
    assert ns["loss"](ns["one_step"], ns["xz"], ns["yz"]) - ns["bowl"].lowest < 1e-12


def saddle(ns: dict) -> None:
    # "At zero you stay for ever"; "The curvatures are −1.63 and +1.63"
    assert (ns["ways"]["at zero"] == 0).all()
    np.testing.assert_allclose(ns["curvatures_zero"], [-1.63, 1.63], atol=0.005)
    # "Flip the sign of both weights, and nothing changes."
    theta = np.array([0.7, -1.1])
    assert np.isclose(ns["saddle"].loss_at(theta), ns["saddle"].loss_at(-theta))
    # "stand there for some eighty steps"
    losses = ns["saddle"].loss_at(ns["ways"]["on the watershed"])
    assert 70 <= (np.abs(losses - 1) < 0.05).sum() <= 90
    assert ns["saddle"].loss_at(ns["ways"]["beside it"])[-1] < 0.3
    # "All birds together need 106 steps, eight at a time about 30"
    assert abs(ns["with_all"] - 106) <= 2
    assert 25 <= np.median(ns["with_eight"]) <= 35


def real_landscape(ns: dict) -> None:
    # "64 pixels, 32 hidden ReLUs, ten outputs; 2,410 parameters"
    assert len(ns["start"]) == 64 * 32 + 32 + 32 * 10 + 10 == 2410
    # "a ridge of loss 0.61, ten times as high as either end ... losses of 0.06"
    ends = [ns["training_loss"](theta) for theta in ns["trained"]]
    assert all(near(end, 0.06, 0.005) for end in ends)
    assert near(ns["ridge"].max(), 0.61, 0.03)
    assert near(ns["ridge"].max() / ends[0], 10, 2)


def batches(ns: dict) -> None:
    # "slopes of 0.66, 0.22 and 0.49 kg per cm, where all birds together say 0.50 ... standard deviation is 0.12"
    slopes = [ns["slope_of"](batch) for batch in ns["batches"]]
    np.testing.assert_allclose(slopes, [0.66, 0.22, 0.49], atol=0.005)
    assert near(ns["lines"]["C"][0], 0.50, 0.005)
    assert near(np.std(ns["many"]), 0.12, 0.005)
    # "a fortieth"; "11 iterations", "22 in the last batch"
    assert round(342 / 8, -1) == 40
    assert (-(-342 // 32), 342 % 32) == (11, 22)
    # "full batch: 3 steps", "33 steps", "1,026 steps"
    assert [len(path) - 1 for path in ns["sgd_paths"].values()] == [3, 33, 1026]
    # "end near the bottom but do not rest there"
    singles = ns["sgd_paths"][1]
    assert ns["loss"](singles[-1], ns["x"], ns["y"]) - ns["valley"].lowest < 0.1
    assert np.abs(np.diff(singles[-50:], axis=0)).max() > 0.03
    # "the noise falls like 1/√|B|"; "nothing is left to chance when all 1,010 are in"
    np.testing.assert_allclose(ns["noise"][:4], ns["noise"][0] / np.sqrt(ns["sizes"][:4]), rtol=0.1)
    assert ns["noise"][-1] < 1e-9


def batch_sizes(ns: dict) -> None:
    table = ns["by_size"]
    last = {size: np.median(losses[:, -1]) for size, (_, _, losses, _) in table.items()}
    # "The full batch has hardly come down ..., 256 is slow, 32 faster, and 8 and 1 are the lowest."
    assert last[1010] > last[256] > last[32] > max(last[8], last[1])
    assert last[1010] > 0.8
    # "a full batch gets ten, single samples 10,100"; "takes many times as long"
    assert 10 * 1010 == 10_100
    assert table[1][1] > 4 * table[32][1]
    # "the two end within a percentage point of each other"; "32 times as many samples"
    full, small = (np.mean(scores) for scores in ns["patient"].values())
    assert abs(full - small) < 0.01
    assert 1_600 / 50 == 32


def rules(ns: dict) -> None:
    rng = np.random.default_rng(0)
    slopes = rng.normal(size=(20, 5))
    for name, rule in ns["rules"].items():
        ours, packaged = {}, {}
        for g in slopes:
            np.testing.assert_allclose(rule(ours, g, 0.1), optimisers.RULES[name](packaged, g, 0.1), rtol=1e-12)
    # "On an even slope a step grows to 1/(1−β) times the plain one: ten times for β = 0.9."
    memory = {}
    for _ in range(300):
        step = ns["momentum"](memory, 1.0, 0.01)
    assert np.isclose(step, -0.1)
    # "Keras keeps the point looked ahead to": the form with the gradient at the point ahead gives the same
    theta, m, here, remembered = ns["here"], 0.0, ns["here"], {}
    for _ in range(50):
        m = 0.9 * m - 0.02 * ns["gradient"](theta + 0.9 * m, ns["x"], ns["y"])
        theta = theta + m
        here = here + ns["nesterov"](remembered, ns["gradient"](here, ns["x"], ns["y"]), 0.02)
        assert np.abs(theta + 0.9 * m - here).max() < 1e-12
    # "0.01 both times (to within ε)"; "3.16 times as long"
    for g in (1000.0, 0.001):
        assert np.isclose(ns["adam"]({}, g, 0.01), -0.01, rtol=0.005)
        assert np.isclose(ns["adam_without_correction"]({}, g, 0.01), -0.0316, rtol=0.01)
    assert round(0.1 / np.sqrt(0.001), 2) == 3.16


def keras_steps(ns: dict) -> None:
    differences = {
        name: np.abs(ns["follow"](ns["rules"][name]) - path).max() for name, path in ns["keras_paths"].items()
    }
    # "SGD and RMSProp agree to the last bit, the others to five digits or more"
    assert differences["SGD"] < 1e-15 and differences["RMSProp"] < 1e-15
    assert max(differences.values()) < 1e-5
    # "because Keras keeps hyperparameters as numbers of 32 bits": with the same rounded numbers the difference is gone
    beta, beta1, beta2, eps = (float(np.float32(value)) for value in (0.9, 0.9, 0.999, 1e-7))

    def adam_rounded(memory: dict, g: np.ndarray, lr: float) -> np.ndarray:
        t = memory["t"] = memory.get("t", 0) + 1
        m = memory["m"] = 0.9 * memory.get("m", 0) + (1 - 0.9) * g
        v = memory["v"] = 0.999 * memory.get("v", 0) + (1 - 0.999) * g**2
        return -lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)

    rounded = {
        "momentum": lambda memory, g, lr: ns["momentum"](memory, g, lr, beta=beta),
        "Nesterov": lambda memory, g, lr: ns["nesterov"](memory, g, lr, beta=beta),
        "Adam": adam_rounded,
    }
    for name, rule in rounded.items():
        assert np.abs(ns["follow"](rule) - ns["keras_paths"][name]).max() < 1e-12, name
    # "in which 0.9 is 0.89999998"; "1/64 ... a 32-bit number holds it exactly"
    assert f"{beta:.8f}" == "0.89999998"
    assert float(np.float32(1 / 64)) == 1 / 64


def explorer(ns: dict) -> None:
    shown = descent.explorer(ns["surfaces"], ns["rules"])
    assert "SGD: the loss goes from" in shown.caption
    # "who comes to (1, 1) within 300 steps?": some do
    shown.set(surface="banana (Rosenbrock)", rule="Nesterov", steps=300)
    shown.buttons["Find its best learning rate"].click()
    assert "it has arrived" in shown.caption
    assert set(ns["surfaces"]) == {
        "penguin line",
        "penguin line, standardised",
        "one hidden unit",
        "banana (Rosenbrock)",
    }


def sweep_and_finder(ns: dict) -> None:
    # "Each rule works over about one power of ten, Adam included (AdaGrad over half of one, Nesterov and Nadam over
    # one and a half)"
    widths = {
        name: np.log10(ns["lrs"][mean < 0.3][-1] / ns["lrs"][mean < 0.3][0]) for name, mean in ns["means"].items()
    }
    for name, stated in dict.fromkeys(ns["rules"], 1.0).items():
        stated = {"AdaGrad": 0.5, "Nesterov": 1.5, "Nadam": 1.5}.get(name, stated)
        assert near(widths[name], stated, 0.51), name
    assert all(mean[0] > 1.5 and np.nan_to_num(mean[-1], nan=9) > 1.5 for mean in ns["means"].values())
    # "at 0.3 for SGD and AdaGrad, at 0.03 to 0.1 for momentum and Nesterov, and near 0.01 for RMSProp, Adam, Nadam"
    best = ns["best_lr"]
    assert all(0.1 <= best[name] <= 1 for name in ("SGD", "AdaGrad"))
    assert all(0.03 <= best[name] <= 0.1 for name in ("momentum", "Nesterov"))
    assert all(0.003 <= best[name] <= 0.032 for name in ("RMSProp", "Adam", "Nadam"))
    # "too low: a gentle slope far up. 0.3: a steady fall to 0.06. 1: lower still, but with jumps"; "ln 10 = 2.30"
    final = {lr: curve[-1] for lr, curve in zip((0.003, 0.3, 1, 3), ns["curves_by_rate"].values(), strict=True)}
    assert final[0.003] > 1.5 and near(final[0.3], 0.06, 0.03)
    jumps = ns["curves_by_rate"]["at the edge: 1"]
    assert (jumps[1:] / jumps[:-1]).max() > 3
    assert near(final[3], 2.30, 0.06) and round(np.log(10), 2) == 2.30
    # "every hidden ReLU was thrown to where it is always 0"
    theta, _ = ns["train_net"](ns["sgd"], 3.0, n_epochs=2)
    hidden, _ = ns["forward"](theta, ns["X_train"])
    assert (hidden == 0).all()
    # "Within a factor of about three of the sweep, at a hundredth of its cost"
    for name, lr in ns["suggested"].items():
        assert 1 / 3.6 < lr / best[name] < 3.6, name
    assert 60 < 11 * 3 * 320 / 120 < 140


def races(ns: dict) -> None:
    (same, same_scores), (best, best_scores) = ns["races"].values()
    final, tuned = ({name: np.median(losses[name][:, -1]) for name in losses} for losses in (same, best))
    # "At 0.01 for all, RMSProp, Adam and Nadam win and SGD is nowhere: its test accuracy is about 0.6."
    assert set(sorted(final, key=final.get)[:3]) == {"RMSProp", "Adam", "Nadam"}
    assert max(final, key=final.get) == "SGD" == max(tuned, key=tuned.get)
    assert near(same_scores["SGD"].mean(), 0.6, 0.06)
    # "by training loss Nesterov and momentum now lead"; "all seven lie between 0.94 and 0.97"
    assert set(sorted(tuned, key=tuned.get)[:2]) == {"Nesterov", "momentum"}
    assert all(0.93 < scores.mean() < 0.975 for scores in best_scores.values())


def decay(ns: dict) -> None:
    means = {name: np.mean(scores) for name, scores in ns["schedule_scores"].items()}
    # "18 % of the labels are wrong"
    assert near(np.mean(ns["y_noisy"] != ns["y_train"]), 0.18, 0.005)
    # "Any schedule beats none: 0.94 to 0.95, against 0.86 and 0.92 with constant rates, and the seeds scatter less."
    kinds = ["power", "exponential", "piecewise", "on plateau", "1cycle"]
    assert all(0.93 < means[name] < 0.965 for name in kinds)
    assert near(means["constant 0.5"], 0.86, 0.06) and near(means["constant 0.05"], 0.92, 0.03)
    assert min(means[name] for name in kinds) > max(means["constant 0.5"], means["constant 0.05"])
    spread = {name: np.std(scores) for name, scores in ns["schedule_scores"].items()}
    assert max(spread[name] for name in kinds) < min(spread["constant 0.5"], spread["constant 0.05"])
    # the chapter's schedules are the package's
    n_steps = 15 * 127
    t = np.arange(n_steps)
    packaged = {
        "power": schedules.power(t, 1, n_steps / 20),
        "exponential": schedules.exponential(t, 1, n_steps / 2),
        "one_cycle": schedules.one_cycle(t, n_steps, 1),
        "piecewise": schedules.piecewise(t, [n_steps / 2, 3 * n_steps / 4], [1, 0.1, 0.01]),
    }
    for name, values in packaged.items():
        np.testing.assert_allclose([ns[name](step, n_steps) for step in t], values)
    # ... and Keras's; "it does what our `Plateau` does": the package's is compared with the callback in its own tests
    assert max(ns["schedule_difference"].values()) < 1e-6
    losses = [1.0, 0.8, 0.9, 0.7, 0.7, 0.71, 0.6, 0.65, 0.64, 0.63, 0.5]
    ours = ns["Plateau"](factor=0.3, patience=2)
    assert [ours.after_epoch(loss) for loss in losses] == list(schedules.plateau(losses, 1, 0.3, 2)[1:])


def keras_network(ns: dict) -> None:
    # "Are the 2,410 weights the same?" "They are"
    assert np.abs(ns["by_keras"] - ns["by_hand"]).max() < 1e-4
    assert np.abs(ns["by_keras"] - ns["random_start"](0)).max() > 0.1
    assert ns["keras_accuracy"] > 0.95
    assert ns["net"].count_params() == 2410


def recommended(ns: dict) -> None:
    means = {key: np.mean(scores) for key, scores in ns["checked"].items()}
    defaults = {
        "learning rate": 0.01, "batch size": 128, "momentum (beta1)": 0.9, "method": "Adam", "decay": "linear",
    }  # fmt: skip
    # "in every row they are within 0.01 of the best choice"
    for row, default in defaults.items():
        best = max(mean for (name, _), mean in means.items() if name == row)
        assert means[row, default] > best - 0.012, row
    # "0.001 and 0.0001 ... are not finished"; "AdaGrad and Adadelta fail"; "exponential decay stops too early"
    for loser in (("learning rate", 0.001), ("learning rate", 0.0001), ("method", "AdaGrad"), ("method", "Adadelta")):
        assert means[loser] < 0.9
    assert means["decay", "exponential"] < means["decay", "linear"] - 0.03
    theta, _ = ns["train_net"](**ns["default"] | {"rule": ns["adadelta"], "lr": 1.0})
    assert ns["accuracy"](theta, ns["X_val"], ns["y_val"]) > 0.85
    assert -(-1010 // 128) == 8


def by_heart(ns: dict) -> None:
    # "reproduces nearly all of them"; "worse on new digits, from 0.94 to about 0.75"
    seen = ns["seen"]
    assert seen[-10:, 0].mean() > 0.97
    assert near(seen[:, 1].max(), 0.94, 0.015)
    assert near(seen[-20:, 1].mean(), 0.75, 0.05)
    # "rises to 0.94 within eleven epochs"
    assert ns["best_epoch"] <= 25
