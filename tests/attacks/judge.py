"""What an attack has achieved, by what is left of the class that it was graded with."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.attacks.arena import Aftermath
from tests.attacks.attack import Attack
from tests.attacks.course import GRADED, HONEST
from tests.attacks.exercise import TOTAL


@dataclass(frozen=True)
class Findings:
    """Of one attack. All are empty if it was held."""

    gained: str = ""
    leaked: str = ""
    harmed: str = ""

    def __str__(self) -> str:
        """Say it in words."""
        named = {"gained": self.gained, "leaked": self.leaked, "harmed": self.harmed}
        return "; ".join(f"{what}: {detail}" for what, detail in named.items() if detail) or "held"


def judge(attack: Attack, aftermath: Aftermath, *, alone: bool) -> Findings:
    """Say what one attack has achieved.

    Args:
        attack: the attack.
        aftermath: what came of grading it.
        alone: whether it was the only attack that was graded; then whatever went wrong is its work. Otherwise only what
            bears its mark is.
    """
    if aftermath.trouble:
        return Findings(harmed=aftermath.trouble)
    gained, harmed = "", []
    marks = aftermath.points.get(attack.name)
    points = sum((marks or {}).values())
    if points > attack.at_most:
        rows = ", ".join(f"{name} {value:g}" for name, value in marks.items() if value and name != "sunny_test")
        gained = f"{points:g} points in the place of {attack.at_most:g} ({rows})"
    elif points < attack.at_least:
        harmed.append(f"{points:g} points in the place of {attack.at_least:g}" if marks else "it was never graded")
    text = attack.path.read_text(encoding="utf-8")

    def bears_mark(name: str) -> bool:
        return name.startswith("left-") and name in text

    harmed += [f"left the process {name}" for name in aftermath.left if alone or bears_mark(name.split()[0])]
    harmed += [f"left or changed {name}" for name in aftermath.files if alone or bears_mark(name.rpartition("/")[2])]
    harmed += [f"reached {name}" for name in aftermath.heard if alone or name.endswith(attack.path.stem)]
    if alone:
        harmed += harm_to_others(aftermath)
    return Findings(gained, ", ".join(aftermath.leaks.get(attack.name, ())), "; ".join(harmed[:5]))


def harm_to_others(aftermath: Aftermath) -> list[str]:
    """Say what is wrong with the grader, and with the marks and pages of those who have attacked nobody."""
    harmed = ["grading never ended"] if aftermath.status is None else []
    if (aftermath.status or 0) < 0:
        harmed.append(f"the grader was killed by signal {-aftermath.status}")
    for student in (GRADED, *HONEST):
        if student in aftermath.points or student == GRADED or not aftermath.points:
            points = sum(aftermath.points.get(student, {}).values())
            if points != TOTAL:
                harmed.append(f"{student} has {points:g} of {TOTAL:g} points")
        if student in aftermath.leaks:
            harmed.append(f"the page of {student} shows {', '.join(aftermath.leaks[student])}")
    return harmed


def unexplained(attacks: Sequence[Attack], aftermath: Aftermath) -> list[str]:
    """Name what is left in a class of attacks and bears the mark of none of them."""
    texts = [attack.path.read_text(encoding="utf-8") for attack in attacks]
    marks = [(name, name.split()[0]) for name in aftermath.left]
    marks += [(name, name.rpartition("/")[2]) for name in aftermath.files]
    return [name for name, mark in marks if not (mark.startswith("left-") and any(mark in text for text in texts))]
