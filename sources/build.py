"""Build every notebook from its text, and take an edited notebook back into its text.

    sources/course/*.md        →  course/*.ipynb         chapters (MyST Markdown)
    sources/solutions/*/*.py   →  solutions/*/*.ipynb    exercises with answers and hidden tests (py:percent)
                               →  exercises/*/*.ipynb    what participants get

The text is the source; `build` goes one way and is deterministic: the same text gives the same bytes, cell ids
included. `adopt` is the way back for a notebook that somebody edited in JupyterLab. Run through `make notebooks` and
`make adopt NOTEBOOK=…`, or as `python -m sources.build {build,check,adopt}`.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import jupytext
import nbformat
import typer
from nbformat import NotebookNode

from autograder.blank import load_config, release_notebook

ROOT = Path(__file__).resolve().parent.parent
CORPUS_SUFFIX = ".corpus.py"  # wrong and right solutions lie beside a source and are no notebooks

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Source:
    """The text of one notebook and where it is built to."""

    text: Path
    notebook: Path
    release: Path | None  # what participants get of it; None for a chapter

    @property
    def jupytext_format(self) -> str:
        return "md:myst" if self.text.suffix == ".md" else "py:percent"


def find_sources(root: Path = ROOT) -> list[Source]:
    """All notebook texts below `root`/sources, in order."""
    chapters = [
        Source(text, root / "course" / f"{text.stem}.ipynb", None)
        for text in sorted((root / "sources" / "course").glob("*.md"))
    ]
    solutions = sorted((root / "sources" / "solutions").glob("*/*.py"))
    return chapters + [
        Source(text, *(root / top / text.parent.name / f"{text.stem}.ipynb" for top in ("solutions", "exercises")))
        for text in solutions
        if not text.name.endswith(CORPUS_SUFFIX)
    ]


def set_stable_ids(notebook: NotebookNode) -> None:
    """Give each cell an id that depends on nothing but its grade_id or its content."""
    seen = set()
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id:
            base = re.sub(r"[^A-Za-z0-9_-]", "-", grade_id)[:56]
        else:
            base = hashlib.sha256(f"{cell.cell_type}\0{cell.source}".encode()).hexdigest()[:8]
        cell.id, repeat = base, 1
        while cell.id in seen:
            repeat += 1
            cell.id = f"{base}-{repeat}"
        seen.add(cell.id)


def read_text(source: Source) -> NotebookNode:
    """The notebook that a text describes, valid and without outputs."""
    notebook = jupytext.read(source.text, fmt=source.jupytext_format)
    set_stable_ids(notebook)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return notebook


def to_bytes(notebook: NotebookNode) -> bytes:
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()


def render(source: Source) -> dict[Path, bytes]:
    """What `build` writes for one source: path → content."""
    notebook = read_text(source)
    files = {source.notebook: to_bytes(notebook)}
    if source.release is not None:
        files[source.release] = to_bytes(release_notebook(notebook, load_config(ROOT)))
    return files


def find_drift(root: Path = ROOT) -> tuple[dict[Path, bytes], list[Path]]:
    """What is not as the sources say: files to write (path → content), and notebooks that have no source."""
    expected = {path: content for source in find_sources(root) for path, content in render(source).items()}
    stale = {path: content for path, content in expected.items() if not path.exists() or path.read_bytes() != content}
    present = [
        path
        for top in ("course", "solutions", "exercises")
        for path in sorted((root / top).rglob("*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts
    ]
    return stale, [path for path in present if path not in expected]


def write(path: Path, content: bytes) -> None:
    """Write to a temporary name and rename, so that no reader ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)


def to_text(notebook: NotebookNode, source: Source) -> str:
    """The text of a notebook, in the form that its source has."""
    notebook = nbformat.from_dict(notebook)
    for cell in notebook.cells:
        for key in ("editable", "slideshow", "trusted", "jp-MarkdownHeadingCollapsed"):  # what editors leave behind
            cell.metadata.pop(key, None)
        if cell.metadata.get("nbgrader"):
            cell.metadata.nbgrader.pop("checksum", None)
    notebook.metadata = nbformat.from_dict(
        {
            "jupytext": {
                "text_representation": {
                    "extension": source.text.suffix,
                    "format_name": source.jupytext_format.split(":")[1],
                },
                "notebook_metadata_filter": "kernelspec,-jupytext.text_representation.jupytext_version",
            },
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        }
    )
    return jupytext.writes(notebook, fmt=source.jupytext_format)


def fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(2)


@app.command()
def build() -> None:
    """Rewrite course/, solutions/ and exercises/ from sources/."""
    stale, orphans = find_drift()
    for path, content in stale.items():
        write(path, content)
        typer.echo(f"wrote   {path.relative_to(ROOT)}")
    for path in orphans:
        path.unlink()
        typer.echo(f"removed {path.relative_to(ROOT)} (no source)")
    typer.echo(f"{len(find_sources())} sources, {len(stale) + len(orphans)} files changed")


@app.command()
def check() -> None:
    """Say which notebooks are not as their sources say, and exit with 1 if there is one."""
    stale, orphans = find_drift()
    for path in [*stale, *orphans]:
        typer.echo(f"{path.relative_to(ROOT)} differs from its source: run `make notebooks` (or `make adopt`)")
    if stale or orphans:
        raise typer.Exit(1)


@app.command()
def adopt(
    notebook: Annotated[Path | None, typer.Argument(help="A notebook in course/ or solutions/.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every notebook that differs from its source.")] = False,
) -> None:
    """Take notebooks edited in JupyterLab back into their text, then rebuild."""
    sources = {source.notebook: source for source in find_sources()}
    if all_:
        stale, _ = find_drift()
        chosen = [path for path in stale if path in sources and path.exists()]
    elif notebook is None:
        raise fail("Say which notebook: make adopt NOTEBOOK=course/01-perceptron.ipynb")
    else:
        chosen = [notebook.resolve()]
    for path in chosen:
        if path not in sources:
            releases = {source.release: source.notebook for source in sources.values()}
            if path in releases:
                solution = releases[path].relative_to(ROOT)
                raise fail(f"{notebook} is generated: edit {solution}, then make adopt NOTEBOOK={solution}")
            raise fail(f"{notebook} has no source. Known: {', '.join(str(p.relative_to(ROOT)) for p in sources)}")
        try:
            edited = nbformat.read(path, as_version=4)
        except (OSError, ValueError) as error:
            raise fail(f"{path} cannot be read as a notebook ({error}); its text is unchanged") from None
        source = sources[path]
        text = to_text(edited, source)
        if text != source.text.read_text():
            write(source.text, text.encode())
            typer.echo(f"adopted {path.relative_to(ROOT)} → {source.text.relative_to(ROOT)}")
    build()


if __name__ == "__main__":
    app()
