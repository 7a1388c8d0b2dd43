"""The benchmark of training runs in a notebook and measures all three ways; how long they take is not asserted here."""

import pytest

from bench.training import measure_in_a_notebook


@pytest.mark.slow
def test_all_three_ways_are_measured() -> None:
    taken = measure_in_a_notebook(rounds=1, n_epochs=1)
    assert list(taken) == ["model.fit", "fit, plain lines", "fit, live"]
    assert all(0 < wall < 120 and 0 < busy < 240 for [(wall, busy, _)] in taken.values())
    afterwards = [after for [(_, _, after)] in taken.values()]
    assert afterwards[0] == 0 < afterwards[2]  # only the live one draws
