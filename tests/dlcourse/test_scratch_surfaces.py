"""Surfaces: gradients that belong to their losses, batches, grids and lowest places."""

import numpy as np
import pytest

from dlcourse.scratch import surfaces
from dlcourse.scratch.surfaces import Surface

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=30), RNG.normal(size=30)
LIMITS = ((-3, 3), (-3, 3))
LINE = Surface("line", surfaces.line_loss, surfaces.line_gradient, LIMITS, ("w", "b"), (1, 1), (X, Y))
CHAIN = Surface("unit", surfaces.chain_loss, surfaces.chain_gradient, LIMITS, ("u", "v"), (1, 1), (X, np.sign(X)))
ALL = (LINE, CHAIN, surfaces.banana())


@pytest.mark.parametrize("surface", ALL, ids=lambda surface: surface.name)
def test_gradient_is_that_of_the_loss(surface):
    h = 1e-6
    for place in RNG.uniform(-2, 2, size=(5, 2)):
        numerical = [(surface.loss_at(place + h * e) - surface.loss_at(place - h * e)) / (2 * h) for e in np.eye(2)]
        np.testing.assert_allclose(surface.gradient_at(place), numerical, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("surface", ALL, ids=lambda surface: surface.name)
def test_grid_holds_the_loss_with_the_second_parameter_in_rows(surface):
    first, second, losses = surface.grid(11)
    assert losses.shape == (11, 11)
    assert losses[3, 8] == pytest.approx(surface.loss_at([first[8], second[3]]))
    assert surface.lowest <= losses.min() + 1e-12


def test_lowest_of_a_line_is_least_squares():
    best = np.polyfit(X, Y, deg=1)
    assert LINE.lowest == pytest.approx(np.mean((np.polyval(best, X) - Y) ** 2))
    assert surfaces.banana().lowest == pytest.approx(0, abs=1e-8)


def test_the_mean_over_batches_is_the_whole():
    place = np.array([0.4, -1.0])
    parts = [LINE.batch(np.arange(start, start + 10)) for start in (0, 10, 20)]
    assert [part.n_samples for part in parts] == [10, 10, 10]
    np.testing.assert_allclose(np.mean([part.gradient_at(place) for part in parts], axis=0), LINE.gradient_at(place))
    assert surfaces.banana().n_samples == 0


def test_overflow_is_infinite_and_silent(recwarn):
    assert surfaces.banana().loss_at([1e200, 1e200]) == np.inf
    assert surfaces.banana().loss_at([np.nan, 0.0]) == np.inf
    assert not recwarn.list


def test_rows_must_belong_together():
    with pytest.raises(ValueError, match=r"surface 'odd': its data have \[30, 29\] rows"):
        Surface("odd", surfaces.line_loss, surfaces.line_gradient, LIMITS, ("w", "b"), (1, 1), (X, Y[:-1]))
