"""Pages on the helper package, one for each of its packages and modules."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import dlcourse

NAME = dlcourse.__name__
SECTIONS = {"Args:", "Attributes:", "Raises:", "Returns:", "Yields:"}  # of a docstring
# Made to be run, not imported by anybody.
LEFT_OUT = {"dlcourse.datasets", "dlcourse.lab"}


def write_pages(folder: Path) -> list[str]:
    """Write a page for each module and package, and index.rst, which lists them; return the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(module.name for module in pkgutil.iter_modules(dlcourse.__path__, f"{NAME}."))
    names = [name for name in found if name not in LEFT_OUT]
    for name in names:
        (folder / f"{name}.rst").write_text(_page(name), encoding="utf-8")
    index = f"{_title('The helper package')}{inspect.getdoc(dlcourse)}\n\n"
    index += "".join(f":doc:`{name}`\n   {_first(importlib.import_module(name))}\n\n" for name in names)
    (folder / "index.rst").write_text(index, encoding="utf-8")
    return [f"{name}.rst" for name in names] + ["index.rst"]


def _page(name: str) -> str:
    """A module with its members, or a package with its modules and a list of what it offers under its own name."""
    module = importlib.import_module(name)
    if not hasattr(module, "__path__"):
        return _title(name) + f".. automodule:: {name}\n   :members:\n"
    offers = [getattr(module, each) for each in getattr(module, "__all__", ())]
    offers = sorted((each for each in offers if hasattr(each, "__qualname__")), key=lambda each: each.__qualname__)
    text = _title(name) + f".. automodule:: {name}\n\n" + "".join(_entry(each) for each in offers)
    for part in sorted(each.name for each in pkgutil.iter_modules(module.__path__, f"{name}.")):
        text += "\n" + _title(part, "-") + f".. automodule:: {part}\n   :members:\n"
    return text


def _title(text: str, line: str = "=") -> str:
    return f"{text}\n{line * len(text)}\n\n"


def _entry(member: object) -> str:
    return f"* :py:obj:`~{member.__module__}.{member.__qualname__}`: {_first(member)}\n"


def _first(documented: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return (inspect.getdoc(documented) or "").partition("\n\n")[0].replace("\n", " ")


def mark_code(app: object, what: str, name: str, documented: object, options: object, lines: list[str]) -> None:
    """Mark as code what is indented after an empty line and belongs to no section such as "Args:" (a Sphinx hook)."""
    marked, in_code, in_section = [], False, False
    for before, line in zip(["", *lines], lines, strict=False):
        indented = line.startswith("    ")
        if line and not indented:
            in_code, in_section = False, line.rstrip() in SECTIONS
        elif indented and not before.strip() and not (in_code or in_section):
            marked += ["::", ""]
            in_code = True
        marked.append(line)
    lines[:] = marked
