"""Try every attack on plain nbgrader and on this grader, and say of each what it achieved.

    python -m bench.attacks [NAME…]

Each attack is tried in an arena of its own on plain nbgrader (with this course's settings), because the first that ends
a grading would end all; this grader gets all of them as one class. `tests/attacks/` says what an arena is. It takes a
good quarter of an hour on two cores, nearly all of it nbgrader's.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.attacks.arena import can_fight, fight
from tests.attacks.attack import Attack, read_attacks
from tests.attacks.course import make_course
from tests.attacks.judge import Findings, harm_to_others, judge, unexplained

STOCK_SECONDS = 90  # nbgrader gets this long for one submission


def on_nbgrader(attacks: Sequence[Attack], folder: Path, *, show: bool) -> dict[str, Findings | str]:
    """Try each attack alone on plain nbgrader."""
    target = make_course(folder, cell_seconds=10)

    def one(attack: Attack) -> tuple[str, Findings | str]:
        if attack.not_on_stock:
            return attack.name, f"not run: {attack.not_on_stock}"
        aftermath = fight("nbgrader", target.root, target.secrets, attacks=[attack.name], seconds=STOCK_SECONDS)
        found = judge(attack, aftermath, alone=True)
        if show:
            print(f"  nbgrader, {attack.name}: {found}", file=sys.stderr, flush=True)
        return attack.name, found

    with ThreadPoolExecutor(min(4, len(os.sched_getaffinity(0)))) as pool:
        return dict(pool.map(one, attacks))


def on_autograder(attacks: Sequence[Attack], folder: Path) -> tuple[dict[str, Findings | str], list[str], float]:
    """Try all attacks as one class on this grader; return what each achieved, what else went wrong, and the seconds."""
    target = make_course(folder)
    names = [attack.name for attack in attacks]
    aftermath = fight("autograder", target.root, target.secrets, attacks=names, seconds=900)
    others = (
        [aftermath.trouble] if aftermath.trouble else [*harm_to_others(aftermath), *unexplained(attacks, aftermath)]
    )
    return {attack.name: judge(attack, aftermath, alone=False) for attack in attacks}, others, aftermath.seconds


def short(found: Findings | str) -> str:
    """One word for a column."""
    if isinstance(found, str):
        return "not run"
    words = [word for word in ("gained", "leaked", "harmed") if getattr(found, word)]
    return "+".join(words) or "held"


def totals(column: dict[str, Findings | str]) -> str:
    """Count a column."""
    run = [found for found in column.values() if not isinstance(found, str)]
    counts = {word: sum(bool(getattr(found, word)) for found in run) for word in ("gained", "leaked", "harmed")}
    counts["held"] = sum(str(found) == "held" for found in run)
    return f"{len(run)} tried, " + ", ".join(f"{count} {word}" for word, count in counts.items())


def main() -> None:
    """Print both columns."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these attacks")
    parser.add_argument("--details", action="store_true", help="say in words what was achieved")
    parser.add_argument("--only", choices=("nbgrader", "autograder"), help="only one of the columns")
    options = parser.parse_args()
    attacks = [attack for attack in read_attacks() if not options.names or attack.name in options.names]
    if not can_fight():
        raise SystemExit("This machine has no namespaces (unshare) to try attacks in.")
    started = time.monotonic()
    stock: dict[str, Findings | str] = {}
    here: dict[str, Findings | str] = {}
    others: list[str] = []
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        if options.only != "autograder":
            stock = on_nbgrader(attacks, Path(folder, "nbgrader"), show=sys.stderr.isatty() or options.details)
        if options.only != "nbgrader":
            here, others, seconds = on_autograder(attacks, Path(folder, "autograder"))
            print(f"this grader: {seconds:.0f} s for {len(attacks)} attacks and the honest students among them\n")
    width = max(len(attack.name) for attack in attacks)
    print(f"{'attack':<{width}}  {'nbgrader':<22}  {'autograder':<22}")
    for attack in attacks:
        columns = [short(column.get(attack.name, "")) for column in (stock, here)]
        print(f"{attack.name:<{width}}  {columns[0]:<22}  {columns[1]:<22}  {attack.tries}")
        if options.details:
            for name, column in (("nbgrader", stock), ("autograder", here)):
                if str(column.get(attack.name, "held")) != "held":
                    print(f"{'':<{width}}    {name}: {column[attack.name]}")
    for line in others:
        print(f"autograder: {line}")
    print()
    for name, column in (("nbgrader", stock), ("autograder", here)):
        if column:
            print(f"{name + ':':<12} {totals(column)}")
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
