"""What feedback pages leave out: the hidden tests, and what answers may have kept of them."""

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.executed import printed_outputs

LEFT_OUT = "(What this cell showed is left out: it ran after hidden tests. Your own notebook shows it.)\n"
BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests out of test cells, and out of the tracebacks that show them. The message of a check stays.

    What an answer printed while hidden tests called it goes as well: that could be what they called it with. So could
    all that the student's own cells show below: the outputs there are left out, with a note.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, object]) -> tuple[NotebookNode, dict[str, object]]:
        """Change a notebook in place."""
        below = False  # a hidden test
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            if is_grade(cell) and not is_solution(cell):
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
            cell.source = _without_hidden(cell.source)
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}".rstrip(": ")]
        return cell, resources


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
