"""Links of the repository's texts, on the site: to a page of it, or else to the file in the repository."""

import os
import re
import tomllib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from bench.notebooks import ROOT

ADDRESS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]
PICTURES = {".png", ".svg", ".gif", ".jpg"}
# What has another name on the site.
MOVED = {
    "README.md": "index.md",
    "LICENSE": "licence.md",
    "LICENSE-TEXT": "licence.md",
    "dlcourse/datasets": "dlcourse/datasets/README.md",
    "dlcourse": "api/index.rst",
}

# Code comes first: what looks like a link in it is none.
_LINK = re.compile(r"(?P<code>^ *(```+|~~~+).*?^ *\2|`+[^`]*`+)|(?P<before>\]\()(?P<target>[^)\s]+)", re.M | re.S)


def relink(text: str, page: str, pages: Collection[str], root: Path = ROOT) -> str:
    """Return a Markdown text with its relative links as they must be on the site.

    Args:
        text: of a Markdown file, or of a cell.
        page: the file that it stands in, relative to the repository.
        pages: the files that become pages, relative to the site; those of the repository keep their places.

    Raises:
        ValueError: if a link leads nowhere.
    """

    def change(match: re.Match[str]) -> str:
        if match["code"] or re.match(r"[a-z]+:", match["target"]):
            return match[0]
        path, hash_, fragment = match["target"].partition("#")
        target = os.path.normpath(PurePosixPath(page).parent / path) if path else page
        if hash_ and target.endswith(".md") and (root / target).is_file():
            fragment = _heading(fragment, (root / target).read_text(encoding="utf-8"))
        if not path:
            return f"{match['before']}#{fragment}"
        at = MOVED.get(target, target)
        if at in pages:
            return match["before"] + os.path.relpath(at, PurePosixPath(page).parent) + hash_ + fragment
        if target.startswith("..") or not (root / target).exists():
            raise ValueError(f"{page} links to {match['target']}, which is nowhere in the repository")
        if PurePosixPath(target).suffix in PICTURES:
            return match[0]
        kind = "tree" if (root / target).is_dir() else "blob"
        return f"{match['before']}{ADDRESS}/{kind}/HEAD/{target}{hash_}{fragment}"

    return _LINK.sub(change, text)


def _heading(fragment: str, text: str) -> str:
    """Return the site's anchor of the heading of a Markdown text that GitHub gives this one.

    Sphinx finds most headings by either; one that begins with a number it finds by its own only.
    """
    for title in re.findall(r"^#{1,6} (\d[^`*_\[<$\n]*)$", text, re.M):
        if re.sub(r"[^\w -]", "", title).replace(" ", "-").lower() == fragment:
            return anchor(title)
    return fragment


def anchor(title: str) -> str:
    """Return the anchor of a heading, as JupyterLab makes it of the heading's text."""
    return title.replace(" ", "-")
