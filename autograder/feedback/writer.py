"""Writes the feedback pages of an assignment's students, where nbgrader's `release_feedback` looks for them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.feedback.findings import find
from autograder.feedback.hidden import HideTests, runs_below
from autograder.feedback.outline import Outline, outline
from autograder.feedback.page import Page, shown_cells, write_page
from autograder.files import write_file
from autograder.gradebook import Marks
from autograder.misconceptions import Misconception, known_misconceptions
from autograder.notebook import questions
from autograder.plan import TIMESTAMP, Assignment
from autograder.result import Judged

RELEASING = (TIMESTAMP, "submission_secret.txt")
"""What nbgrader's `release_feedback` reads beside a page, of submissions that came through its exchange."""


class PageWriter:
    """Makes pages; what they have in common is read once."""

    def __init__(self, assignment: Assignment, marks: Marks) -> None:
        """Write pages of an assignment with the marks and comments that the gradebook holds."""
        self._assignment, self._marks = assignment, marks

    def write(self, student: str, record: Mapping[str, Any]) -> None:
        """Write the pages of one submission: one for each of its notebooks, and no other.

        Args:
            student: whose.
            record: what was recorded of it when it was graded.

        Raises:
            OSError: if a file cannot be read or written.
        """
        course, assignment = self._assignment.course, self._assignment.name
        folder = course.feedback / student / assignment
        made = set()
        for file in record["files"]:
            name = file.removesuffix(".ipynb")
            if file == name or name not in self._assignment.sources:
                continue
            content = (course.autograded / student / assignment / file).read_text(encoding="utf-8")
            page = self.page(student, name, nbformat.v4.reads(content), record)
            url = str(course.config.Autograder.get("course_url", "") or "")
            write_file(folder / f"{name}.html", write_page(page, url).encode(errors="replace"))
            made.add(f"{name}.html")
        for file in sorted({*RELEASING}.intersection(record["files"])):
            write_file(folder / file, (course.autograded / student / assignment / file).read_bytes())
        for old in folder.glob("*.html"):
            if old.name not in made:
                old.unlink()

    def page(self, student: str, name: str, notebook: NotebookNode, record: Mapping[str, Any]) -> Page:
        """Gather what the page of one notebook shows.

        Args:
            student: whose.
            name: the notebook's.
            notebook: the autograded one; it is changed.
            record: see `write`.
        """
        after_hidden = runs_below(notebook)
        notebook, _ = HideTests().preprocess(notebook, {})
        comments = self._comments(student, name)
        findings = find(
            notebook,
            [Judged.from_json(question) for question in record["judged"][name]],
            self._marks.rows.get(student, {}).get(name, {}),
            comments,
            outline=self._outlines[name],
            misconceptions=self._misconceptions[name],
            after_hidden=after_hidden,
        )
        return Page(
            student=student,
            title=self._outlines[name].title,
            findings=findings,
            cells=shown_cells(notebook, findings, comments, self._graded[name]),
            penalty=self._marks.penalties.get(student, {}).get(name, 0.0),
        )

    def _comments(self, student: str, name: str) -> dict[str, str]:
        """Return what persons have said of cells, by cell."""
        rows = self._marks.comments.get(student, [])
        return {cell: manual for notebook, cell, _, manual in rows if notebook == name and manual}

    @cached_property
    def _outlines(self) -> dict[str, Outline]:
        return {name: outline(source, name) for name, source in self._assignment.sources.items()}

    @cached_property
    def _misconceptions(self) -> dict[str, dict[str, tuple[Misconception, ...]]]:
        return {name: known_misconceptions(source) for name, source in self._assignment.sources.items()}

    @cached_property
    def _graded(self) -> dict[str, dict[str, str]]:
        return {
            name: {cell: question.name for question in questions(source) for cell in question.graded}
            for name, source in self._assignment.sources.items()
        }
