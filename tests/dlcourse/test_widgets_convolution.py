"""The explorer of chapter 5: sums, padding, strides and the way from place to place."""

import numpy as np
import pytest

from dlcourse.scratch.convolution import conv2d
from dlcourse.widgets import convolution

IMAGE = np.arange(30.0).reshape(5, 6)
EDGE = np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]])
KERNELS = {"edges": EDGE, "right minus left": np.array([[-1.0, 1]])}


@pytest.fixture
def explorer():
    return convolution.explorer(IMAGE, KERNELS)


def test_the_sum_is_that_of_the_layer(explorer) -> None:
    image, kernel = IMAGE[None, :, :, None], KERNELS["right minus left"][:, :, None, None]
    for padding in convolution.PADDINGS:
        for stride in (1, 2):
            out = conv2d(image, kernel, stride=stride, padding=padding)[0, :, :, 0]
            explorer.set(kernel="right minus left", padding=padding, stride=stride, row=1, column=1)
            assert f"= {out[1, 1]:g}." in explorer.caption
            assert f"become {out.shape[0]} × {out.shape[1]}" in explorer.caption


def test_the_first_picture_says_what_it_multiplies(explorer) -> None:
    assert explorer.caption.startswith("edges, padding valid, stride 1: 5 × 6 pixels become 3 × 4.")
    assert "− 14 − 15 − 16 − 20 + 168 − 22 − 26 − 27 − 28 = 0." in explorer.caption


def test_padding_is_counted(explorer) -> None:
    explorer.set(padding="same", row=0, column=0)
    assert "5 of the patch's 9 pixels are padding" in explorer.caption
    assert "begins at row -1, column -1" in explorer.caption
    explorer.set(row=2, column=2)
    assert "padding." not in explorer.caption.split("=")[-1]


def test_places_beyond_the_last_count_as_the_last(explorer) -> None:
    explorer.set(row=4, column=5)
    assert "Output row 2, column 3" in explorer.caption
    explorer.set(stride=3)
    assert "Output row 0, column 1" in explorer.caption


def test_next_place_goes_row_by_row_and_begins_again(explorer) -> None:
    explorer.set(row=0, column=0)
    seen = []
    for _ in range(13):
        seen.append((explorer.values["row"], explorer.values["column"]))
        before = explorer.png
        explorer.buttons["Next place"].click()
        assert explorer.png != before
    assert seen == [(i, j) for i in range(3) for j in range(4)] + [(0, 0)]


@pytest.mark.parametrize("padding", convolution.PADDINGS)
@pytest.mark.parametrize("stride", [1, 3])
def test_every_setting_can_be_drawn(explorer, padding: str, stride: int) -> None:
    for kernel in KERNELS:
        explorer.set(kernel=kernel, padding=padding, stride=stride, row=4, column=5)
        assert "cannot be drawn" not in explorer.caption


def test_a_kernel_larger_than_the_image_is_refused() -> None:
    with pytest.raises(ValueError, match="7 wide does not fit into 5 pixels"):
        convolution.explorer(IMAGE, {"large": np.ones((7, 7))})
