"""What a cell has shown, made ready for a page on which nothing computes."""

import base64
import hashlib
import re
import struct
from pathlib import Path

from nbformat import NotebookNode

WIDGET = "application/vnd.jupyter.widget-view+json"
FIGURES = "_figures"  # the folder of the pictures, at the site's root
_PICTURE = re.compile(r'<img src="data:image/png;base64,([A-Za-z0-9+/=]+)"')


def still(notebook: NotebookNode, name: str) -> None:
    """Let the still picture of every explorer, with its caption and alt text, stand for its controls, in place.

    Raises:
        ValueError: if an output is a widget that has no HTML beside it: a page could show nothing of it.
    """
    notebook.metadata.pop("widgets", None)
    for output in _shown(notebook):
        if output.data.pop(WIDGET, None) and "text/html" not in output.data:
            raise ValueError(f"{name} shows a widget that is nothing without Jupyter: give it an HTML representation")


def put_pictures_aside(notebook: NotebookNode, folder: Path, address: str) -> None:
    """Write the pictures that are part of the outputs into files, so that a browser loads them as they come into view.

    Args:
        notebook: changed in place.
        folder: where the files go; it exists.
        address: of that folder, as the notebook's page sees it.
    """

    def write(match: re.Match[str]) -> str:
        png = base64.b64decode(match[1])
        name = f"{hashlib.sha256(png).hexdigest()[:16]}.png"
        (folder / name).write_bytes(png)
        width, height = struct.unpack(">II", png[16:24])  # of the PNG's header: the page keeps room for it
        return f'<img src="{address}/{name}" width="{width}" height="{height}" loading="lazy"'

    for output in _shown(notebook):
        if html := output.data.get("text/html"):
            output.data["text/html"] = _PICTURE.sub(write, html)
            output.data.pop("image/png", None)


def _shown(notebook: NotebookNode) -> list[NotebookNode]:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return [output for output in outputs if "data" in output]
