"""The formats by name."""

from autograder.export.canvas import canvas_sheet
from autograder.export.gradescope import gradescope_sheet
from autograder.export.marks import ClassMarks
from autograder.export.moodle import moodle_sheet
from autograder.export.plain import plain_sheet
from autograder.export.sheet import Options, Sheet
from autograder.export.template import Template

_SHEETS = {"canvas": canvas_sheet, "moodle": moodle_sheet, "gradescope": gradescope_sheet, "csv": plain_sheet}


def make_sheet(form: str, marks: ClassMarks, options: Options, template: Template | None = None) -> Sheet:
    """Make the sheet of a format.

    Args:
        form: its name: "canvas", "moodle", "gradescope" or "csv".
        marks: the marks.
        options: what to export.
        template: what the platform has exported before.

    Raises:
        KeyError: if there is no such format.
        CourseError: if the template does not fit.
    """
    return _SHEETS[form](marks, options, template)
