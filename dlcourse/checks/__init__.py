"""The checks that exercises use: each says in words what is wrong, and knows the mistakes that people make.

    checks.assert_close(loss, 0.25, "the mean squared error", mistakes={"that is the sum, not the mean": 1.0})

Answers are read through `numpy.asarray` and compared as numbers; their own ``==`` is never asked. Nothing is written to
stderr, which nbgrader would take for a failure.
"""

from dlcourse.checks.asserts import assert_close, assert_raises, assert_shape, assert_unchanged
from dlcourse.checks.gradients import check_gradients
from dlcourse.checks.parts import FAILED, PASSED, Parts
from dlcourse.checks.slips import dense_slips

__all__ = [
    "FAILED",
    "PASSED",
    "Parts",
    "assert_close",
    "assert_raises",
    "assert_shape",
    "assert_unchanged",
    "check_gradients",
    "dense_slips",
]
