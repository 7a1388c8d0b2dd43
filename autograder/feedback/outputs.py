"""HTML of a cell's outputs: what Jupyter would show, as far as a page without scripts can show it."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from autograder.feedback import markup
from autograder.feedback.maths import mathml

LONGEST_TEXT = 20_000  # characters
MAX_OUTPUTS = 60  # of a cell
MAX_PICTURE = 4_000_000  # characters of base64

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def shown(outputs: list[Any]) -> list[Markup]:
    """Return the HTML of each output of a cell; whatever it is, none raises."""
    made = [html for output in outputs[:MAX_OUTPUTS] if (html := _shown(output))]
    if len(outputs) > MAX_OUTPUTS:
        made.append(Markup(f'<p class="note">({len(outputs) - MAX_OUTPUTS} more outputs are left out.)</p>'))
    return made


def _shown(output: Any) -> Markup | None:
    if not isinstance(output, Mapping):
        return None
    match output.get("output_type"):
        case "stream":
            kind = "out err" if output.get("name") == "stderr" else "out"
            return _pre(_text(output.get("text")), kind)
        case "error":
            lines = output.get("traceback")
            text = "\n".join(map(_text, lines)) if isinstance(lines, list) else ""
            return _pre(text or f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}", "out err")
        case "display_data" | "execute_result":
            data = output.get("data")
            return _data(data) if isinstance(data, Mapping) else None
    return None


def _data(data: Mapping[str, Any]) -> Markup | None:
    """Show the richest form that a page can show."""
    plain = _text(data.get("text/plain"))
    if html := _text(data.get("text/html")):
        made = markup.clean(html)
        if "<img" in made or made.striptags().strip():
            return Markup('<div class="out html">{}</div>').format(made)
    for kind in _PICTURES:
        if picture := "".join(_text(data.get(kind)).split()):
            return _picture(kind, picture, plain)
    if svg := _text(data.get("image/svg+xml")):  # in a picture nothing runs
        return _picture("image/svg+xml", b64encode(svg.encode(errors="replace")).decode(), plain)
    if text := _text(data.get("text/markdown")):
        return Markup('<div class="out html">{}</div>').format(markup.markdown(text))
    if tex := _text(data.get("text/latex")).strip():
        return Markup('<div class="out">{}</div>').format(mathml(tex.strip("$"), block=True))
    return _pre(plain, "out") if plain else None


def _picture(kind: str, content: str, plain: str) -> Markup:
    if not _BASE64.fullmatch(content):
        return _pre(plain, "out")
    if len(content) > MAX_PICTURE:
        return Markup(f'<p class="note">(A picture of {len(content) * 3 // 4_000_000} MB is left out.)</p>')
    named = plain if plain and not plain.startswith("<") else "A figure that this cell drew"
    image = Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, content, named[:500])
    return Markup('<div class="out">{}</div>').format(image)


def _pre(text: str, kind: str) -> Markup:
    text = _as_in_a_terminal(text)
    if len(text) > LONGEST_TEXT:
        left_out = len(text) - LONGEST_TEXT
        text = f"{text[: LONGEST_TEXT // 2]}\n… ({left_out} characters are left out) …\n{text[-LONGEST_TEXT // 2 :]}"
    return Markup('<pre class="{}">{}</pre>').format(kind, escape(text.rstrip("\n")))


def _as_in_a_terminal(text: str) -> str:
    """Leave out colours and what was written over, as progress bars do."""
    text = _ANSI.sub("", text).replace("\r\n", "\n")
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return _CONTROL.sub("", re.sub(r"[^\x08\n]\x08", "", "\n".join(lines)))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "".join(value)
    return "" if value is None else json.dumps(value, default=str)
