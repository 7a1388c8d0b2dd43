"""On JAX Keras leaves TensorFlow alone; whoever wants it gets it."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from dlcourse.keras_on_jax import WithoutTensorFlow

pytestmark = pytest.mark.skipif(find_spec("tensorflow") is None, reason="TensorFlow is not installed")


def on(backend: str, code: str) -> list[str]:
    """The lines that code prints in a fresh Python whose Keras runs on a backend."""
    environment = os.environ | {"KERAS_BACKEND": backend}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


SEEDS_AND_TRAINS = """
import sys
import dlcourse, keras, numpy as np
keras.utils.set_random_seed(0)
turn = keras.layers.RandomRotation(0.1)  # a layer that may be called by TensorFlow's data sets
model = keras.Sequential([keras.Input((4, 4, 1)), turn, keras.layers.Flatten(), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.ones((8, 4, 4, 1)), np.ones(8), verbose=0)
print("tensorflow" in sys.modules)
"""


@pytest.mark.slow
def test_keras_trains_on_jax_and_imports_no_tensorflow() -> None:
    assert on("jax", SEEDS_AND_TRAINS) == ["False"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "first", ["import tensorflow as tf, dlcourse, keras", "import dlcourse, keras, tensorflow as tf"]
)
def test_whoever_imports_tensorflow_on_jax_has_it(first: str) -> None:
    code = f"{first}\nkeras.utils.set_random_seed(0)\nprint(tf.reduce_sum(tf.ones(3)).numpy(), keras.backend.backend())"
    assert on("jax", code) == ["3.0 jax"]


def test_others_can_ask_whether_tensorflow_is_installed() -> None:
    code = "import dlcourse, importlib.util\nprint(importlib.util.find_spec('tensorflow') is not None)"
    assert on("jax", code) == ["True"]


def test_on_tensorflow_nothing_is_hidden() -> None:
    code = "import dlcourse, sys\nprint([finder for finder in sys.meta_path if 'TensorFlow' in repr(finder)])"
    assert on("tensorflow", code) == ["[]"]
    assert len(on("jax", code)[0]) > 2


def test_only_keras_is_told_that_there_is_none() -> None:
    ask = {"WithoutTensorFlow": WithoutTensorFlow}
    for asker, name in [
        ("keras.src.utils.module_utils", "jax"),
        ("kerasish", "tensorflow"),
        ("__main__", "tensorflow"),
    ]:
        assert eval(f"WithoutTensorFlow.find_spec({name!r})", ask | {"__name__": asker}) is None
    with pytest.raises(ModuleNotFoundError, match="import it first") as raised:
        eval("WithoutTensorFlow.find_spec('tensorflow')", ask | {"__name__": "keras.src.utils.module_utils"})
    assert raised.value.name == "tensorflow"
