"""Networks trained side by side are the networks of chapters 2 and 3, and each remedy does what its formula says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse.scratch import ensemble, mlp, optimisers
from dlcourse.scratch.numerical import numerical_gradient, relative_error

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 4))
Y = RNG.integers(0, 3, size=12)
SIZES = (4, 5, 6, 3)


def nets(seeds=(0, 1), **options) -> ensemble.Nets:
    return ensemble.start(SIZES, seeds, dtype=np.float64, **options)


def one_step(start: ensemble.Nets, **options) -> ensemble.Run:
    """A step of plain gradient descent with learning rate 1 on all samples: the change is minus the gradient."""
    settings = {"n_epochs": 1, "batch_size": len(X), "rule": optimisers.sgd, "lr": 1.0}
    return ensemble.train(start, X, Y, **settings | options)


def layer_list(some: ensemble.Nets, which: int) -> mlp.Layers:
    return [(W[which], b[which, 0]) for W, b in some.layers()]


def test_scores_loss_and_gradient_are_those_of_the_mlp():
    start = nets()
    after = one_step(start).nets
    losses, accuracies = start.evaluate(X, Y)
    for which in range(2):
        layers = layer_list(start, which)
        loss, gradients = mlp.loss_and_gradients(X, Y, layers, "ReLU")
        np.testing.assert_allclose(start.scores(X)[which], mlp.forward(X, layers, "ReLU").output)
        assert losses[which] == pytest.approx(loss)
        assert accuracies[which] == np.mean(mlp.forward(X, layers, "ReLU").output.argmax(axis=1) == Y)
        changes = zip(layer_list(after, which), layers, gradients, strict=True)
        for (W_new, b_new), (W, b), (dW, db) in changes:
            np.testing.assert_allclose(W - W_new, dW, atol=1e-12)
            np.testing.assert_allclose(b - b_new, db, atol=1e-12)


@pytest.mark.parametrize("masked", [False, True])
def test_gradient_with_batch_norm_and_mask_is_the_numerical_one(masked):
    start = nets((3,), batch_norm=True)
    start.theta[...] += 0.1 * np.random.default_rng(1).normal(size=start.theta.shape)

    def mask(shape, rng):
        # the same for each sample: training shuffles them
        return np.broadcast_to(np.random.default_rng(shape[2]).integers(0, 2, size=shape[2]) * 2.0, shape)

    def loss(theta):
        # the same forward pass as in training: statistics of the batch, masked
        H = X
        layers = ensemble.Nets(SIZES, theta, start.statistics).layers()
        for W, b, scale, shift in layers[:-1]:
            A = H @ W + b
            A = scale * (A - A.mean(axis=1, keepdims=True)) / np.sqrt(A.var(axis=1, keepdims=True) + 1e-3) + shift
            H = np.maximum(A, 0)
            H = H * mask(H.shape, None) if masked else H
        W, b = layers[-1]
        A = (H @ W + b)[0]
        return float(np.mean(np.log(np.exp(A).sum(axis=1)) - A[np.arange(len(Y)), Y]))

    run = one_step(start, mask=mask if masked else None)
    assert relative_error(start.theta - run.nets.theta, numerical_gradient(loss, start.theta)) < 1e-6


def test_training_leaves_its_arguments_alone():
    start = nets(batch_norm=True)
    theta, statistics = start.theta.copy(), [[array.copy() for array in pair] for pair in start.statistics]
    run = one_step(start, decay=0.1)
    np.testing.assert_array_equal(start.theta, theta)
    for old, pair in zip(statistics, start.statistics, strict=True):
        np.testing.assert_array_equal(old, pair)
    assert not np.allclose(run.nets.statistics[0][0], 0)


def test_networks_do_not_know_of_one_another():
    """A network trained alone on all its samples at once ends where it ends beside others."""
    together = one_step(nets((0, 1, 2)), n_epochs=5, rule=optimisers.adam, lr=0.01).nets.theta
    alone = one_step(nets((1,)), n_epochs=5, rule=optimisers.adam, lr=0.01).nets.theta
    np.testing.assert_allclose(together[1], alone[0], rtol=1e-9, atol=1e-12)


def test_each_network_may_have_its_own_samples_and_settings():
    other_X, other_y = np.flip(X, axis=0) + 1, np.roll(Y, 1)
    both = ensemble.train(
        nets((0, 0)),
        np.stack([X, other_X]),
        np.stack([Y, other_y]),
        n_epochs=3,
        batch_size=12,
        lr=(0.1, 0.3),
        decay=(0.0, 0.5),
        rule=optimisers.sgd,
    )
    second = ensemble.train(
        nets((0,)), other_X, other_y, n_epochs=3, batch_size=12, lr=0.3, decay=0.5, rule=optimisers.sgd
    )
    np.testing.assert_allclose(both.nets.theta[1], second.nets.theta[0], rtol=1e-9, atol=1e-12)


def test_penalty_and_decay_touch_weights_only():
    start = nets((0,))
    bare = one_step(start).nets.layers()
    for option in ({"penalty": lambda W: 0.5 * W}, {"decay": 0.5}):
        changed = one_step(start, **option).nets.layers()
        for (W, b), (W_bare, b_bare), (W_start, _) in zip(changed, bare, start.layers(), strict=True):
            np.testing.assert_allclose(W, W_bare - 0.5 * W_start, atol=1e-12)
            np.testing.assert_array_equal(b, b_bare)


@settings(max_examples=20, deadline=None)
@given(limit=st.floats(0.05, 3))
def test_constraints_hold_after_training(limit):
    def constrain(W):
        length = np.linalg.norm(W, axis=-2, keepdims=True)
        return W * np.minimum(1, limit / length)

    run = one_step(nets(), n_epochs=2, constrain=constrain)
    assert all(np.linalg.norm(W, axis=1).max() <= limit * (1 + 1e-9) for W, _ in run.nets.layers())


def test_clip_gets_one_row_for_each_network():
    seen = []

    def clip(g):
        seen.append(g.shape)
        return 0 * g

    start = nets()
    np.testing.assert_array_equal(one_step(start, clip=clip).nets.theta, start.theta)
    assert seen == [start.theta.shape]


def test_mask_and_augmentation_are_for_training_only():
    start = nets()
    run = one_step(start, mask=lambda shape, rng: np.zeros(shape), augment=lambda batch, rng: 0 * batch)
    # nothing passes: only the last biases learn, and what is measured is measured without either
    for (W, b), (W_start, b_start) in zip(run.nets.layers()[:-1], start.layers()[:-1], strict=True):
        np.testing.assert_array_equal(W, W_start)
        np.testing.assert_array_equal(b, b_start)
    np.testing.assert_allclose(run.history["loss"][:, 0], run.nets.evaluate(X, Y)[0])


def test_history_and_kept_weights():
    run = ensemble.train(nets(), X, Y, n_epochs=5, batch_size=4, validation=(X, Y), keep=True)
    assert {name: values.shape for name, values in run.history.items()} == dict.fromkeys(
        ("loss", "accuracy", "val_loss", "val_accuracy"), (2, 5)
    )
    np.testing.assert_array_equal(run.history["loss"], run.history["val_loss"])
    then = run.after([2, 5])
    assert then.evaluate(X, Y)[0][0] == run.history["loss"][0, 1]
    np.testing.assert_array_equal(then.theta[1], run.nets.theta[1])
    seldom = ensemble.train(nets(), X, Y, n_epochs=5, batch_size=4, every=2)
    np.testing.assert_array_equal(seldom.history["loss"], run.history["loss"][:, [1, 3, 4]])
    with pytest.raises(ValueError, match="keep=True"):
        seldom.after([1, 1])


def test_every_sample_is_seen_once_in_an_epoch():
    seen = []

    def watch(batch, rng):
        seen.append(batch)
        return batch

    ensemble.train(nets(), X, Y, n_epochs=1, batch_size=5, augment=watch)
    assert [batch.shape[1] for batch in seen] == [5, 5, 2]
    for which in range(2):
        rows = np.concatenate([batch[which] for batch in seen])
        np.testing.assert_array_equal(np.sort(rows, axis=0), np.sort(X, axis=0))
        assert not np.array_equal(rows, X)


def test_running_statistics_normalise_at_test():
    run = one_step(nets(batch_norm=True), n_epochs=3)
    whole = run.nets.scores(X)
    np.testing.assert_allclose(run.nets.scores(X[:1]), whole[:, :1])  # a sample alone gets the same scores


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"y": Y[:5]}, "12 samples and y 5 labels"),
        ({"batch_size": 0}, "must be at least 1"),
        ({"n_epochs": 0}, "must be at least 1"),
    ],
)
def test_slips_are_told(changes, said):
    with pytest.raises(ValueError, match=said):
        ensemble.train(nets(), **{"X": X, "y": Y, "n_epochs": 1} | changes)
