"""The two diagrams of the start page: what they show is what the data says, and nothing lies on anything else."""

import itertools
import re

import pytest

from dlcourse.plots import history


def drawn_texts(figure):
    """Every text of the figure's only axes that shows, with its box in pixels."""
    axes = figure.axes[0]
    figure.draw_without_rendering()
    return [(text.get_text(), text.get_window_extent()) for text in axes.texts]


def test_events_stand_in_order():
    years = [event.year for event in history.EVENTS]
    assert years == sorted(years)
    assert (years[0], years[-1]) == (1943, 2024)
    assert all(event.last is None or event.last > event.year for event in history.EVENTS)


def test_each_event_says_where_to_read_more():
    papers = [event for event in history.EVENTS if event.kind not in (history.Kind.LIMIT, history.Kind.PRIZE)]
    for event in papers:
        assert re.match(r"doi:10\.\d{4,}/\S+$|arXiv:\d{4}\.\d{4,5}|IRE WESCON", event.source), event
    assert all(event.source for event in history.EVENTS)


@pytest.mark.parametrize(("event", "years"), [(history.EVENTS[0], "1943"), (history.EVENTS[9], "2007–09")])
def test_years(event, years):
    assert event.years == years


def test_timeline_shows_every_event_at_its_year():
    figure = history.draw_timeline()
    texts = {text for text, _ in drawn_texts(figure)}
    on_the_axis = sorted(line.get_ydata()[0] for line in figure.axes[0].lines if list(line.get_xdata()) == [0])
    assert on_the_axis == [event.year for event in history.EVENTS]
    for event in history.EVENTS:
        assert {event.years, event.what, event.who} <= texts


def test_kinds_differ_in_more_than_colour():
    markers = {marker for _, marker in history._LOOKS.values()}
    assert len(markers) == len(history.Kind)


@pytest.mark.parametrize("draw", [history.draw_timeline, history.draw_fields])
def test_no_text_covers_another_or_leaves_the_figure(draw):
    figure = draw()
    texts = drawn_texts(figure)
    for (one, box), (other, other_box) in itertools.combinations(texts, 2):
        assert not box.overlaps(other_box), (one, other)
    width, height = figure.bbox.width, figure.bbox.height
    for text, box in texts:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text


def test_words_say_what_the_figures_show():
    words = history.describe_timeline()
    assert all(f"{event.years} {event.what}" in words for event in history.EVENTS)
    assert f"{len(history.EVENTS)} events" in words
    fields = history.describe_fields()
    places = [fields.index(name) for name in ("artificial intelligence", "machine learning", "deep learning")]
    assert places == sorted(places)
