"""What Moodle hands over of an assignment: the download of all submissions, and the grading worksheet."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bench.students import DUE, Student

COLUMNS = (
    "Identifier", "Full name", "ID number", "Email address", "Status", "Grade", "Maximum Grade",
    "Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments",
)  # fmt: skip


def write_download(students: Sequence[Student], notebook: str, path: Path) -> None:
    """Write what *Download all submissions* gives: a folder for each student, files as browsers have named them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in students:
            for number, content in enumerate(one.attempts):
                file = f"{notebook} ({number}).ipynb" if number else f"{notebook}.ipynb"
                time = one.time - timedelta(hours=len(one.attempts) - 1 - number)
                folder = f"{one.name}_{one.number}_assignsubmission_file_"
                info = zipfile.ZipInfo(f"{folder}/{file}", time.timetuple()[:6])
                archive.writestr(info, content, zipfile.ZIP_DEFLATED)


def write_worksheet(students: Sequence[Student], max_points: float, path: Path) -> None:
    """Write the *grading worksheet* of an English Moodle whose times are in UTC."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in students:
        status, time = "No submission - ", "-"
        if one.attempts:
            late = f"{(one.time - DUE).total_seconds() // 60:.0f} mins late - " if one.time > DUE else ""
            status, time = f"Submitted for grading - {late}", f"{one.time:%A, %d %B %Y, %I:%M %p}"
        email = f"{one.student}@example.org"
        about = (f"Participant {one.number}", one.name, one.student, email, status)
        writer.writerow([*about, "", f"{max_points:.2f}", "Yes", time, "-", ""])
    path.write_text(text.getvalue(), encoding="utf-8")
