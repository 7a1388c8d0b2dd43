"""What chapter 0, *Start here*, says in its prose. `check` gets the chapter's namespace after its last cell."""

import numpy as np

from dlcourse.plots import history
from dlcourse.widgets import growth


def check(ns: dict) -> None:
    learning(ns)
    explorer()
    bet(ns)
    network(ns)
    features(ns)
    timeline()
    why_now(ns)
    when_to_use_it(ns)
    cells_and_checks(ns)


def learning(ns: dict) -> None:
    # "320: twice 80 is 160 for the fifth edition, and twice that for the sixth."
    assert ns["sixth"] == 320
    # "found w ≈ 1, one doubling per edition, and b ≈ 3.32 ≈ log2 10"
    assert abs(ns["w"] - 1) < 0.01
    assert abs(ns["b"] - 3.32) < 0.01
    assert round(ns["b_exact"], 2) == 3.32
    assert round(ns["forecast"]) == 320
    assert 0 < ns["n_kept"] < 2_000
    # "there is even an exact answer, least squares"
    np.testing.assert_allclose((ns["w_exact"], ns["b_exact"], ns["exact_forecast"]), (1, np.log2(10), 320), rtol=1e-6)


def explorer() -> None:
    # "Leave the first edition at 16": it starts there
    assert growth.START["first"] == 16
    # "With the first edition at 16, the best setting is w = 0.7, and some loss is left"
    settings = np.round(np.arange(0, growth.MAX_W + 0.01, 0.05), 2)
    losses = growth.loss(settings, 16)
    assert settings[np.argmin(losses)] == 0.7
    assert losses.min() > 0.1
    # "With w = 1 and ten students in the first edition the loss is zero."
    assert growth.loss(1.0, 10) == 0


def bet(ns: dict) -> None:
    # "The 21st edition"; "both models explain the four examples without any error"; "320 or 100 students"
    assert ns["edition_with_all"] == 21
    assert ns["doubles_for_ever"](20) < ns["population"] <= ns["doubles_for_ever"](21)
    for model, sixth in ((ns["doubles_for_ever"], 320), (ns["doubles_until_full"], 100)):
        np.testing.assert_array_equal(model(ns["edition"]), ns["students"])
        assert model(6) == sixth


def network(ns: dict) -> None:
    # "1,797 handwritten digits, scanned and shrunk to 8 × 8 pixels, each pixel a number from 0 to 1"
    assert ns["digits"].X.shape == (1_797, 8, 8)
    assert (ns["digits"].X.min(), ns["digits"].X.max()) == (0, 1)
    # "Either answer comes in five shapes"
    assert [len(np.unique(ns["train"].y[ns["y_train"] == answer])) for answer in (0, 1)] == [5, 5]
    # "8,385 parameters"
    assert ns["n_parameters"] == 8_385
    # "From half to almost all"; "0.51 may be the laziest answer, and 0.98 …"
    accuracy = ns["accuracy"]
    assert round(accuracy["always the same answer"], 2) == 0.51
    assert 0.965 < accuracy["network on pixels"] < 0.995
    # "The bar above the curve reports the training images: more than 0.99. … the test images a little worse"
    assert ns["run"].history["accuracy"][-1] > 0.99
    assert accuracy["network on pixels"] < ns["run"].history["accuracy"][-1]
    # "a network of 129 neurons"
    assert sum(layer.units for layer in ns["network"].layers) == 129


def features(ns: dict) -> None:
    accuracy = ns["accuracy"]
    # "By hand about 0.83, pixels about 0.91, learned about 0.98: as good as the network itself."
    assert abs(accuracy["logistic regression, by hand"] - 0.83) < 0.01
    assert abs(accuracy["logistic regression, pixels"] - 0.91) < 0.01
    assert abs(accuracy["logistic regression, learned"] - 0.98) < 0.012
    assert abs(accuracy["logistic regression, learned"] - accuracy["network on pixels"]) < 0.015
    # "seven numbers that sounded clever", "the 64 numbers as they are", "the outputs of the 64 neurons"
    assert ns["handmade_features"](ns["X_test"]).shape == (450, 7)
    assert ns["X_test"].shape == ns["learned_features"](ns["X_test"]).shape == (450, 64)
    # "the last step is a logistic regression": one neuron with a sigmoid
    assert ns["network"].layers[-1].units == 1
    assert ns["network"].layers[-1].activation.__name__ == "sigmoid"


def timeline() -> None:
    years = {(event.what.split(":")[0], event.years) for event in history.EVENTS}
    # The bullets below the figure, and "Convolutional networks learned to read postcodes in 1989."
    assert ("threshold unit", "1943") in years
    assert ("perceptron", "1958") in years
    assert ("what a single layer cannot do", "1969") in years
    assert ("back-propagation", "1986") in years
    assert ("a convolutional net reads postcodes", "1989") in years
    assert ("AlexNet wins ImageNet", "2012") in years
    assert ("GPUs for all (CUDA), then for learning", "2007–09") in years
    assert ("Nobel prize in physics", "2024") in years
    # "Eighty years in one figure"
    assert history.EVENTS[-1].year - history.EVENTS[0].year == 81


def why_now(ns: dict) -> None:
    # "it is large on all of them": how large, the prose does not say
    assert ns["same_result"]
    assert ns["speed_up"] > 10
    # "Give our network an eighth of its images … about as many changes of its parameters"
    assert ns["n_few"] == 168
    updates_few = ns["n_epochs"] * -(-ns["n_few"] // (ns["batch_size"] // 8))
    assert abs(updates_few / ns["n_updates"] - 1) < 0.05
    # "Eight times as many images, and less than half of the errors."
    assert 0 < ns["errors_all"] < ns["errors_few"] / 2
    # "We give them as many attempts as Keras made changes in training."
    assert ns["network"].optimizer.iterations == ns["n_updates"]
    # "about nine in ten right, by trial and error alone. But the loss is some twenty times that of the network"
    assert 0.88 < ns["accuracy"]["random changes"] < 0.95
    assert 14 < ns["random_loss"] / ns["network_loss"] < 30


def when_to_use_it(ns: dict) -> None:
    # "569 biopsies, 30 measurements each"; "one of the 143 biopsies in a test set more or less is 0.007"
    assert ns["biopsies"].X.shape == (569, 30)
    assert ns["biopsies"].class_names == ("malignant", "benign")
    assert len(ns["unseen"]) == 143
    assert round(1 / len(ns["unseen"]), 3) == 0.007
    means = {name: np.mean(values) for name, values in ns["scores"].items()}
    # "All three are right about 96 times in a hundred"
    assert all(abs(mean - 0.96) < 0.015 for mean in means.values()), means
    # "logistic regression is at least as good as the others": by a test biopsy more or less
    assert means["logistic regression"] > max(means.values()) - 1 / 143, means
    # "the same model moves by more than that from split to split"
    assert all(max(values) - min(values) > 1 / 143 for values in ns["scores"].values())
    # "31 parameters instead of the network's 2,081"
    assert ns["logistic"].coef_.size + ns["logistic"].intercept_.size == 31
    assert ns["net"].count_params() == 2_081


def cells_and_checks(ns: dict) -> None:
    # "15: total was computed when dose was 5"; "Run B again, and it is 24"
    assert (ns["total"], ns["dose"], 3 * ns["dose"]) == (15, 8, 24)
    # "A check knows the usual mistakes and calls them by name."
    assert ns["check_message"].startswith("✗ students_in: you doubled once too often")
