"""Rows of small pictures."""

import numpy as np
import pytest

from dlcourse.plots.base import new_figure
from dlcourse.plots.images import SIGNED, image_grid, picture


def visible_images(figure):
    return [axes.images[0] for axes in figure.axes if axes.get_visible()]


def test_each_image_once_in_order_with_its_title():
    images = np.linspace(0, 1, 7 * 4 * 4).reshape(7, 4, 4)
    figure = image_grid(images, list("abcdefg"), columns=3)
    assert len(figure.axes) == 9  # three rows of three, two places empty
    assert len(visible_images(figure)) == 7
    np.testing.assert_array_equal(visible_images(figure)[4].get_array(), images[4])
    assert [axes.get_title() for axes in figure.axes] == [*"abcdefg", "", ""]


def test_one_scale_for_all():
    """A pale image stays pale beside a dark one."""
    figure = image_grid(np.stack([np.full((2, 2), 0.1), np.ones((2, 2))]))
    assert {image.get_clim() for image in visible_images(figure)} == {(0, 1)}


@pytest.mark.parametrize("images", [np.ones((8, 8)), np.ones((0, 8, 8)), np.ones((2, 8, 8, 3))])
def test_refuses_what_is_no_stack_of_grey_images(images):
    with pytest.raises(ValueError, match=r"\(n_images, height, width\)"):
        image_grid(images)


def test_refuses_titles_that_do_not_match():
    with pytest.raises(ValueError, match="1 titles for 2 images"):
        image_grid(np.ones((2, 8, 8)), ["one"])


def test_signed_colours_are_white_at_zero() -> None:
    figure = image_grid(np.array([[[-1.0, 3.0]], [[0.0, 0.5]]]), colours=SIGNED, limits=None)
    assert [axes.images[0].get_clim() for axes in figure.axes] == [(-3, 3), (-0.5, 0.5)]


def test_without_limits_each_image_has_its_own() -> None:
    figure = image_grid(np.array([[[1.0, 3.0]], [[0.0, 0.5]]]), colours="gray", limits=None)
    assert [axes.images[0].get_clim() for axes in figure.axes] == [(1, 3), (0, 0.5)]


def test_a_picture_has_a_frame_and_a_title() -> None:
    _, axes = new_figure()
    picture(axes, np.eye(3), title="three")
    assert axes.get_title(loc="left") == "three"
    assert len(axes.get_xticks()) == 0
