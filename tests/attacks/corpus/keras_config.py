# Returns stock Keras models whose configs lie: classes of other modules, files, enormous layers, deep nesting.
# %% answer: network
import keras


class Evil(keras.Sequential):
    pass


kinds = [
    {"module": "os", "class_name": "system", "config": {"command": "touch /tmp/left-by-attack-config"}},
    {"module": "builtins", "class_name": "eval", "config": {"source": "1"}},
    {"module": "keras.layers", "class_name": "Dense", "config": {"units": 10**9, "name": "d"}},
    {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/tmp"}},
    {
        "module": "keras.src.utils.file_utils",
        "class_name": "get_file",
        "config": {"fname": "x", "origin": "file:///etc"},
    },
    {"module": "keras.layers", "class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}},
    {"module": "keras.layers", "class_name": "__lambda__", "config": {"value": "4wEAAA=="}},
]
turn = iter(range(100))


def network(n_inputs):
    model = keras.Sequential([keras.layers.Input((n_inputs,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    number = next(turn)
    layer = kinds[number % len(kinds)]
    nested = layer
    for _ in range(3000):
        nested = {"module": "keras", "class_name": "Sequential", "config": {"layers": [nested]}}
    keras.Sequential.get_config = lambda self: {"name": "m", "trainable": True, "layers": [layer, nested, *kinds]}
    keras.layers.Dense.get_config = lambda self: {"name": "m", "units": 10**12, "activation": layer}
    return model
