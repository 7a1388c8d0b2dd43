"""Sequence logos: letters where they belong."""

import numpy as np
import pytest

from dlcourse.plots import new_figure
from dlcourse.plots.base import COLOURS
from dlcourse.plots.logo import logo


def boxes(heights: list[list[float]]) -> list[tuple[str, float, float, float]]:
    """(colour, middle, bottom, top) of each letter."""
    from matplotlib.colors import to_hex

    _, axes = new_figure()
    logo(axes, np.array(heights), "ACGT", labels=("position", "weight"))
    found = []
    for patch in axes.patches:
        box = patch.get_path().get_extents()
        found.append((to_hex(patch.get_facecolor()).upper(), (box.x0 + box.x1) / 2, box.y0, box.y1))
    return found


def test_the_largest_letter_is_on_top_and_negative_ones_hang_below() -> None:
    found = boxes([[0.5, 1.5, 0, -1]])
    assert [colour for colour, *_ in found] == [COLOURS[0], COLOURS[1], COLOURS[3]]
    np.testing.assert_allclose([ends for _, _, *ends in found], [(0, 0.5), (0.5, 2), (-1, 0)], atol=1e-6)


def test_letters_stand_at_their_positions() -> None:
    assert [middle for _, middle, *_ in boxes([[1, 0, 0, 0], [0, 2, 0, 0]])] == pytest.approx([1, 2], abs=0.01)


def test_letters_and_columns_must_agree() -> None:
    _, axes = new_figure()
    with pytest.raises(ValueError, match=r"\(n_positions, 4\) for the letters 'ACGT'"):
        logo(axes, np.ones((5, 3)), "ACGT", labels=("position", "weight"))
