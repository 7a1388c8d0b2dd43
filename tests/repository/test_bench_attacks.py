"""The benchmarks of the attacks: on the grader each is really tried, on networks they say what they need."""

import sys
from importlib import util
from pathlib import Path

import pytest

from bench import attacks, attacks_speed
from tests.attacks.arena import can_fight
from tests.attacks.attack import read_attacks


@pytest.mark.slow
@pytest.mark.skipif(not can_fight(), reason="this machine has no namespaces to try attacks in")
def test_attacks_on_this_grader_are_tried(tmp_path: Path) -> None:
    tried = [attack for attack in read_attacks() if attack.at_least > 0][:1] + read_attacks()[:1]
    found, others, seconds = attacks.on_autograder(tried, tmp_path / "course")
    assert list(map(str, found.values())) == ["held", "held"] and others == []  # not graded would be no "held"
    assert seconds > 0 and attacks.totals(found) == "2 tried, 0 gained, 0 leaked, 0 harmed, 2 held"


def test_without_the_toolbox_it_says_in_one_line_what_to_install(monkeypatch) -> None:
    find_spec = util.find_spec
    monkeypatch.setattr(attacks_speed, "find_spec", lambda name: None if name == "art" else find_spec(name))
    monkeypatch.setattr(sys, "argv", ["attacks_speed"])
    with pytest.raises(SystemExit, match="pip install") as stopped:
        attacks_speed.main()
    assert "adversarial-robustness-toolbox" in str(stopped.value) and "\n" not in str(stopped.value)


def test_ours_is_measured_alone(monkeypatch) -> None:
    model, X, y = attacks_speed.trained_model()
    assert X.shape == (1000, 8, 8, 1) and len(y) == 1000
    monkeypatch.setattr(attacks_speed, "trained_model", lambda: (model, X[:100], y[:100]))
    said = attacks_speed.on_this_backend(repeats=1)
    assert said.startswith("ours on ") and "success 0." in said
