"""What exercise 5 says in its text and its model answers is so."""

import numpy as np
import pytest

from autograder.notebook import cells_by_id
from dlcourse import nuclei
from dlcourse.scratch import convolution
from sources.build import find_sources, read_text

SOURCE = next(source for source in find_sources() if source.notebook.parent.name == "05-cnns")
CELLS = cells_by_id(read_text(SOURCE))


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """The names that the set-up and the answers define."""
    namespace: dict[str, object] = {}
    for name in ("setup", "conv_layer", "plan", "max_pool", "scores", "split_patches", "best_site", "blur_pool"):
        exec(CELLS[name].source, namespace)
    return namespace


def test_examples_in_the_text(answers) -> None:
    row, kernel = np.reshape([1.0, 2, 4, 8], (1, 4, 1)), np.reshape([1.0, 10], (1, 1, 2, 1))
    for stride, expected in ((1, [21.5, 42.5, 84.5]), (2, [21.5, 84.5])):
        out = answers["conv_layer"](row, kernel, np.array([0.5]), stride, 0)
        np.testing.assert_allclose(out.ravel(), expected)
    layers = [("conv", 7, 1, 0, 8), ("pool", 2, 2), ("conv", 3, 1, 0, 16)]
    assert answers["plan"](24, 1, layers) == [(18, 8, 400, 7), (9, 8, 0, 8), (7, 16, 1168, 12)]
    block = np.array([[1.0, 5], [3, 5]])[..., None]
    assert answers["max_pool"](block, 2).item() == 5
    np.testing.assert_array_equal(
        answers["max_pool_backward"](np.full((1, 1, 1), 2.0), block, 2)[..., 0], [[0, 2], [0, 0]]
    )
    image = np.zeros((4, 20), np.uint8)
    assert [len(X) for X in answers["split_patches"](image, [0], [6], 4, 10)] == [1, 0]
    assert [len(X) for X in answers["split_patches"](image, [0], [7], 4, 10)] == [0, 0]
    assert [len(X) for X in answers["split_patches"](image, [0], [10], 4, 10)] == [0, 1]
    sequence = np.array([["ACGT".index(letter) for letter in "GGTTAG"]])
    np.testing.assert_array_equal(answers["best_site"](sequence, np.eye(4)[[0, 0, 1]]), [[3, 1, -1]])


def test_the_layer_is_the_package_s(answers) -> None:
    rng = np.random.default_rng(0)
    x, K, b = rng.normal(size=(7, 6, 3)), rng.normal(size=(4, 3, 2, 3)), rng.normal(size=4)
    out = answers["conv_layer"](x, K, b, 2, 1)
    padded = np.pad(x, [(1, 1), (1, 1), (0, 0)])[None]
    np.testing.assert_allclose(out, convolution.conv2d(padded, K.transpose(1, 2, 3, 0), b, stride=2)[0])


def test_the_way_back_is_the_gradient_of_the_way_there(answers) -> None:
    rng = np.random.default_rng(0)
    x, d_out, h = rng.normal(size=(5, 7, 2)), rng.normal(size=(2, 3, 2)), 1e-6
    d_x = answers["max_pool_backward"](d_out, x, 2)
    for place in np.ndindex(*x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = h
        above, below = (np.sum(d_out * answers["max_pool"](x + sign * nudge, 2)) for sign in (1, -1))
        assert abs((above - below) / (2 * h) - d_x[place]) < 1e-6


def test_blurring_before_the_stride_makes_pooling_steadier(answers) -> None:
    change = {name: answers["relative_change"](answers[name]) for name in ("plain_pool", "blur_pool")}
    assert change["blur_pool"] < 0.8 * change["plain_pool"]
    assert nuclei.load().image.shape == (512, 512)
