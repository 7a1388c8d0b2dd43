"""Which Keras configurations are stock: made of Keras' own classes alone, and of these only ones that do no harm.

Keras' `safe_mode` refuses lambdas, but a configuration can still name any class or function of Keras and modules that
it imports, read vocabularies from files, call programs of Torch, JAX or TensorFlow, or ask for a layer of a billion
units. So a configuration is not given to Keras as it arrived: `clean` walks it and builds a new one of what is listed
here.
"""

import functools
import re
import sys
from collections.abc import Mapping
from typing import Any

MAX_DEPTH = 40
MAX_NODES = 50_000
MAX_TEXT = 300
MAX_ITEMS = 10_000
MAX_NUMBER = 1_000_000
"""Units, filters, lengths: any integer but a seed."""


class NotStockError(ValueError):
    """Something in a configuration is not stock; the text says what."""


_NAMES = {
    "keras": "Sequential DTypePolicy",
    "keras.src.models.functional": "Functional",
    "keras.layers": """
        Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average AveragePooling1D
        AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate
        Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D Cropping1D Cropping2D
        Dense DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Flatten
        GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
        GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GroupQueryAttention Identity
        InputLayer LSTM LSTMCell LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum
        Minimum MultiHeadAttention Multiply Normalization PReLU Permute RMSNormalization RNN RandomBrightness
        RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom ReLU RepeatVector Rescaling
        Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D
        SpatialDropout2D SpatialDropout3D StackedRNNCells Subtract TimeDistributed UnitNormalization UpSampling1D
        UpSampling2D ZeroPadding1D ZeroPadding2D""",
    "keras.src.ops.numpy": """
        Absolute Add Concatenate Divide Exp Expm1 Log Log1p Matmul Max Maximum Mean Min Minimum Multiply Negative Power
        Reshape Sqrt Square Subtract Sum Tanh TrueDivide""",
    "keras.src.ops.nn": "Elu Gelu LeakyRelu LogSoftmax Relu Relu6 Selu Sigmoid Silu Softmax Softplus",
    "keras.initializers": """
        Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones Orthogonal
        RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros""",
    "keras.regularizers": "L1 L1L2 L2 OrthogonalRegularizer",
    "keras.constraints": "MaxNorm MinMaxNorm NonNeg UnitNorm",
    "keras.optimizers": "Adadelta Adagrad Adam AdamW Adamax Ftrl Lamb Lion Nadam RMSprop SGD",
    "keras.optimizers.schedules": """
        CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay PiecewiseConstantDecay PolynomialDecay""",
    "keras.losses": """
        BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy CategoricalHinge
        CosineSimilarity Dice Hinge Huber KLDivergence LogCosh MeanAbsoluteError MeanAbsolutePercentageError
        MeanSquaredError MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy SquaredHinge Tversky""",
    "keras.metrics": """
        AUC Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy CategoricalCrossentropy CategoricalHinge
        CosineSimilarity F1Score FBetaScore FalseNegatives FalsePositives Hinge KLDivergence LogCoshError Mean
        MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson Precision
        R2Score Recall RootMeanSquaredError SparseCategoricalAccuracy SparseCategoricalCrossentropy
        SparseTopKCategoricalAccuracy SquaredHinge Sum TopKCategoricalAccuracy TrueNegatives TruePositives""",
}
STOCK = {module: frozenset(names.split()) for module, names in _NAMES.items()}
"""Module as configurations name it, and the classes of it that may cross. To be here, a class must take numbers, texts
and other stock objects only: no paths, no functions, no serialised programs."""

_FUNCTION_MODULES = ("keras.activations", "keras.losses", "keras.metrics")
_POLICY = re.compile(r"(mixed_)?b?float(16|32|64)")
_KEY = re.compile(r"[A-Za-z0-9_. /:-]{1,100}")
_STEPS = ("decay_steps", "first_decay_steps", "warmup_steps", "boundaries")
_LAYER_KEYS = ("build_config", "name", "inbound_nodes")


@functools.cache
def classes() -> Mapping[type, tuple[str, str]]:
    """The stock classes of the Keras that is loaded, and how configurations name them; none if it is not loaded."""
    found = {}
    for module, names in STOCK.items():
        for name in names:
            kind = getattr(sys.modules.get(module), name, None)
            if isinstance(kind, type):
                found[kind] = (module, name)
    return found


def clean(config: Any, *, custom: Mapping[str, Any] = {}, small: bool = False) -> Any:
    """Write a configuration anew, without anything that is not stock. Raises NotStockError at whatever is not.

    custom: names that Keras would look up elsewhere, because they have been registered; none of them may occur.
    small: what is no layer has no weights that would bound it, so its numbers are bounded more tightly.
    """
    n_nodes = 0
    max_nodes, max_number = (2_000, 10_000) if small else (MAX_NODES, MAX_NUMBER)

    def walk(value: Any, depth: int, key: str = "") -> Any:
        nonlocal n_nodes
        n_nodes += 1
        if depth > MAX_DEPTH or n_nodes > max_nodes:
            raise NotStockError("a configuration that is too large")
        if value is None or type(value) in (bool, float):
            return value
        if type(value) is int:
            bound = 2**63 if key == "seed" else MAX_NUMBER if key in _STEPS else max_number
            if abs(value) > bound:
                raise NotStockError(f"{key or 'a number'} out of bounds: {value}")
            return value
        if type(value) is str:
            return text(value)
        if type(value) in (list, tuple):
            if len(value) > MAX_ITEMS:
                raise NotStockError("a list that is too long")
            return [walk(item, depth + 1, key) for item in value]
        if type(value) is not dict:
            raise NotStockError(f"a {type(value).__name__}")
        if "class_name" in value:
            return thing(value, depth)
        return {name(each): walk(item, depth + 1, each) for each, item in value.items()}

    def text(value: str) -> str:
        if len(value) > MAX_TEXT or value in custom:
            raise NotStockError("a text that is too long, or the name of something else")
        return value

    def name(value: Any) -> str:
        if type(value) is not str or not _KEY.fullmatch(value):
            raise NotStockError("a strange name")
        return text(value)

    def thing(value: dict[str, Any], depth: int) -> Any:
        kind, module, config = value["class_name"], value.get("module"), value.get("config")
        if kind == "__keras_tensor__":
            if type(config) is not dict or set(config) != {"shape", "dtype", "keras_history"}:
                raise NotStockError("a strange tensor")
            return {"class_name": kind, "config": walk(config, depth + 1)}
        if kind == "function":
            return function(module, config)
        if type(module) is not str or type(kind) is not str or kind not in STOCK.get(module, ()):
            raise NotStockError(f"{str(module)[:60]}.{str(kind)[:60]}")
        if type(config) is not dict or "class_name" in config:
            raise NotStockError("an object without a configuration")
        if kind == "DTypePolicy" and not _POLICY.fullmatch(str(config.get("name"))):
            raise NotStockError("a strange dtype policy")
        made = {"module": module, "class_name": kind, "config": walk(config, depth + 1), "registered_name": None}
        return made | {each: walk(value[each], depth + 1, each) for each in _LAYER_KEYS if each in value}

    def function(module: Any, config: Any) -> str:
        if module not in (*_FUNCTION_MODULES, "builtins") or type(config) is not str or config.startswith("_"):
            raise NotStockError("a function")
        for place in _FUNCTION_MODULES:
            if config in vars(sys.modules[place]):
                return text(config)
        raise NotStockError(f"the function {config[:60]}")

    return walk(config, 0)
