"""What the chapters say that is not so on JAX: functions of `claims_NN.py` that are left out there, and why.

All others hold on both backends, with the tolerances that stand in them. JAX draws other random numbers from the same
seed: what is said of one network, or of a mean over three to five of them, is said of those that TensorFlow starts.
"""

import os

_OTHER_START = "is said of networks that TensorFlow's random numbers start"

OTHERWISE = {
    "00": {"why_now": _OTHER_START},
    "03": {"keras_steps": "on JAX Keras keeps the momentum in 64 bits, so there is no rounding to explain"},
    "05": {"inside": _OTHER_START, "grad_cam": _OTHER_START, "motif": _OTHER_START},
    "06": {"corruptions": _OTHER_START, "hardened": _OTHER_START},
    "07": {
        "first_network": _OTHER_START,
        "evidence": _OTHER_START,
        "side_by_side": _OTHER_START,
        "calibration": _OTHER_START,
        "detection": _OTHER_START,
    },
}


def claims(number: str, backend: str | None = None) -> str:
    """Code for a chapter's kernel that asserts what its prose says, as far as that holds on a backend."""
    backend = backend or os.environ.get("KERAS_BACKEND", "tensorflow")
    left_out = sorted(OTHERWISE.get(number, {})) if backend == "jax" else []
    return (
        f"import sys as _sys; _sys.path.insert(0, {os.path.dirname(__file__)!r})\n"
        f"import claims_{number} as _claims\n"
        f"for _name in {left_out}:\n"
        "    assert callable(getattr(_claims, _name)); setattr(_claims, _name, lambda *_: None)\n"
        "_claims.check(globals())"
    )
