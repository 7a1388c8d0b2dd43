"""Rows of small pictures."""

import numpy as np
import pytest

from dlcourse.plots.images import image_grid


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
