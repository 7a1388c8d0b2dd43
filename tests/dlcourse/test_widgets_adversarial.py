"""The explorer of chapter 6, with a linear model whose attacks are exact."""

import numpy as np
import pytest

from dlcourse.widgets import adversarial
from dlcourse.widgets.adversarial import AWAY

CLASSES = ("left", "right", "middle")
# Three images of 2 × 3 pixels, each with ink in one column.
IMAGES = np.stack([np.array([[0.6, 0.2, 0.2]] * 2), np.array([[0.2, 0.2, 0.6]] * 2), np.array([[0.2, 0.6, 0.2]] * 2)])
LABELS = np.array([0, 1, 2])
WEIGHTS = 4 * np.stack([IMAGES[k].reshape(-1) > 0.5 for k in range(3)], axis=1)  # ink in its column speaks for a class


def predict(X):
    p = np.exp(X.reshape(len(X), -1) @ WEIGHTS)
    return p / p.sum(axis=1, keepdims=True)


def sign_step(X, y, eps, targeted):
    error = predict(X) - np.eye(3)[y]
    g = (error @ WEIGHTS.T).reshape(X.shape)
    return np.clip(X + (-eps if targeted else eps) * np.sign(g), 0, 1)


def nothing(X, y, eps, targeted):
    return X


@pytest.fixture
def explorer():
    return adversarial.explorer(IMAGES, LABELS, predict, {"step": sign_step, "none": nothing}, CLASSES)


def test_first_picture_attacks_the_first_image(explorer):
    assert explorer.values == {"image": 1, "attack": "step", "target": AWAY, "eps": 0.15}
    assert explorer.caption.startswith("Image 1, a left; step towards any other class, ε = 0.15.")


def test_the_smallest_eps_is_half_the_difference_of_ink(explorer):
    """A left column of 0.6 loses to others of 0.2 once ε is over 0.2: both move."""
    explorer.set(eps=0.19)
    assert "it is not fooled" in explorer.caption
    explorer.buttons["Find the smallest ε that works"].click()
    assert explorer.values["eps"] == pytest.approx(0.2, abs=0.0101)
    explorer.set(eps=0.25)
    assert "it is fooled." in explorer.caption


def test_a_target_is_reached_or_missed(explorer):
    explorer.set(image=2, target="middle", eps=0.3)
    assert "the result as middle" in explorer.caption and "sees what it was made to see" in explorer.caption
    explorer.set(eps=0.05)
    assert "it is not fooled" in explorer.caption
    explorer.set(target="right")
    assert "nothing had to be changed" in explorer.caption


def test_without_success_the_slider_goes_to_its_end(explorer):
    explorer.set(attack="none")
    explorer.buttons["Find the smallest ε that works"].click()
    assert explorer.values["eps"] == adversarial.HIGHEST
    explorer.buttons["Back to the original"].click()
    assert explorer.values["eps"] == 0
    assert "ε = 0.00" in explorer.caption and "not fooled" in explorer.caption


def test_an_image_that_was_wrong_is_no_success():
    _, caption = adversarial.draw(
        IMAGES, np.array([1, 1, 2]), predict, {"step": sign_step}, CLASSES, 1, "step", AWAY, 0.3
    )
    assert "wrong to begin with" in caption


def test_fooled_but_not_as_intended():
    def elsewhere(X, y, eps, targeted):
        return IMAGES[2:3]

    _, caption = adversarial.draw(IMAGES, LABELS, predict, {"odd": elsewhere}, CLASSES, 1, "odd", "right", 0.3)
    assert "fooled, but not as intended" in caption


@pytest.mark.parametrize("eps", [0.0, adversarial.HIGHEST])
@pytest.mark.parametrize("image", [1, 3])
@pytest.mark.parametrize("target", [AWAY, *CLASSES])
def test_every_setting_can_be_drawn(explorer, image, target, eps):
    explorer.set(image=image, target=target, eps=eps)
    assert "cannot be drawn" not in explorer.caption
    assert explorer.png.startswith(b"\x89PNG")
