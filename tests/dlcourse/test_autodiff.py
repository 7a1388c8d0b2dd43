"""Gradients of a few functions whose derivatives are known, on the backend that Keras runs on."""

import numpy as np
import pytest

from dlcourse import autodiff
from dlcourse.device import double_precision, import_keras

OPS = import_keras().ops


def test_of_one_array() -> None:
    X = np.array([[1.0, -2.0], [0.5, 3.0]])
    slope = autodiff.gradient(lambda X: OPS.sum(X**3), X)
    np.testing.assert_allclose(slope, 3 * X**2, rtol=1e-14)
    assert isinstance(slope, np.ndarray) and slope.dtype == np.float64


def test_of_several_arrays_and_of_one_that_does_not_matter() -> None:
    W, b, idle = np.array([[2.0, 1.0]]), np.array([0.5]), np.ones(3)
    slopes = autodiff.gradient(lambda arrays: OPS.sum(OPS.tanh(arrays[0])) * arrays[1][0], [W, b, idle])
    rtol = 1e-13 if import_keras().config.backend() == "tensorflow" else 1e-6  # on JAX ops.tanh rounds
    np.testing.assert_allclose(slopes[0], 0.5 * (1 - np.tanh(W) ** 2), rtol=rtol)
    np.testing.assert_allclose(slopes[1], [np.tanh(W).sum()], rtol=rtol)
    np.testing.assert_array_equal(slopes[2], np.zeros(3))


def test_32_bits_stay_32_bits() -> None:
    assert autodiff.gradient(OPS.sum, np.ones(3, np.float32)).dtype == np.float32


def test_through_a_keras_model() -> None:
    keras = import_keras()
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.5), keras.layers.Dense(2)])
    X = np.ones((4, 3), np.float32)
    slope = autodiff.gradient(lambda X: OPS.sum(model(X, training=False)), X)
    np.testing.assert_allclose(slope, np.tile(model.get_weights()[0].sum(axis=1), (4, 1)), rtol=1e-5)


def test_double_precision_ends_where_it_ends() -> None:
    third = np.array([1 / 3])
    with double_precision():
        assert OPS.convert_to_numpy(OPS.convert_to_tensor(third))[0] == third[0]
    with double_precision(False):
        layer = import_keras().layers.Dense(1)
        layer.build((None, 2))
        assert layer.get_weights()[0].dtype == np.float32


def test_another_backend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_keras().config, "backend", lambda: "torch")
    with pytest.raises(NotImplementedError, match="differentiates on tensorflow and jax, and Keras runs on torch"):
        autodiff.gradient(lambda X: X, np.ones(2, np.float32))
