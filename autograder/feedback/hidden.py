"""What feedback pages leave out: the hidden tests, and what answers may have kept of them."""

import re

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.executed import printed_outputs
from autograder.feedback.ordinary import is_ordinary, words_of
from dlcourse.checks import FAILED
from dlcourse.checks.failure import RAISED_THERE

LEFT_OUT = "(What this cell showed is left out: it ran after hidden tests. Your own notebook shows it.)\n"
TEXT_LEFT_OUT = "(its text is left out, as hidden tests had run; your own notebook shows it)"
BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
# A line of a part that failed since the answer raised something: part, name of the class, message.
_PART = re.compile(rf"^({FAILED} .*? \(0 of [\d.]+\): {RAISED_THERE} )(\w+)(?:: (.*))?$")
_PLACE = re.compile(r" \(in [^()]*, line \d+\)$")


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests out of test cells, and out of the tracebacks that show them. The message of a check stays.

    What an answer printed while hidden tests called it goes as well: that could be what they called it with. So could
    all that the student's own cells show below, and the text of an exception that an answer raises below: outputs there
    are left out, with a note, and so is such a text, unless it says nothing but what Python and numpy themselves say.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, object]) -> tuple[NotebookNode, dict[str, object]]:
        """Change a notebook in place."""
        known = words_of(cell.source for cell in nb.cells if not (is_grade(cell) and not is_solution(cell)))
        below = False  # a hidden test
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            if is_grade(cell) and not is_solution(cell):
                if below or _goes_on(cell.source):
                    _withhold(cell, known)
                below = below or BEGIN in cell.source
            elif below and cell.get("outputs"):
                cell.outputs = [nbformat.v4.new_output("stream", text=LEFT_OUT)]
        return super().preprocess(nb, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, object], index: int
    ) -> tuple[NotebookNode, dict[str, object]]:
        """Change a test cell with hidden tests in place."""
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell) and BEGIN in cell.source:
            printed = printed_outputs(cell)
            cell.outputs = [output for n, output in enumerate(cell.get("outputs", ())) if n not in printed]
            cell.metadata.pop("autograder", None)
            cell.source = _without_hidden(cell.source)
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}".rstrip(": ")]
        return cell, resources


def runs_below(notebook: NotebookNode) -> set[str]:
    """Return the names of the cells that ran after hidden tests."""
    found, below = set(), False
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if below and name:
            found.add(name)
        is_test = cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)
        below = below or (is_test and BEGIN in cell.source)
    return found


def _goes_on(source: str) -> bool:
    """Whether a test cell calls answers after its hidden tests."""
    _, begin, below = source.partition(BEGIN)
    _, end, rest = below.partition(END)
    return bool(begin and end) and any(
        line.strip() and not re.fullmatch(r"\w+\.score\(\)", line.strip()) for line in rest.splitlines()[1:]
    )


def _withhold(cell: NotebookNode, known: frozenset[str]) -> None:
    """Leave out the texts of exceptions that the answer raised, and what it printed."""
    printed = printed_outputs(cell)
    cell.metadata.pop("autograder", None)
    cell.outputs = [output for n, output in enumerate(cell.get("outputs", ())) if n not in printed]
    for output in cell.outputs:
        if output.output_type == "error":
            lines = list(output.traceback)
            if RAISED_THERE in lines:
                lines = lines[: lines.index(RAISED_THERE)]
                output.ename, output.evalue = _safe(output.ename, output.evalue, known)
            else:  # the message of a check, or a list of parts
                lines = lines[:-1]
                output.evalue = _safe_lines(output.evalue, known)
            output.traceback = [*lines, f"{output.ename}: {output.evalue}".rstrip(": ")]
        elif output.output_type == "stream":
            output.text = _safe_lines(output.text, known)


def _safe_lines(text: str, known: frozenset[str]) -> str:
    lines = []
    for line in text.splitlines(keepends=True):
        if match := _PART.match(line.rstrip("\n")):
            place = (_PLACE.search(match[3] or "") or [""])[0]
            name, message = _safe(match[2], (match[3] or "").removesuffix(place), known)
            if place and not is_ordinary(place, known):
                place = ""
            line = f"{match[1]}{name}{f': {message}' if message else ''}{place}\n"
        lines.append(line)
    return "".join(lines)


def _safe(name: str, message: str, known: frozenset[str]) -> tuple[str, str]:
    """Return name and message as they may be shown."""
    name = name if is_ordinary(name, known) else "an exception"
    return name, message if is_ordinary(message, known) else TEXT_LEFT_OUT


def _without_hidden(source: str) -> str:
    lines, hidden = [], False
    for line in source.splitlines():
        if BEGIN in line:
            hidden = True
            lines.append("# (hidden tests ran here)")
        elif END in line:
            hidden = False
        elif not hidden:
            lines.append(line)
    return "\n".join(lines)
