"""What is printed about the mutants of an exercise."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from autograder.mutation.trial import TARGET, ExerciseTrial


def table(trial: ExerciseTrial) -> Table:
    """Make a table of an exercise's questions."""
    made = Table(title=f"Mutants of {trial.name}", title_justify="left", show_footer=True)
    made.add_column("question", footer="all")
    for title, of in (
        ("mutants", lambda q: q.mutants),
        ("equivalent", lambda q: q.equivalent),
        ("killed", lambda q: q.killed),
        ("by a limit", lambda q: q.by_limit),
        ("survive", lambda q: len(q.survivors)),
    ):
        made.add_column(title, justify="right", footer=str(trial.total(of)))
    made.add_column("share", justify="right", footer=_percent(trial.share))
    for q in trial.questions:
        numbers = (q.mutants, q.equivalent, q.killed, q.by_limit, len(q.survivors))
        made.add_row(q.question, *map(str, numbers), _percent(q.share))
    return made


def details(trial: ExerciseTrial) -> Iterator[Text]:
    """Show each survivor, and what is stale in the corpus."""
    for q in trial.questions:
        for mutant in q.survivors:
            yield Text(
                f"{q.question}, line {mutant.line} of the answer: the tests do not see\n{_indented(mutant.diff)}"
            )
        for one in q.stale:
            yield Text(f"{q.question}, {one}", style="red")


def summary(trial: ExerciseTrial) -> str:
    """Make the last line about an exercise."""
    killed, mutants = trial.total(lambda q: q.killed), trial.total(lambda q: q.mutants)
    counted = mutants - trial.total(lambda q: q.equivalent)
    line = f"mutation: {trial.name}: {killed} of {counted} mutants killed, {_percent(trial.share)}"
    return line if trial.share >= TARGET else f"{line}, less than {_percent(TARGET)}"


def _percent(share: float) -> str:
    return f"{int(share * 1000) / 10:g} %"  # rounded down: 94.96 % is less than 95 %


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
