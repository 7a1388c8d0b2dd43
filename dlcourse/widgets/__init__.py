"""Interactive explorers: each is a pure function that draws one state, in a thin shell of labelled controls."""

from dlcourse.widgets.base import Button, Choice, Entry, Explorer, Slider

__all__ = ["Button", "Choice", "Entry", "Explorer", "Slider"]
