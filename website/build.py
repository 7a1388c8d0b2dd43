"""Build the course's website into site/: `make site`, or `python -m website.build`.

Pages are laid out in artifacts/site/pages as they lie in the repository, so that links between them stay as they are;
Sphinx makes HTML of them. It stops at the first broken link, reference or formula. site/ changes only when all is well.
"""

import argparse
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

import nbformat
from sphinx.cmd.build import build_main

from bench.notebooks import ROOT
from dlcourse.launch import binder
from website import api, outputs
from website.executed import executed
from website.links import ADDRESS, PICTURES, relink

HERE = Path(__file__).resolve().parent
WORK = ROOT / "artifacts" / "site"
TEXTS = ("docs/**/*.md", "dlcourse/datasets/README.md", "CONTRIBUTING.md", "CHANGELOG.md")
NOTEBOOKS = ("course/*.ipynb", "exercises/*/*.ipynb")  # never those in solutions/


def sources() -> list[str]:
    """Return the files of the repository that become pages."""
    found = (path for pattern in (*NOTEBOOKS, *TEXTS) for path in ROOT.glob(pattern))
    return sorted(path.relative_to(ROOT).as_posix() for path in found if ".ipynb_checkpoints" not in path.parts)


def home() -> str:
    """Return the first page; its table of chapters is the README's."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    chapters = readme.partition("\n## Chapters\n")[2].partition("\n## ")[0].strip()
    text = (HERE / "index.md").read_text(encoding="utf-8")
    values = {"ADDRESS": ADDRESS, "BINDER": binder(ADDRESS), "NAME": Path(ADDRESS).name, "CHAPTERS": chapters}
    for mark, value in values.items():
        text = text.replace(f"@{mark}@", value)
    return text


def licence() -> str:
    """Return the page of licences."""
    code, text = ((ROOT / name).read_text(encoding="utf-8") for name in ("LICENSE", "LICENSE-TEXT"))
    return f"# Licences\n\n## Text and figures\n\n```text\n{text}```\n\n## Code\n\n```text\n{code}```\n"


def lay_out(pages: Path, extra: Path, run: Collection[str] | None = None) -> None:
    """Write what Sphinx reads.

    Args:
        pages: folder to write pages to; what is in it is removed.
        extra: folder for what the site holds besides; what is in it is removed.
        run: names of the chapters to show with outputs, such as "00-start-here"; all by default.
    """
    for folder in (pages, extra):
        shutil.rmtree(folder, ignore_errors=True)
    (extra / outputs.FIGURES).mkdir(parents=True)
    names = sources()
    reference = [f"api/{name}" for name in api.write_pages(pages / "api")]
    known = {*names, *reference, "index.md", "licence.md"}
    for picture in (path for path in (ROOT / "docs").rglob("*") if path.suffix in PICTURES):
        copy = pages / picture.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, copy)
    texts = {"index.md": home(), "licence.md": licence()}
    for name in names:
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".ipynb"):
            shows = name.startswith("course/") and (run is None or Path(name).stem in run)
            notebook = executed(ROOT / name) if shows else nbformat.read(ROOT / name, as_version=4)
            outputs.still(notebook, name)
            up = "../" * name.count("/")
            outputs.put_pictures_aside(notebook, extra / outputs.FIGURES, up + outputs.FIGURES)
            for cell in notebook.cells:
                if cell.cell_type == "markdown":
                    cell.source = relink(cell.source, name, known)
            nbformat.write(notebook, pages / name)
        else:
            texts[name] = (ROOT / name).read_text(encoding="utf-8")
    for name, text in texts.items():
        (pages / name).write_text(relink(text, name, known), encoding="utf-8")


def build(site: Path, run: Collection[str] | None = None, work: Path = WORK) -> int:
    """Build the site into a folder; return Sphinx's exit status, 0 if all is well.

    Args:
        site: replaced, if all is well.
        run: as for `lay_out`.
        work: folder for what lies in between.
    """
    pages, extra, html = work / "pages", work / "extra", work / "html"
    shutil.rmtree(html, ignore_errors=True)
    lay_out(pages, extra, run)
    arguments = ["-c", str(HERE), "-d", str(work / "doctrees"), "-E", "-W", "--keep-going", "-n", "-q"]
    status = build_main([*arguments, "-D", f"html_extra_path={extra}", str(pages), str(html)])
    if status:
        return status
    for name in sources():
        if name.endswith(".ipynb"):  # for the download button: the notebook as it is in the repository
            shutil.copy(ROOT / name, html / "_sources" / name)
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(html, site)
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m website.build", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "site", help="default: site/")
    site = parser.parse_args(arguments).folder
    if status := build(site):
        print("site: not built, for the reasons above", file=sys.stderr)
        return status
    print(site / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
