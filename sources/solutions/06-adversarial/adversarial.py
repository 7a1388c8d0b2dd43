# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercise 6 · Adversarial examples
#
# You attack: a network whose gradient you derive by hand, a Keras model, and a linear classifier, for which algebra says
# exactly how far it can be trusted. And you count successes as a referee would.
#
# **You need** chapter 6. **Time:** 75 to 90 minutes. **Points:** 27.
#
# | | question | points | minutes |
# | --- | --- | --- | --- |
# | 1 | The gradient of the input | 4 | 15 |
# | 2 | One step, in grey levels | 4 | 10 |
# | 3 | Back into the ball | 3 | 12 |
# | 4 | Many steps | 4 | 12 |
# | 5 | What counts as a success | 3 | 8 |
# | 6 | Attack a Keras model | 3 | 10 |
# | 7 | How far a linear classifier can be trusted | 3 | 10 |
# | 8 | In your own words | 3 | 8 |
# | 9 | For the curious: one change for all images | – | – |
#
# ## How to work
#
# - Replace each `raise NotImplementedError()` by your code. Keep the names of the functions and the order of their
#   arguments.
# - Below each answer stands a **test cell**. Run it as often as you like: it prints ✓ or ✗ for each part, and what went
#   wrong. It cannot be edited; try things out in cells of your own.
# - When your work is graded, more tests run, with other numbers and in the corners that the text mentions. So read the
#   text, not only the tests.
# - Each question is graded on its own: no test of a later question uses an earlier answer. For the same reason, don't
#   call the function of an earlier question in a later one.
# - Your functions must not change the arrays that they are given.
# - Question 8 is read by a person, who sees the rubric that you see.
# - Before you hand in: *Kernel → Restart Kernel and Run All Cells*, then **Validate** in the toolbar.
#
# Notation, as in the chapter: `X` (n_samples, n_features) holds flat images with pixels from 0 (paper) to 1 (ink), `y`
# (n_samples,) their true classes, `eps` the largest change.
#
# Run this cell first.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow is talkative
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras
import numpy as np
import tensorflow as tf  # noqa: F401 (for whoever takes its GradientTape)

from dlcourse import autodiff, checks, data, plots

# %% [markdown]
# ## 1 · The gradient of the input (4 points)
#
# A network with one hidden layer of ReLUs and softmax at its end:
#
# $$a = XW_1 + b_1, \qquad h = \max(a, 0), \qquad z = hW_2 + b_2, \qquad p = \text{softmax}(z)$$
#
# The loss of *one* sample is the cross entropy $\ell = -\ln p_y$ of its true class $y$. You know from chapter 2 that
# $\partial \ell / \partial z = p - e_y$, where $e_y$ has a 1 at place $y$ and else zeros. Go on from there, back to the
# **input**.
#
# Write `input_gradient(network, X, y)`. `network` is the tuple `(W1, b1, W2, b2)`. Return an array of the shape of `X`:
# in each row the gradient of *that* sample's loss with respect to *its own* features.
#
# - There is no mean over the batch: how a sample is attacked does not depend on the others.
# - It must also work where logits are in the thousands.
#
# *Example:* one feature, $W_1 = (2)$, $W_2 = (1, -1)$, no biases, $x = 0.5$ and $y = 0$: $h = 1$, $z = (1, -1)$,
# $p = (0.881, 0.119)$, and the gradient is $-0.477$: more of $x$ makes class 0 likelier, so the loss falls.
#
# *Reread:* [chapter 6, The worst that can happen](../../course/06-adversarial.ipynb#The-worst-that-can-happen)


# %% nbgrader={"grade": false, "grade_id": "input_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def input_gradient(network, X, y):
    """Return the gradient of each sample's cross entropy with respect to its features, (n_samples, n_features).

    network: (W1, b1, W2, b2) with shapes (n_features, n_hidden), (n_hidden,), (n_hidden, n_classes), (n_classes,).
    X: (n_samples, n_features) array. y: (n_samples,) array of class indices.
    """
    ### BEGIN SOLUTION
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return ((p @ W2.T) * (a > 0)) @ W1.T
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "input_gradient_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 1. Run it as often as you like.
parts = checks.Parts(points=4)


def random_network(seed, n_features=5, n_hidden=6, n_classes=3):
    rng = np.random.default_rng(seed)
    shapes = ((n_features, n_hidden), (n_hidden,), (n_hidden, n_classes), (n_classes,))
    return tuple(rng.normal(size=shape) for shape in shapes)


def gradient_with(network, X, y, *, mask=True, one_hot=True, soft=True):
    """The gradient of the input, with the slips that can be switched on."""
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True) if soft else z
    error = p - np.eye(W2.shape[1])[y] if one_hot else p
    back = error @ W2.T
    return (back * (a > 0) if mask else back) @ W1.T


def check_input_gradient(network, X, y, what):
    right = gradient_with(network, X, y)
    result = input_gradient(network, X.copy(), y.copy())
    assert result is not None, "input_gradient returned None: did you forget `return`?"
    W1, _, W2, _ = network
    shape = np.shape(result)
    assert shape not in {W1.shape, W2.shape} - {X.shape}, (
        f"that has the shape {shape} of the weights: the attack needs the gradient with respect to the input"
    )
    assert shape != right.mean(axis=0).shape, (
        "there is one gradient for all samples: return one for each, without a mean or sum over the batch"
    )
    checks.assert_close(
        result,
        right,
        what,
        rtol=1e-5,
        atol=1e-8,
        mistakes={
            "that is divided by the number of samples: each sample has a loss of its own, without a mean": right
            / len(X),
            "the ReLU lets a gradient through only where a is positive": gradient_with(network, X, y, mask=False),
            "the 1 of the true class is missing: p - e_y, not p": gradient_with(network, X, y, one_hot=False),
            "the softmax is missing: p, not the logits z": gradient_with(network, X, y, soft=False),
            "the sign is the wrong way round: p - e_y, not e_y - p": -right,
        },
    )


with parts("one sample", points=1):
    tiny = (np.array([[2.0]]), np.zeros(1), np.array([[1.0, -1.0]]), np.zeros(2))
    checks.assert_close(
        np.ravel(input_gradient(tiny, np.array([[0.5]]), np.array([0]))),
        [2 * (1 / (1 + np.exp(-2)) - 1) * 2],
        "the gradient of the example",
        rtol=1e-5,
        mistakes={
            "the sign is the wrong way round: p - e_y, not e_y - p": [4 / (1 + np.exp(2))],
            "that is the gradient with respect to the weights W1: the attack needs the one with respect to the input": [
                -1 / (1 + np.exp(2))
            ],
        },
    )
    check_input_gradient(random_network(0), np.random.default_rng(1).normal(size=(1, 5)), np.array([2]), "one sample")

with parts("several samples, each for itself", points=2):
    rng = np.random.default_rng(2)
    check_input_gradient(random_network(3), rng.normal(size=(4, 5)), np.array([2, 0, 1, 1]), "four samples")
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        n_features, n_hidden, n_classes, n_samples = rng.permutation([2, 3, 4, 7])
        network = random_network(seed, n_features, n_hidden, n_classes)
        X, y = rng.normal(size=(n_samples, n_features)), rng.integers(n_classes, size=n_samples)
        check_input_gradient(network, X, y, f"{n_samples} samples of {n_features} features")
    ### END HIDDEN TESTS

with parts("large logits, and the arguments left as they were", points=1):
    network = tuple(1000 * array for array in random_network(4))
    X, y = np.random.default_rng(5).normal(size=(3, 5)), np.array([0, 1, 2])
    right = gradient_with(network, X, y)
    result = np.asarray(input_gradient(network, X.copy(), y.copy()))
    assert np.isfinite(result).all(), (
        "there is nan or inf where logits are in the thousands: subtract the largest logit of each row before the exp"
    )
    checks.assert_close(result, right, "the gradient where logits are in the thousands", rtol=1e-5, atol=1e-6)
    images, classes = X.copy(), y.copy()
    given = tuple(array.copy() for array in network)
    input_gradient(given, images, classes)
    for after, before in zip((*given, images, classes), (*network, X, y), strict=True):
        checks.assert_unchanged(after, before, "input_gradient must not change what it was given")

parts.score()

# %% [markdown]
# ## 2 · One step, in grey levels (4 points)
#
# Papers say "with $\epsilon$ = 8", and mean 8 of the 255 grey levels of a photograph. Our pixels go from 0 to 1.
#
# Write `fgsm(gradient, X, y, levels, targeted=False)`: one step of the fast gradient sign method in which no pixel changes
# by more than `levels` grey levels out of 255. `gradient(X, y)` is a function that returns the gradient of the loss of
# the classes `y`, of the shape of `X`.
#
# - Untargeted: `y` are the true classes, and the loss shall *grow*. Targeted: `y` are the classes to be reached, and the
#   loss shall *fall*.
# - All pixels of the result lie between 0 and 1.
# - Where the gradient is exactly zero, the pixel stays as it is.
#
# *Example:* pixels (0.5, 0.5, 0.5), gradient (0.001, −7, 0) and `levels=51`: $51/255 = 0.2$, so the result is
# (0.7, 0.3, 0.5). Targeted it is (0.3, 0.7, 0.5).
#
# *Reread:* [chapter 6, One step: FGSM](../../course/06-adversarial.ipynb#One-step:-FGSM)


# %% nbgrader={"grade": false, "grade_id": "fgsm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fgsm(gradient, X, y, levels, targeted=False):
    """Return images that differ from X by at most levels / 255 in each pixel, with pixels from 0 to 1.

    gradient: function from (X, y) to an array of the shape of X. X: (n_samples, n_features), from 0 to 1.
    y: (n_samples,) class indices. levels: number from 0 to 255.
    """
    ### BEGIN SOLUTION
    step = levels / 255 * np.sign(gradient(X, y))
    return np.clip(X - step if targeted else X + step, 0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "fgsm_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 2.
parts = checks.Parts(points=4)
slopes = np.array([[0.001, -7.0, 0.0, 2.0], [-3.0, 0.5, 1e-6, -0.2]])


def slope_of(X, y):
    """A gradient that depends on the classes alone: class 0 has the slopes above, class 1 the opposite ones."""
    return slopes[: len(X)] * np.where(np.asarray(y) == 0, 1.0, -1.0)[:, None]


def check_fgsm(X, y, levels, what, *, targeted=False):
    g, direction, eps = slope_of(X, y), -1 if targeted else 1, levels / 255
    given = X.copy()
    result = fgsm(slope_of, given, y.copy(), levels, targeted)
    assert result is not None, "fgsm returned None: did you forget `return`?"
    downhill = (
        "targeted goes down the loss of the target: minus" if targeted else "untargeted goes up the loss of y: plus"
    )
    checks.assert_close(
        result,
        np.clip(X + direction * eps * np.sign(g), 0, 1),
        what,
        rtol=1e-5,
        atol=1e-7,
        mistakes={
            downhill: np.clip(X - direction * eps * np.sign(g), 0, 1),
            "the sign is missing: every pixel goes as far as it may, whatever the size of its gradient": np.clip(
                X + direction * eps * g, 0, 1
            ),
            "levels are used as if pixels went to 255: here they go to 1, so divide by 255": np.clip(
                X + direction * levels * np.sign(g), 0, 1
            ),
            "levels are used as if pixels went to 255: here they go to 1, so divide by 255 ": X
            + direction * levels * np.sign(g),
            "some pixels are no pixels any more: clip to 0 and 1": X + direction * eps * np.sign(g),
            "that is the change; add it to X": direction * eps * np.sign(g),
            "all images get the gradient of the first": np.clip(X + direction * eps * np.sign(g[:1]), 0, 1),
        },
    )
    checks.assert_unchanged(given, X, "fgsm must not change the X it was given")


middle = np.array([[0.5, 0.5, 0.5, 0.6], [0.4, 0.5, 0.45, 0.6]])

with parts("up the loss of the true class", points=2):
    check_fgsm(middle[:1], np.array([0]), 51, "an image with 51 levels")
    check_fgsm(middle, np.array([0, 1]), 25.5, "two images with 25.5 levels")
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        check_fgsm(rng.uniform(0.3, 0.7, (2, 4)), rng.integers(2, size=2), rng.uniform(1, 70), "two other images")
    ### END HIDDEN TESTS

with parts("down the loss of a target", points=1):
    check_fgsm(middle, np.array([1, 0]), 51, "two targeted images", targeted=True)
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X, target = rng.uniform(0.3, 0.7, (2, 4)), rng.integers(2, size=2)
        check_fgsm(X, target, rng.uniform(1, 70), "two other targeted images", targeted=True)
    ### END HIDDEN TESTS

with parts("pixels stay pixels", points=1):
    edge = np.array([[0.0, 0.1, 1.0, 0.95], [0.02, 1.0, 0.99, 0.0]])
    check_fgsm(edge, np.array([0, 1]), 51, "images with white and black pixels")
    ### BEGIN HIDDEN TESTS
    check_fgsm(edge, np.array([1, 0]), 255, "images that may change altogether")
    check_fgsm(edge, np.array([1, 0]), 0, "images that may not change")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 3 · Back into the ball (3 points)
#
# After a step an image `Z` may be too far from the original `X`. Write `project(Z, X, eps, norm)`, which returns the
# **nearest** point of the ball of radius `eps` around `X`, for each row by itself:
#
# - `norm="linf"`: each feature of `Z` may differ from that of `X` by at most `eps`.
# - `norm="l2"`: the Euclidean length of row `Z[i] - X[i]` may be at most `eps`. A row that is longer is shortened
#   to that length, in its direction; a shorter one stays as it is.
#
# (No clipping to 0 … 1 here: that is another matter.) `Z` may be equal to `X`.
#
# *Example:* `X = (0, 0)`, `Z = (3, 4)`, `eps=1`: for `"linf"` (1, 1), for `"l2"` (0.6, 0.8).
#
# *Reread:* [chapter 6, Many small steps: PGD](../../course/06-adversarial.ipynb#Many-small-steps:-PGD)


# %% nbgrader={"grade": false, "grade_id": "project", "locked": false, "schema_version": 3, "solution": true, "task": false}
def project(Z, X, eps, norm):
    """Return the rows of Z, brought back to the nearest point of the ball of radius eps around the rows of X.

    Z, X: (n_samples, n_features) arrays. eps: positive number. norm: "linf" or "l2".
    """
    ### BEGIN SOLUTION
    if norm == "linf":
        return np.clip(Z, X - eps, X + eps)
    lengths = np.sqrt(((Z - X) ** 2).sum(axis=1, keepdims=True))
    return X + (Z - X) * np.minimum(1, eps / np.maximum(lengths, 1e-12))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "project_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 3.
parts = checks.Parts(points=3)


def check_project(Z, X, eps, norm, what):
    offset = Z - X
    lengths = np.linalg.norm(offset, axis=1, keepdims=True)
    box = X + np.clip(offset, -eps, eps)
    with np.errstate(all="ignore"):
        on_surface = X + offset * eps / lengths
        together = X + offset * min(1, eps / np.linalg.norm(offset))
        sphere_at_zero = Z * np.minimum(1, eps / np.linalg.norm(Z, axis=1, keepdims=True))
        squared = X + offset * np.minimum(1, eps / lengths**2)
        by_sum = X + offset * np.minimum(1, eps / np.abs(offset).sum(axis=1, keepdims=True))
    ball = X + offset * np.minimum(1, eps / np.maximum(lengths, 1e-300))
    given = Z.copy(), X.copy()
    result = project(*given, eps, norm)
    assert result is not None, "project returned None: did you forget `return`?"
    if norm == "linf":
        mistakes = {
            "that is the ball around 0; it lies around X": np.clip(Z, -eps, eps),
            "that is the l2 ball": ball,
            "that is the offset from X; add X": np.clip(offset, -eps, eps),
            "each row is shortened as a whole; in this norm each feature is cut off by itself": X
            + offset * np.minimum(1, eps / np.maximum(np.abs(offset).max(axis=1, keepdims=True), 1e-300)),
        }
    else:
        mistakes = {
            "rows inside the ball must stay as they are, and not go out to its surface": on_surface,
            "that is one length for all rows together; each row has its own": together,
            "that is the ball around 0; it lies around X": sphere_at_zero,
            "the root of the sum of squares is missing in the length": squared,
            "that is the sum of absolute values; the Euclidean length is the root of the sum of squares": by_sum,
            "that is the linf ball": box,
            "that is the offset from X; add X": ball - X,
        }
    checks.assert_close(result, box if norm == "linf" else ball, what, rtol=1e-5, atol=1e-8, mistakes=mistakes)
    for after, before in zip(given, (Z, X), strict=True):
        checks.assert_unchanged(after, before, "project must not change the arrays it was given")


X = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, -1.0], [0.5, 0.5, 0.5]])
Z = np.array([[3.0, 4.0, 0.0], [1.1, 1.9, -1.0], [0.5, -1.5, 2.0]])

with parts("linf", points=1):
    check_project(np.array([[3.0, 4.0]]), np.zeros((1, 2)), 1.0, "linf", "the example with linf")
    check_project(Z, X, 0.3, "linf", "three rows with linf")
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        check_project(rng.normal(size=(4, 5)), rng.normal(size=(4, 5)), rng.uniform(0.1, 2), "linf", "rows with linf")
    ### END HIDDEN TESTS

with parts("l2", points=1):
    check_project(np.array([[3.0, 4.0]]), np.zeros((1, 2)), 1.0, "l2", "the example with l2")
    check_project(Z[::2], X[::2], 0.7, "l2", "two rows outside the ball")
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X_row = rng.normal(size=(4, 5))
        check_project(X_row + rng.normal(size=(4, 5)), X_row, rng.uniform(0.01, 0.1), "l2", "four rows with l2")
    ### END HIDDEN TESTS

with parts("rows inside the ball stay, also in its middle", points=1):
    check_project(Z, X, 0.7, "l2", "three rows, one of them inside the ball")
    check_project(np.concatenate([Z, X]), np.concatenate([X, X]), 0.7, "l2", "rows of which three are equal to X")
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X_row = rng.normal(size=(6, 3))
        check_project(X_row + rng.normal(size=(6, 3)), X_row, 1.5, "l2", "rows inside and outside the ball")
    check_project(X, X, 0.1, "linf", "rows equal to X with linf")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 4 · Many steps (4 points)
#
# Write `pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False)`, projected gradient descent in the maximum
# norm:
#
# 1. Without `rng` start at `X`; with it at `X` plus a number between `-eps` and `eps` for each pixel, drawn with
#    `rng.uniform(-eps, eps, X.shape)`, and clip to 0 … 1.
# 2. In each of `n_steps` steps ask for the gradient **where you are**, go `step` along its sign (up from `y`, or down to
#    `y` if `targeted`), come back into the box of radius `eps` around the **original** `X`, and clip to 0 … 1.
#
# Return where you are after the last step.
#
# *Example:* one pixel 0.5, a gradient that is 1 everywhere, `eps=0.2`, `step=0.15`: after one step 0.65, after two
# 0.7, and there it stays.
#
# *Reread:* [chapter 6, Many small steps: PGD](../../course/06-adversarial.ipynb#Many-small-steps:-PGD)


# %% nbgrader={"grade": false, "grade_id": "pgd", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    """Return images within eps of X in each pixel, with pixels from 0 to 1.

    gradient: function from (Z, y) to an array of the shape of Z. X: (n_samples, n_features), from 0 to 1.
    y: (n_samples,) class indices. rng: a numpy.random.Generator for the random start, or None for none.
    """
    ### BEGIN SOLUTION
    Z = X if rng is None else np.clip(X + rng.uniform(-eps, eps, X.shape), 0, 1)
    for _ in range(n_steps):
        change = step * np.sign(gradient(Z, y))
        Z = Z - change if targeted else Z + change
        Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
    return Z
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pgd_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 4.
parts = checks.Parts(points=4)
targets_at = np.array([[0.2, 0.9, 0.55], [0.7, 0.3, 0.05]])


def bowl(Z, y):
    """The gradient of a loss that is highest at a point inside: it changes sign there; for class 1 the other way round."""
    return (targets_at[: len(Z)] - np.asarray(Z)) * np.where(np.asarray(y) == 0, 1.0, -1.0)[:, None]


def walk(gradient, X, y, eps, step, n_steps, *, start=None, direction=1, around="X", box=True, stay=False):
    """PGD, with the slips that can be switched on."""
    Z = X if start is None else start
    for _ in range(n_steps):
        before = Z
        Z = Z + direction * step * np.sign(gradient(X if stay else Z, y))
        if box:
            middle = X if around == "X" else before
            Z = np.clip(Z, middle - eps, middle + eps)
        Z = np.clip(Z, 0, 1)
    return Z


def check_pgd(X, y, eps, step, n_steps, what, *, targeted=False, gradient=bowl):
    direction, given = -1 if targeted else 1, X.copy()
    result = pgd(gradient, given, y.copy(), eps, step, n_steps, targeted=targeted)
    assert result is not None, "pgd returned None: did you forget `return`?"
    with_slip = {
        "targeted goes down the loss of the target: minus" if targeted else "untargeted goes up the loss of y: plus": {
            "direction": -direction
        },
        "nothing brings it back: after each step clip to X - eps and X + eps": {"box": False},
        "the box lies around the image of the step before; it must lie around the original X": {"around": "before"},
        "the gradient is always that of X: ask for it where you are": {"stay": True},
    }
    options = (gradient, X, y, eps, step)
    mistakes = {
        message: walk(*options, n_steps, **({"direction": direction} | slip)) for message, slip in with_slip.items()
    }
    mistakes["one step is missing"] = walk(*options, n_steps - 1, direction=direction)
    mistakes["there is one step too many"] = walk(*options, n_steps + 1, direction=direction)
    right = walk(*options, n_steps, direction=direction)
    checks.assert_close(result, right, what, rtol=1e-5, atol=1e-7, mistakes=mistakes)
    checks.assert_unchanged(given, X, "pgd must not change the X it was given")


def uphill(Z, y):
    return np.ones(np.shape(Z)) * np.array([1.0, -1.0, 1e-6])[: np.shape(Z)[1]]


grey = np.array([[0.5, 0.5, 0.5], [0.4, 0.6, 0.5]])

with parts("steps along the sign of the gradient, where you are", points=1):
    check_pgd(np.array([[0.5]]), np.array([0]), 0.2, 0.15, 1, "one step of the example", gradient=uphill)
    check_pgd(grey, np.array([0, 0]), 0.6, 0.1, 5, "five steps in a wide box")
    ### BEGIN HIDDEN TESTS
    for seed in range(10):
        rng = np.random.default_rng(seed)
        check_pgd(
            rng.uniform(0, 1, (2, 3)), np.array([0, 1]), 1.0, 0.07, int(rng.integers(1, 9)), "steps in a wide box"
        )
    ### END HIDDEN TESTS

with parts("back into the box around the original", points=2):
    check_pgd(np.array([[0.5]]), np.array([0]), 0.1, 0.15, 3, "three steps that are longer than eps", gradient=uphill)
    check_pgd(np.array([[0.5]]), np.array([0]), 0.2, 0.15, 3, "three steps of the example", gradient=uphill)
    check_pgd(grey, np.array([0, 1]), 0.12, 0.05, 6, "six steps in a narrow box", gradient=uphill)
    check_pgd(np.array([[0.02, 0.97, 0.5]]), np.array([0]), 0.1, 0.04, 4, "pixels near 0 and 1", gradient=uphill)
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X, eps = rng.uniform(0, 1, (2, 3)), rng.uniform(0.05, 0.3)
        check_pgd(X, rng.integers(2, size=2), eps, eps / 2.5, int(rng.integers(3, 9)), "steps in a narrow box")
    ### END HIDDEN TESTS

with parts("targets, and a random start", points=1):
    check_pgd(grey, np.array([1, 1]), 0.12, 0.05, 6, "six targeted steps", targeted=True)
    check_pgd(grey, np.array([0, 0]), 0.12, 0.05, 6, "six steps down", targeted=True, gradient=uphill)
    near_edge = np.array([[0.02, 0.5, 0.97], [0.5, 0.03, 0.5]])
    start = np.clip(near_edge + np.random.default_rng(7).uniform(-0.2, 0.2, (2, 3)), 0, 1)
    for n_steps in (0, 1, 4):
        checks.assert_close(
            pgd(bowl, near_edge.copy(), np.array([0, 0]), 0.2, 0.05, n_steps, np.random.default_rng(7)),
            walk(bowl, near_edge, np.array([0, 0]), 0.2, 0.05, n_steps, start=start),
            f"{n_steps} steps from a random start",
            rtol=1e-5,
            atol=1e-7,
            mistakes={
                "rng was given, so begin at a random point of the box": walk(
                    bowl, near_edge, np.array([0, 0]), 0.2, 0.05, n_steps
                ),
                "the start must be clipped to 0 … 1 too": near_edge
                + np.random.default_rng(7).uniform(-0.2, 0.2, (2, 3)),
            },
        )

parts.score()

# %% [markdown]
# Look at what you have made. (This cell is not graded; it needs your `input_gradient` and `pgd`.) A softmax regression is
# a network whose hidden layer does nothing: $W_1 = 1$ lets all pixels through, as none is negative.

# %%
digits = data.load("digits")
X_digits, y_digits = digits.X.reshape(-1, 64), digits.y
W_digits, b_digits = np.zeros((64, 10)), np.zeros(10)
for _ in range(100):
    e = np.exp(X_digits @ W_digits + b_digits)
    error = e / e.sum(axis=1, keepdims=True) - np.eye(10)[y_digits]
    W_digits = W_digits - X_digits.T @ error / len(error)
    b_digits = b_digits - error.mean(axis=0)
softmax_regression = (np.eye(64), np.zeros(64), W_digits, b_digits)
first = X_digits[:10]
worst = pgd(lambda Z, y: input_gradient(softmax_regression, Z, y), first, y_digits[:10], 0.2, 0.04, 10)
read = [str((images @ W_digits + b_digits).argmax()) for images in np.concatenate([first, worst])]
figure = plots.perturbations(
    first.reshape(-1, 8, 8), worst.reshape(-1, 8, 8), scale=0.2, above=read[:10], below=read[10:]
)
plots.show(
    figure,
    alt="Ten digits, what your attack added to each, and the results, several of them read as another digit.",
    caption="Your PGD with ε = 0.2 on a softmax regression. Numbers: what it reads.",
)

# %% [markdown]
# ## 5 · What counts as a success (3 points)
#
# Write `success_rate(y, before, after, targets=None)` from the true classes and the model's answers before and after an
# attack.
#
# - *Untargeted:* of the images that were right **before**, the share that is wrong **after**. An image that was
#   wrong to begin with counts neither as a success nor as a try.
# - *Targeted* (`targets` given): of the images that were right before **and whose class is not the target anyway**, the
#   share whose answer after the attack is its **target**. Another wrong class is no success.
# - If no image counts, the answer is `nan`.
#
# *Example:* `y = (3, 3, 8, 1)`, before (3, 8, 8, 1), after (8, 8, 8, 1): three images count, one was fooled, so 1/3. With
# the target 8 for all, two images count (the first and the last), one reached it: 1/2.
#
# *Reread:* [chapter 6, How close to the edge?](../../course/06-adversarial.ipynb#How-close-to-the-edge?)


# %% nbgrader={"grade": false, "grade_id": "success_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def success_rate(y, before, after, targets=None):
    """Return the share of successes, from 0 to 1, or nan if no image counts.

    y, before, after: (n_samples,) arrays of class indices. targets: (n_samples,) array of class indices, or None.
    """
    ### BEGIN SOLUTION
    counts = before == y
    success = after != y
    if targets is not None:
        counts = counts & (targets != y)
        success = after == targets
    return float(success[counts].mean()) if counts.any() else float("nan")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "success_rate_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 5.
parts = checks.Parts(points=3)


def rate(y, before, after, targets=None):
    arrays = [np.array(each) for each in (y, before, after)]
    result = success_rate(*arrays, None if targets is None else np.array(targets))
    assert result is not None, "success_rate returned None: did you forget `return`?"
    assert np.asarray(result).dtype.kind not in "SU", (
        f"the answer is the text {result!r}: return a number; nan is float('nan')"
    )
    return result


def untargeted_slips(y, before, after):
    y, before, after = map(np.array, (y, before, after))
    with np.errstate(all="ignore"):
        right = before == y
        return {
            "images that were wrong before count as successes: they need no attack": np.mean(after != y),
            "images that were wrong before count as tries; only those that were right do": np.mean(
                right & (after != y)
            ),
            "that is the share that is still right": np.mean(after[right] == y[right]) if right.any() else 0,
            "a changed answer is no success if the image was wrong before": np.mean(after != before),
            "that is how many, not their share": np.sum(right & (after != y)),
        }


with parts("untargeted", points=1):
    example = ([3, 3, 8, 1], [3, 8, 8, 1], [8, 8, 8, 1])
    longer = ([0, 1, 2, 0, 1, 2, 0, 1], [0, 1, 0, 0, 2, 2, 1, 1], [1, 1, 0, 2, 2, 0, 2, 1])
    checks.assert_close(rate(*longer), 3 / 5, "eight images", mistakes=untargeted_slips(*longer))
    checks.assert_close(rate(*example), 1 / 3, "the example", mistakes=untargeted_slips(*example))
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        y, before, after = rng.integers(3, size=(3, 40))
        right = before == y
        checks.assert_close(rate(y, before, after), np.mean(after[right] != y[right]), "forty images")
    ### END HIDDEN TESTS

with parts("targeted", points=1):
    checks.assert_close(
        rate(*example, targets=[8, 8, 8, 8]),
        1 / 2,
        "the example with target 8",
        mistakes={
            "an image whose class is the target anyway counts: leave it out": 2 / 3,
            "an image whose class is the target anyway counts as a try: leave it out": 1 / 3,
            "images that were wrong before count as successes": 3 / 4,
        },
    )
    y, before, after = [0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 1, 2], [1, 2, 1, 2, 0, 2]
    checks.assert_close(
        rate(y, before, after, targets=[1, 0, 0, 1, 0, 0]),
        2 / 6,
        "six images with targets",
        mistakes={"another wrong class than the target is no success": 5 / 6},
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        y, before, after, targets = rng.integers(3, size=(4, 40))
        counts = (before == y) & (targets != y)
        expected = np.mean(after[counts] == targets[counts])
        checks.assert_close(rate(y, before, after, targets), expected, "forty images with targets")
    ### END HIDDEN TESTS

with parts("if no image counts", points=1):
    result = np.asarray(rate([0, 1], [1, 0], [0, 1]), dtype=float)
    assert np.isnan(result), (
        f"no image was right before, and the answer is {result}: it must be nan, for 0 of 0 is no share"
    )
    result = np.asarray(rate([0, 1], [0, 1], [1, 0], targets=[0, 1]), dtype=float)
    assert np.isnan(result), f"every image is of its target's class, and the answer is {result}: it must be nan"

parts.score()

# %% [markdown]
# ## 6 · Attack a Keras model (3 points)
#
# Write `attack_keras(model, X, y, eps)`: FGSM on a Keras classifier whose outputs are **logits**, one for each class.
# Pixels go from 0 to 1. Return a numpy array.
#
# - The loss is the cross entropy of the true classes `y`;
#   `keras.losses.SparseCategoricalCrossentropy(from_logits=True)` computes it.
# - The gradient is the one with respect to the **input**: `tf.GradientTape` watches an input if you ask it to, and
#   `autodiff.gradient(function, X)` takes it whichever library Keras runs on.
# - The model works as in **prediction**: dropout is off.
#
# The next cell makes models to try it on: `model, W, b = make_linear(1)`.
#
# *Reread:* [chapter 6, One step: FGSM](../../course/06-adversarial.ipynb#One-step:-FGSM)


# %% nbgrader={"grade": false, "grade_id": "models_to_attack", "locked": true, "schema_version": 3, "solution": false, "task": false}
def make_linear(seed, *, dropout=0.0):
    """A linear model of six features and three classes, its W and b; with dropout, inputs are dropped in training."""
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(6, 3)), rng.normal(size=3)
    first = [keras.layers.Dropout(dropout)] if dropout else []
    model = keras.Sequential([keras.Input((6,)), *first, keras.layers.Dense(3)])
    model.set_weights([W, b])
    return model, W, b


# %% nbgrader={"grade": false, "grade_id": "attack_keras", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attack_keras(model, X, y, eps):
    """Return images that differ from X by at most eps in each pixel, as a numpy array of its shape.

    model: a Keras model that gives logits. X: (n_samples, n_features), from 0 to 1. y: (n_samples,) class indices.
    """
    ### BEGIN SOLUTION
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    g = autodiff.gradient(lambda inputs: loss_of(y, model(inputs, training=False)), X)
    return np.clip(X + eps * np.sign(g), 0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "attack_keras_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 6.
parts = checks.Parts(points=3)


def expected_attack(W, b, X, y, eps, direction=1, clip=True):
    z = X @ W + b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    error = e / e.sum(axis=1, keepdims=True) - np.eye(3)[y]
    moved = X + direction * eps * np.sign(error @ W.T)
    return np.clip(moved, 0, 1) if clip else moved


def run_attack(model, X, y, eps):
    result = attack_keras(model, X.copy(), y.copy(), eps)
    assert result is not None, "attack_keras returned None: did you forget `return`?"
    shape = np.shape(result)
    assert shape != (6, 3), "that has the shape of the weights: take the gradient with respect to the input"
    return result


rng = np.random.default_rng(0)
X, y = rng.uniform(0.3, 0.7, size=(5, 6)).astype("float32"), np.array([0, 1, 2, 0, 1])

with parts("the gradient of the input", points=1):
    model, W, b = make_linear(1)
    checks.assert_close(
        run_attack(model, X, y, 0.1),
        expected_attack(W, b, X, y, 0.1),
        "five images attacked with eps = 0.1",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "this goes down the loss of the true class; go up": expected_attack(W, b, X, y, 0.1, direction=-1),
            "nothing was changed: is the gradient the one with respect to the input?": X,
        },
    )

with parts("pixels stay pixels", points=1):
    edge = np.where(np.arange(30).reshape(5, 6) % 3 == 0, 0.02, 0.98).astype("float32")
    result = np.asarray(run_attack(model, edge, y, 0.1))
    assert result.min() >= 0 and result.max() <= 1, "some pixels are below 0 or above 1: clip"
    checks.assert_close(
        result, expected_attack(W, b, edge, y, 0.1), "images with dark and bright pixels", rtol=1e-4, atol=1e-5
    )
    ### BEGIN HIDDEN TESTS
    other, W2, b2 = make_linear(3)
    W2[0] = 0  # no class looks at the first pixel, so it has no slope and stays
    other.set_weights([W2, b2])
    checks.assert_close(
        run_attack(other, edge, y, 0.3), expected_attack(W2, b2, edge, y, 0.3), "another model", rtol=1e-4, atol=1e-5
    )
    ### END HIDDEN TESTS

with parts("dropout is off, and the model is left as it was", points=1):
    dropping, W, b = make_linear(2, dropout=0.6)
    result = run_attack(dropping, X, y, 0.1)
    right = expected_attack(W, b, X, y, 0.1)
    assert np.allclose(result, right, atol=1e-5), (
        "with a dropout layer the result differs from what it is without: call the model with training=False"
        if not np.allclose(result, run_attack(dropping, X, y, 0.1))
        else "the result is wrong for a model with a dropout layer"
    )
    for after, before in zip(dropping.get_weights(), (W, b), strict=True):
        checks.assert_close(after, before, "the weights of the model after the attack", rtol=1e-5)

parts.score()

# %% [markdown]
# ## 7 · How far a linear classifier can be trusted (3 points)
#
# A linear classifier says $+1$ where its score $s = w \cdot x + b$ is positive, else $-1$. If each feature may change by
# $\epsilon$, the score can change by at most $\epsilon \sum_i |w_i|$; if the change may have the Euclidean length
# $\epsilon$, by at most $\epsilon \sqrt{\sum_i w_i^2}$. So, for a linear classifier, we need not attack: we can *compute*
# the smallest $\epsilon$ that changes its mind.
#
# Write `smallest_eps(w, b, X, y, norm)`: for each sample the radius at which the score of the true class `y` (+1 or −1)
# comes down to zero, for `norm="linf"` and `norm="l2"`; 0 for samples that are classified wrongly to begin with.
#
# *Example:* $w = (3, -4)$, $b = 0$, $x = (2, 1)$, $y = +1$: the score is 2, so $2/7 = 0.286$ for `"linf"` and
# $2/5 = 0.4$ for `"l2"`. With $y = -1$ it is 0.
#
# *Reread:* [chapter 6, Why is it so easy?](../../course/06-adversarial.ipynb#Why-is-it-so-easy?),
# [Another ruler](../../course/06-adversarial.ipynb#Another-ruler)


# %% nbgrader={"grade": false, "grade_id": "smallest_eps", "locked": false, "schema_version": 3, "solution": true, "task": false}
def smallest_eps(w, b, X, y, norm):
    """Return the smallest radius at which each sample's class changes, (n_samples,); 0 where it is wrong already.

    w: (n_features,) array. b: number. X: (n_samples, n_features) array. y: (n_samples,) array of +1 and -1.
    norm: "linf" or "l2".
    """
    ### BEGIN SOLUTION
    reach = np.abs(w).sum() if norm == "linf" else np.sqrt((w**2).sum())
    return np.maximum(y * (X @ w + b), 0) / reach
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "smallest_eps_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 7.
parts = checks.Parts(points=3)


def check_radius(w, b, X, y, norm, what):
    score = y * (X @ w + b)
    reach = {"linf": np.abs(w).sum(), "l2": np.linalg.norm(w)}
    largest = np.abs(w).max()
    result = smallest_eps(w.copy(), b, X.copy(), y.copy(), norm)
    assert result is not None, "smallest_eps returned None: did you forget `return`?"
    right = np.maximum(score, 0) / reach[norm]
    other = "l2" if norm == "linf" else "linf"
    checks.assert_close(
        result,
        right,
        what,
        rtol=1e-6,
        mistakes={
            f"that is the radius for {other}": np.maximum(score, 0) / reach[other],
            "the score can change by the sum over all features, not only by the largest weight": np.maximum(score, 0)
            / largest,
            "that is the score: divide it by how far it can change for each unit of eps": np.maximum(score, 0),
            "a sample that is wrong already has the radius 0: it needs no attack": np.abs(score) / reach[norm],
            "a sample that is wrong already has the radius 0, not a negative one": score / reach[norm],
            "b is missing in the score": np.maximum(y * (X @ w), 0) / reach[norm],
            "the root of the sum of squares is missing": np.maximum(score, 0) / reach["l2"] ** 2,
            "weights cancel each other: take their absolute values": np.maximum(score, 0) / w.sum(),
        },
    )


cells = data.load("breast_cancer").standardise()
labels = np.where(cells.y == 1, 1, -1)
w_cells = np.zeros(30)
for _ in range(60):  # a logistic neuron: benign or malignant
    chance = 1 / (1 + np.exp(labels * (cells.X @ w_cells)))
    w_cells = w_cells + 0.5 * (chance * labels) @ cells.X / len(labels)
right_ones = labels * (cells.X @ w_cells + 0.3) > 0
example = (np.array([3.0, -4.0]), 0.0, np.array([[2.0, 1.0]]), np.array([1]))

with parts("linf", points=1):
    check_radius(*example, "linf", "the example with linf")
    check_radius(w_cells, 0.3, cells.X[right_ones], labels[right_ones], "linf", "the biopsies with linf")
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        w, X, b = rng.normal(size=4), rng.normal(size=(5, 4)), rng.normal()
        check_radius(w, b, X, np.where(X @ w + b > 0, 1, -1), "linf", "five samples with linf")
    ### END HIDDEN TESTS

with parts("l2", points=1):
    check_radius(*example, "l2", "the example with l2")
    check_radius(w_cells, 0.3, cells.X[right_ones], labels[right_ones], "l2", "the biopsies with l2")
    ### BEGIN HIDDEN TESTS
    for seed in range(20):
        rng = np.random.default_rng(seed)
        w, X, b = rng.normal(size=4), rng.normal(size=(5, 4)), rng.normal()
        check_radius(w, b, X, np.where(X @ w + b > 0, 1, -1), "l2", "five samples with l2")
    ### END HIDDEN TESTS

with parts("samples that are wrong already", points=1):
    check_radius(*example[:3], np.array([-1]), "linf", "the example with the other class")
    check_radius(w_cells, 0.3, cells.X, labels, "linf", "all biopsies with linf, wrong ones among them")
    check_radius(w_cells, 0.3, cells.X, labels, "l2", "all biopsies with l2, wrong ones among them")

parts.score()

# %% [markdown]
# ## 8 · In your own words (3 points, read by a person)
#
# A paper proposes a layer that makes networks for pathology "robust". Its table (the figures are made up; such tables
# are not):
#
# | images (pixels from 0 to 255) | accuracy with the new layer |
# | --- | --- |
# | clean | 95 % |
# | FGSM on the defended network, ε = 8 | 93 % |
# | PGD on the defended network, 40 steps, ε = 8 | 93 % |
# | PGD on the defended network, 40 steps, ε = 128 | 91 % |
# | PGD on *another* network, ε = 8 | 41 % |
#
# Answer in one or two sentences each:
#
# 1. Which two rows show that something is wrong, and what probably is?
# 2. The authors also report "success rate 12 %: of 1,000 test images, 120 were wrong after the attack". The network has
#    95 % of clean test images right. What did they count, and what should they have counted?
# 3. The network is to read slides in three hospitals. Adversaries are unlikely there. What would you measure instead, and
#    why does neither the 95 % nor the 93 % tell it?
#
# | rubric | 1 point | ½ point |
# | --- | --- | --- |
# | 1 | names ε = 128 and the other network, **and** says that the gradient is hidden (masked) rather than the network robust | one of the two rows with the reason |
# | 2 | some 50 images were wrong before; **and** only images that were right before may count, in numerator and denominator | one of the two |
# | 3 | accuracy under the corruptions that will occur, by level (stain, focus, scanner), or on slides of each hospital, **and** a reason | one of the two |
#
# *Reread:* [chapter 6, Key points](../../course/06-adversarial.ipynb#Key-points)

# %% [markdown] nbgrader={"grade": true, "grade_id": "in_your_own_words", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. With ε = 128 every pixel may become medium grey, so nobody can read the image, and yet it "keeps" 91 %; and images
#    made with another network, so without its gradient, do far more harm than those made with its own. The layer hides
#    the gradient (masking); the attack stands still, and the network is not robust. (½ point: one row with the reason.)
# 2. They counted all images that were wrong afterwards, some 50 of which were wrong before any attack. Of the 950 that
#    were right before, the share that is wrong afterwards should be counted: probably about 70 of 950. (½ point: one of
#    the two.)
# 3. Accuracy on slides from each of the hospitals, and under changes that occur there (stain, focus, scanner,
#    compression), level by level. The 95 % holds for images like those of training, and robustness against one kind of
#    change says nothing about another. (½ point: what to measure, without a reason.)
# ### END SOLUTION

# %% [markdown]
# ## 9 · For the curious: one change for all images (no points)
#
# So far every image got a change of its own. Moosavi-Dezfooli and others (2017) found *one* change that fools a network
# on most images: print it on a foil, and put it in front of the camera.
#
# Write `universal(gradient, X, y, eps, n_steps)`: a single array `v` of shape (n_features,) with no number beyond `eps`.
# Start at zero; in each step ask for the gradients of all images `np.clip(X + v, 0, 1)`, add them up, go `eps / 10` along
# the sign of the sum, and clip `v` to ± `eps`. Try it on the digits of the cell after question 4. How large must `eps` be
# until half of them are misread, and how does that compare with a change for each image?


# %% nbgrader={"grade": false, "grade_id": "universal", "locked": false, "schema_version": 3, "solution": true, "task": false}
def universal(gradient, X, y, eps, n_steps):
    """Return one change for all images, (n_features,), no number of which is beyond eps."""
    ### BEGIN SOLUTION
    v = np.zeros(X.shape[1])
    for _ in range(n_steps):
        total = gradient(np.clip(X + v, 0, 1), y).sum(axis=0)
        v = np.clip(v + eps / 10 * np.sign(total), -eps, eps)
    # With eps = 0.4 more than half of the digits are misread by the softmax regression above. When each image gets a
    # change of its own, 0.19 is enough for half of them.
    return v
    ### END SOLUTION


# %%
# v = universal(lambda Z, y: input_gradient(softmax_regression, Z, y), X_digits, y_digits, 0.4, 30)
# np.mean((np.clip(X_digits + v, 0, 1) @ W_digits + b_digits).argmax(axis=1) != y_digits)   # take the first # away once it is written
