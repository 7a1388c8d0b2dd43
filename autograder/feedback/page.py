"""The page that a participant gets back for a notebook: what is right, what is missing and why, then the notebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from nbformat import NotebookNode

from autograder.feedback import markup, outputs
from autograder.feedback.findings import Finding
from autograder.html import anchor, render
from autograder.notebook import grade_id, is_test


@dataclass(frozen=True)
class Cell:
    """A cell of the notebook, as the page shows it."""

    kind: str
    """ "text", "code", or "closed": code that can be opened."""
    body: Markup
    outputs: Sequence[Markup] = ()
    label: str = ""
    anchor: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Page:
    """All that a page shows."""

    student: str
    title: str
    findings: Sequence[Finding]
    cells: Sequence[Cell]
    penalty: float = 0.0
    """Points taken off for handing in late."""

    @property
    def points(self) -> float:
        """What has been given so far."""
        return sum(one.points for one in self.findings if not one.waits)

    @property
    def max_points(self) -> float:
        """What a perfect submission gets."""
        return sum(one.max_points for one in self.findings)

    @property
    def right(self) -> list[Finding]:
        """Questions with all their points."""
        return [one for one in self.findings if one.right]

    @property
    def lost(self) -> list[Finding]:
        """Questions that lack points."""
        return [one for one in self.findings if not one.right and not one.waits]

    @property
    def partly(self) -> list[Finding]:
        """Those of them of which parts are right."""
        return [one for one in self.lost if one.passed]

    @property
    def waiting(self) -> list[Finding]:
        """Questions that a person has yet to mark."""
        return [one for one in self.findings if one.waits]

    @property
    def waiting_points(self) -> float:
        """What those are worth."""
        return sum(one.max_points for one in self.waiting)


def shown_cells(
    notebook: NotebookNode, findings: Sequence[Finding], comments: Mapping[str, str], graded: Mapping[str, str]
) -> list[Cell]:
    """Make what is to be seen of each cell.

    Args:
        notebook: the autograded one, without what students may not see.
        findings: what is said above about its questions.
        comments: on cells, by name.
        graded: which question each test belongs to.
    """
    said = {finding.question for finding in findings if finding.comment}
    by_name = {finding.question: finding for finding in findings}
    seen: set[str] = set()
    cells = []
    for cell in notebook.cells:
        name = grade_id(cell) or ""
        place = anchor(name) if name and name not in seen else ""
        seen.add(name)
        comment = comments.get(name, "") if name not in said else ""
        label = f"Your answer: {by_name[name].title}" if name in by_name else ""
        if cell.cell_type == "code":
            made = outputs.shown(cell.get("outputs", []))
            if is_test(cell):
                title = _title_of_test(name, by_name.get(graded.get(name, "")))
                cells.append(Cell("closed", markup.code(cell.source), made, title, place))
            elif cell.metadata.get("nbgrader", {}).get("locked"):
                cells.append(Cell("closed", markup.code(cell.source), made, "Given code", place))
            elif cell.source.strip() or made:
                cells.append(Cell("code", markup.code(cell.source), made, label, place, comment))
        elif cell.cell_type == "markdown":
            cells.append(Cell("text", markup.markdown(_with_attachments(cell)), (), label, place, comment))
        elif cell.source.strip():
            cells.append(Cell("text", Markup("<pre>{}</pre>").format(cell.source[: outputs.LONGEST_TEXT])))
    missing = [one for one in by_name if one not in seen]
    deleted = Markup("<p>(The cell of this answer was deleted.)</p>")
    return cells + [Cell("text", deleted, label=by_name[one].title, anchor=anchor(one)) for one in missing]


def write_page(page: Page, course_url: str = "") -> str:
    """Return a page's HTML.

    Args:
        page: what it shows.
        course_url: where the course is on the web, for links to chapters; "" names them only.
    """
    filters = {"markdown": markup.markdown, "message": markup.message, "marked": _marked}
    return render("feedback.html.jinja", filters, page=page, course_url=course_url.rstrip("/"))


def _marked(text: str, misconception: str) -> Markup:
    """Return a message in which the misconception stands out."""
    before, found, after = text.partition(misconception) if misconception else (text, "", "")
    if not found:
        return markup.message(text)
    return Markup("{}<mark>{}</mark>{}").format(*map(markup.message, (before, found, after)))


def _title_of_test(name: str, finding: Finding | None) -> str:
    return f"Test cell {name}" if finding is None else f"Test cell of: {finding.title}"


def _with_attachments(cell: NotebookNode) -> str:
    """Put the pictures that are attached to a text cell into its text."""
    text, attachments = cell.source, cell.get("attachments")
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        for kind, content in kinds.items() if isinstance(kinds, dict) else ():
            if isinstance(content, str) and isinstance(name, str) and kind in ("image/png", "image/jpeg", "image/gif"):
                text = text.replace(f"attachment:{name}", f"data:{kind};base64,{escape(''.join(content.split()))}")
    return text
