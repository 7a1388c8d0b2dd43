"""Weights as images: each unit its own, all on one scale with zero in the middle."""

import numpy as np
import pytest

from dlcourse.plots import unit_gallery, unit_weights

rng = np.random.default_rng(0)
WEIGHTS = rng.normal(size=(5, 4, 3))


def pictures(figure):
    return [axes.images[0] for axes in figure.axes if axes.images]


def test_each_unit_once_in_order_on_a_scale_centred_at_zero():
    figure = unit_weights(WEIGHTS, columns=3, titles=[f"unit {n}" for n in range(5)])
    shown = pictures(figure)
    assert len(shown) == 5
    for image, weights in zip(shown, WEIGHTS, strict=True):
        np.testing.assert_array_equal(image.get_array(), weights)
    limit = np.abs(WEIGHTS).max()
    assert {image.get_clim() for image in shown} == {(-limit, limit)}
    assert [axes.get_title() for axes in figure.axes[:5]] == [f"unit {n}" for n in range(5)]
    assert figure.axes[-1].get_ylabel() == "weight"  # the colour bar


def test_weights_of_zero_can_be_drawn():
    assert pictures(unit_weights(np.zeros((1, 2, 2))))[0].get_clim() == (-1, 1)


@pytest.mark.parametrize("shape", [(4, 4), (0, 4, 4), (1, 4, 4, 1)])
def test_refuses_what_is_not_one_image_for_each_unit(shape):
    with pytest.raises(ValueError, match=r"\(n_units, height, width\)"):
        unit_weights(np.zeros(shape))


def test_refuses_titles_that_do_not_match():
    with pytest.raises(ValueError, match="2 titles for 5 units"):
        unit_weights(WEIGHTS, titles=["a", "b"])


def test_gallery_has_a_row_for_each_unit():
    samples, labels = rng.random((2, 3, 4, 3)), np.array([[7, 1, 7], [0, 2, 4]])
    figure = unit_gallery(WEIGHTS[:2], samples, labels, names=["unit 8", "unit 9"])
    shown = pictures(figure)
    np.testing.assert_array_equal(shown[0].get_array(), WEIGHTS[0])
    np.testing.assert_array_equal(shown[4].get_array(), WEIGHTS[1])
    np.testing.assert_array_equal(shown[6].get_array(), samples[1, 1])
    assert [axes.get_title() for axes in figure.axes[:8]] == ["weights", "7", "1", "7", "", "0", "2", "4"]
    assert [figure.axes[0].get_ylabel(), figure.axes[4].get_ylabel()] == ["unit 8", "unit 9"]


def test_gallery_refuses_parts_that_do_not_match():
    with pytest.raises(ValueError, match="5 weights, 2 samples, 2 labels, 2 names"):
        unit_gallery(WEIGHTS, np.zeros((2, 3, 4, 3)), np.zeros((2, 3)), names=["a", "b"])
