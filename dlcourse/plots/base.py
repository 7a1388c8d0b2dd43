"""What all figures share: colours, a style, axis labels, and showing a figure together with its alt text."""

import base64
import io
from html import escape

import matplotlib as mpl
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Okabe & Ito, "Color universal design" (2008): eight colours that people with any colour vision tell apart.
# The yellow is left out: lines in it are too faint on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
# Colour never carries a meaning alone: series also differ in marker and line style, in the same order.
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINESTYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 1)))

_STYLE = {
    "axes.grid": True,
    "axes.prop_cycle": mpl.cycler(color=COLOURS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.dpi": 100,
    "font.size": 11,
    "grid.alpha": 0.25,
    "savefig.dpi": 100,
    "svg.hashsalt": "dlcourse",  # the same figure gives the same bytes
}


def new_figure(
    rows: int = 1, columns: int = 1, *, size: tuple[float, float] | None = None, **kwargs: object
) -> tuple[Figure, object]:
    """Make a figure in the course's style, outside pyplot's global state.

    Args:
        rows, columns: the grid of axes.
        size: width and height in inches; by default 5.5 × 3.8 for each axes, at most 11 wide.
        **kwargs: passed to `Figure.subplots`, for example ``sharex=True``.

    Returns:
        The figure and what `Figure.subplots` returns: one `Axes`, or an array of them.
    """
    if size is None:
        size = (min(5.5 * columns, 11.0), 3.8 * rows)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots(rows, columns, **kwargs)
    return figure, axes


def label_axes(axes: Axes, x: str, y: str, *, title: str | None = None, legend: bool = False) -> Axes:
    """Name both axes, with the unit in brackets where there is one, and return the axes."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if title:
        axes.set_title(title, loc="left", fontsize="medium")
    if legend:
        axes.legend()
    return axes


def to_png(figure: Figure) -> bytes:
    """Render a figure; the same figure gives the same bytes."""
    with mpl.rc_context(_STYLE):
        buffer, canvas, dpi = io.BytesIO(), figure.canvas, figure.dpi
        try:
            figure.dpi = mpl.rcParams["savefig.dpi"]
            # Drawn once: `savefig` would draw all of it before, to lay it out, and drawing lays it out anyway.
            FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
        finally:
            figure.set_canvas(canvas)
            figure.dpi = dpi
    return buffer.getvalue()


def show(figure: Figure, alt: str, *, caption: str | None = None) -> None:
    """Show a figure in the notebook, with a caption below it and alt text for whoever cannot see it.

    Args:
        figure: from `new_figure`, or any matplotlib figure.
        alt: what the figure shows, in words: what a person who sees it would take from it.
        caption: a line below the figure; none by default.

    Raises:
        ValueError: if the alt text is empty.
    """
    if not alt.strip():
        raise ValueError("show(figure, alt): say in `alt` what the figure shows, for readers who cannot see it")
    png = base64.b64encode(to_png(figure)).decode()
    below = f"<figcaption><em>{escape(caption)}</em></figcaption>" if caption else ""
    html = (
        f'<figure style="margin: 0"><img src="data:image/png;base64,{png}" alt="{escape(alt)}" '
        f'style="max-width: 100%; height: auto">{below}</figure>'
    )
    text = alt if caption is None else f"{alt}\n{caption}"
    # text/html for screens and screen readers, image/png for exports that know no HTML.
    display({"text/html": html, "image/png": png, "text/plain": text}, raw=True)
