"""The shell of every explorer: labelled controls around a pure function that draws one state.

    def draw(angle: float) -> tuple[Figure, str]: ...

    Explorer(draw, [Slider("angle", 0, 180, step=5, value=90, unit="°")], title="Turn the line")

The string that `draw` returns says in words what its figure shows. It stands below the picture and is also its alt
text, so that both follow the controls. Where no widgets run (a printed page, GitHub, an exported site) the first
picture stands for the explorer.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from numbers import Integral
from types import MappingProxyType

import ipywidgets
from matplotlib.figure import Figure

from dlcourse.plots.base import to_png
from dlcourse.widgets.names import namer

Draw = Callable[..., tuple[Figure, str]]


@dataclass(frozen=True)
class Slider:
    """A number between two ends. Arrow keys move it by `step`, Page Up and Page Down by five steps.

    Integers throughout make a slider of integers. `label` defaults to the name, `unit` stands in brackets behind it.
    """

    name: str
    start: float
    stop: float
    step: float
    value: float
    label: str = ""
    unit: str = ""

    def widget(self) -> ipywidgets.ValueWidget:
        if not self.start <= self.value <= self.stop:
            raise ValueError(f"slider {self.name!r}: value {self.value} is not between {self.start} and {self.stop}")
        if self.step <= 0:
            raise ValueError(f"slider {self.name!r}: step must be positive, not {self.step}")
        common = {"min": self.start, "max": self.stop, "step": self.step, "value": self.value}
        # Continuous updates don't flood: the front end holds new values back until the kernel is idle again, and then
        # sends only the last one.
        common |= {"continuous_update": True, **_described(_label(self.label or self.name, self.unit))}
        if all(isinstance(number, Integral) for number in (self.start, self.stop, self.step, self.value)):
            return ipywidgets.IntSlider(**common)
        return ipywidgets.FloatSlider(**common, readout_format=f".{_decimals(self.step)}f")


@dataclass(frozen=True)
class Choice:
    """One of several texts, as a drop-down list. The first option is chosen unless `value` says otherwise."""

    name: str
    options: tuple[str, ...]
    value: str | None = None
    label: str = ""

    def widget(self) -> ipywidgets.ValueWidget:
        value = self.options[0] if self.value is None else self.value
        if value not in self.options:
            raise ValueError(f"choice {self.name!r}: {value!r} is not among its options {list(self.options)}")
        described = _described(_label(self.label or self.name))
        return ipywidgets.Dropdown(options=self.options, value=value, **described)


@dataclass(frozen=True)
class Entry:
    """A line of text that a person types; it counts when they press Enter or leave the field."""

    name: str
    label: str = ""
    placeholder: str = ""

    def widget(self) -> ipywidgets.ValueWidget:
        described = _described(_label(self.label or self.name))
        return ipywidgets.Text(value="", placeholder=self.placeholder, continuous_update=False, **described)


@dataclass(frozen=True)
class Button:
    """A button that changes several controls at once.

    `on_click` gets the values of all controls and returns those that change, by name.
    """

    label: str
    on_click: Callable[[Mapping[str, object]], Mapping[str, object]]


class Explorer:
    """Controls, the picture of their current state, and a caption that says it in words.

    Args:
        draw: called with the value of every control, by name; returns a figure and what it shows in words. It must be
            pure: the same values give the same figure.
        controls: in the order in which they stand, and in which the Tab key visits them.
        buttons: below the controls.
        title: what this explorer is for; a line above the controls.

    Raises:
        ValueError: two controls of one name, or a value outside its control's range.
    """

    def __init__(
        self,
        draw: Draw,
        controls: Sequence[Slider | Choice | Entry],
        *,
        buttons: Sequence[Button] = (),
        title: str = "",
    ) -> None:
        self._draw = draw
        self._widgets = {control.name: control.widget() for control in controls}
        if len(self._widgets) < len(controls):
            raise ValueError(f"two controls of one name: {[control.name for control in controls]}")
        self._picture = ipywidgets.HTML()
        self._caption = ipywidgets.HTML()
        self._holding = False
        self._drawn: dict[str, object] | None = None
        self.png = b""
        self.caption = ""
        self._redraw()
        # What stands for the explorer where widgets don't run: the first picture.
        self._title, self._first_png, self._first_caption = title, self.png, self.caption

        for widget in self._widgets.values():
            widget.observe(self._on_change, names="value")
        self.buttons = {button.label: self._make_button(button) for button in buttons}
        heading = [ipywidgets.HTML(f"<strong>{escape(title)}</strong>")] if title else []
        rows = [_row(self._widgets.values())] + ([_row(self.buttons.values())] if buttons else [])
        self.box = ipywidgets.VBox([*heading, *rows, self._picture, self._caption, namer()])

    @property
    def values(self) -> Mapping[str, object]:
        """The value of every control, by name (read only; `set` changes them)."""
        return MappingProxyType({name: widget.value for name, widget in self._widgets.items()})

    def set(self, **values: object) -> None:
        """Move several controls, as if by hand, and draw once.

        Raises:
            ValueError: there is no control of such a name.
        """
        if unknown := values.keys() - self._widgets.keys():
            raise ValueError(f"no control named {sorted(unknown)}; there are {list(self._widgets)}")
        self._holding = True
        try:
            for name, value in values.items():
                self._widgets[name].value = value
        finally:
            self._holding = False
        self._on_change()

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        """Offer the widget and, for front ends that have none, the first picture; each shows the richest it knows."""
        bundle = dict(self.box._repr_mimebundle_(**kwargs))
        title = f"<strong>{escape(self._title)}</strong>" if self._title else ""
        note = "<br><small>The controls appear when this cell runs in Jupyter.</small>"
        bundle["text/html"] = (
            f'<figure style="margin: 0">{title}{_image(self._first_png, self._first_caption)}'
            f"<figcaption>{escape(self._first_caption)}{note}</figcaption></figure>"
        )
        bundle["image/png"] = base64.b64encode(self._first_png).decode()
        bundle["text/plain"] = f"{self._title}\n{self._first_caption}".strip()
        return bundle

    def _make_button(self, button: Button) -> ipywidgets.Button:
        widget = ipywidgets.Button(description=button.label, layout=ipywidgets.Layout(width="auto"))
        widget.on_click(lambda _: self.set(**button.on_click(self.values)))
        return widget

    def _on_change(self, _change: object = None) -> None:
        if self._holding:
            return
        try:
            self._redraw()
        except Exception as error:  # in a callback a traceback would go to stderr, where nobody looks
            self._show(self.png, f"This setting cannot be drawn: {error}")

    def _redraw(self) -> None:
        values = dict(self.values)
        if values == self._drawn:
            return
        self._drawn = values
        figure, caption = self._draw(**values)
        if not caption.strip():
            raise ValueError("draw must return (figure, caption): the caption says in words what the figure shows")
        self._show(to_png(figure), caption)

    def _show(self, png: bytes, caption: str) -> None:
        self.png, self.caption = png, caption
        self._picture.value = f'<figure style="margin: 0">{_image(png, caption)}</figure>'
        # aria-live: a screen reader says the new caption once the reader pauses, without moving the focus.
        self._caption.value = f'<p role="status" aria-live="polite" style="line-height: 1.4">{escape(caption)}</p>'


def _image(png: bytes, alt: str) -> str:
    data = base64.b64encode(png).decode()
    return f'<img src="data:image/png;base64,{data}" alt="{escape(alt)}" style="max-width: 100%; height: auto">'


def _label(label: str, unit: str = "") -> str:
    return f"{label} ({unit})" if unit else label


def _described(label: str) -> dict[str, object]:
    # The width covers label, control and readout; a long label must not eat the track that a person grabs.
    layout = ipywidgets.Layout(width=f"{max(22, 16 + 0.6 * len(label)):.0f}em", margin="2px 1em 2px 0")
    return {"description": label, "style": {"description_width": "initial"}, "layout": layout}


def _row(widgets: Iterable[ipywidgets.Widget]) -> ipywidgets.Box:
    """A row that wraps on narrow screens."""
    return ipywidgets.Box(list(widgets), layout=ipywidgets.Layout(flex_flow="row wrap", align_items="center"))


def _decimals(step: float) -> int:
    """Decimals that a readout needs to tell neighbouring values of a slider apart."""
    return next((decimals for decimals in range(6) if round(step, decimals) == step), 6)
