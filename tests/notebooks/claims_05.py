"""What chapter 5, *CNNs*, says in its prose. `check` gets the chapter's namespace after its last cell.

Trainings differ by a little from processor to processor, and on a GPU: accuracies are compared with a tolerance.
"""

import numpy as np

from dlcourse import nuclei
from dlcourse.scratch import convolution


def check(ns: dict) -> None:
    picture(ns)
    kernel(ns)
    layer(ns)
    matrix(ns)
    fields(ns)
    contest(ns)
    inside(ns)
    grad_cam(ns)
    transfer(ns)
    motif(ns)
    breaks(ns)


def near(actual: float, stated: float, tolerance: float = 0.03) -> bool:
    return abs(float(actual) - stated) <= tolerance


def picture(ns: dict) -> None:
    # "its 125 nuclei"; "touching none": 78
    assert len(ns["shapes"]) == 125 and ns["shapes"].alone.sum() == 78
    # "There are only 17 test nuclei behind these numbers, in 600 pictures"
    assert (len(ns["known"]), len(ns["new"]), len(ns["tests"][0][1])) == (39, 17, 600)
    # "Split first": no nucleus, and no pixel that is cut out, on both sides
    assert not set(ns["known"].label) & set(ns["new"].label)
    assert ns["known"].column.max() < 320 < 340 < ns["new"].column.min()
    # "give or take 11°"
    assert 180 / 4 / 4 == 11.25
    # "(a nucleus is about 12 long)", in pixels of a portrait
    area, elongation = ns["clean"].area, ns["clean"].elongation
    assert near(np.median(2 * np.sqrt(area * elongation / np.pi)) / nuclei.PIXEL, 12, 1.5)
    # "It falls from (nearly) all to 0.37", guessing is a quarter
    assert ns["accuracy"](ns["mlp_middle"], ns["tests"][0]) > 0.97
    assert near(ns["accuracy"](ns["mlp_middle"], ns["tests"][6]), 0.37, 0.05)


def kernel(ns: dict) -> None:
    # "An evenly bright place becomes exactly 0"; "noise of 8.5"; "= 8.49"
    assert ns["edge"].sum() == 0
    assert near(ns["slide"](ns["noise"], ns["edge"]).std(), 8.5, 0.1)
    assert round(np.sqrt(8**2 + 8), 2) == 8.49
    # "its convolution turns the kernel by 180° first"
    rising = ns["bars"]["rising edge"]
    turned = ns["convolve2d"](ns["crop"], rising[::-1, ::-1], mode="valid")
    np.testing.assert_allclose(turned, ns["slide"](ns["crop"], rising))
    assert not np.allclose(ns["convolve2d"](ns["crop"], rising, mode="valid"), ns["slide"](ns["crop"], rising))
    # "Where is the level edge's map darkest?" and the other hints of the explorer can be followed
    explorer = ns["explorer"]
    explorer.set(padding="same", row=0, column=0)
    assert "pixels are padding" in explorer.caption
    explorer.set(padding="valid", stride=3)
    assert "become 3 × 4" in explorer.caption


def layer(ns: dict) -> None:
    # equal to Keras
    assert len(ns["differences"]) == 12 and max(ns["differences"].values()) < 2e-6
    # the chapter's function is the package's
    rng = np.random.default_rng(1)
    X, K, b = rng.normal(size=(2, 9, 8, 3)), rng.normal(size=(3, 4, 3, 2)), rng.normal(size=2)
    for stride in (1, 2):
        for padding in ("valid", "same"):
            ours, packaged = ns["conv2d"](X, K, b, stride, padding), convolution.conv2d(X, K, b, stride, padding)
            np.testing.assert_allclose(ours, packaged, atol=1e-12)
    # "400, 129,600 and 1,495,584"; "a factor of 3,700"
    n_out = ns["n_out"]
    assert (ns["conv_layer"].count_params(), n_out * 50, n_out * 577) == (400, 129_600, 1_495_584)
    assert round(1_495_584 / 400, -2) == 3700


def matrix(ns: dict) -> None:
    np.testing.assert_allclose(ns["W"], convolution.as_matrix(ns["edge"], (8, 8)))
    assert len(np.unique(ns["W"][ns["W"] != 0])) == 2
    assert np.abs(ns["max_pool"](ns["X_odd"]) - ns["L"].MaxPooling2D()(ns["X_odd"])).max() == 0


def fields(ns: dict) -> None:
    # "7", "8", "12"; as many pixels have a gradient
    assert [convolution.receptive_field([(7, 1), (2, 2), (3, 1)][:n])[0] for n in (1, 2, 3)] == [7, 8, 12]
    assert ns["widths"] == {"conv1": 7, "conv2": 12}
    # "Exactly, for the convolution. After pooling by 2 only for even shifts"
    exact, even, odd = ns["equivariance"].values()
    assert exact < 1e-6 and even < 1e-6 and odd > 0.1


def contest(ns: dict) -> None:
    middle, anywhere = ns["middle_scores"], ns["anywhere_scores"]
    parameters = {name: net.count_params() for name, net in ns["nets"].items()}
    # "mlp (18,596 parameters), lenet (6,340) and anyplace (1,636)"
    assert parameters == {"mlp": 18_596, "lenet": 6_340, "anyplace": 1_636}
    # "lenet falls nearly as deep as the MLP", both to about 0.4; all start near 1
    assert all(scores[0] > 0.95 for scores in middle.values())
    assert middle["mlp"][-1] < 0.45 and middle["lenet"][-1] < 0.55
    assert middle["anyplace"][-1] > 0.8
    # "Shown nuclei in all places, all three are better, and the order stays."
    for name in anywhere:
        assert anywhere[name][-1] > middle[name][-1]
    assert anywhere["anyplace"].min() > 0.97
    assert anywhere["anyplace"][-1] > anywhere["lenet"][-1] > anywhere["mlp"][-1]
    # "An MLP with four times as many pictures and 74,372 parameters comes level with lenet"; "none of them reaches"
    rivals = {name.split(" pictures")[0]: value for name, value in ns["rivals"].items()}
    assert rivals["mlp(128), 3,840"][0] == 74_372
    assert near(rivals["mlp(128), 3,840"][1], rivals["lenet, 960"][1], 0.03)
    assert rivals["anyplace, 960"][1] > max(value for name, (_, value) in rivals.items() if "mlp" in name)
    assert len(ns["more"][1]) == 4 * len(ns["anywhere"][1])
    # "The largest MLP, of 297,476 parameters, has all training pictures right"
    assert rivals["mlp(512), 960"][0] == 297_476
    assert ns["largest_right"] > 0.99


def inside(ns: dict) -> None:
    # "The empty one has faded away"
    sizes = np.abs(ns["K1"]).max(axis=(0, 1, 2))
    assert sizes.min() < 0.1 * np.median(sizes)
    # "each in a direction of its own"
    preferred = list(ns["preferred"].values())
    gaps = [abs((a - b + 180) % 360 - 180) for i, a in enumerate(preferred) for b in preferred[:i]]
    assert min(gaps) >= 20
    # "patches with nuclei that nearly all lie in that direction"
    assert min(ns["purity"].values()) >= 0.75


def grad_cam(ns: dict) -> None:
    # "(correlation −0.1)", "(0.0)", "(−0.4)"
    likeness = ns["likeness"]
    assert near(likeness["random weights"], -0.1, 0.2)
    assert near(likeness["last layer shuffled"], 0.0, 0.25)
    assert near(likeness["the class across"], -0.4, 0.2)
    # "The trained network's heat lies on the nucleus": brighter where it is hot
    X, maps = ns["X_off"][..., 0], ns["right_maps"]
    hot = [
        image[5:19, 5:19].reshape(7, 2, 7, 2).mean(axis=(1, 3))[heat > heat.max() / 2].mean()
        for image, heat in zip(X, maps, strict=True)
        if heat.max() > 0
    ]
    assert np.mean(hot) > 2 * X[:, 5:19, 5:19].mean()


def transfer(ns: dict) -> None:
    few = {name: np.mean(scores) for name, scores in ns["few"].items()}
    assert few["transfer"] > few["from scratch"] + 0.05
    assert few["from scratch"] > few["untrained"] > few["pixels"]
    assert few["pixels"] < 0.25
    for name, stated in TRANSFER.items():
        assert near(few[name], stated, 0.1), name


def motif(ns: dict) -> None:
    auc = {name: float(value) for name, value in ns["auc"].items()}
    # "337 parameters ... 4,097"; "a twelfth"
    assert ns["dna"].count_params() == 337 and 4**6 + 1 == 4097 and round(4097 / 337) == 12
    # "0.91 and 0.92, where words of six letters reach 0.88 and the planted matrix itself 0.92"
    assert near(auc["words of 6 letters"], 0.88, 0.01) and near(auc["the planted matrix itself"], 0.92, 0.01)
    for seed in (0, 1):
        assert auc["words of 6 letters"] + 0.01 < auc[f"CNN, seed {seed}"] < auc["the planted matrix itself"] + 0.005
    # "0.97 and 0.93"; "The likest of eight untrained kernels reaches 0.5 to 0.6"
    assert min(ns["found_by"]) > 0.88
    assert 0.4 < min(ns["null"]) <= max(ns["null"]) < 0.7


def breaks(ns: dict) -> None:
    # "Noise, blur and a dimmer lamp do next to nothing"; "cost half of the right answers"
    breaks = ns["breaks"]
    for name in ("twice as much noise", "blurred", "half as bright"):
        assert breaks[name] > breaks["as they are"] - 0.06, name
    assert near(breaks["dark on bright"], 0.5, 0.2)
    # "alone ... touching"
    alone, close = ns["right_part"].alone, ns["off_by"] <= 30
    assert close[alone].mean() > 0.6
    assert close[~alone].mean() < 0.5


TRANSFER = {"pixels": 0.17, "untrained": 0.27, "transfer": 0.64, "from scratch": 0.45}
