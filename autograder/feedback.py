"""What feedback pages leave out: the hidden tests, and what answers printed of them."""

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.executed import printed_outputs

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests out of test cells, and out of the tracebacks that show them. The message of a check stays.

    What an answer printed while hidden tests called it goes as well: that could be what they called it with.
    """

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
