"""The explorer of chapter 7: turned digits, and what methods say of them."""

import numpy as np
import pytest

from dlcourse.widgets import turned

# Three "digits" of two images each: a bar in the top row, in the left column, and a dot.
IMAGES = np.zeros((6, 4, 4))
IMAGES[:2, 0] = 1
IMAGES[2:4, :, 0] = 1
IMAGES[4:, 1, 1] = 1
Y = np.repeat([0, 1, 2], 2)


def turn(X: np.ndarray, degrees: float) -> np.ndarray:
    return np.rot90(X, round(degrees / 90), axes=(1, 2))


def strict(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Takes ink in the top row for a 0, in the left column for a 1, else a 2; unsure where there is little ink."""
    p = np.stack([X[:, 0].sum(1), X[:, :, 0].sum(1), X[:, 1, 1] * 3], axis=1) + 0.05
    return p / p.sum(axis=1, keepdims=True), 1 / (1 + X.sum((1, 2)))


def clueless(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p = np.tile([0.4, 0.3, 0.3], (len(X), 1))
    return p, np.ones(len(X))


@pytest.fixture
def explorer():
    return turned.explorer(IMAGES, Y, {"strict": strict, "clueless": clueless}, turn, digit=1)


def test_first_picture(explorer) -> None:
    assert explorer.values == {"digit": "1", "example": 0, "angle": 0, "ink": 100}
    assert explorer.caption.startswith("A 1, upright. strict: 1 with p = 0.7")
    assert "clueless: 0 with p = 0.40, unsure 1.00" in explorer.caption
    assert explorer.caption.endswith("Wrong: clueless.")


def test_turning_changes_what_is_said(explorer) -> None:
    before = explorer.png
    explorer.set(angle=-90)
    assert "turned by 90° clockwise" in explorer.caption and "strict: 0" in explorer.caption
    assert explorer.caption.endswith("All are wrong.")
    assert explorer.png != before
    explorer.set(digit="0", angle=0)
    assert explorer.caption.endswith("All are right.")


def test_ink_can_be_taken_away(explorer) -> None:
    explorer.set(ink=0)
    assert "with 0 % of its ink" in explorer.caption and "strict: 0 with p = 0.33, unsure 1.00" in explorer.caption


def test_the_surest_mistake_is_found(explorer) -> None:
    angle = turned.surest_mistake(IMAGES, Y, strict, turn, "1", 0)
    sure = []
    for other in turned.ANGLES:
        p, _ = strict(turn(IMAGES[2:3], other))
        sure.append(p.max() if p.argmax() != 1 else 0)
    assert sure[list(turned.ANGLES).index(angle)] == max(sure) > 0
    explorer.buttons["Find the surest mistake of strict"].click()
    assert explorer.values["angle"] == angle
    explorer.buttons["Start again"].click()
    assert (explorer.values["angle"], explorer.values["ink"], explorer.values["digit"]) == (0, 100, "1")


def test_without_a_mistake_nothing_moves() -> None:
    assert turned.surest_mistake(IMAGES, Y, clueless, turn, "0", 1) is None
    explorer = turned.explorer(IMAGES, Y, {"clueless": clueless}, turn, angle=45)
    explorer.buttons["Find the surest mistake of clueless"].click()
    assert explorer.values["angle"] == 45


@pytest.mark.parametrize("angle", [-180, 180])
def test_ends_of_the_sliders(explorer, angle) -> None:
    explorer.set(digit="2", example=1, angle=angle, ink=5)
    assert "cannot be drawn" not in explorer.caption


def test_what_a_person_can_get_wrong() -> None:
    with pytest.raises(ValueError, match="one method at least"):
        turned.explorer(IMAGES, Y, {}, turn)
    with pytest.raises(ValueError, match="6 images and 5 classes"):
        turned.explorer(IMAGES, Y[1:], {"strict": strict}, turn)
