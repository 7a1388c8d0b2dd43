"""Keras models cross in both directions, are trained on either side, and never grow beyond what was sent."""

import json
import socket
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder.engine import wire
from autograder.engine.handles import Handle
from autograder.engine.peer import Peer, RemoteGone
from autograder.engine.stock import STOCK, NotStockError, clean
from tests.autograder.engine.link import liar, replying, thread

keras = pytest.importorskip("keras")
layers = keras.layers

pytestmark = pytest.mark.slow  # importing TensorFlow alone takes seconds

ANSWER = """
import keras
import numpy as np
import tensorflow as tf
from keras import layers

def build(compiled=True):
    model = keras.Sequential([
        layers.Input((4,)),
        layers.Dense(3, activation="relu", kernel_regularizer="l2", name="hidden"),
        layers.Dropout(0.1, seed=3),
        layers.BatchNormalization(),
        layers.Dense(1),
    ])
    if compiled:
        model.compile(keras.optimizers.SGD(0.05, momentum=0.5), "mse", metrics=["mae"])
    model.layers[0].trainable = False
    return model

def functional():
    inputs = layers.Input((4,))
    shared = layers.Dense(4, activation="tanh")
    hidden = shared(shared(inputs)) + inputs
    outputs = layers.Dense(2)(layers.Concatenate()([hidden, inputs]))
    return keras.Model(inputs, outputs)

def convolutional():
    model = keras.Sequential([
        layers.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(2),
    ])
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)),
                  keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

def recurrent():
    return keras.Sequential([
        layers.Input((5,)), layers.Embedding(10, 3), layers.Bidirectional(layers.LSTM(2)), layers.Dense(1),
    ])

def unbuilt():
    return keras.Sequential([layers.Dense(3)])

def layer():
    dense = layers.Dense(2)
    dense.build((None, 3))
    return dense

def train(model, x, y, epochs=2):
    model.fit(x, y, epochs=epochs, verbose=0)
    return model

def compile_it(model):
    model.compile(keras.optimizers.Adam(0.01), "mae")

def freeze(model):
    model.layers[0].trainable = False

def set_rate(model, rate):
    model.optimizer.learning_rate = rate

def grow(model):
    model.add(layers.Dense(7))

def weights_of(thing):
    return [np.asarray(w) for w in thing.weights]

def predict(model, x):
    return model.predict(x, verbose=0)

def describe(model):
    return [type(layer).__name__ for layer in model.layers], model.count_params(), bool(model.compiled)

class Double(layers.Layer):
    def call(self, x):
        return 2 * x

def with_own_layer():
    return keras.Sequential([layers.Input((4,)), Double()])

def with_lambda():
    return keras.Sequential([layers.Input((4,)), layers.Lambda(lambda x: 2 * x)])

def with_own_activation():
    return keras.Sequential([layers.Input((4,)), layers.Dense(2, activation=lambda x: x)])

def with_own_loss():
    model = keras.Sequential([layers.Input((4,)), layers.Dense(2)])
    model.compile(keras.optimizers.Adam(0.3), lambda y, p: y - p)
    return model

def step(optimizer, variable, gradient):
    optimizer.apply_gradients([(gradient, variable)])

def parts():
    return [keras.optimizers.Adam(0.2), keras.losses.Huber(2.0), keras.initializers.HeNormal(), keras.metrics.AUC(),
            keras.regularizers.L2(0.5), keras.optimizers.schedules.CosineDecay(0.1, 100)]

def tensor(x):
    return tf.constant(x) * 2, tf.Variable([1.0, 2.0]), keras.ops.shape(tf.zeros((2, 3))), tf.zeros((2, 3)).shape

def kind(value):
    return type(value).__name__

def same(a, b):
    return a is b

model = build()
"""
X = np.random.default_rng(0).normal(size=(16, 4)).astype("float32")
Y = X[:, :1] * 2 - 1


@pytest.fixture(scope="module")
def whole() -> Iterator[Peer]:
    with thread(ANSWER) as peer:
        yield peer


@pytest.fixture
def peer(whole: Peer) -> Iterator[Peer]:
    whole.new_cell()
    yield whole
    assert whole.gone is None


def equal(a: Any, b: Any) -> bool:
    return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_a_sequential_model_comes_as_it_is(peer: Peer) -> None:
    model = peer.fetch("build")()
    assert type(model) is keras.Sequential and isinstance(model.layers[0], layers.Dense)
    assert model.layers[0].name == "hidden" and model.layers[0].kernel_regularizer is not None
    assert [layer.trainable for layer in model.layers] == [False, True, True, True]
    assert model.compiled and model.loss == "mse" and model.optimizer.momentum == 0.5
    assert equal(model.get_weights(), peer.fetch("weights_of")(model))
    assert np.allclose(model.predict(X, verbose=0), peer.fetch("predict")(model, X), atol=1e-6)
    assert set(model.evaluate(X, Y, verbose=0, return_dict=True)) == {"loss", "mae"}


def test_what_was_not_compiled_is_not(peer: Peer) -> None:
    assert not peer.fetch("build")(compiled=False).compiled


@pytest.mark.parametrize("name", ["functional", "convolutional", "recurrent"])
def test_other_architectures_come_as_they_are(peer: Peer, name: str) -> None:
    model = peer.fetch(name)()
    assert isinstance(model, keras.Model)
    x = {"functional": X, "convolutional": np.ones((2, 8, 8, 1)), "recurrent": np.ones((2, 5), int)}[name]
    assert np.allclose(model.predict(x, verbose=0), peer.fetch("predict")(model, x), atol=1e-6)
    assert peer.fetch("describe")(model)[1] == model.count_params()
    if name == "functional":
        assert len([layer for layer in model.layers if isinstance(layer, layers.Dense)]) == 2
    if name == "convolutional":
        model.fit(x, np.array([0, 1]), verbose=0)


def test_a_model_is_trained_on_either_side(peer: Peer) -> None:
    model = peer.fetch("build")()
    before = model.get_weights()
    assert peer.fetch("train")(model, X, Y) is model
    assert not equal(before, model.get_weights()) and equal(model.get_weights(), peer.fetch("weights_of")(model))
    model.fit(X, Y, epochs=2, verbose=0)
    assert equal(model.get_weights(), peer.fetch("weights_of")(model))


def test_the_tests_own_model_is_trained_by_the_answer(peer: Peer) -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    before = model.evaluate(X, Y, verbose=0)
    assert peer.fetch("train")(model, X, Y, epochs=5) is model
    assert model.evaluate(X, Y, verbose=0) < before
    assert peer.fetch("describe")(model) == (["Dense"], 5, True)


def test_compiling_freezing_and_rates_come_back(peer: Peer) -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    peer.fetch("compile_it")(model)
    assert model.compiled and model.loss == "mae" and float(model.optimizer.learning_rate) == pytest.approx(0.01)
    peer.fetch("set_rate")(model, 0.5)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.5)
    peer.fetch("freeze")(model)
    assert not model.layers[0].trainable


def test_a_model_without_input_is_built_where_it_first_meets_data(peer: Peer) -> None:
    here, there = peer.fetch("unbuilt")(), peer.fetch("unbuilt")()
    assert not here.built and not here.weights
    here(X)
    assert equal(here.get_weights(), peer.fetch("weights_of")(here))
    peer.fetch("predict")(there, X)
    assert there.built and there.layers[0].kernel.shape == (4, 3)
    assert equal(there.get_weights(), peer.fetch("weights_of")(there))


def test_layers_come_alone(peer: Peer) -> None:
    dense = peer.fetch("layer")()
    assert isinstance(dense, layers.Dense) and dense.units == 2 and dense.kernel.shape == (3, 2)
    own = layers.Dense(1)
    own.build((None, 2))
    assert equal(peer.fetch("weights_of")(own), own.get_weights())


def test_the_same_model_is_the_same(peer: Peer) -> None:
    model = peer.fetch("model")
    assert model is peer.fetch("model") and peer.fetch("same")(model, model)
    own = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    assert peer.fetch("same")(own, own) and not peer.fetch("same")(own, model)


def test_models_with_parts_of_ones_own_are_handles(peer: Peer) -> None:
    for name in ("with_own_layer", "with_lambda", "with_own_activation"):
        model = peer.fetch(name)()
        assert isinstance(model, Handle) and len(np.asarray(model(X))) == 16
    assert isinstance(peer.fetch("with_own_layer")().layers, list)


def test_a_loss_of_ones_own_is_left_out(peer: Peer) -> None:
    model = peer.fetch("with_own_loss")()
    assert isinstance(model, keras.Sequential) and float(model.optimizer.learning_rate) == pytest.approx(0.3)


def test_layers_added_in_place_say_so(peer: Peer) -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    with pytest.raises(TypeError, match="return a new model"):
        peer.fetch("grow")(model)


def test_optimisers_keep_their_state(peer: Peer) -> None:
    optimizer, reference = keras.optimizers.Adam(0.1), keras.optimizers.Adam(0.1)
    a, b = keras.Variable(np.ones(2)), keras.Variable(np.ones(2))
    for gradient in ([1.0, 1.0], [0.0, 1.0], [0.5, -1.0]):
        peer.fetch("step")(optimizer, a, np.array(gradient, "float32"))
        reference.apply_gradients([(np.array(gradient, "float32"), b)])
        assert np.allclose(a, b)


def test_optimisers_losses_and_their_like_come_by_configuration(peer: Peer) -> None:
    adam, huber, *_, schedule = peer.fetch("parts")()
    assert isinstance(adam, keras.optimizers.Adam) and float(adam.learning_rate) == pytest.approx(0.2)
    assert float(huber([[3.0]], [[0.0]])) == pytest.approx(4.0)
    assert isinstance(schedule, keras.optimizers.schedules.CosineDecay)


def test_tensors_stay_tensors_and_variables_come_as_arrays(peer: Peer) -> None:
    import tensorflow as tf

    tensor, variable, shape, shape_too = peer.fetch("tensor")(np.ones(2, "float32"))
    assert tf.is_tensor(tensor) and np.array_equal(tensor, [2, 2])
    assert type(variable) is np.ndarray and np.array_equal(variable, [1, 2])
    assert tuple(shape) == (2, 3) and shape_too == (2, 3)
    assert peer.fetch("kind")(tf.constant([1.0])) == "EagerTensor"
    with pytest.raises(TypeError):
        peer.fetch("kind")(layers.Input((3,)))


def test_what_an_answer_did_to_a_model_can_be_undone(peer: Peer) -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    before = model.get_weights()
    peer.fetch("train")(model, X, Y)
    peer.fetch("freeze")(model)
    peer.undo_changes()
    assert equal(model.get_weights(), before) and model.layers[0].trainable


def test_activations_are_the_answers_own(peer: Peer) -> None:
    assert peer.fetch("same")(keras.activations.relu, keras.activations.relu)
    assert peer.fetch("kind")(keras.activations.relu) == "function"


# What a truthful process would not say.


def dense(**config: Any) -> dict[str, Any]:
    return {
        "module": "keras.layers",
        "class_name": "Dense",
        "config": {"name": "dense", "units": 2, **config},
        "registered_name": None,
        "build_config": {"input_shape": [None, 4]},
    }


def sequential(*inner: Any, **more: Any) -> dict[str, Any]:
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": list(inner)}, **more}


def thing(module: str, name: str, config: Any = None, **more: Any) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": {} if config is None else config, **more}


def nested(depth: int) -> dict[str, Any]:
    model = sequential(dense())
    for _ in range(depth):
        model = sequential(model)
    return model


INPUT = thing("keras.layers", "InputLayer", {"batch_shape": [None, 4], "name": "input"})
FUNCTION = {"class_name": "function", "module": "os", "config": "system", "registered_name": "system"}

EVIL = {
    "lambda layer": thing(
        "keras.layers", "Lambda", {"function": {"class_name": "__lambda__", "config": {"value": "x"}}}
    ),
    "lambda": dense(activation={"class_name": "__lambda__", "config": {"value": ["4wAA", None, None]}}),
    "any module": thing("os", "system", {"command": "true"}),
    "any class of Keras": thing("keras.src.saving.saving_lib", "DiskIOStore", {"root_path": "/tmp/x"}),
    "a file of Keras": thing("keras.utils", "get_file", {"fname": "x", "origin": "file:///etc/passwd"}),
    "function of a module": dense(activation=FUNCTION),
    "function of Keras": dense(activation={**FUNCTION, "module": "keras.utils", "config": "get_file"}),
    "hidden function": dense(activation={**FUNCTION, "module": "keras.activations", "config": "__loader__"}),
    "vocabulary": thing("keras.layers", "StringLookup", {"vocabulary": "/etc/passwd"}),
    "text vectorisation": thing("keras.layers", "TextVectorization", {"vocabulary": "/etc/passwd"}),
    "saved model": thing("keras.layers", "TFSMLayer", {"filepath": "/tmp"}),
    "torch": thing("keras.layers", "TorchModuleWrapper", {"module": "x"}),
    "jax": thing("keras.layers", "JaxLayer", {}),
    "registered": thing("keras.layers", "Custom", {}, registered_name="Custom>Layer"),
    "typespec": dense(activation={"class_name": "__typespec__", "module": "os", "spec_name": "x", "config": []}),
    "numpy": dense(activation={"class_name": "__numpy__", "config": {"value": [1], "dtype": "O"}}),
    "tensor": dense(activation={"class_name": "__tensor__", "config": {"value": [1], "dtype": "float32"}}),
    "policy": dense(dtype=thing("keras", "DTypePolicy", {"name": "int8_from_float32"})),
    "quantised": dense(quantization_config=thing("keras.quantizers", "AbsMaxQuantizer")),
    "a billion units": dense(units=10**9),
    "class name is a list": thing("keras.layers", ["Dense"], {}),  # type: ignore[arg-type]
    "config is a list": {"module": "keras.layers", "class_name": "Dense", "config": []},
    "config is an object": {"module": "keras.layers", "class_name": "Dense", "config": dense()},
    "strange key": dense(**{"a\nb": 1}),
    "long text": dense(activation="x" * 1000),
    "long list": dense(extra=[0] * 100_000),
    "deep": nested(30),
}


@pytest.mark.parametrize("config", EVIL.values(), ids=EVIL.keys())
def test_what_is_not_stock_is_refused_before_keras_sees_it(config: Any) -> None:
    with pytest.raises(NotStockError):
        clean(config)
    with pytest.raises(NotStockError):
        clean(sequential(INPUT, config))


def test_a_configuration_that_contains_itself_is_refused() -> None:
    config = sequential(dense())
    config["config"]["layers"].append(config)
    with pytest.raises(NotStockError):
        clean(config)


def test_registered_names_are_never_looked_up() -> None:
    with pytest.raises(NotStockError):
        clean(dense(activation="tests>mine"), custom={"tests>mine": print})
    cleaned = clean({**dense(), "registered_name": "tests>mine", "compile_config": {"x": 1}, "shared_object_id": 3})
    assert cleaned["registered_name"] is None and not {"compile_config", "shared_object_id"} & set(cleaned)


def test_all_stock_classes_are_keras_own() -> None:
    from autograder.engine.stock import classes

    assert len(classes()) == sum(map(len, STOCK.values()))
    assert all(kind.__module__.startswith("keras.src.") for kind in classes())


def told(
    config: Any, *weights: np.ndarray, trainable: Any = None, compiled: Any = None
) -> Callable[[socket.socket], None]:
    """Say that a name is this model."""
    words = [[w.dtype.str, list(w.shape), "C", True] for w in weights]
    coded = ["other", "model", 1, "Sequential", config, words, trainable, None, compiled]
    return replying(coded, None, blobs=[w.tobytes() for w in weights])


KERNEL, BIAS = np.ones((4, 2), "float32"), np.zeros(2, "float32")


def test_a_truthful_configuration_is_believed() -> None:
    with liar(told(sequential(INPUT, dense()), KERNEL, BIAS, trainable=[True] * 3)) as peer:
        model = peer.fetch("model")
        assert isinstance(model, keras.Sequential) and np.array_equal(model.get_weights()[0], KERNEL)


@pytest.mark.parametrize("config", [*EVIL.values(), nested(3), "x", None, [], {}, sequential(INPUT, {"a": 1})])
def test_evil_models_are_handles(config: Any) -> None:
    with liar(told(config, KERNEL, BIAS, trainable=[True] * 3)) as peer:
        assert isinstance(peer.fetch("model"), Handle)


@pytest.mark.parametrize(
    ("config", "weights"),
    [
        (sequential(INPUT, dense(units=1_000_000)), [KERNEL, BIAS]),
        (sequential(INPUT, dense(units=1_000_000), dense(units=1_000_000, name="b")), [KERNEL, BIAS]),
        (sequential(INPUT, dense()), [KERNEL]),
        (sequential(INPUT, dense()), [KERNEL, BIAS, BIAS]),
        (sequential(INPUT, dense()), [KERNEL.T, BIAS]),
        (sequential(INPUT, dense()), [KERNEL.astype(float), BIAS]),
        (sequential(INPUT, dense()), [np.array([["x" * 3]]), BIAS]),
        (dense(build_config={"input_shape": [None, 1_000_000]}), [KERNEL, BIAS]),
        (
            sequential(
                INPUT, thing("keras.layers", "Embedding", {"input_dim": 10**6, "output_dim": 10**6, "name": "e"})
            ),
            [KERNEL],
        ),
    ],
)
def test_models_are_no_larger_than_their_weights(config: Any, weights: list[np.ndarray]) -> None:
    tracemalloc.start()
    started = time.perf_counter()
    try:
        with liar(told(config, *weights, trainable=[True] * 3)) as peer:
            assert isinstance(peer.fetch("model"), Handle)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 64 * 2**20 and time.perf_counter() - started < 20
    assert keras.layers.Dense(1)(X).shape == (16, 1)  # Keras is none the worse for it


@pytest.mark.parametrize(
    "compiled",
    [
        {"optimizer": "adam", "loss": FUNCTION},
        {"optimizer": "adam", "distribute": 1},
        {"optimizer": thing("keras.optimizers", "Adam", {"learning_rate": FUNCTION})},
        {"optimizer": thing("os", "system")},
        {"optimizer": "adam", "metrics": [thing("keras.metrics", "AUC", {"num_thresholds": 10**6})]},
        {"optimizer": "adam", "metrics": [thing("keras.metrics", "AUC", {"num_thresholds": 9999})] * 5000},
        ["adam"],
    ],
)
def test_evil_ways_to_compile(compiled: Any) -> None:
    with liar(told(sequential(INPUT, dense()), KERNEL, BIAS, trainable=[True] * 3, compiled=compiled)) as peer:
        assert isinstance(peer.fetch("model"), Handle)


def test_dishonest_changes_of_a_model_end_the_link() -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(2)])
    before = model.get_weights()
    kernel, bias, all_ = ["<f4", [4, 2], "C", True], ["<f4", [2], "C", True], [True] * 3
    for state in (
        [[["<f4", [2, 4], "C", True], bias], all_, None, None],
        [[kernel], all_, None, None],
        [[kernel, bias], [True], None, None],
        [[kernel, bias], [True, True, 1], None, None],
        [[kernel, bias], all_, None, {"optimizer": FUNCTION}],
        [[], None, None, None],
        "x",
    ):

        def speak(sock: socket.socket, state: Any = state) -> None:
            replying(["handle", 1, "f", "f", "function"], last=False)(sock)
            header, _ = wire.recv(sock, max_bytes=2**20)
            blobs = [bytes(32), bytes(8)][: len(state[0])] if isinstance(state, list) else []
            wire.send(sock, ["reply", header[1], [], [[False, 1, state]], [], None], blobs)

        with liar(speak) as peer:
            function = peer.fetch("f")
            with pytest.raises(RemoteGone) as gone:
                function(model)
            assert gone.value.broken, json.dumps(state)
        model.set_weights(before)


def test_objects_of_keras_are_counted() -> None:
    config = thing("keras.initializers", "Zeros")
    for number, most in ((500, True), (501, False)):
        with liar(replying(["list", [["other", "part", n + 1, "Zeros", config] for n in range(number)]])) as peer:
            if most:
                assert len(peer.fetch("parts")) == number
            else:
                with pytest.raises(RemoteGone):
                    peer.fetch("parts")


def test_other_objects_of_keras_are_checked_as_well() -> None:
    for config in (thing("keras.losses", "Nothing"), thing("os", "system"), dense(), "adam", FUNCTION):
        with liar(replying(["other", "part", 1, "Adam", config])) as peer:
            assert isinstance(peer.fetch("loss"), Handle)
