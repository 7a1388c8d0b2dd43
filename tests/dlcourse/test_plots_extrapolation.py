"""Models beyond their examples."""

import numpy as np
import pytest

from dlcourse.plots.extrapolation import draw_extrapolation


@pytest.fixture
def axes():
    x = np.array([1, 2, 3])
    models = {"line": lambda x: 2.0 * x, "curve": lambda x: 2.0**x}
    figure = draw_extrapolation(x, 2.0 * x, models, until=10, level=("all", 500.0), labels=("edition", "students"))
    return figure.axes[0]


def test_models_are_asked_up_to_the_end(axes):
    line, curve = (next(one for one in axes.lines if one.get_label() == name) for name in ("line", "curve"))
    np.testing.assert_array_equal(line.get_xdata(), np.arange(1, 11))
    np.testing.assert_array_equal(curve.get_ydata(), 2.0 ** np.arange(1, 11))
    assert line.get_linestyle() != curve.get_linestyle()


def test_examples_and_level_are_named(axes):
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["line", "curve", "the 3 examples"]
    assert [text.get_text() for text in axes.texts] == ["all"]


def test_axes_say_what_they_are(axes):
    assert axes.get_xlabel() == "edition"
    assert axes.get_ylabel() == "students, logarithmic axis"
    assert axes.get_yscale() == "log"
