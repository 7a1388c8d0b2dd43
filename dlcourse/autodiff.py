"""Automatic differentiation, whichever backend Keras runs on: TensorFlow's gradient tape, or `jax.grad`."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeVar

import numpy as np

from dlcourse.device import double_precision, import_keras

Tensor = object
Choice = TypeVar("Choice")


def gradient(function: Callable[..., Tensor], X: object) -> object:
    """Differentiate a number with respect to the arrays that it is computed from.

    Args:
        function: from X to a number, written with `keras.ops`, Keras layers and Python's operators.
        X: an array, or a list of arrays. Where one holds 64-bit numbers, JAX computes with them too; some functions of
            `keras.ops` (`tanh` is one) round to 32 bits there all the same.

    Returns:
        Numpy arrays of the shapes of X; zero where the number does not depend on X.

    Raises:
        NotImplementedError: if Keras runs on another backend than TensorFlow or JAX.
    """
    several = isinstance(X, list | tuple)
    arrays = [np.asarray(array) for array in (X if several else [X])]
    with double_precision(any(array.dtype == np.float64 for array in arrays)):
        ops = import_keras().ops
        tensors = [ops.convert_to_tensor(array) for array in arrays]
        slopes = differentiate(function, tensors if several else tensors[0])
        found = [ops.convert_to_numpy(slope) for slope in (slopes if several else [slopes])]
    return found if several else found[0]


def differentiate(function: Callable[[Tensor], Tensor], X: Tensor) -> Tensor:
    """Do what `gradient` does with tensors, which is what can be compiled."""
    return by_backend({"tensorflow": _differentiate_tensorflow, "jax": _differentiate_jax})(function, X)


def by_backend(choices: Mapping[str, Choice]) -> Choice:
    """Choose what belongs to the backend that Keras runs on.

    Raises:
        NotImplementedError: if there is nothing for it.
    """
    backend = import_keras().config.backend()
    if backend not in choices:
        raise NotImplementedError(
            f"this course differentiates on {' and '.join(choices)}, and Keras runs on {backend}: "
            "set the environment variable KERAS_BACKEND before Keras is imported"
        )
    return choices[backend]


def _differentiate_tensorflow(function: Callable[[Tensor], Tensor], X: Tensor) -> Tensor:
    tensorflow = import_module("tensorflow")
    with tensorflow.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(X)
        value = function(X)
    return tape.gradient(value, X, unconnected_gradients=tensorflow.UnconnectedGradients.ZERO)


def _differentiate_jax(function: Callable[[Tensor], Tensor], X: Tensor) -> Tensor:
    return import_module("jax").grad(function)(X)
