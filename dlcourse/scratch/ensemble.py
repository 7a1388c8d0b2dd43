"""Several networks of one shape, trained side by side: one for each seed, fold or setting.

The forward pass, the backward pass and the steps are those of chapters 2 and 3, with one axis more: all arrays have the
networks along axis 0, and numpy's ``@`` multiplies each network's matrices by themselves. For networks this small, ten
at once take little longer than one. What chapter 4 adds to training comes in as functions.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dlcourse.scratch import optimisers

MOMENTUM, EPSILON = 0.99, 1e-3  # of batch normalisation, as in `keras.layers.BatchNormalization`

Change = Callable[[np.ndarray], np.ndarray]
Random = Callable[..., np.ndarray]


@dataclass(frozen=True, eq=False)
class Nets:
    """Networks with hidden ReLU layers, and scores as output.

    Attributes:
        sizes: units of each layer, the inputs first.
        theta: (n_nets, n_parameters) all weights and biases; with batch normalisation also its scales and shifts.
        statistics: None, or of each hidden layer the running mean and variance, each (n_nets, 1, n_units), by which
            batch normalisation normalises once training is over.
    """

    sizes: tuple[int, ...]
    theta: np.ndarray
    statistics: list[list[np.ndarray]] | None = None

    def __len__(self) -> int:
        """Number of networks."""
        return len(self.theta)

    def layers(self, flat: np.ndarray | None = None) -> list[list[np.ndarray]]:
        """Cut `theta`, or something of its shape, into [W, b] or [W, b, scale, shift] of each layer: views, not copies.

        W is (n_nets, n_inputs, n_units), the others (n_nets, 1, n_units).
        """
        flat, start, cut = self.theta if flat is None else flat, 0, []
        for number, (n, m) in enumerate(itertools.pairwise(self.sizes), start=1):
            normal = self.statistics is not None and number < len(self.sizes) - 1
            shapes = [(n, m), (1, m)] + ([(1, m), (1, m)] if normal else [])
            arrays = []
            for shape in shapes:
                stop = start + shape[0] * shape[1]
                arrays.append(flat[:, start:stop].reshape(-1, *shape))
                start = stop
            cut.append(arrays)
        return cut

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Scores (n_nets, n_samples, n_outputs) of X (n_samples, n_features) or (n_nets, n_samples, n_features)."""
        return _forward(self, X)[0]

    def evaluate(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean cross entropy and accuracy of each network: two arrays (n_nets,); y holds class indices."""
        log_p = _log_softmax(self.scores(X))
        y = np.broadcast_to(y, log_p.shape[:2])
        loss = -np.take_along_axis(log_p, y[..., None], axis=2).mean(axis=(1, 2))
        return loss, (log_p.argmax(axis=2) == y).mean(axis=1)


@dataclass(frozen=True, eq=False)
class Run:
    """What a training left behind.

    Attributes:
        nets: after the last epoch.
        history: ``loss`` and ``accuracy``, with validation data also ``val_loss`` and ``val_accuracy``, each
            (n_nets, n_epochs), or as often as was asked for; measured without dropout, augmentation and penalty.
        thetas: (n_epochs, n_nets, n_parameters) after each epoch, if they were to be kept.
    """

    nets: Nets
    history: dict[str, np.ndarray]
    thetas: np.ndarray | None = field(default=None, repr=False)

    def after(self, epochs: Sequence[int]) -> Nets:
        """The networks as they were after certain epochs, counted from 1, one for each network.

        Raises:
            ValueError: if they were not kept, or batch normalisation's statistics would not fit.
        """
        if self.thetas is None or self.nets.statistics is not None:
            raise ValueError("the weights of earlier epochs are there with keep=True and without batch normalisation")
        return replace(self.nets, theta=self.thetas[np.asarray(epochs) - 1, np.arange(len(self.nets))])


def start(sizes: Sequence[int], seeds: Sequence[int], *, batch_norm: bool = False, dtype: type = np.float32) -> Nets:
    """Draw He's weights (normal, variance 2 / inputs) for one network per seed; biases and shifts 0, scales 1.

    Args:
        sizes: units of each layer, the inputs first.
        seeds: one for each network; the same seed and sizes give the same weights.
        batch_norm: normalise the scores of each hidden layer.
        dtype: of all numbers.
    """
    pairs = list(itertools.pairwise(sizes))
    rows = []
    for seed in seeds:
        rng, parts = np.random.default_rng(seed), []
        for number, (n, m) in enumerate(pairs, start=1):
            parts += [rng.normal(0, np.sqrt(2 / n), size=n * m), np.zeros(m)]
            if batch_norm and number < len(pairs):
                parts += [np.ones(m), np.zeros(m)]
        rows.append(np.concatenate(parts))
    statistics = None
    if batch_norm:
        units = [m for _, m in pairs[:-1]]
        statistics = [[np.full((len(rows), 1, m), value, dtype) for value in (0, 1)] for m in units]
    return Nets(tuple(sizes), np.array(rows, dtype), statistics)


def train(
    nets: Nets,
    X: np.ndarray,
    y: np.ndarray,
    *,
    n_epochs: int,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    batch_size: int = 32,
    rule: optimisers.Rule = optimisers.adam_in_place,
    lr: float | Sequence[float] = 1e-3,
    decay: float | Sequence[float] = 0.0,
    penalty: Change | None = None,
    constrain: Change | None = None,
    clip: Change | None = None,
    mask: Random | None = None,
    augment: Random | None = None,
    seed: int = 0,
    every: int = 1,
    keep: bool = False,
) -> Run:
    """Train networks side by side on the mean cross entropy, and leave those that came in as they were.

    Args:
        nets: where to start.
        X: (n_samples, n_features), or (n_nets, n_samples, n_features) to show each network its own.
        y: (n_samples,) or (n_nets, n_samples) class indices.
        n_epochs: how often each sample is seen.
        validation: X and y to measure on after each epoch.
        batch_size: samples per step; the last batch of an epoch may be smaller.
        rule: turns gradients into steps, see `dlcourse.scratch.optimisers`; Adam by default.
        lr: learning rate, one for all or one for each network.
        decay: weight decay: in each step weights (not biases) shrink by the share lr · decay, apart from the rule.
            One for all or one for each network.
        penalty: from weights to the gradient of a penalty on them, added to the gradient of each layer's weights.
        constrain: from weights (n_nets, n_inputs, n_units) to what they become after each step.
        clip: from gradients (n_nets, n_parameters) to shorter ones.
        mask: from the shape of a hidden layer's output and a generator to what it is multiplied by, in training only.
        augment: from a batch (n_nets, n_samples, n_features) and a generator to another batch.
        seed: of the order of the samples, and of mask and augment.
        every: measure after so many epochs, and after the last; measuring is a good part of the work.
        keep: keep the parameters after each epoch.

    Raises:
        ValueError: if X and y do not fit together, or the samples are not in batches of at least one.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.shape[-2] != y.shape[-1]:
        raise ValueError(f"train: X has {X.shape[-2]} samples and y {y.shape[-1]} labels")
    if batch_size < 1 or n_epochs < 1:
        raise ValueError(f"train: batch_size {batch_size} and n_epochs {n_epochs} must be at least 1")
    n_samples, n_nets = X.shape[-2], len(nets)
    X = np.broadcast_to(X, (n_nets, *X.shape[-2:]))
    y = np.broadcast_to(y, (n_nets, n_samples))
    statistics = nets.statistics and [[array.copy() for array in pair] for pair in nets.statistics]
    nets = Nets(nets.sizes, nets.theta.copy(), statistics)
    dtype, rng, which, memory = nets.theta.dtype, np.random.default_rng(seed), np.arange(n_nets)[:, None], {}
    lr, decay = (np.broadcast_to(np.asarray(value, dtype), n_nets)[:, None] for value in (lr, decay))
    layers, gradient = nets.layers(), np.zeros_like(nets.theta)
    slots = nets.layers(gradient)
    history, thetas = {}, []
    with np.errstate(all="ignore"):  # if it flies off, let it
        for epoch in range(1, n_epochs + 1):
            order = rng.permuted(np.tile(np.arange(n_samples), (n_nets, 1)), axis=1)
            for first in range(0, n_samples, batch_size):
                rows = order[:, first : first + batch_size]
                batch, labels = X[which, rows], y[which, rows]
                if augment is not None:
                    batch = augment(batch, rng).astype(dtype, copy=False)
                _backward(nets, batch, labels, slots, mask, rng)
                if penalty is not None:
                    for (W, *_), (dW, *_) in zip(layers, slots, strict=True):
                        dW += penalty(W)
                step = rule(memory, gradient if clip is None else clip(gradient), lr)
                if decay.any():
                    for W, *_ in layers:
                        W *= (1 - lr * decay)[..., None]
                nets.theta[...] += step
                if constrain is not None:
                    for W, *_ in layers:
                        W[...] = constrain(W)
            if keep:
                thetas.append(nets.theta.copy())
            if epoch % every and epoch < n_epochs:
                continue
            measured = dict(zip(("loss", "accuracy"), nets.evaluate(X, y), strict=True))
            if validation is not None:
                measured |= dict(zip(("val_loss", "val_accuracy"), nets.evaluate(*validation), strict=True))
            for name, values in measured.items():
                history.setdefault(name, []).append(values)
    return Run(nets, {name: np.array(values).T for name, values in history.items()}, np.array(thetas) if keep else None)


def _log_softmax(A: np.ndarray) -> np.ndarray:
    A = A - A.max(axis=2, keepdims=True)
    return A - np.log(np.exp(A).sum(axis=2, keepdims=True))


def _forward(
    nets: Nets, X: np.ndarray, *, training: bool = False, mask: Random | None = None, rng: object = None
) -> tuple[np.ndarray, list[np.ndarray], list[tuple[np.ndarray | None, ...]]]:
    """Return the scores, the input of each layer, and of each hidden layer what the way back needs."""
    inputs, kept, layers = [X], [], nets.layers()
    for k, (W, b, *normal) in enumerate(layers):
        A = inputs[-1] @ W + b
        if k == len(layers) - 1:
            return A, inputs, kept
        standard = root = None
        if normal:
            running = nets.statistics[k]
            mean, variance = running
            if training:
                mean, variance = A.mean(axis=1, keepdims=True), A.var(axis=1, keepdims=True)
                for old, new in zip(running, (mean, variance), strict=True):
                    old[...] = MOMENTUM * old + (1 - MOMENTUM) * new
            root = np.sqrt(variance + EPSILON)
            standard = (A - mean) / root
            A = normal[0] * standard + normal[1]
        H, dropped = np.maximum(A, 0), None
        if training and mask is not None:
            dropped = mask(H.shape, rng).astype(H.dtype, copy=False)
            H = H * dropped
        inputs.append(H)
        kept.append((A > 0, dropped, standard, root))
    raise ValueError("a network needs inputs and at least one layer, so two sizes or more")


def _backward(
    nets: Nets, X: np.ndarray, y: np.ndarray, slots: list[list[np.ndarray]], mask: Random | None, rng: object
) -> None:
    """Write the gradient of the mean cross entropy into `slots`, which are cut like the parameters."""
    A, inputs, kept = _forward(nets, X, training=True, mask=mask, rng=rng)
    dA = np.exp(_log_softmax(A))
    true = y[..., None]
    np.put_along_axis(dA, true, np.take_along_axis(dA, true, axis=2) - 1, axis=2)
    dA /= y.shape[1]
    layers = nets.layers()
    for k in reversed(range(len(layers))):
        W, _, *normal = layers[k]
        if normal:
            _, _, standard, root = kept[k]
            slots[k][2][...] = (dA * standard).sum(axis=1, keepdims=True)
            slots[k][3][...] = dA.sum(axis=1, keepdims=True)
            d_standard = dA * normal[0]
            along = (d_standard * standard).mean(axis=1, keepdims=True)
            dA = (d_standard - d_standard.mean(axis=1, keepdims=True) - standard * along) / root
        slots[k][0][...] = inputs[k].swapaxes(1, 2) @ dA
        slots[k][1][...] = dA.sum(axis=1, keepdims=True)
        if k:
            positive, dropped, *_ = kept[k - 1]
            dA = (dA @ W.swapaxes(1, 2)) * positive
            if dropped is not None:
                dA *= dropped
