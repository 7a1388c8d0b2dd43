"""A Sphinx extension: formulas as MathML, which browsers draw and screen readers read without a script."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from autograder.feedback.maths import mathml

_logger = logging.getLogger(__name__)


def _write(writer: HTML5Translator, node: nodes.math | nodes.math_block, *, block: bool) -> None:
    made = mathml(node.astext(), block=block)
    if "<math" not in made:
        _logger.warning("this formula cannot be made into MathML: %s", node.astext(), location=node)
    writer.body.append(made)
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the renderer; `html_math_renderer = "mathml"` chooses it."""
    app.add_html_math_renderer(
        "mathml",
        (lambda writer, node: _write(writer, node, block=False), None),
        (lambda writer, node: _write(writer, node, block=True), None),
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
