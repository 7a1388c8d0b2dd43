"""A model as an attack sees it: probabilities of classes, and a loss for each image."""

from collections.abc import Callable, Iterator

import numpy as np

from dlcourse.attacks.backends import Apply, batch_lengths, compiled, remembered
from dlcourse.autodiff import Tensor
from dlcourse.device import import_keras

Loss = Callable[[Tensor, Tensor], Tensor]  # from labels (n,) and outputs (n, n_outputs) to a loss for each image (n,)

BATCH_SIZE = 256
_TINY = 1e-37  # the smallest probability whose logarithm a number of 32 bits still tells from zero's


def log_probabilities(outputs: Tensor, kind: str) -> Tensor:
    """Turn a model's outputs into log-probabilities of the classes, (n_samples, n_classes).

    Args:
        outputs: (n_samples, n_classes), or (n_samples, 1) for two classes.
        kind: what they are, see `outputs_of`.
    """
    ops = import_keras().ops
    outputs = ops.cast(outputs, "float32")
    if outputs.shape[-1] == 1:  # the second class is the one that the output speaks for
        if kind == "logits":
            return ops.concatenate([ops.log_sigmoid(-outputs), ops.log_sigmoid(outputs)], axis=-1)
        outputs = ops.concatenate([1 - outputs, outputs], axis=-1)
    if kind == "logits":
        return ops.log_softmax(outputs, axis=-1)
    return ops.log(ops.maximum(outputs, _TINY))


def outputs_of(model: object, X: np.ndarray) -> tuple[str, int]:
    """Say whether a model's outputs are ``"probabilities"`` or ``"logits"``, and of how many classes.

    With two outputs or more their values tell: probabilities are not negative and add up to 1. A single output stands
    for two classes, and is judged by the activation of the last layer.

    Raises:
        ValueError: if the outputs are not one row of numbers for each image.
    """

    def look() -> tuple[str, int]:
        few = X[:8]
        outputs = import_keras().ops.convert_to_numpy(model(few, training=False))
        if outputs.ndim != 2 or len(outputs) != len(few):
            raise ValueError(
                f"{model.name} turns {len(few)} images into outputs of shape {outputs.shape}: an attack needs a "
                "classifier, with one row of probabilities or logits for each image"
            )
        if outputs.shape[1] > 1:
            sums = outputs.sum(axis=1)
            kind = "probabilities" if outputs.min() >= 0 and np.abs(sums - 1).max() < 1e-3 else "logits"
            return kind, outputs.shape[1]
        activation = getattr(getattr(model.layers[-1], "activation", None), "__name__", "unknown")
        return "probabilities" if activation == "sigmoid" else "logits", 2

    return remembered(model, "outputs", look)


def cross_entropy(kind: str) -> Loss:
    """The loss that classifiers are trained on: minus the log-probability of the label."""

    def loss(y: Tensor, outputs: Tensor) -> Tensor:
        ops = import_keras().ops
        log_p = log_probabilities(outputs, kind)
        return -ops.sum(ops.one_hot(y, log_p.shape[-1], dtype="float32") * log_p, axis=-1)

    return loss


def probabilities(model: object, X: np.ndarray, *, batch_size: int = BATCH_SIZE) -> np.ndarray:
    """Return the probability of each class, (n_samples, n_classes), also where a model gives logits.

    Dropout is off. A model with a single output has two classes, and the output speaks for the second.
    """
    X = images(X)
    kind, _ = outputs_of(model, X)

    def body(apply: Apply, X: Tensor) -> Tensor:
        return import_keras().ops.exp(log_probabilities(apply(X), kind))

    run = remembered(
        model,
        ("probabilities", X.shape[1:]),
        lambda: compiled(model, body, [(None, *X.shape[1:])], ["float32"]),
    )
    return np.concatenate([run(*batch)[:n] for n, batch in batches(batch_size, X)])


def batches(batch_size: int, *arrays: np.ndarray) -> Iterator[tuple[int, list[np.ndarray]]]:
    """Yield (number of samples, arrays cut to a batch); where the backend wants it, the last sample fills it up."""
    for start, stop, length in batch_lengths(len(arrays[0]), batch_size):
        rows = np.minimum(np.arange(start, start + length), stop - 1)
        yield stop - start, [array[start:stop] if length == stop - start else array[rows] for array in arrays]


def images(X: np.ndarray) -> np.ndarray:
    """Return X as an array of 32-bit numbers.

    Raises:
        ValueError: if there is no sample, or one is not made of finite numbers.
    """
    X = np.asarray(X, dtype=np.float32)
    if X.ndim < 2 or len(X) == 0:
        raise ValueError(f"X has shape {X.shape}: give a batch, (n_samples, ...), with one sample or more")
    if not np.isfinite(X).all():
        raise ValueError("X holds nan or inf")
    return X


def classes(y: object, n_samples: int, what: str = "y") -> np.ndarray:
    """Return class indices (n_samples,); a single one stands for all samples.

    Raises:
        ValueError: if they are not whole numbers from 0, or not one for each sample.
    """
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] > 1:
        raise ValueError(f"{what} has shape {y.shape}: give class indices, for one-hot rows y.argmax(axis=1)")
    if y.dtype.kind not in "iub" or (y.size and y.min() < 0):
        raise ValueError(f"{what} must hold class indices, whole numbers from 0")
    y = y.reshape(-1) if y.ndim else np.full(n_samples, y)
    if len(y) != n_samples:
        raise ValueError(f"{what} holds {len(y)} classes for {n_samples} samples: one for each")
    return y.astype(np.int32)
