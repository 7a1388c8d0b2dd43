"""Formulas: MathML made of TeX, which browsers and screen readers know without a script."""

import re
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from markupsafe import Markup

try:
    from latex2mathml.converter import convert
except ModuleNotFoundError:  # formulas are shown as they were written then
    convert = None

_LONGEST = 2000
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_NAMES = """
math mrow mi mn mo ms mspace mtext mfrac mroot msqrt mstyle menclose mover munder munderover msub msup msubsup
mmultiscripts mprescripts mpadded mphantom mtable mtr mtd none
"""
_ELEMENTS = {f"{{{_NAMESPACE}}}{name}" for name in _NAMES.split()}
_ATTRIBUTES = """
display accent accentunder stretchy fence form separator columnalign rowspacing columnspacing linethickness mathvariant
minsize maxsize lspace rspace width height depth displaystyle scriptlevel movablelimits largeop
"""

ElementTree.register_namespace("", _NAMESPACE)


@lru_cache(maxsize=4096)
def mathml(tex: str, *, block: bool = False) -> Markup:
    """Return a formula as MathML; as it was written where that cannot be made.

    What latex2mathml makes is not believed: a formula of a student's may hold HTML, and it puts that through.
    """
    made = None if convert is None or len(tex) > _LONGEST else _convert(tex.strip(), block)
    if made is not None:
        return Markup(made)
    shown = escape(f"$${tex}$$" if block else f"${tex}$")
    return Markup(f'<code class="tex">{shown}</code>')


def _convert(tex: str, block: bool) -> str | None:
    try:
        text = convert(re.sub(r"\\(?:href|class|style|id|unicode)\b", "", tex), display="block" if block else "inline")
        tree = ElementTree.fromstring(text)
    except (Exception, RecursionError):  # whatever a formula can be
        return None
    for element in tree.iter():
        if element.tag not in _ELEMENTS:
            return None
        for name in element.attrib.keys() - set(_ATTRIBUTES.split()):
            del element.attrib[name]
    if block:
        # A long one can be scrolled on a small screen, by keyboard too.
        attributes = 'class="formula" tabindex="0" role="group" aria-label="Formula"'
        return f"<div {attributes}>{ElementTree.tostring(tree, encoding='unicode')}</div>"
    return ElementTree.tostring(tree, encoding="unicode")
