"""Making HTML pages of templates: each stands alone, needs nothing from elsewhere and runs no script."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment() -> jinja2.Environment:
    """Return where templates are found and what they may use; whatever they are given is escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    style = re.sub(r"\s*([{};:,])\s+", r"\1", style).strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made.globals |= {"style": jinja2.utils.markupsafe.Markup(style), "style_hash": f"sha256-{digest}"}
    made.filters |= {"number": lambda value: f"{value:.10g}", "anchor": anchor}
    return made


def anchor(name: str) -> str:
    """Return a name as it may stand in an address within a page."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def render(template: str, filters: Mapping[str, Callable[..., Any]], **values: Any) -> str:
    """Fill in a template.

    Args:
        template: its file's name.
        filters: what it uses besides `number` and `anchor`.
        **values: what it shows.
    """
    made = environment()
    made.filters |= filters
    return made.get_template(template).render(**values)
