"""The gradient explorer draws what it is given, whatever its size, and says what it means."""

import numpy as np
import pytest

from dlcourse.widgets import gradients


def measure(activation: str, scheme: str, depth: int, skip: bool) -> tuple[np.ndarray, np.ndarray]:
    """Gradients that shrink by a factor on each layer of the way back; with skips they do not."""
    factor = 1.0 if skip else {"shrinks": 0.1, "grows": 10.0, "breaks": np.nan, "dies": 0.0}[scheme]
    return factor ** np.arange(depth, -1, -1.0), np.ones(depth)


@pytest.fixture
def explorer():
    return gradients.explorer(measure, ["tanh"], ["shrinks", "grows", "breaks", "dies"])


def test_starts_with_ten_hidden_layers(explorer) -> None:
    assert explorer.caption.startswith("tanh with shrinks, 10 hidden layers, without skip connections")
    assert "the first layer has norm 1.0e-10, that of the last hidden one 0.1." in explorer.caption
    assert explorer.caption.endswith("It vanishes on the way back: the early layers hardly move.")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"skips": "with"}, "All layers can learn."),
        ({"depth": 3}, "All layers can learn."),
        ({"scheme": "grows"}, "It explodes"),
        ({"scheme": "breaks"}, "It explodes"),
        ({"scheme": "dies"}, "It vanishes in all hidden layers"),
    ],
)
def test_says_what_it_means(explorer, change: dict, says: str) -> None:
    explorer.set(**change)
    assert says in explorer.caption


def test_all_sizes_stay_on_the_axis() -> None:
    for scheme in ("shrinks", "grows", "breaks", "dies"):
        figure, _ = gradients.draw(measure, "tanh", scheme, 30, "without")
        for axes in figure.axes:
            low, high = axes.get_ylim()
            for line in axes.lines:
                assert np.isfinite(line.get_ydata()).all()
                assert (low < np.asarray(line.get_ydata())).all() and (np.asarray(line.get_ydata()) < high).all()


def test_an_error_in_the_measure_is_told(explorer) -> None:
    assert "too large for the computer" in gradients.draw(measure, "tanh", "breaks", 2, "without")[1]
