"""HTML of what people wrote: code, Markdown, messages, and HTML itself, none of which can do anything on a page."""

import re
import secrets
from functools import lru_cache
from html import escape

import bleach
import mistune
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.feedback.maths import mathml

LONGEST_CODE = 40_000  # characters; what is longer has no colours
LONGEST_MARKDOWN = 40_000
LONGEST_HTML = 300_000  # without its pictures

_TAGS = """
a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var
"""
_NUMBERS = ("colspan", "rowspan", "start", "width", "height")
# Their content is not to be read, as that of other forbidden elements is.
_SILENT = re.compile(r"<(script|style|template|title|noscript|iframe|svg|math)\b.*?(?:</\1\s*>|\Z)", re.I | re.DOTALL)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_PICTURE_KEPT = re.compile(r'src="data:image-(\d+)"')
_LEXER, _FORMATTER = PythonLexer(), HtmlFormatter(nowrap=True)


@lru_cache(maxsize=4096)
def code(source: str) -> Markup:
    """Return Python code with classes for its colours."""
    source = source.strip("\n")
    if len(source) > LONGEST_CODE:
        return Markup(escape(source))
    return Markup(highlight(source, _LEXER, _FORMATTER).rstrip("\n"))


@lru_cache(maxsize=4096)
def message(text: str) -> Markup:
    """Return a message in which `code` stands in backticks."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(text)))


@lru_cache(maxsize=4096)
def markdown(text: str) -> Markup:
    """Return Markdown, as Jupyter knows it, as HTML; its headings are two levels lower."""
    if len(text) > LONGEST_MARKDOWN:
        return Markup(f"<pre>{escape(text)}</pre>")
    renderer = _Renderer()
    try:
        html = mistune.Markdown(renderer, plugins=_PLUGINS)(text)
    except (Exception, RecursionError):  # nested too deeply, for example
        return Markup(f"<pre>{escape(text)}</pre>")
    formulas = renderer.formulas

    def formula(match: re.Match[str]) -> str:
        number = int(match[1])
        return formulas[number] if number < len(formulas) else match[0]

    return Markup(re.sub(rf"{renderer.mark}(\d+);", formula, clean(html)))


def clean(html: str) -> Markup:
    """Return HTML without all that could do something: scripts, styles, frames, forms, addresses elsewhere.

    Pictures stay if they are in it, links if they lead to the web.
    """
    pictures: list[str] = []

    def put_aside(match: re.Match[str]) -> str:  # the sanitiser would look at each character
        pictures.append("".join(match[0].split()))
        return f"data:image-{len(pictures) - 1}"

    def put_back(match: re.Match[str]) -> str:
        number = int(match[1])
        return f'src="{pictures[number]}"' if number < len(pictures) else 'src=""'

    short = _SILENT.sub("", _PICTURE.sub(put_aside, html))
    if len(short) > LONGEST_HTML:
        return Markup("<p>(This output is too long to be shown here.)</p>")
    # One for each call: it is not made for several threads.
    cleaner = bleach.Cleaner(
        tags=frozenset(_TAGS.split()),
        attributes=_is_harmless,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
    )
    kept = _PICTURE_KEPT.sub(put_back, cleaner.clean(short))
    kept = re.sub(r'<img(?![^>]*\bsrc="data:)[^>]*>', "", kept)
    kept = re.sub(r"<img (?![^>]*\balt=)", '<img alt="A picture without a description" ', kept)
    kept = kept.replace("<table", '<div class="wide" tabindex="0" role="group" aria-label="Table"><table')
    return Markup(kept.replace("</table>", "</table></div>"))


def _is_harmless(tag: str, name: str, value: str) -> bool:
    match tag, name:
        case "a", "href":
            return re.match(r"https?://|mailto:", value) is not None
        case "img", "src":
            return re.fullmatch(r"data:image-\d+", value) is not None
        case _, "alt" | "title" | "scope":
            return True
        case _, name if name in _NUMBERS:
            return re.fullmatch(r"\d{1,4}%?", value) is not None
    return False


class _Renderer(mistune.HTMLRenderer):
    """Puts formulas aside, which the sanitiser does not know, and makes headings smaller."""

    def __init__(self) -> None:
        super().__init__(escape=False)
        self.formulas: list[str] = []
        self.mark = f"formula-{secrets.token_hex(8)}-"  # which no text can hold

    def heading(self, text: str, level: int, **attrs: object) -> str:
        return super().heading(text, min(6, level + 2))

    def inline_math(self, text: str) -> str:
        return self._aside(mathml(text))

    def block_math(self, text: str) -> str:
        return f"{self._aside(mathml(text, block=True))}\n"

    def _aside(self, formula: str) -> str:
        self.formulas.append(formula)
        return f"{self.mark}{len(self.formulas) - 1};"


_PLUGINS = [mistune.plugins.import_plugin(name) for name in ("math", "table", "strikethrough")]
