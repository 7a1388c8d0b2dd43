"""The stepper: the numbers of the worked example in order, each asked for before it shows, predictions judged."""

import numpy as np
import pytest

from dlcourse.scratch import graph
from dlcourse.scratch.numerical import numerical_gradient
from dlcourse.widgets import backprop

EXAMPLES = pytest.mark.parametrize("name", backprop.EXAMPLES)


@pytest.fixture
def explorer():
    return backprop.explorer()


@EXAMPLES
def test_derivatives_of_the_graph_agree_with_differences(name: str) -> None:
    example = backprop.EXAMPLES[name]
    names = list(example.given)

    def loss(numbers: np.ndarray) -> float:
        return graph.forward(example.nodes, dict(zip(names, numbers, strict=True)))["loss"]

    numerical = numerical_gradient(loss, np.array([example.given[n] for n in names]))
    total = graph.gradients(example.nodes, graph.forward(example.nodes, example.given))
    np.testing.assert_allclose([total[n] for n in names], numerical, atol=1e-9)


def test_what_comes_back_over_several_edges_adds_up() -> None:
    square = graph.Node("s", ("x", "x"), lambda u, v: u * v, lambda u, v: (v, u))
    assert graph.gradients((graph.Node("x"), square), {"x": 3.0, "s": 9.0})["x"] == 6


@EXAMPLES
def test_steps_go_forward_then_over_edges_then_back(name: str) -> None:
    example = backprop.EXAMPLES[name]
    kinds = [step.kind for step in backprop.steps(example)]
    assert kinds == sorted(kinds, key=["value", "local", "total", "update", "again"].index)
    assert set(kinds) == {"value", "local", "total", "update", "again"}


@EXAMPLES
def test_every_question_is_followed_by_its_answer(explorer, name: str) -> None:
    explorer.set(graph=name)
    every = backprop.steps(backprop.EXAMPLES[name])
    captions = [explorer.caption]
    for number, step in enumerate(every, start=1):
        assert f"Predict next: {step.question}?" in explorer.caption
        assert step.told() not in explorer.caption
        explorer.buttons["Show it"].click()
        assert explorer.caption.startswith(f"Step {number} of {len(every)}.")
        assert step.told() in explorer.caption
        captions.append(explorer.caption)
    assert len(set(captions)) == len(every) + 1
    assert explorer.caption.endswith("All numbers are known.")


def test_the_numbers_of_the_slides(explorer) -> None:
    explorer.set(step=20)
    assert "the loss is now 0.1147; before the step it was 0.1218" in explorer.caption


def test_buttons_stop_at_both_ends_and_clear_the_prediction(explorer) -> None:
    explorer.set(guess="0.2")
    explorer.buttons["One back"].click()
    assert dict(explorer.values) == {"graph": "one neuron", "step": 0, "guess": ""}
    explorer.set(step=20, guess="7")
    explorer.buttons["Show it"].click()
    assert explorer.values["step"] == 20
    explorer.buttons["Start again"].click()
    assert dict(explorer.values) == {"graph": "one neuron", "step": 0, "guess": ""}


@pytest.mark.parametrize(
    ("step", "guess", "says"),
    [
        (0, "0.175", "0.175 is right"),
        (0, "0,175", "0,175 is right"),  # a comma, as many Europeans write it
        (0, "0.85", "Not 0.85: that is the sum of the two, and here they are multiplied"),
        (0, "soon", "“soon” is no number: type one such as 0.25"),
        (0, "nan", "Not nan. Try again"),
        (3, "0.59", "is right"),
        (4, "0.24", "Not 0.24: the ½ is missing"),
        (5, "-0.4936", "Not -0.4936: the sign: more ŷ, more loss"),
        (5, "−0.49", "the sign: more ŷ, more loss"),  # a typographic minus
        (6, "0.59", "Not 0.59: that is the output itself; its slope is output times (1 − output)"),
        (9, "0.35", "Not 0.35: that is w₁ itself; the slope of a product is the other factor"),
        (15, "0.06", "0.06 is right"),
        (15, "0.5", "Not 0.5: that is only the slope of the edge; multiply it by what has arrived"),
        (15, "0.3", "Not 0.3. Try again"),
        (17, "0.41", "Not 0.41: that is uphill: subtract the gradient"),
        (20, "1", ""),
    ],
)
def test_a_prediction_is_judged_without_giving_the_answer_away(step: int, guess: str, says: str) -> None:
    _, caption = backprop.draw("one neuron", step, guess)
    assert says in caption
    if says.startswith("Not"):
        assert "is right" not in caption


def test_known_numbers_stand_in_the_picture_and_no_others() -> None:
    figure, _ = backprop.draw("one neuron", 7)  # forward, and two local gradients
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert any("0.3790" in text for text in texts)
    assert "× 0.4936" in texts and "× 0.2412" in texts
    assert not any(text.startswith("◂") for text in texts)


def test_a_step_beyond_the_last_shows_the_last() -> None:
    assert backprop.draw("one neuron", 99)[1] == backprop.draw("one neuron", 20)[1]
