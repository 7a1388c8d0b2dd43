"""What an instructor reads after grading: a table on the terminal and a CSV file."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.files import write_file
from autograder.result import QuestionResult, SubmissionResult
from autograder.spreadsheet import harmless, to_csv
from autograder.verdict import Verdict

if TYPE_CHECKING:
    from autograder.grade import ClassResult

MOST_ROWS = 100  # of a table that somebody still reads on a terminal
COLUMNS = ("student", "question", "points", "max", "verdict", "reason")

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.BY_HAND: "cyan",
    Verdict.TEST_BROKEN: "bold magenta",
}


def score_table(results: Sequence[SubmissionResult]) -> RenderableType:
    """Show the scores: a row for each student, a column for each question, and what the columns are."""
    names = list(dict.fromkeys(q.question for result in results for q in result.questions))
    table = Table(title="Scores", title_justify="left")
    table.add_column("student", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    for number, _ in enumerate(names, start=1):
        table.add_column(f"Q{number}", justify="right", no_wrap=True)
    for result in results:
        by_name = {question.question: question for question in result.questions}
        table.add_row(
            Text(result.student),
            f"{result.points:g}/{result.max_points:g}",
            *(_mark(by_name.get(name)) for name in names),
        )
    return Group(table, Text(_legend(results, names)))


def lost_marks(results: Sequence[SubmissionResult]) -> RenderableType:
    """Say, for each student, which questions lost marks and why; and what else to know of the submission."""
    blocks: list[RenderableType] = []
    for result in results:
        if lines := _lines(result):
            heading = Text(f"{result.student}  {result.points:g}/{result.max_points:g}", style="bold")
            grid = Table.grid(padding=(0, 1))
            grid.add_column()
            grid.add_column(overflow="fold")
            for line in lines:
                grid.add_row("  ·", line)
            blocks += [Text(), heading, grid]
    return Group(*blocks) if blocks else Text("Nobody lost a mark.")


def question_table(results: Sequence[SubmissionResult]) -> RenderableType:
    """Show how a class did: a row for each question, the mean share of its points, who has all and who none."""
    read = [result for result in results if not result.problem]
    of_question: dict[str, list[QuestionResult]] = {}
    for question in (question for result in read for question in result.questions):
        of_question.setdefault(question.question, []).append(question)
    table = Table(title=f"Scores of {len(results)} submissions", title_justify="left")
    table.add_column("question", overflow="fold")
    for heading in ("points", "mean", "all", "some", "none", "waiting"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, of in of_question.items():
        marked = [question for question in of if question.verdict is not Verdict.BY_HAND]
        everything = sum(question.points >= question.max_points for question in marked)
        nothing = sum(question.points <= 0 < question.max_points for question in marked)
        mean = f"{fmean(question.points for question in marked):.2f}" if marked else "–"
        counts = (everything, len(marked) - everything - nothing, nothing, len(of) - len(marked))
        table.add_row(Text(name), f"{of[0].max_points:g}", mean, *map(str, counts))
    totals = [result.points for result in read]
    lines = [f"mean {fmean(totals):.1f}, median {median(totals):.1f} of {read[0].max_points:g} points"] if read else []
    lines.append("Everybody's points, and the reason for each lost mark, are in the table named below.")
    return Group(table, *map(Text, lines))


def full_report(results: Sequence[SubmissionResult]) -> RenderableType:
    """Show the scores and, below, the reason for each lost mark; of a large class, only how each question went."""
    if len(results) > MOST_ROWS:
        broken = [one for one in results if any(q.verdict is Verdict.TEST_BROKEN for q in one.questions)]
        some = [Text(f"\nA test itself failed in {len(broken)} submissions, such as:"), lost_marks(broken[:3])]
        return Group(question_table(results), *(some if broken else []))
    return Group(score_table(results), lost_marks(results))


def what_was_done(result: "ClassResult") -> RenderableType:
    """Say what was run and what was not, whose points changed, and under which limits."""
    done = ", ".join(f"{number} {what}" for what, number in sorted(result.counts.items()))
    lines = [Text(f"{done or 'nothing to do'}; {result.pages} feedback pages made")]
    if result.changes:
        lines.append(Text("Points that changed since last time:", style="bold"))
        for student, (total, *questions) in result.changes.items():
            lines.append(Text(f"  {student}: {total} ({', '.join(questions)})"))
    if result.sandbox == "none":
        lines.append(Text("sandbox: none. Submissions ran as you, with all that you may read and write.", style="red"))
    elif result.layers:
        lines.append(Text(f"sandbox: {', '.join(result.layers)}", style="dim"))
    limits = ", ".join(f"{name} {value}" for name, value in result.limits.described())
    lines.append(Text(f"limits:  {limits}", style="dim"))
    return Group(*lines)


def what_would_change(result: "ClassResult") -> RenderableType:
    """Say whose points grading would change, and that it has not."""
    done = ", ".join(f"{number} {what}" for what, number in sorted(result.counts.items()))
    lines = [Text(done or "nothing to do")]
    if result.changes:
        lines.append(Text(f"Points that would change, of {len(result.changes)} students:", style="bold"))
        for student, (total, *questions) in result.changes.items():
            lines.append(Text(f"  {student}: {total} ({', '.join(questions)})"))
    else:
        lines.append(Text("Nobody's points would change."))
    if result.to_review:
        listed = ", ".join(f"{student} ({', '.join(cells)})" for student, cells in result.to_review.items())
        lines.append(Text(f"Marks by hand stay; to be looked at again, for what they are for has changed: {listed}"))
    lines.append(Text("Nothing was written. The same command without --dry-run writes it, and runs nothing again."))
    return Group(*lines)


def write_csv(path: Path, results: Sequence[SubmissionResult], students: Iterable[str]) -> None:
    """Write the report of a class: student, question, points, max, verdict, reason.

    Rows of students that were not graded this time stay. The file is complete at every moment.

    Args:
        path: the file.
        results: what was graded now.
        students: everybody who handed in; rows of others are left out.
    """
    rows: dict[str, list[list[str]]] = {harmless(student): [] for student in sorted(students)}
    graded = {harmless(result.student) for result in results}
    for row in _read_rows(path):
        if row[0] in rows and row[0] not in graded:
            rows[row[0]].append(row)
    for result in results:
        rows[harmless(result.student)] = [
            [
                harmless(result.student),
                q.question,
                f"{q.points:g}",
                f"{q.max_points:g}",
                str(q.verdict),
                q.reason,
            ]
            for q in result.questions
        ]
    write_file(path, to_csv([COLUMNS, *(row for of in rows.values() for row in of)]))


def _read_rows(path: Path) -> list[list[str]]:
    """Return the rows of an earlier report; none if there is no such file, or it is something else."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
    return [row for row in rows if len(row) == len(COLUMNS)] if tuple(header) == COLUMNS else []


def _mark(question: QuestionResult | None) -> Text:
    if question is None:
        return Text("")
    text = "…" if question.verdict is Verdict.BY_HAND else f"{question.points:g}"
    return Text(text, style=_STYLES.get(question.verdict, "red"))


def _legend(results: Sequence[SubmissionResult], names: Sequence[str]) -> str:
    worth = {q.question: q.max_points for result in results for q in result.questions}
    listed = "  ".join(f"Q{number} {name} ({worth[name]:g})" for number, name in enumerate(names, start=1))
    waiting = [q.question for result in results for q in result.questions if q.verdict is Verdict.BY_HAND]
    if not waiting:
        return listed
    counted = ", ".join(f"{name} in {waiting.count(name)} submissions" for name in dict.fromkeys(waiting))
    return f"{listed}\n… waits for a person to grade it (nbgrader's formgrader): {counted}"


def _lines(result: SubmissionResult) -> list[Text]:
    """List the questions that lost marks, those with the same reason on one line; then the notes."""
    groups: dict[tuple[Verdict, str], list[QuestionResult]] = {}
    for question in result.questions:
        waits = question.verdict is Verdict.BY_HAND
        if question.verdict is Verdict.TEST_BROKEN or (question.points < question.max_points and not waits):
            groups.setdefault((question.verdict, question.reason), []).append(question)
    lines = []
    for (verdict, reason), questions in groups.items():
        everything = len(questions) == len(result.questions) > 1
        names = "all questions" if everything else ", ".join(question.question for question in questions)
        points, most = sum(q.points for q in questions), sum(q.max_points for q in questions)
        style = _STYLES.get(verdict, "red")
        lines.append(
            Text.assemble(f"{names} {points:g}/{most:g} ", (str(verdict), style), f": {reason}" * bool(reason))
        )
    return lines + [Text.assemble(("note", "cyan"), f": {note}") for note in result.notes]
