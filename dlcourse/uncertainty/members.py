"""Several networks of one shape as one Keras model, trained side by side: the members of ensembles, and repeats.

All arrays have the members along one axis more, and every layer multiplies each member's matrix by that member's own
activations. Nothing connects the members, and the loss is the sum of theirs: each learns what it would learn alone. For
networks this small, many side by side take a fraction of the time that they take one after the other.
"""

from collections.abc import Callable, Sequence

import numpy as np

from dlcourse.device import import_keras

Tensor = object
Loss = Callable[[Tensor, Tensor], Tensor]  # from one-hot labels and outputs (..., n_classes) to the losses (...)


def cross_entropy(y: Tensor, logits: Tensor) -> Tensor:
    """Minus the log-probability of the label: one-hot y and logits (..., n_classes) give (...)."""
    ops = import_keras().ops
    return -ops.sum(ops.cast(y, "float32") * ops.log_softmax(logits), axis=-1)


def build(
    n_features: int,
    n_hidden: int,
    n_classes: int,
    seeds: Sequence[int],
    *,
    dropout: float = 0.0,
    activation: str = "linear",
) -> object:
    """Make networks with one hidden ReLU layer, one for each seed, as one Keras model.

    Args:
        n_features, n_hidden, n_classes: the sizes of the layers.
        seeds: one for each member. It fixes the member's first weights (He's in the hidden layer, LeCun's in the output
            layer, biases 0) whoever stands beside it.
        dropout: rate of dropping hidden units, drawn for each member by itself.
        activation: of the output layer: ``"linear"`` for logits, ``"exponential"`` for evidence.

    Returns:
        An uncompiled model from (n_samples, n_members, n_features) to (n_samples, n_members, n_classes).
    """
    keras = import_keras()
    layers, n_members = keras.layers, len(seeds)
    model = keras.Sequential(
        [
            keras.Input((n_members, n_features)),
            layers.EinsumDense("nmi,mio->nmo", (n_members, n_hidden), bias_axes="mo", activation="relu"),
            *([layers.Dropout(dropout, seed=seeds[0])] if dropout else []),
            layers.EinsumDense("nmi,mio->nmo", (n_members, n_classes), bias_axes="mo", activation=activation),
        ]
    )
    hidden, out = np.empty((n_members, n_features, n_hidden)), np.empty((n_members, n_hidden, n_classes))
    for member, seed in enumerate(seeds):
        rng = np.random.default_rng(seed)
        hidden[member] = rng.normal(0, np.sqrt(2 / n_features), size=hidden[member].shape)
        out[member] = rng.normal(0, np.sqrt(1 / n_hidden), size=out[member].shape)
    model.set_weights([hidden, np.zeros((n_members, n_hidden)), out, np.zeros((n_members, n_classes))])
    return model


def train(
    model: object,
    X: np.ndarray,
    y: np.ndarray,
    *,
    n_epochs: int,
    loss: Loss = cross_entropy,
    lr: float = 5e-3,
    batch_size: int = 64,
    seeds: Sequence[int] | None = None,
    callbacks: Sequence[object] = (),
) -> None:
    """Train all members with Adam, each on its own random batches.

    Args:
        model: from `build`; it's changed in place.
        X: (n_samples, n_features).
        y: (n_samples,) class indices.
        n_epochs: how often each member sees each sample.
        loss: of each sample and member; the default takes the outputs for logits.
        lr: learning rate.
        batch_size: samples for each step; the last batch of an epoch may be smaller.
        seeds: of the order of the samples, one for each member; by default 0, 1, ….
        callbacks: Keras callbacks.

    Raises:
        ValueError: if X and y do not belong together, or there is not one seed for each member.
    """
    keras, n_members, n_classes = import_keras(), *model.output_shape[1:]
    X, y = np.asarray(X, dtype=np.float32), np.asarray(y)
    seeds = range(n_members) if seeds is None else seeds
    if len(X) != len(y):
        raise ValueError(f"train: X has {len(X)} samples and y {len(y)} labels: one for each")
    if len(seeds) != n_members:
        raise ValueError(f"train: {len(seeds)} seeds for {n_members} members: one for each")
    labels = np.eye(n_classes, dtype=np.float32)[y]
    rngs = [np.random.default_rng(seed) for seed in seeds]

    class Batches(keras.utils.PyDataset):
        """Batches in which each member finds samples of its own."""

        def __init__(self) -> None:
            super().__init__()
            self.on_epoch_end()

        def __len__(self) -> int:
            return -(-len(X) // batch_size)

        def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
            rows = self.order[number * batch_size : (number + 1) * batch_size]  # (n_rows, n_members)
            return X[rows], labels[rows]

        def on_epoch_end(self) -> None:
            self.order = np.stack([rng.permutation(len(X)) for rng in rngs], axis=1)

    ops = keras.ops
    model.compile(keras.optimizers.Adam(lr), loss=lambda y, outputs: ops.sum(loss(y, outputs), axis=-1))
    model.fit(Batches(), epochs=n_epochs, shuffle=False, verbose=0, callbacks=list(callbacks))


def outputs(model: object, X: np.ndarray, *, training: bool = False) -> np.ndarray:
    """Show the same samples to all members.

    Args:
        model: from `build`.
        X: (n_samples, n_features).
        training: True leaves dropout on.

    Returns:
        (n_members, n_samples, n_classes) outputs.
    """
    n_members = model.input_shape[1]
    X = np.asarray(X, dtype=np.float32)
    seen = np.broadcast_to(X[:, None], (len(X), n_members, X.shape[1]))
    return np.moveaxis(import_keras().ops.convert_to_numpy(model(seen, training=training)), 1, 0)


def take(model: object, member: int) -> object:
    """Cut one member out as an ordinary Keras model, with its weights.

    Args:
        model: from `build`.
        member: which one.

    Returns:
        A `keras.Sequential` from (n_samples, n_features) to (n_samples, n_classes), uncompiled.
    """
    keras = import_keras()
    layers = [keras.Input((model.input_shape[2],))]
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layers.append(keras.layers.Dropout(layer.rate, seed=layer.seed))
        else:
            layers.append(keras.layers.Dense(layer.kernel.shape[2], activation=layer.activation))
    single = keras.Sequential(layers)
    single.set_weights([array[member] for array in model.get_weights()])
    return single
