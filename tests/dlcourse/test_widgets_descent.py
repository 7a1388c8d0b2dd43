"""The explorer of chapter 3: walks, verdicts, rivals and its buttons."""

import numpy as np
import pytest

from dlcourse.scratch import surfaces
from dlcourse.scratch.optimisers import RULES, adam, descend, sgd
from dlcourse.scratch.surfaces import Surface
from dlcourse.widgets import descent

RNG = np.random.default_rng(0)
X = RNG.normal(size=40)
Y = 0.8 * X + 0.3 * RNG.normal(size=40)
BOWL = Surface("bowl", surfaces.line_loss, surfaces.line_gradient, ((-3, 3), (-3, 3)), ("w (z)", "b"), (-2, 2), (X, Y))
SURFACES = {"bowl": BOWL, "banana": surfaces.banana()}


@pytest.fixture
def explorer():
    return descent.explorer(SURFACES, RULES)


def test_a_walk_on_all_data_is_descend():
    way = descent.walk(BOWL, adam, (-2, 2), 0.1, 20, 0)
    np.testing.assert_allclose(way, descend(adam, BOWL.gradient_at, np.array([-2, 2]), 0.1, 20))
    np.testing.assert_array_equal(way, descent.walk(BOWL, adam, (-2, 2), 0.1, 20, len(X)))


def test_a_walk_on_batches_is_noisy_and_repeats():
    one, again = (descent.walk(BOWL, sgd, (-2, 2), 0.1, 20, 4) for _ in range(2))
    np.testing.assert_array_equal(one, again)
    assert not np.allclose(one, descent.walk(BOWL, sgd, (-2, 2), 0.1, 20, 0))


def test_without_data_every_batch_size_is_the_same():
    ways = [descent.walk(SURFACES["banana"], sgd, (-1, 1), 0.001, 5, size) for size in (0, 1, 32)]
    np.testing.assert_array_equal(ways[0], ways[1])
    np.testing.assert_array_equal(ways[0], ways[2])


def test_first_picture_starts_where_the_surface_says(explorer):
    assert (explorer.values["across"], explorer.values["up"]) == (17, 83)
    assert explorer.values["rival"] == descent.NOBODY
    assert explorer.caption.startswith("bowl, learning rate 0.032, 60 steps, all data, from w = -1.98, b = 1.98. SGD: ")


@pytest.mark.parametrize(
    ("surface", "exponent", "steps", "says"),
    [
        ("bowl", -1.0, 100, "it has arrived"),
        ("bowl", -3.0, 20, "still on its way"),
        ("bowl", 1.0, 50, "flies off; the learning rate is too large"),
        ("banana", -2.5, 60, "still on its way"),
    ],
)
def test_verdicts(surface, exponent, steps, says):
    _, caption = descent.draw(SURFACES, RULES, surface, "SGD", "nobody", "all", exponent, 20, 50, steps)
    assert says in caption


def test_a_flat_place_that_is_no_bottom_is_told():
    saddle = Surface(
        "unit", surfaces.chain_loss, surfaces.chain_gradient, ((-3, 3), (-3, 3)), ("u", "v"), (2, 0), (X, np.sign(X))
    )
    _, caption = descent.draw({"unit": saddle}, RULES, "unit", "SGD", "nobody", "all", -1.0, 50, 50, 60)
    assert "it stands on a flat place that is not the bottom" in caption


def test_a_rival_is_drawn_beside(explorer):
    before = explorer.png
    explorer.set(rival="Adam")
    assert "SGD: " in explorer.caption and "Adam: " in explorer.caption
    assert explorer.png != before
    explorer.set(rival="SGD")  # a rival of itself is none
    assert explorer.caption.count("SGD: ") == 1


def test_batches_change_the_way(explorer):
    explorer.set(batch="8")
    assert "batches of 8" in explorer.caption
    explorer.set(surface="banana")
    assert "no data to sample" in explorer.caption


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_runs_on_every_surface(explorer, rule):
    for surface in SURFACES:
        explorer.set(surface=surface, rule=rule)
        assert f"{rule}: " in explorer.caption
        assert "cannot be drawn" not in explorer.caption


@pytest.mark.parametrize("rule", ["SGD", "Nesterov", "Adam"])
def test_best_learning_rate_is_found_and_the_start_comes_back(explorer, rule):
    explorer.set(rule=rule, exponent=-4.0)
    explorer.buttons["Find its best learning rate"].click()
    assert "it has arrived" in explorer.caption
    explorer.set(across=90, up=10)
    explorer.buttons["Start again"].click()
    assert {name: explorer.values[name] for name in ("across", "up", "steps", "exponent")} == {
        "across": 17, "up": 83, "steps": 60, "exponent": -1.5,
    }  # fmt: skip
    assert explorer.values["rule"] == rule


@pytest.mark.parametrize("across", [0, 100])
@pytest.mark.parametrize("exponent", [-4.0, 1.0])
def test_ends_of_the_sliders(explorer, across, exponent):
    explorer.set(across=across, up=across, exponent=exponent, steps=300, rival="Nadam", surface="banana", batch="1")
    assert "cannot be drawn" not in explorer.caption


def test_no_rule_may_be_called_nobody():
    with pytest.raises(ValueError, match="no optimiser can be called 'nobody'"):
        descent.explorer(SURFACES, {"nobody": sgd})
