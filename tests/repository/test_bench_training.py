"""The benchmark of training runs in a notebook and measures all three ways; how long they take is not asserted here."""

import pytest

from bench.training import measure_in_a_notebook


@pytest.mark.slow
def test_all_three_ways_are_measured() -> None:
    seconds = measure_in_a_notebook(repeats=1, n_epochs=1)
    assert list(seconds) == ["model.fit", "fit, plain lines", "fit, live"]
    assert all(0 < value < 120 for value in seconds.values())
