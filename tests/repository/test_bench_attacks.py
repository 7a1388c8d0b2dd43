"""The benchmark of the attacks says what it needs."""

import sys
from importlib import util

import pytest

from bench import attacks_speed


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
