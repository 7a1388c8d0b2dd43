"""Importing the package costs next to nothing beside Keras."""

import pytest

from bench.imports import MODULES, import_seconds


@pytest.mark.slow
def test_the_package_adds_little_to_keras() -> None:
    seconds = import_seconds()
    assert tuple(seconds) == MODULES
    # The target is 0.3 s on an idle computer, where Keras takes 8 s; a busy one is slow at both.
    assert sum(seconds.values()) - seconds["keras"] < max(0.3, 0.3 / 8 * seconds["keras"])


def test_an_import_that_fails_is_named() -> None:
    with pytest.raises(RuntimeError, match=r"No module named 'dlcourse\.abacus'"):
        import_seconds(("dlcourse.abacus",))
