"""How to compile a computation with a model on each backend of Keras; `dlcourse.autodiff` differentiates."""

import weakref
from collections.abc import Callable, Sequence
from importlib import import_module

import numpy as np

from dlcourse.autodiff import Tensor, by_backend
from dlcourse.device import import_keras

Shape = tuple[int | None, ...]
Apply = Callable[[Tensor], Tensor]  # from a batch of inputs to the model's outputs

_MADE: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()  # from a model to what was compiled for it


def compiled(model: object, body: Callable[..., Tensor], shapes: Sequence[Shape], dtypes: Sequence[str]) -> Callable:
    """Compile a computation that asks a model for its outputs.

    Args:
        model: a Keras model. The result keeps no reference to it, sees changes of its weights, and runs it as in
            prediction (``training=False``).
        body: ``body(apply, *arrays)``, where ``apply(X)`` gives the model's outputs.
        shapes: of each array; None for a length that changes from call to call. TensorFlow traces once for all
            lengths, JAX once for each (see `batch_lengths`).
        dtypes: of each array.

    Returns:
        A function from numpy arrays to the numpy array that `body` returns. Its attribute ``trace_count()`` says how
        often it was traced.
    """
    build = by_backend({"tensorflow": _compile_tensorflow, "jax": _compile_jax})
    return build(weakref.ref(model), body, shapes, dtypes)


def repeated(model: object, step: Callable[..., Tensor], shapes: Sequence[Shape], dtypes: Sequence[str]) -> Callable:
    """Compile a step that is taken many times.

    On TensorFlow the whole loop is one graph. JAX gets the compiled step, and Python goes round: inside a loop of its
    own, convolutions on a CPU are three times as slow.

    Args:
        model, shapes, dtypes: see `compiled`.
        step: ``step(apply, Z, *arrays)`` gives the next Z; `shapes` and `dtypes` begin with those of Z.

    Returns:
        A function ``run(n_steps, Z, *arrays)`` from numpy arrays to the last Z, with ``trace_count()``.
    """
    build = by_backend({"tensorflow": _repeat_tensorflow, "jax": _repeat_jax})
    return build(weakref.ref(model), step, shapes, dtypes)


def batch_lengths(n_samples: int, batch_size: int) -> list[tuple[int, int, int]]:
    """Cut n_samples into batches: (start, stop, length that the batch is padded to).

    TensorFlow takes any length as it is. For JAX a batch is filled up to `batch_size`, or if it is the only one to the
    next power of two, so that few lengths occur, for each costs a compilation.
    """
    pad = import_keras().config.backend() == "jax"
    cuts = []
    for start in range(0, n_samples, batch_size):
        stop = min(start + batch_size, n_samples)
        length = stop - start
        if pad:
            length = batch_size if start else min(batch_size, 1 << (length - 1).bit_length())
        cuts.append((start, stop, length))
    return cuts


def _compile_tensorflow(
    model: weakref.ref,
    body: Callable[..., Tensor],
    shapes: Sequence[Shape],
    dtypes: Sequence[str],
    *,
    jit_compile: bool = False,  # with XLA it is slower on a CPU: see bench/attacks_speed.py
) -> Callable:
    tensorflow = import_module("tensorflow")
    signature = [tensorflow.TensorSpec(shape, dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]

    @tensorflow.function(input_signature=signature, autograph=False, jit_compile=jit_compile)
    def traced(*arrays: Tensor) -> Tensor:
        return body(lambda X: model()(X, training=False), *arrays)

    def call(*arrays: np.ndarray) -> np.ndarray:
        return traced(*arrays).numpy()

    call.trace_count = traced.experimental_get_tracing_count
    return call


def _repeat_tensorflow(
    model: weakref.ref, step: Callable[..., Tensor], shapes: Sequence[Shape], dtypes: Sequence[str]
) -> Callable:
    tensorflow = import_module("tensorflow")

    def body(apply: Apply, n_steps: Tensor, start: Tensor, *arrays: Tensor) -> Tensor:
        _, last = tensorflow.while_loop(
            lambda done, _: done < n_steps, lambda done, Z: (done + 1, step(apply, Z, *arrays)), (0, start)
        )
        return last

    return _compile_tensorflow(model, body, [(), *shapes], ["int32", *dtypes])


def _compile_jax(
    model: weakref.ref, body: Callable[..., Tensor], shapes: Sequence[Shape], dtypes: Sequence[str]
) -> Callable:
    run = _repeat_jax(model, body, shapes, dtypes)

    def call(*arrays: np.ndarray) -> np.ndarray:
        return run(1, *arrays)

    call.trace_count = run.trace_count
    return call


def _repeat_jax(
    model: weakref.ref, step: Callable[..., Tensor], shapes: Sequence[Shape], dtypes: Sequence[str]
) -> Callable:
    jax, count = import_module("jax"), 0

    def pure(trainable: list[Tensor], others: list[Tensor], *arrays: Tensor) -> Tensor:
        nonlocal count
        count += 1  # runs only while JAX traces
        return step(lambda X: model().stateless_call(trainable, others, X, training=False)[0], *arrays)

    traced = jax.jit(pure)

    def run(n_steps: int, Z: np.ndarray, *arrays: np.ndarray) -> np.ndarray:
        keras_model = model()
        trainable, others = (
            [variable.value for variable in variables]
            for variables in (keras_model.trainable_variables, keras_model.non_trainable_variables)
        )
        Z, *arrays = (jax.numpy.asarray(array, dtype) for array, dtype in zip((Z, *arrays), dtypes, strict=True))
        for _ in range(n_steps):
            Z = traced(trainable, others, Z, *arrays)
        return np.asarray(Z)

    run.trace_count = lambda: count
    return run


def remembered(model: object, key: object, make: Callable[[], object]) -> object:
    """Return what `make` returned for this model and key, and call it if it has not been; forgotten with the model."""
    made = _MADE.setdefault(model, {})
    if key not in made:
        made[key] = make()
    return made[key]
