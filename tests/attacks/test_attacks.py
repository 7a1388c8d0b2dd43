"""Every attack of the corpus, handed in to one class beside honest students: none gains, reads or breaks anything."""

import pytest

from tests.attacks.arena import Aftermath, can_fight, fight
from tests.attacks.attack import Attack, read_attacks
from tests.attacks.course import GRADED, HONEST, make_course
from tests.attacks.exercise import TOTAL
from tests.attacks.judge import harm_to_others, judge, unexplained

ATTACKS = read_attacks()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("attacks"),  # they share a graded class
    pytest.mark.skipif(not can_fight(), reason="this machine has no namespaces to try attacks in"),
]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    target = make_course(tmp_path_factory.mktemp("attacks") / "course")
    return fight("autograder", target.root, target.secrets, attacks=[attack.name for attack in ATTACKS], seconds=540)


def test_the_corpus_is_what_it_says() -> None:
    assert len(ATTACKS) >= 45
    assert len({attack.name for attack in ATTACKS}) == len({attack.tries for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.tries.endswith(".") for attack in ATTACKS)
    assert all(attack.at_most < TOTAL / 2 for attack in ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(attack: Attack, aftermath: Aftermath) -> None:
    assert str(judge(attack, aftermath, alone=False)) == "held", attack.tries


def test_others_keep_their_marks(aftermath: Aftermath) -> None:
    assert not aftermath.trouble
    assert aftermath.status in (0, 1), aftermath.said  # 1: some submissions could not be graded
    assert harm_to_others(aftermath) == []
    assert {GRADED, *HONEST} <= set(aftermath.points) and set(HONEST) <= set(aftermath.pages)


def test_nothing_is_left(aftermath: Aftermath) -> None:
    assert unexplained(ATTACKS, aftermath) == []


def test_none_has_gained(aftermath: Aftermath, record_property: pytest.FixtureRequest) -> None:
    gained = [attack.name for attack in ATTACKS if judge(attack, aftermath, alone=False).gained]
    record_property("summary", f"attacks: {len(ATTACKS)} tried, {len(gained)} gained")
    assert gained == []
    assert set(aftermath.points) >= {attack.name for attack in ATTACKS}
