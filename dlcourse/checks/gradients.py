"""Check a backward pass against a numerical gradient, and say which parameter of which layer is wrong, and how."""

from collections.abc import Callable, Sequence

import numpy as np

from dlcourse.checks.failure import failure
from dlcourse.checks.slips import Along, Slips
from dlcourse.checks.values import as_numbers, at, number
from dlcourse.scratch.mlp import Layers
from dlcourse.scratch.numerical import numerical_gradient, relative_error

_SAME = 1e-4  # relative error below which a wrong gradient counts as the one of a known slip


def check_gradients(
    gradients: Sequence[tuple[object, object]],
    layers: Layers,
    loss: Callable[[Layers], float],
    *,
    n_samples: int | None = None,
    slips: Slips | None = None,
    h: float = 1e-5,
    tolerance: float = 1e-6,
) -> float:
    """Compare the gradient of every parameter with central differences of the loss.

    A slip in one layer spoils all layers below it, so the report begins with the last layer: the first parameter, from
    there, that is wrong is named, with what it looks like: a wrong shape, sign or factor, a missing transpose, the sum
    instead of the mean over the samples, or one of `slips`.

    Args:
        gradients: one (dW, db) for each layer, as the backward pass gave them.
        layers: one (W, b) for each layer; they are not changed.
        loss: takes such layers, and returns a number. It is called twice for each parameter.
        n_samples: in the batch; with it, a missing or doubled 1/N is recognised.
        slips: known wrong gradients and what to say about each, for example `slips.dense_slips(…)`.
        h: of the central difference.
        tolerance: the largest relative error, ``‖g - g'‖ / (‖g‖ + ‖g'‖)``, that counts as right.

    Returns:
        The largest relative error over the parameters. A parameter whose gradient is so small that the rounding of
        the difference hides it does not count; nor can this check say whether it is right.

    Raises:
        AssertionError: if one is wrong.
    """
    layers = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in layers]
    pairs = _pairs(gradients, len(layers))
    right = _numerical(layers, loss, h)
    rounding = 1e-15 * max(1.0, abs(float(loss(layers)))) / h  # of a difference: what is smaller says nothing

    errors: dict[tuple[int, int], float] = {}
    lost_in_rounding: set[tuple[int, int]] = set()
    for k in reversed(range(len(layers))):
        for part in (0, 1):
            given, wanted = as_numbers(pairs[k][part], _name(k, part, layers)), right[k][part]
            same_shape = given.shape == wanted.shape
            finite = same_shape and np.isfinite(given).all()
            errors[k, part] = relative_error(given, wanted) if finite else np.inf
            if finite and np.abs(given - wanted).max(initial=0.0) <= rounding:
                lost_in_rounding.add((k, part))
    wrong = [place for place, error in errors.items() if error > tolerance and place not in lost_in_rounding]
    if not wrong:
        return max((error for error in errors.values() if error <= tolerance), default=0.0)

    k, part = wrong[0]
    given, wanted = np.asarray(pairs[k][part]), right[k][part]
    looks = _look(given, wanted, k, part, layers, n_samples, slips or {}, others=errors)
    raise failure(f"{_name(k, part, layers)}: {looks}{_compared(given, wanted)}. {_rest(wrong, errors, layers)}")


def _pairs(gradients: object, n_layers: int) -> list[tuple[object, object]]:
    """Read the gradients as one pair for each layer."""
    if gradients is None:
        raise failure("the gradients: got None: did you forget `return`?")
    try:
        pairs = [tuple(layer) for layer in gradients]
    except TypeError:
        raise failure("the gradients: expected a list with one pair (dW, db) for each layer") from None
    if len(pairs) != n_layers:
        raise failure(f"the gradients: got {len(pairs)}, expected one pair (dW, db) for each of {n_layers} layers")
    for k, pair in enumerate(pairs, start=1):
        if len(pair) != 2:
            raise failure(f"layer {k} of {n_layers}: got {len(pair)} gradients, expected the pair (dW, db)")
    return pairs


def _numerical(layers: Layers, loss: Callable[[Layers], float], h: float) -> Layers:
    """Nudge one parameter after the other."""
    right = [[None, None] for _ in layers]
    for k in range(len(layers)):
        for part in (0, 1):

            def with_other(array: np.ndarray, k: int = k, part: int = part) -> float:
                nudged = [*layers]
                nudged[k] = (array, layers[k][1]) if part == 0 else (layers[k][0], array)
                return float(loss(nudged))

            right[k][part] = numerical_gradient(with_other, layers[k][part], h)
    return [tuple(pair) for pair in right]


def _look(
    given: np.ndarray,
    wanted: np.ndarray,
    k: int,
    part: int,
    layers: Layers,
    n_samples: int | None,
    slips: Slips,
    others: dict[tuple[int, int], float],
) -> str:
    """Say what a wrong gradient looks like."""
    if given.shape != wanted.shape:
        return _wrong_shape(given, wanted, part, n_samples)
    if not np.isfinite(given).all():
        return "it holds nan or inf"
    for message, slip in slips.items():
        if _is_slip(given, wanted, slip, k, part):
            return message
    if not given.any():
        return "it is zero everywhere: was it computed at all?"
    if relative_error(given, layers[k][part]) < _SAME:
        return f"these are the {'weights' if part == 0 else 'biases'} themselves, not their gradient"
    if given.ndim == 2 and given.shape[0] == given.shape[1] and relative_error(given.T, wanted) < _SAME:
        return "it is transposed: dW = inputs.T @ dA"
    factor = float(np.vdot(wanted, given) / np.vdot(wanted, wanted)) if wanted.any() else np.nan
    if relative_error(given, factor * wanted) < _SAME:
        return _wrong_factor(factor, part, n_samples, weights_right=others.get((k, 0), 0.0) < _SAME)
    if wanted.any():
        cosine = np.vdot(given, wanted) / (np.linalg.norm(given) * np.linalg.norm(wanted))
        return f"it points another way, at an angle of {np.degrees(np.arccos(np.clip(cosine, -1, 1))):.0f}°"
    return "it should be zero"


def _is_slip(given: np.ndarray, wanted: np.ndarray, slip: object, k: int, part: int) -> bool:
    """Whether a wrong gradient is the one of this slip."""
    if not isinstance(slip, Along):
        return relative_error(given, slip[k][part]) < _SAME
    direction, change = np.asarray(slip.direction[k][part]), given - wanted
    if not direction.any():
        return False
    step = float(np.vdot(direction, change) / np.vdot(direction, direction))
    return step < 0 and relative_error(change, step * direction) < 1e-3


def _wrong_shape(given: np.ndarray, wanted: np.ndarray, part: int, n_samples: int | None) -> str:
    """Recognise shapes."""
    got = f"it has shape {given.shape} instead of {wanted.shape}: "
    if part == 0 and given.shape == wanted.shape[::-1]:
        return got + "it is transposed: dW = inputs.T @ dA"
    if part == 1 and given.shape == (1, *wanted.shape):
        return got + "sum over the samples without keepdims"
    if part == 1 and given.ndim == 2 and given.shape[1:] == wanted.shape and n_samples in (None, len(given)):
        return got + "one row for each sample; a bias serves all of them, so sum over the samples (axis=0)"
    if part == 1 and (given.ndim == 0 or given.shape == (n_samples,)):
        return got + "summed over the wrong axis: sum over the samples (axis=0), and keep the units apart"
    return got + "a gradient has the shape of its parameter"


def _wrong_factor(factor: float, part: int, n_samples: int | None, *, weights_right: bool) -> str:
    """Recognise factors."""
    n = n_samples
    if np.isclose(factor, -1, rtol=_SAME):
        return "the sign is the wrong way round: the gradient points uphill, and the error is prediction minus label"
    if n is not None and n > 1 and np.isclose(abs(factor), n, rtol=_SAME):
        return f"{n} times too large: a sum over the samples where the loss is their mean; 1/N is missing"
    if n is not None and n > 1 and np.isclose(abs(factor), 1 / n, rtol=_SAME):
        if part == 1 and weights_right:
            return f"{n} times too small: the mean over the samples; 1/N is in dA already, so sum"
        return f"{n} times too small: divided by N twice"
    if np.isclose(factor, 2, rtol=_SAME):
        return "twice too large: does the loss have a ½ that takes the 2 of the square away?"
    if np.isclose(factor, 0.5, rtol=_SAME):
        return "half of what it should be: the derivative of a square brings a 2 with it"
    return f"each number is {number(factor)} times the right one"


def _compared(given: np.ndarray, wanted: np.ndarray) -> str:
    """Show the number that differs most."""
    if given.shape != wanted.shape or not wanted.size:
        return ""
    with np.errstate(all="ignore"):
        position = np.unravel_index(int(np.argmax(np.nan_to_num(np.abs(given - wanted), nan=np.inf))), wanted.shape)
    return f" ({at(position)} is {number(given[position], 4)}, numerically {number(wanted[position], 4)})"


def _rest(wrong: list[tuple[int, int]], errors: dict[tuple[int, int], float], layers: Layers) -> str:
    """Say what about the others."""
    if len(wrong) == 1:
        return "All others are right."
    names = ", ".join(_name(k, part, layers, shape=False) for k, part in wrong[1:])
    return f"Also wrong: {names}. Put this one right first: the gradient flows from the last layer to the first."


def _name(k: int, part: int, layers: Layers, *, shape: bool = True) -> str:
    what = "weights W" if part == 0 else "biases b"
    size = f" {layers[k][part].shape}" if shape else ""
    return f"layer {k + 1} of {len(layers)}, {what}{size}"
