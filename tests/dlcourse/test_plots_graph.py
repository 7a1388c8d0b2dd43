"""A computational graph shows each number in its place."""

from dlcourse.plots import computational_graph, new_figure

PLACES = {"w": (0, 1), "x": (0, 0), "p": (2, 0.5)}


def drawn(**kwargs):
    figure, axes = new_figure(size=(5, 3))
    given = {"labels": dict(zip(PLACES, PLACES, strict=True)), "values": {}, "local": {}, "totals": {}} | kwargs
    computational_graph(axes, PLACES, [("w", "p"), ("x", "p")], **given)
    figure.draw_without_rendering()
    return axes


def test_numbers_stand_where_they_belong() -> None:
    axes = drawn(values={"w": "2"}, local={("w", "p"): "3"}, totals={"w": "6"})
    texts = {text.get_text(): text.get_position() for text in axes.texts if text.get_text()}
    assert texts["w\n2"] == (0, 1)
    assert texts["× 3"] == (1, 0.75)  # in the middle of its edge
    assert texts["◂ 6"][0] == 0 and texts["◂ 6"][1] < 1
    assert "p\n " in texts  # not known yet: the same height


def test_what_is_pointed_out_is_drawn_heavier() -> None:
    def widths(current):
        return [text.get_bbox_patch().get_linewidth() for text in drawn(current=current).texts if text.get_bbox_patch()]

    assert widths("w")[0] > widths("x")[0]


def test_every_edge_is_an_arrow() -> None:
    arrows = [text for text in drawn(quiet=[("x", "p")]).texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == 2
    assert {arrow.arrow_patch.get_linestyle() for arrow in arrows} == {"-", ":"}
