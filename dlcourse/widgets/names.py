"""Accessible names for what ipywidgets leaves nameless: a slider's handle and its readout.

A screen reader then says "angle of w (°), slider, 45" instead of "slider, 45". ipywidgets 8.1 has no setting for it, so
a few lines of JavaScript carry the label over, in each front end that shows the explorer.
"""

from html import escape

import ipywidgets

# An empty style sheet tells when it is in the page, also within HTML that a widget inserts, where scripts do not run.
# The controls may come later than it does: the observer waits for them.
_SCRIPT = """
const box = this.closest('.widget-vbox');
const name = () => box.querySelectorAll('.widget-slider').forEach(slider => {
  const label = slider.querySelector('.widget-label');
  if (!label) return;
  slider.querySelectorAll('[role=slider]:not([aria-label])').forEach(handle =>
    handle.setAttribute('aria-label', label.textContent));
  slider.querySelectorAll('.widget-readout:not([aria-label])').forEach(readout => {
    readout.setAttribute('role', 'textbox');
    readout.setAttribute('aria-label', label.textContent);
  });
});
if (box) { name(); new MutationObserver(name).observe(box, {childList: true, subtree: true}); }
"""


def namer() -> ipywidgets.HTML:
    """Return an invisible child for the box of an explorer; it names the sliders in that box."""
    style = f'<style onload="{escape(" ".join(_SCRIPT.split()))}">/* */</style>'
    return ipywidgets.HTML(style, layout=ipywidgets.Layout(display="none"))
