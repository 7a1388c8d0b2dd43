"""The report: every lost mark has a reason, and the CSV is whole and harmless."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from autograder.grade import ClassResult
from autograder.report import full_report, what_was_done, write_csv
from autograder.result import QuestionResult, SubmissionResult
from autograder.verdict import Verdict


def result(student: str, reason: str = "too [red]short[/red]", problem: str = "") -> SubmissionResult:
    questions = (
        QuestionResult("add", 2, 2, Verdict.PASSED),
        QuestionResult("double", 0.5, 3, Verdict.PARTIAL, reason),
        QuestionResult("why", 0, 2, Verdict.BY_HAND, "waits for a person to grade it"),
    )
    return SubmissionResult(student, questions, ("cell 'x' was deleted: restored",), problem)


def shown(renderable: RenderableType, width: int = 100) -> str:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(renderable)
    return console.export_text()


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_scores_and_reasons() -> None:
    text = shown(full_report([result("ann"), result("bob")]))
    assert "2.5/7" in text and "Q2 double (3)" in text
    assert "too [red]short[/red]" in text  # a student's text is no markup
    assert "cell 'x' was deleted: restored" in text
    assert "why in 2 submissions" in text
    assert text.count("too [red]") == 2 and text.count("waits for a person") == 1


def test_of_a_large_class_how_each_question_went() -> None:
    zero = SubmissionResult("zoe", (QuestionResult("add", 0, 2, Verdict.FAILED, "no"), *result("zoe").questions[1:]))
    unread = result("una", problem="is no notebook")
    some = [result(f"s{n:03}") for n in range(99)]
    text = shown(full_report([*some, zero, unread]))
    rows = {line.split()[1]: line.split("│")[2:-1] for line in text.splitlines() if line.startswith("│")}
    assert [cell.strip() for cell in rows["add"]] == ["2", "1.98", "99", "0", "1", "0"]
    assert [cell.strip() for cell in rows["why"]] == ["2", "–", "0", "0", "0", "100"]
    assert "Scores of 101 submissions" in text and "mean 2.5, median 2.5 of 7 points" in text
    assert "too [red]" not in text and "A test itself" not in text
    broken = SubmissionResult("bea", (QuestionResult("add", 0, 2, Verdict.TEST_BROKEN, "it gives no number"),))
    text = shown(full_report([*some, zero, broken]))
    assert "in 1 submissions, such as:\n" in text
    assert "bea  0/2" in text and "it gives no number" in text
    assert "s000" in shown(full_report([*some, zero]))  # a hundred are still read


def test_what_could_not_be_graded_is_said_once() -> None:
    questions = tuple(QuestionResult(n, 0, 1, Verdict.UNREADABLE, "is no notebook") for n in "abc")
    text = shown(full_report([SubmissionResult("ann", questions, problem="is no notebook")]))
    assert text.count("is no notebook") == 1


def test_nobody_lost_a_mark() -> None:
    one = SubmissionResult("ann", (QuestionResult("add", 2, 2, Verdict.PASSED),))
    assert "Nobody lost a mark." in shown(full_report([one]))


def test_questions_with_one_reason_share_a_line() -> None:
    blank = [QuestionResult(name, 0, 2, Verdict.MISSING, "not answered") for name in ("a", "b")]
    other = QuestionResult("c", 0, 3, Verdict.FAILED, "too short")
    text = shown(full_report([SubmissionResult("ann", (*blank, other)), SubmissionResult("bob", tuple(blank))]))
    assert "· a, b 0/4 missing: not answered" in text
    assert "· c 0/3 failed: too short" in text
    assert "· all questions 0/4 missing: not answered" in text


def test_reasons_wrap_and_are_never_cut() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    text = shown(full_report([result("ann", reason=words)]), width=70)
    assert all(f"word{n}" in text for n in range(60))


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "report" / "x.csv"
    write_csv(path, [result("bob"), result("ann")], ["ann", "bob"])
    assert rows(path)[:3] == [
        ["student", "question", "points", "max", "verdict", "reason"],
        ["ann", "add", "2", "2", "passed", ""],
        ["ann", "double", "0.5", "3", "partial", "too [red]short[/red]"],
    ]
    assert len(rows(path)) == 7 and list(tmp_path.rglob(".*")) == []


def test_csv_keeps_who_was_not_graded_this_time(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, [result(name, "first") for name in ("ann", "bob", "cy")], ["ann", "bob", "cy"])
    write_csv(path, [result("bob", "second")], ["ann", "bob"])
    assert [(row[0], row[5]) for row in rows(path) if row[1] == "double"] == [("ann", "first"), ("bob", "second")]


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-cmd", "@x", "=cmd|' /C calc'!A0"])
def test_a_spreadsheet_runs_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, [result("@ann", text)], ["@ann"])
    assert {cell for row in rows(path) for cell in (row[0], row[5]) if cell[:1] in "=+-@" and cell} == set()
    write_csv(path, [], ["@ann"])  # and the row is known again
    assert len(rows(path)) == 4


@pytest.mark.parametrize("content", [b"", b"\xff", b"something,else\n1,2\n"])
def test_a_file_that_is_no_report_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    write_csv(path, [result("ann")], ["ann"])
    assert len(rows(path)) == 4


def test_what_was_done() -> None:
    changes = {"ada": ("14 → 16", "predict 1 → 3")}
    counts = Counter({"unchanged": 12, "finished from stored results": 3})
    text = shown(what_was_done(ClassResult(counts=counts, changes=changes, pages=2, layers=("net", "pid"))), 300)
    assert text.startswith("3 finished from stored results, 12 unchanged; 2 feedback pages made\n")
    assert "  ada: 14 → 16 (predict 1 → 3)\n" in text
    assert "sandbox: net, pid\n" in text and "cell seconds 30, total seconds 300" in text
    assert "ran as you" in shown(what_was_done(ClassResult(sandbox="none")))
