"""The explorer shell, without a browser: a moved control must change the picture, the alt text and the caption."""

import base64

import pytest
from nbconvert import HTMLExporter
from nbformat import v4

from dlcourse.plots import label_axes, new_figure
from dlcourse.widgets import Button, Choice, Explorer, Slider

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class Line:
    """A draw function that counts its calls."""

    def __init__(self):
        self.calls = []

    def __call__(self, slope, colour):
        self.calls.append((slope, colour))
        if slope > 2:
            raise ValueError("too steep")
        figure, axes = new_figure(size=(3, 2))
        axes.plot([0, 1], [0, slope], color=colour)
        label_axes(axes, "x", "y")
        return figure, f"a {colour} line of slope {slope} & <nothing> else"


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def explorer(line):
    controls = [Slider("slope", -3.0, 3.0, step=0.5, value=1.0, unit="mm"), Choice("colour", ("red", "blue"))]
    flip = Button("Flip", lambda values: {"slope": -values["slope"], "colour": "blue"})
    return Explorer(line, controls, buttons=[flip], title="A line")


def test_shows_the_first_state(explorer, line):
    assert line.calls == [(1.0, "red")]
    assert explorer.png.startswith(b"\x89PNG")
    assert explorer.caption == "a red line of slope 1.0 & <nothing> else"


@pytest.mark.parametrize("change", [{"slope": -1.0}, {"colour": "blue"}])
def test_a_moved_control_changes_picture_alt_text_and_caption(explorer, change):
    png, picture, caption = explorer.png, explorer._picture.value, explorer._caption.value
    explorer.set(**change)
    assert explorer.png != png
    assert explorer._picture.value != picture
    assert explorer._caption.value != caption
    shown = "a blue line" if "colour" in change else "slope -1.0 &amp; &lt;nothing&gt; else"
    assert shown in explorer._caption.value
    assert shown in explorer._picture.value.split('alt="')[1]


def test_moving_the_widget_itself_redraws(explorer, line):
    explorer._widgets["slope"].value = 0.5
    assert line.calls[-1] == (0.5, "red")
    assert "slope 0.5" in explorer.caption


def test_same_values_give_the_same_picture_without_drawing_again(explorer, line):
    png = explorer.png
    explorer.set(slope=1.0, colour="red")
    assert len(line.calls) == 1
    explorer.set(slope=2.0)
    explorer.set(slope=1.0)
    assert explorer.png == png


def test_several_changes_draw_once(explorer, line):
    explorer.set(slope=2.0, colour="blue")
    assert line.calls == [(1.0, "red"), (2.0, "blue")]


def test_a_button_changes_the_controls(explorer, line):
    explorer.buttons["Flip"].click()
    assert dict(explorer.values) == {"slope": -1.0, "colour": "blue"}
    assert len(line.calls) == 2
    assert explorer.caption.startswith("a blue line of slope -1.0")


def test_a_setting_that_cannot_be_drawn_is_told_in_the_caption(explorer, capfd):
    png = explorer.png
    explorer.set(slope=3.0)
    assert "cannot be drawn: too steep" in explorer._caption.value
    assert explorer.png == png
    explorer.set(slope=1.0)
    assert explorer.caption.startswith("a red line of slope 1.0")
    assert capfd.readouterr().err == ""


def test_offers_widget_and_static_picture(explorer):
    first = explorer.png
    explorer.set(slope=2.0)
    bundle = explorer._repr_mimebundle_()
    assert bundle[WIDGET_VIEW]["model_id"] == explorer.box.model_id
    assert base64.b64decode(bundle["image/png"]) == first
    assert 'alt="a red line of slope 1.0 &amp; &lt;nothing&gt; else"' in bundle["text/html"]
    assert bundle["text/plain"] == "A line\na red line of slope 1.0 & <nothing> else"


def test_caption_is_a_live_region(explorer):
    assert 'aria-live="polite"' in explorer._caption.value


def test_controls_carry_labels_units_and_steps(explorer):
    slope = explorer._widgets["slope"]
    assert slope.description == "slope (mm)"
    assert (slope.step, slope.readout_format) == (0.5, ".1f")


def test_integers_make_an_integer_slider():
    assert isinstance(Slider("n", 1, 9, step=1, value=3).widget().value, int)
    assert isinstance(Slider("n", 1, 9, step=0.25, value=3).widget().value, float)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda draw: Explorer(draw, [Slider("a", 0, 1, step=1, value=2)]), "'a': value 2 is not between 0 and 1"),
        (lambda draw: Explorer(draw, [Slider("a", 0, 1, step=0, value=1)]), "step must be positive"),
        (lambda draw: Explorer(draw, [Choice("a", ("x", "y"), value="z")]), "'z' is not among"),
        (lambda draw: Explorer(draw, [Choice("a", ("x",)), Choice("a", ("y",))]), "two controls of one name"),
        (lambda draw: Explorer(lambda: (new_figure()[0], " "), []), "draw must return"),
    ],
)
def test_mistakes_are_named(line, make, message):
    with pytest.raises(ValueError, match=message):
        make(line)


def test_unknown_control(explorer):
    with pytest.raises(ValueError, match=r"no control named \['slop'\]; there are \['slope', 'colour'\]"):
        explorer.set(slop=1)


def test_static_picture_stands_in_an_exported_page(explorer):
    bundle = explorer._repr_mimebundle_()
    output = v4.new_output("execute_result", data=bundle, execution_count=1)
    notebook = v4.new_notebook(cells=[v4.new_code_cell("explorer", outputs=[output], execution_count=1)])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert page.count('alt="a red line of slope 1.0') == 1
    assert "application/vnd.jupyter.widget-view" not in page.split("</head>")[1]
