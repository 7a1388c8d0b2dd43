"""Attacks: what they promise of any model, and what algebra says of linear ones, on the backend that Keras runs on."""

import gc
import os
import subprocess
import sys
import weakref
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse import attacks
from dlcourse.attacks.ball import distance, random_offsets
from dlcourse.attacks.pixel import paint
from dlcourse.device import import_keras

N_CLASSES, SHAPE = 3, (4, 5, 1)


def linear_model(seed=0, activation=None, n_outputs=N_CLASSES, shape=SHAPE):
    """A softmax (or logistic) regression on images, and its weights."""
    keras = import_keras()
    rng = np.random.default_rng(seed)
    dense = keras.layers.Dense(n_outputs, activation=activation)
    model = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), dense])
    W, b = rng.normal(size=(int(np.prod(shape)), n_outputs)), rng.normal(size=n_outputs)
    model.set_weights([W, b])
    return model, W.astype(np.float32), b.astype(np.float32)


def network(seed=0, *, dropout=0.5, units=8):
    """A small network with everything that behaves otherwise in training."""
    keras = import_keras()
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(units, 3, padding="same"),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dropout(dropout),
            layers.Dense(N_CLASSES, activation="softmax"),
        ]
    )


def images(n=6, seed=0, shape=SHAPE):
    rng = np.random.default_rng(seed)
    return rng.uniform(size=(n, *shape)).astype(np.float32), rng.integers(N_CLASSES, size=n)


def softmax(Z):
    p = np.exp(Z - Z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def losses(W, b, X, y):
    p = softmax(X.reshape(len(X), -1) @ W + b)
    return -np.log(p[np.arange(len(X)), y])


def gradient_by_hand(W, b, X, y):
    p = softmax(X.reshape(len(X), -1) @ W + b)
    p[np.arange(len(X)), y] -= 1
    return (p @ W.T).reshape(X.shape)


LINEAR, W, B = linear_model()
NETWORK = network()


# --- the gradient


@pytest.mark.parametrize("activation", [None, "softmax"])
def test_gradient_is_the_one_of_the_pixels(activation):
    model, W, b = linear_model(1, activation)
    X, y = images()
    np.testing.assert_allclose(attacks.input_gradient(model, X, y), gradient_by_hand(W, b, X, y), rtol=1e-3, atol=1e-5)


def test_gradient_of_an_image_does_not_depend_on_its_batch():
    X, y = images(7)
    together = attacks.input_gradient(NETWORK, X, y)
    np.testing.assert_allclose(attacks.input_gradient(NETWORK, X, y, batch_size=2), together, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(attacks.input_gradient(NETWORK, X[3:4], y[3:4]), together[3:4], rtol=1e-4, atol=1e-6)


def test_a_single_output_stands_for_two_classes():
    X, y = images()
    y = y % 2
    for activation in (None, "sigmoid"):
        model, W, b = linear_model(2, activation, n_outputs=1)
        p = 1 / (1 + np.exp(-(X.reshape(len(X), -1) @ W + b)))
        np.testing.assert_allclose(attacks.probabilities(model, X), np.hstack([1 - p, p]), rtol=1e-4, atol=1e-6)
        by_hand = ((p[:, 0] - y)[:, None] * W[:, 0]).reshape(X.shape)
        np.testing.assert_allclose(attacks.input_gradient(model, X, y), by_hand, rtol=1e-3, atol=1e-4)


def test_a_very_sure_model_still_has_a_gradient():
    """Probabilities of 1e-30 and 1 lose nothing that the logits still have."""
    model, W, b = linear_model(3, "softmax")
    model.set_weights([8 * W, b])
    X, _ = images(20)
    y = attacks.probabilities(model, X).argmin(axis=1)
    by_hand = gradient_by_hand(8 * W, b, X, y)
    np.testing.assert_array_equal(np.sign(attacks.input_gradient(model, X, y)), np.sign(by_hand))


def test_any_loss():
    def log_odds(y, outputs):  # the first output against the second, whatever y is
        return outputs[:, 0] - outputs[:, 1]

    X, y = images()
    expected = np.broadcast_to((W[:, 0] - W[:, 1]).reshape(SHAPE), X.shape)
    np.testing.assert_allclose(attacks.input_gradient(LINEAR, X, y, loss=log_odds), expected, rtol=1e-5)
    moved = attacks.fgsm(LINEAR, X, y, 0.1, loss=log_odds, bounds=(-1, 2)) - X
    np.testing.assert_allclose(moved, 0.1 * np.sign(expected), rtol=1e-4)


def test_what_does_not_depend_on_the_input_has_gradient_zero():
    keras = import_keras()
    model = keras.Sequential([keras.Input(SHAPE), Rounded(), keras.layers.Flatten(), keras.layers.Dense(N_CLASSES)])
    X, y = images()
    assert (attacks.input_gradient(model, X, y) == 0).all()
    np.testing.assert_array_equal(attacks.fgsm(model, X, y, 0.1), X)
    np.testing.assert_array_equal(attacks.fgsm(model, X, y, 0.1, norm="l2"), X)


class Rounded(import_keras().layers.Layer):
    def call(self, X):
        return import_keras().ops.round(X)


# --- the promises: ball, bounds, loss


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    norm=st.sampled_from(["linf", "l2"]),
    eps=st.floats(0, 1),
    n_steps=st.integers(0, 6),
    targeted=st.booleans(),
    random_start=st.booleans(),
    model=st.sampled_from([LINEAR, NETWORK]),
)
def test_inside_the_ball_and_inside_the_bounds(seed, norm, eps, n_steps, targeted, random_start, model):
    X, y = images(seed=seed)
    X_adv = attacks.pgd(
        model, X, y, eps, norm=norm, n_steps=n_steps, step_size=0.4, random_start=random_start, targeted=targeted,
        seed=seed,
    )  # fmt: skip
    assert X_adv.shape == X.shape and X_adv.dtype == np.float32
    assert (distance(X, X_adv, norm) <= eps * (1 + 1e-5) + 1e-6).all()
    assert X_adv.min() >= 0 and X_adv.max() <= 1


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), eps=st.floats(0, 0.5), n_steps=st.integers(1, 5))
def test_the_loss_of_a_linear_model_does_not_go_down(seed, eps, n_steps):
    """It is convex, and each step agrees with the gradient in the sign of every pixel, clipped or not."""
    X, y = images(seed=seed)
    X_adv = attacks.pgd(LINEAR, X, y, eps, n_steps=n_steps, random_start=False)
    assert (losses(W, B, X_adv, y) >= losses(W, B, X, y) - 1e-4).all()
    X_adv = attacks.pgd(LINEAR, X, y, eps, n_steps=n_steps, random_start=False, norm="l2", bounds=(-9, 9))
    assert (losses(W, B, X_adv, y) >= losses(W, B, X, y) - 1e-4).all()


def test_more_steps_find_a_higher_loss_in_a_network():
    X, y = images(200)
    start, one, many = (
        -np.log(attacks.probabilities(NETWORK, Z)[np.arange(200), y])
        for Z in (X, attacks.fgsm(NETWORK, X, y, 0.3), attacks.pgd(NETWORK, X, y, 0.3, n_steps=20))
    )
    assert start.mean() < one.mean() < many.mean()


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_targeted_moves_to_the_target(norm):
    X, _ = images(100)
    target = attacks.probabilities(NETWORK, X).argmin(axis=1)
    before = attacks.probabilities(NETWORK, X)[np.arange(100), target]
    X_adv = attacks.pgd(NETWORK, X, target, 0.5, norm=norm, targeted=True, n_steps=10)
    after = attacks.probabilities(NETWORK, X_adv)[np.arange(100), target]
    assert (after > before).mean() > 0.97
    away = attacks.pgd(NETWORK, X, target, 0.5, norm=norm, n_steps=10)
    assert (attacks.probabilities(NETWORK, away)[np.arange(100), target] < after).all()


def test_one_class_for_all():
    X, _ = images(5)
    np.testing.assert_array_equal(
        attacks.fgsm(LINEAR, X, 2, 0.1, targeted=True), attacks.fgsm(LINEAR, X, [2] * 5, 0.1, targeted=True)
    )


# --- against the formulas, written out


def test_fgsm_is_one_step_of_eps_along_the_sign():
    X, y = images(20)
    g = gradient_by_hand(W, B, X, y)
    np.testing.assert_allclose(attacks.fgsm(LINEAR, X, y, 0.2), np.clip(X + 0.2 * np.sign(g), 0, 1), atol=1e-6)
    g = gradient_by_hand(W, B, X, y)
    np.testing.assert_allclose(
        attacks.fgsm(LINEAR, X, y, 0.2, targeted=True), np.clip(X - 0.2 * np.sign(g), 0, 1), atol=1e-6
    )
    lengths = np.sqrt((g**2).sum(axis=(1, 2, 3), keepdims=True))
    np.testing.assert_allclose(
        attacks.fgsm(LINEAR, X, y, 0.2, norm="l2"), np.clip(X + 0.2 * g / lengths, 0, 1), atol=1e-5
    )


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_pgd_step_by_step(norm):
    X, y = images(20, seed=3)
    Z, eps, step = X.copy(), 0.3, 0.11
    for _ in range(5):
        g = gradient_by_hand(W, B, Z, y)
        if norm == "linf":
            Z = np.clip(Z + step * np.sign(g), X - eps, X + eps)
        else:
            Z = Z + step * g / np.sqrt((g**2).sum(axis=(1, 2, 3), keepdims=True))
            far = np.sqrt(((Z - X) ** 2).sum(axis=(1, 2, 3), keepdims=True))
            Z = X + (Z - X) * np.minimum(1, eps / far)
        Z = np.clip(Z, 0, 1)
    X_adv = attacks.pgd(LINEAR, X, y, eps, norm=norm, n_steps=5, step_size=step, random_start=False)
    np.testing.assert_allclose(X_adv, Z, atol=2e-5)


def test_random_starts_fill_the_ball():
    rng = np.random.default_rng(0)
    for norm, n_pixels in (("linf", 3), ("l2", 3)):
        offsets = random_offsets((20_000, n_pixels), norm, rng)
        far = distance(np.zeros_like(offsets), offsets, norm)
        assert far.max() <= 1 + 1e-6
        # of a ball's volume, the share within r is r^n, whatever the norm
        np.testing.assert_allclose(np.mean(far < 0.5), 0.5**n_pixels, atol=0.01)
        np.testing.assert_allclose(offsets.mean(axis=0), 0, atol=0.02)


def test_a_seed_gives_the_same_images_and_another_seed_others():
    X, y = images()
    one, again, other = (attacks.pgd(NETWORK, X, y, 0.1, n_steps=2, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_an_eps_for_each_image():
    X, y = images(4)
    eps = np.array([0, 0.05, 0.1, 0.3])
    X_adv = attacks.pgd(LINEAR, X, y, eps, n_steps=8, random_start=False)
    assert (distance(X, X_adv) <= eps + 1e-6).all()
    np.testing.assert_allclose(X_adv[2], attacks.pgd(LINEAR, X[2:3], y[2:3], 0.1, n_steps=8, random_start=False)[0])
    np.testing.assert_array_equal(X_adv[0], X[0])


def test_grey_levels_from_0_to_255():
    X, y = images()
    model, W, b = linear_model(4)
    model.set_weights([W / 255, b])
    X_adv = attacks.fgsm(model, 255 * X, y, 8, bounds=(0, 255))
    assert X_adv.min() >= 0 and X_adv.max() <= 255
    np.testing.assert_allclose(distance(255 * X, X_adv), 8, rtol=1e-5)


# --- as in prediction, and traced once


def test_dropout_is_off_and_the_model_stays_as_it_is():
    model, X, y = network(1, dropout=0.9), *images()
    before = [np.array(w) for w in model.get_weights()]
    np.testing.assert_array_equal(attacks.input_gradient(model, X, y), attacks.input_gradient(model, X, y))
    attacks.pgd(model, X, y, 0.1, n_steps=3)
    for was, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(now, was)  # the means of the batch normalisation among them


def test_new_weights_are_seen():
    model, X, y = network(2), *images()
    before = attacks.input_gradient(model, X, y)
    model.set_weights([2 * w for w in model.get_weights()])
    assert not np.allclose(attacks.input_gradient(model, X, y), before)


def test_traced_once_for_all_images_radii_steps_and_targets():
    from dlcourse.attacks.backends import _MADE

    keras = import_keras()
    model = network(3)
    for n in (64, 50, 5):
        X, y = images(n)
        for n_steps, targeted in ((1, False), (3, True)):
            attacks.pgd(model, X, y, 0.05 * n_steps, n_steps=n_steps, targeted=targeted, batch_size=32, seed=n)
            attacks.fgsm(model, X, y, 0.1, batch_size=32)
    counts = [run.trace_count() for key, run in _MADE[model].items() if "pgd" in key]
    # JAX compiles for each length of a batch: 32, and 8 for the five.
    assert counts == [1 if keras.config.backend() == "tensorflow" else 2]


def test_a_model_that_was_attacked_can_be_forgotten():
    model, X, y = network(4), *images()
    attacks.pgd(model, X, y, 0.1, n_steps=1)
    reference = weakref.ref(model)
    del model
    gc.collect()
    assert reference() is None


# --- one pixel


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3)])
@pytest.mark.parametrize("n_pixels", [1, 2])
def test_no_more_pixels_change_than_may(shape, n_pixels):
    model, *_ = linear_model(5, shape=shape)
    X, y = images(8, shape=shape)
    X_adv = attacks.one_pixel(model, X, y, n_pixels=n_pixels, population=8, n_generations=3)
    assert X_adv.shape == X.shape and X_adv.min() >= 0 and X_adv.max() <= 1
    changed = (X_adv != X).reshape(8, 4, 5, -1).any(axis=3).sum(axis=(1, 2))
    assert (changed <= n_pixels).all() and changed.max() >= 1


def test_evolution_finds_what_trying_every_pixel_finds():
    model, W, b = linear_model(6)
    X, _ = images(60)
    y = attacks.probabilities(model, X).argmax(axis=1)
    candidates = np.array([[[r, c, v]] for r in range(4) for c in range(5) for v in (0, 1)], dtype=float)
    every = paint(X, np.broadcast_to(candidates, (60, *candidates.shape)))
    classes = softmax(every.reshape(-1, 20) @ W + b).argmax(axis=1).reshape(60, -1)
    possible = (classes != y[:, None]).any(axis=1)
    X_adv = attacks.one_pixel(model, X, y, population=40, n_generations=20)
    found = attacks.probabilities(model, X_adv).argmax(axis=1) != y
    assert 0.1 < possible.mean() < 1
    assert not (found & ~possible).any()  # a linear model is fooled most by the darkest or the brightest value
    assert found.sum() >= 0.95 * possible.sum()


def test_one_pixel_towards_a_target():
    X, _ = images(40)
    before = attacks.probabilities(LINEAR, X)[:, 1]
    X_adv = attacks.one_pixel(LINEAR, X, 1, targeted=True, population=20, n_generations=5)
    assert (attacks.probabilities(LINEAR, X_adv)[:, 1] > before - 1e-6).mean() > 0.95


# --- how well it went


def test_only_images_that_were_right_count():
    X, y = images(50)
    right = attacks.probabilities(LINEAR, X).argmax(axis=1) == y
    assert 0 < right.sum() < 50
    assert attacks.success_rate(LINEAR, X, y, X) == 0
    X_adv = X.copy()
    X_adv[~right] = 0.3  # whatever happens to the others
    assert attacks.success_rate(LINEAR, X, y, X_adv) == 0
    X_adv = attacks.pgd(LINEAR, X, y, 0.3)
    now = attacks.probabilities(LINEAR, X_adv).argmax(axis=1) == y
    assert attacks.success_rate(LINEAR, X, y, X_adv) == pytest.approx(1 - now[right].mean())
    with pytest.raises(ValueError, match="none of these images right"):
        attacks.success_rate(LINEAR, X[~right], y[~right], X[~right])


def test_a_targeted_attack_succeeds_only_on_its_target():
    X, y = images(80)
    X_adv = attacks.pgd(LINEAR, X, 0, 0.5, targeted=True)
    now = attacks.probabilities(LINEAR, X_adv).argmax(axis=1)
    counts = (attacks.probabilities(LINEAR, X).argmax(axis=1) == y) & (y != 0)
    assert attacks.success_rate(LINEAR, X, y, X_adv, targets=0) == pytest.approx((now == 0)[counts].mean())


def test_smallest_eps_of_a_linear_model_is_its_margin():
    """A score w·x + b changes by at most eps · Σ|w| when no pixel changes by more than eps."""
    model, W, _ = linear_model(7, n_outputs=1)
    rng = np.random.default_rng(0)
    X = rng.uniform(0.3, 0.7, size=(40, *SHAPE)).astype(np.float32)
    b = -W.sum(axis=0) / 2  # the grey image stands on the border
    model.set_weights([W, b])
    score = X.reshape(40, -1) @ W[:, 0] + b[0]
    margin = {"linf": np.abs(score) / np.abs(W).sum(), "l2": np.abs(score) / np.linalg.norm(W)}
    y = (score > 0).astype(int)
    for norm, high in (("linf", 0.05), ("l2", 0.2)):
        found = attacks.smallest_eps(attacks.fgsm, model, X, y, high=high, n_halvings=10, norm=norm)
        reachable = margin[norm] < high
        assert 5 <= reachable.sum() < 40
        np.testing.assert_allclose(found[reachable], margin[norm][reachable], atol=high / 2**10 + 1e-4)
        assert np.isinf(found[~reachable]).all()
    assert (attacks.smallest_eps(attacks.fgsm, model, X, 1 - y, high=0.1) == 0).all()


# --- what a person can get wrong

X0, Y0 = images(4)


@pytest.mark.parametrize(
    ("X", "y", "options", "says"),
    [
        (255 * X0, Y0, {}, r"X goes from .* valid pixels from 0 to 1: scale X, or say .* bounds=\(0, 255\)"),
        (X0, Y0, {"eps": 8}, "8 of 255 grey levels are 8 / 255"),
        (X0, Y0, {"eps": -0.1}, "eps must be finite and not negative"),
        (X0, Y0, {"eps": [0.1, 0.2]}, r"eps has shape \(2,\): give one number, or one for each of 4 images"),
        (X0, Y0, {"norm": "l1"}, r"norm is 'l1': choose one of \['linf', 'l2'\]"),
        (X0, Y0, {"bounds": (1, 0)}, "give the lowest and the highest"),
        (X0, Y0, {"n_steps": -1}, "n_steps is -1"),
        (X0, np.eye(3)[Y0], {}, r"for one-hot rows y.argmax\(axis=1\)"),
        (X0, Y0 + 3, {}, "the model knows 3: 0 to 2"),
        (X0, Y0 + 0.5, {}, "y must hold class indices"),
        (X0, Y0[:2], {}, "y holds 2 classes for 4 samples"),
        (X0[:0], Y0[:0], {}, "with one sample or more"),
        (X0 * np.nan, Y0, {}, "X holds nan or inf"),
    ],
)
def test_errors_say_what_to_do(X, y, options, says):
    with pytest.raises(ValueError, match=says):
        attacks.pgd(LINEAR, X, y, **({"eps": 0.1} | options))


def test_a_model_that_does_not_classify_is_refused():
    keras = import_keras()
    model = keras.Sequential([keras.Input(SHAPE), keras.layers.Conv2D(2, 3)])
    with pytest.raises(ValueError, match="an attack needs a classifier"):
        attacks.fgsm(model, X0, Y0, 0.1)


def test_one_pixel_needs_images_and_candidates():
    with pytest.raises(ValueError, match="one_pixel needs images"):
        attacks.one_pixel(LINEAR, X0.reshape(4, -1), Y0)
    with pytest.raises(ValueError, match="at least 4 and 1"):
        attacks.one_pixel(LINEAR, X0, Y0, population=3)


# --- elsewhere


def test_importing_attacks_imports_no_backend():
    code = "import sys, dlcourse.attacks; print(*{'keras', 'tensorflow', 'jax'} & sys.modules.keys())"
    assert _python(code, {}).stdout.strip() == ""


def test_a_backend_without_gradients_is_named(monkeypatch):
    monkeypatch.setattr(import_keras().config, "backend", lambda: "torch")
    with pytest.raises(NotImplementedError, match="on tensorflow and jax, and Keras runs on torch"):
        attacks.fgsm(linear_model()[0], X0, Y0, 0.1)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("jax") is None, reason="JAX is not installed")
@pytest.mark.skipif(os.environ.get("KERAS_BACKEND") == "jax", reason="JAX is what we run on: that is who we are")
def test_all_of_this_on_jax():
    run = _python("import pytest, sys; sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '-p', 'no:xdist', "
                  f"{__file__!r}]))", {"KERAS_BACKEND": "jax"})  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]


def _python(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess:
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"} | environment,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=500,
    )
