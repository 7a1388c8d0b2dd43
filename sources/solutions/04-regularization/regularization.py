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
# # Exercise 4 · Regularization
#
# You build the tool-box with which a network is reined in: a penalty, a shorter gradient, dropout, batch normalisation,
# early stopping, mixed samples, and cross-validation that nothing leaks into.
#
# **You need** chapter 4. **Time:** 75 to 90 minutes. **Points:** 29.
#
# | | question | points | minutes |
# | --- | --- | --- | --- |
# | 1 | The elastic net: two penalties at once | 4 | 12 |
# | 2 | Shorten all gradients together | 3 | 8 |
# | 3 | Dropout in training and at test | 4 | 12 |
# | 4 | Batch normalisation and its memory | 4 | 12 |
# | 5 | Stop in time, with the best weights | 4 | 12 |
# | 6 | Mix two samples into one | 3 | 10 |
# | 7 | Cross-validation without a leak | 4 | 14 |
# | 8 | In your own words | 3 | 10 |
# | 9 | For the curious: where does batch normalisation go after training? | – | – |
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
# - Where something is random, draw it from the `rng` that you are given, a `numpy.random.Generator`.
# - Question 8 is read by a person, who sees the rubric that you see.
# - Before you hand in: *Kernel → Restart Kernel and Run All Cells*, then **Validate** in the toolbar.
#
# Notation, as in the chapter: a network is a list of layers `(W, b)`, `W` of shape (n_inputs, n_units) and `b` of shape
# (n_units,).
#
# Run this cell first.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from itertools import pairwise

import numpy as np

from dlcourse import checks, data, plots
from dlcourse.scratch import ensemble


def small_layers(seed=0, sizes=(3, 4, 2)):
    """Layers to try a function on: a list of (W, b), no number of them zero."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(n, m)), rng.normal(size=m)) for n, m in pairwise(sizes)]


# %% [markdown]
# ## 1 · The elastic net: two penalties at once (4 points)
#
# The **elastic net** (Zou and Hastie, 2005) penalises the weights of *all* layers with L1 and L2 together:
#
# $$P = \lambda_1 \sum \lvert w \rvert + \lambda_2 \sum w^2$$
#
# The sums run over the weights `W`, **not over the biases**. Write `elastic_net(layers, l1, l2)`, which returns two things:
#
# - the penalty $P$, a number,
# - its gradient, a list with one pair `(dW, db)` for each layer, of the shapes of `W` and `b`.
#
# At a weight of exactly 0, take 0 as the derivative of $\lvert w \rvert$. (`np.sign` does.)
#
# *Example:* one layer with `W = [[2.0, -1.0]]`, `b = [5.0, 5.0]`, `l1=0.1`, `l2=0.01`: the penalty is
# 0.1 · 3 + 0.01 · 5 = 0.35, and its gradient `([[0.14, -0.12]], [0, 0])`.
#
# *Reread:* [chapter 4, Keep the weights small](../../course/04-regularization.ipynb#Keep-the-weights-small)


# %% nbgrader={"grade": false, "grade_id": "elastic_net", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elastic_net(layers, l1, l2):
    """Return the penalty (a number) and its gradient, a list of (dW, db).

    layers: list of (W, b), W (n_inputs, n_units), b (n_units,). l1, l2: strengths, at least 0.
    """
    ### BEGIN SOLUTION
    penalty = sum(l1 * np.abs(W).sum() + l2 * (W**2).sum() for W, _ in layers)
    return penalty, [(l1 * np.sign(W) + 2 * l2 * W, np.zeros_like(b)) for W, b in layers]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elastic_net_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 1. Run it as often as you like.
parts = checks.Parts(points=4)
example = [(np.array([[2.0, -1.0]]), np.array([5.0, 5.0]))]


def sums(layers, power, with_biases=False):
    """Sum of |w|^power over weights, and over biases too if asked for."""
    return sum((np.abs(W) ** power).sum() + with_biases * (np.abs(b) ** power).sum() for W, b in layers)


def both(layers, l1, l2):
    """Call elastic_net and take its answer apart."""
    answer = elastic_net(layers, l1, l2)
    assert answer is not None, "elastic_net returned None: did you forget `return`?"
    assert len(answer) == 2, "elastic_net must return two things: the penalty, and the list of gradients"
    penalty, gradients = answer
    return penalty, gradients


def flat(gradients, layers):
    """All the dW and all the db as two flat arrays, after a look at their shapes."""
    assert len(gradients) == len(layers), (
        f"the gradient has {len(gradients)} entries for {len(layers)} layers: one (dW, db) for each"
    )
    for (W, b), (dW, db) in zip(layers, gradients, strict=True):
        checks.assert_shape(dW, W.shape, "dW")
        checks.assert_shape(db, b.shape, "db")
    return (np.concatenate([np.asarray(pair[which]).ravel() for pair in gradients]) for which in (0, 1))


def check_penalty(layers, l1, l2):
    W1, W2, last = sums(layers, 1), sums(layers, 2), layers[-1:]
    checks.assert_close(
        both(layers, l1, l2)[0],
        l1 * W1 + l2 * W2,
        "the penalty",
        mistakes={
            "the biases are penalised too: leave them out": l1 * sums(layers, 1, True) + l2 * sums(layers, 2, True),
            "there is a factor ½ in the L2 part; here it is Σ w², without": l1 * W1 + l2 * W2 / 2,
            "the L2 part is the root of the sum; take the sum of the squares": l1 * W1 + l2 * np.sqrt(W2),
            "l1 and l2 are swapped": l2 * W1 + l1 * W2,
            "only the last layer is penalised: sum over all of them": l1 * sums(last, 1) + l2 * sums(last, 2),
            "the L1 part sums the weights with their signs; take |w|": l1 * sum(W.sum() for W, _ in layers) + l2 * W2,
        },
    )


def check_weights(layers, l1, l2):
    dW, _ = flat(both(layers, l1, l2)[1], layers)
    w = np.concatenate([W.ravel() for W, _ in layers])
    checks.assert_close(
        dW,
        l1 * np.sign(w) + 2 * l2 * w,
        "the gradient with respect to the weights",
        mistakes={
            "the factor 2 is missing: the derivative of l2 · w² is 2 · l2 · w": l1 * np.sign(w) + l2 * w,
            "the derivative of |w| is its sign, +1 or -1, not |w| itself": l1 * np.abs(w) + 2 * l2 * w,
            "the derivative of |w| is its sign: -1 for negative weights": l1 + 2 * l2 * w,
            "the L1 part is missing": 2 * l2 * w,
            "the L2 part is missing": l1 * np.sign(w),
            "l1 and l2 are swapped": l2 * np.sign(w) + 2 * l1 * w,
        },
    )


with parts("the penalty", points=1):
    check_penalty(example, 0.1, 0.01)
    check_penalty(small_layers(), 0.3, 0.7)
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        check_penalty(small_layers(seed, (2, 5, 3, 1)), 0.1 + seed, 0.2 * seed)
    ### END HIDDEN TESTS

with parts("the gradient with respect to the weights", points=2):
    check_weights(example, 0.1, 0.01)
    check_weights(small_layers(), 0.3, 0.7)
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        check_weights(small_layers(seed, (2, 5, 3, 1)), 0.1 + seed, 0.2 * seed)
    with_zero = [(np.array([[0.0, 3.0]]), np.zeros(2))]
    at_zero, _ = flat(both(with_zero, 0.5, 0.0)[1], with_zero)
    checks.assert_close(at_zero, [0.0, 0.5], "the gradient of |w| at the weights 0 and 3")
    ### END HIDDEN TESTS

with parts("biases are left alone", points=1):
    layers = small_layers(1)
    copies = [(W.copy(), b.copy()) for W, b in layers]
    _, db = flat(both(layers, 0.3, 0.7)[1], layers)
    checks.assert_close(
        db,
        np.zeros(6),
        "the gradient with respect to the biases",
        mistakes={
            "the biases are penalised too: their gradient is 0": np.concatenate(
                [0.3 * np.sign(b) + 1.4 * b for _, b in layers]
            ),
        },
    )
    for (W, b), (W_before, b_before) in zip(layers, copies, strict=True):
        checks.assert_unchanged(W, W_before, "elastic_net must not change the weights that it was given")
        checks.assert_unchanged(b, b_before, "elastic_net must not change the biases that it was given")

parts.score()

# %% [markdown]
# ## 2 · Shorten all gradients together (3 points)
#
# Write `clip_together(gradients, max_length)`. `gradients` is a list of arrays of any shapes. Their common length is that
# of the one vector that they would be if laid end to end:
#
# $$\lVert g \rVert = \sqrt{\textstyle\sum_{\text{all arrays, all entries}} g_i^2}$$
#
# If it is larger than `max_length`, multiply *all* arrays by the same factor so that it becomes `max_length`. Otherwise
# return them as they are. Return a list of new arrays; a gradient of zeros stays zeros.
#
# *Example:* `[3]` and `[[0, 4]]` have the length 5. With `max_length=1` they become `[0.6]` and `[[0, 0.8]]`; with
# `max_length=10` they stay.
#
# *Reread:* [chapter 4, Clip the gradient](../../course/04-regularization.ipynb#Clip-the-gradient)


# %% nbgrader={"grade": false, "grade_id": "clip_together", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_together(gradients, max_length):
    """Return a list of arrays whose common length is at most max_length, in the same direction.

    gradients: list of arrays of any shapes. max_length: positive number.
    """
    ### BEGIN SOLUTION
    length = np.sqrt(sum((g**2).sum() for g in gradients))
    factor = min(1.0, max_length / length) if length > 0 else 1.0
    return [factor * g for g in gradients]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "clip_together_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 2.
parts = checks.Parts(points=3)


def laid_out(gradients):
    return np.concatenate([np.asarray(g, dtype=float).ravel() for g in gradients])


def clipped(gradients, max_length):
    """Call clip_together and lay its answer end to end."""
    answer = clip_together([g.copy() for g in gradients], max_length)
    assert answer is not None, "clip_together returned None: did you forget `return`?"
    assert len(answer) == len(gradients), f"got {len(answer)} arrays for {len(gradients)}: return one for each"
    for got, given in zip(answer, gradients, strict=True):
        checks.assert_shape(got, given.shape, "a clipped gradient")
    return laid_out(answer)


def check_clip(gradients, max_length):
    g = laid_out(gradients)
    length = np.linalg.norm(g)
    own = [a * min(1, max_length / np.linalg.norm(a)) for a in gradients if np.linalg.norm(a)]
    checks.assert_close(
        clipped(gradients, max_length),
        g * min(1, max_length / length),
        f"gradients of the common length {length:.3g}, clipped to {max_length}",
        rtol=1e-6,
        mistakes={
            "each array is clipped by itself, which changes the direction: take one factor for all": laid_out(own),
            "each number is cut off, which changes the direction: multiply all by one factor": np.clip(
                g, -max_length, max_length
            ),
            "nothing is clipped: the gradients are longer than max_length": g,
            "the length is the root of the sum of the squares": g * min(1, max_length / length**2),
            "they end with length 1: multiply by max_length too": g / length,
            "short gradients are made longer: leave them as they are": g * max_length / length,
            "the length is that of |g| summed up; take the root of the sum of squares": g
            * min(1, max_length / np.abs(g).sum()),
        },
    )


with parts("long gradients are shortened together", points=2):
    check_clip([np.array([[6.0, -2.0], [3.0, 1.0]]), np.array([0.5, -0.5])], 2.0)
    check_clip([np.array([3.0]), np.array([[0.0, 4.0]])], 1.0)
    ### BEGIN HIDDEN TESTS
    for seed in range(10):
        rng = np.random.default_rng(seed)
        check_clip(
            [rng.normal(size=(3, 2)), rng.normal(size=4), rng.normal(size=(2, 2, 2))], float(rng.uniform(0.3, 2))
        )
    check_clip([np.array([0.0, 0.0]), np.array([0.3, 0.4])], 0.2)  # long is what is longer than max_length, not than 1
    ### END HIDDEN TESTS

with parts("short ones stay as they are", points=1):
    short_ones = [np.array([0.3, -0.1]), np.array([[0.2]])]
    check_clip(short_ones, 10.0)
    given = [g.copy() for g in short_ones]
    clip_together(given, 0.1)
    for after, before in zip(given, short_ones, strict=True):
        checks.assert_unchanged(after, before, "clip_together must not change the arrays that it was given")
    ### BEGIN HIDDEN TESTS
    checks.assert_close(clipped([np.zeros(3), np.zeros((2, 2))], 1.0), np.zeros(7), "clipped gradients of zeros")
    check_clip([np.array([0.0, 0.0]), np.array([0.6, 0.8])], 1.0)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 3 · Dropout in training and at test (4 points)
#
# Write `dropout(H, rate, rng, training)` for the output `H` of a hidden layer, shape (n_samples, n_units).
#
# - **In training** each number is set to 0 with probability `rate`, drawn anew for every unit, every sample and every
#   call; what is left is divided by the probability to be *kept*.
# - **At test** (`training=False`) nothing happens.
#
# Return two arrays of the shape of `H`: the output, and the **factor** that each number was multiplied by (the backward
# pass needs it). At test the factor is 1 everywhere.
#
# *Example:* with `rate=0.2` a number 4.0 becomes either 0.0 or 4.0 / 0.8 = 5.0, with the factors 0 and 1.25.
#
# *Reread:* [chapter 4, Dropout: work with half the team missing](../../course/04-regularization.ipynb#Dropout:-work-with-half-the-team-missing)


# %% nbgrader={"grade": false, "grade_id": "dropout", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout(H, rate, rng, training):
    """Return (output, factor), both of the shape of H.

    H: (n_samples, n_units). rate: probability to be dropped, from 0 to below 1. rng: a numpy.random.Generator.
    training: whether this is a training step.
    """
    ### BEGIN SOLUTION
    if not training:
        return H.copy(), np.ones_like(H)
    keep = 1 - rate
    factor = (rng.random(H.shape) < keep) / keep
    return H * factor, factor
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropout_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 3.
parts = checks.Parts(points=4)
H = np.random.default_rng(5).uniform(1, 2, size=(200, 50))


def dropped(H, rate, seed=0, training=True):
    """Call dropout and take its answer apart."""
    answer = dropout(H, rate, np.random.default_rng(seed), training)
    assert answer is not None, "dropout returned None: did you forget `return`?"
    assert len(answer) == 2, "dropout must return two arrays: the output and the factor"
    out, factor = (np.asarray(array, dtype=float) for array in answer)
    checks.assert_shape(out, H.shape, "the output")
    checks.assert_shape(factor, H.shape, "the factor")
    return out, factor


with parts("how many are dropped, and what becomes of the rest", points=2):
    for rate in (0.2, 0.75):
        out, factor = dropped(H, rate)
        share = np.mean(out == 0)
        assert share > 0, f"with rate={rate} no number was set to 0"
        assert abs(share - (1 - rate)) > 0.05, (
            f"{share:.0%} of the numbers were dropped at rate={rate}: rate is the probability to be dropped, not to be kept"
        )
        assert abs(share - rate) < 0.05, f"{share:.0%} of the numbers were dropped at rate={rate}"
        left = out != 0
        checks.assert_close(
            (out[left] / H[left])[:6],
            np.full(6, 1 / (1 - rate)),
            f"what the numbers that are left are multiplied by, at rate={rate}",
            mistakes={
                "what is left stays as it is: divide it by the probability to be kept": np.ones(6),
                "what is left is multiplied by the probability to be kept: divide by it": np.full(6, 1 - rate),
                "what is left is divided by rate: divide by the probability to be kept, 1 - rate": np.full(6, 1 / rate),
            },
        )
    ### BEGIN HIDDEN TESTS
    out, factor = dropped(H, 0.4, seed=3)
    assert abs(out.mean() / H.mean() - 1) < 0.05, "the mean of the layer is not what it was: divide by what is kept"
    out, factor = dropped(H, 0.0)
    checks.assert_close(out, H, "the output at rate 0")
    ### END HIDDEN TESTS

with parts("a new mask for every unit, sample and call", points=1):
    out, factor = dropped(H, 0.5)
    checks.assert_close(out, H * factor, "H times the factor, compared with the output")
    zeros = out == 0
    assert not (zeros == zeros[:1]).all(), (
        "the same units are dropped for every sample: draw a mask of the shape of H, not one for each unit"
    )
    assert not (zeros == zeros[:, :1]).all(), "a sample loses all its units or none: draw for each unit"
    rng = np.random.default_rng(0)
    first, second = (np.asarray(dropout(H, 0.5, rng, True)[0]) == 0 for _ in range(2))
    assert not np.array_equal(first, second), (
        "two calls drop the same numbers, one mask for all batches: draw it from the rng that you are given, in every call"
    )
    again = [dropped(H, 0.5, seed=1)[0] for _ in range(2)]
    assert np.array_equal(again[0], again[1]), (
        "the same seed gave two different masks: draw from the rng that you are given, not from np.random"
    )
    ### BEGIN HIDDEN TESTS
    counts = zeros.sum(axis=1)
    assert counts.std() > 1, "every sample loses the same number of units: draw each for itself"
    ### END HIDDEN TESTS

with parts("nothing happens at test", points=1):
    before = H.copy()
    out, factor = dropped(H, 0.5, training=False)
    assert not (out == 0).any(), "dropout is left on at test: with training=False return H as it is"
    checks.assert_close(
        out,
        H,
        "the output at test",
        mistakes={
            "the output is scaled at test: the division in training has seen to that already": 0.5 * H,
            "the output is divided at test too": 2 * H,
        },
    )
    checks.assert_close(factor, np.ones(H.shape), "the factor at test")
    dropout(H, 0.5, np.random.default_rng(0), True)
    checks.assert_unchanged(H, before, "dropout must not change the H that it was given")
    ### BEGIN HIDDEN TESTS
    few = np.array([[1.0, 2.0]])
    for seed in range(5):
        checks.assert_close(dropped(few, 0.9, seed, training=False)[0], few, "two numbers at test, at rate 0.9")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 4 · Batch normalisation and its memory (4 points)
#
# A batch of scores `A` has the shape (n_samples, n_units). Each unit (each column) is normalised on its own:
#
# $$\text{out} = \gamma\,\frac{A - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta$$
#
# - **In training** $\mu$ and $\sigma^2$ are mean and variance of the batch (`np.var`, which divides by $n$), and the running
#   values move towards them: new = momentum · old + (1 − momentum) · that of the batch.
# - **At test** $\mu$ and $\sigma^2$ are the running values, and these stay as they are.
#
# Write `normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3)`. `mean` and `var` are the running values,
# shape (n_units,). Return three arrays: the output, the new running mean and the new running variance.
#
# *Example:* one unit, batch 1 and 3, `gamma=1`, `beta=0`, running values 0 and 1: in training the output is about −1 and 1,
# the running mean becomes 0.9 · 0 + 0.1 · 2 = 0.2, the running variance stays 1. At test the output is about 1 and 3.
#
# *Reread:* [chapter 4, Batch normalisation](../../course/04-regularization.ipynb#Batch-normalisation)


# %% nbgrader={"grade": false, "grade_id": "normalise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    """Return (output, running mean, running variance), of shapes (n_samples, n_units), (n_units,) and (n_units,).

    A: (n_samples, n_units). gamma, beta, mean, var: (n_units,). training: whether this is a training step.
    """
    ### BEGIN SOLUTION
    mu, sigma2 = (A.mean(axis=0), A.var(axis=0)) if training else (mean, var)
    out = gamma * (A - mu) / np.sqrt(sigma2 + eps) + beta
    if training:
        mean = momentum * mean + (1 - momentum) * mu
        var = momentum * var + (1 - momentum) * sigma2
    return out, mean, var
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "normalise_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 4.
parts = checks.Parts(points=4)
rng = np.random.default_rng(0)
A = rng.normal([5.0, -2.0, 0.5, 1.0], [1.0, 2.0, 0.5, 3.0], size=(6, 4))
gamma, beta = np.array([1.0, 2.0, 0.5, 1.5]), np.array([0.0, 1.0, -1.0, 0.3])
old_mean, old_var = np.array([4.0, -1.0, 0.0, 2.0]), np.array([2.0, 3.0, 1.0, 4.0])


def scaled(A, mu, sigma2, gamma=gamma, beta=beta, eps=1e-3):
    return gamma * (A - mu) / np.sqrt(sigma2 + eps) + beta


def normalised(A, training, **options):
    """Call normalise and take its answer apart."""
    answer = normalise(A.copy(), gamma, beta, old_mean.copy(), old_var.copy(), training, **options)
    assert answer is not None, "normalise returned None: did you forget `return`?"
    assert len(answer) == 3, "normalise must return three arrays: output, running mean, running variance"
    out, mean, var = answer
    checks.assert_shape(out, A.shape, "the output")
    return out, mean, var


def check_training(A, eps=1e-3):
    mu, sigma2 = A.mean(axis=0), A.var(axis=0)
    rows = A.mean(axis=1, keepdims=True), A.var(axis=1, keepdims=True)
    checks.assert_close(
        normalised(A, True, eps=eps)[0],
        scaled(A, mu, sigma2, eps=eps),
        "the output in training",
        mistakes={
            "the mean runs along the wrong axis: over the samples of a unit, axis=0": scaled(A, *rows, eps=eps),
            "there is one mean for the whole batch: take one for each unit, axis=0": scaled(
                A, A.mean(), A.var(), eps=eps
            ),
            "these are the running values; in training take those of the batch": scaled(A, old_mean, old_var, eps=eps),
            "divide by the root of the variance, not by the variance": gamma * (A - mu) / (sigma2 + eps) + beta,
            "gamma and beta are missing": scaled(A, mu, sigma2, 1, 0, eps=eps),
            "eps belongs inside the root": gamma * (A - mu) / (np.sqrt(sigma2) + eps) + beta,
            "the variance divides by n, not by n - 1": scaled(A, mu, A.var(axis=0, ddof=1), eps=eps),
        },
    )


with parts("the output in training", points=1):
    check_training(A)
    check_training(A, eps=0.5)
    ### BEGIN HIDDEN TESTS
    check_training(np.random.default_rng(1).normal(3, 2, size=(4, 4)))
    check_training(np.full((3, 4), 2.0))
    ### END HIDDEN TESTS

with parts("the running values move a little", points=1):
    mu, sigma2 = A.mean(axis=0), A.var(axis=0)
    for momentum in (0.9, 0.6):
        _, mean, var = normalised(A, True, momentum=momentum)
        checks.assert_close(
            mean,
            momentum * old_mean + (1 - momentum) * mu,
            f"the running mean with momentum {momentum}",
            mistakes={
                "the shares are swapped: momentum is the share of the old value": momentum * mu
                + (1 - momentum) * old_mean,
                "the running mean did not move": old_mean,
                "that is the mean of the batch alone: keep a share of the old one": mu,
                "the new share is missing its factor 1 - momentum": momentum * old_mean + mu,
            },
        )
        checks.assert_close(
            var,
            momentum * old_var + (1 - momentum) * sigma2,
            f"the running variance with momentum {momentum}",
            mistakes={
                "that is a running standard deviation: average the variances": momentum * old_var
                + (1 - momentum) * np.sqrt(sigma2),
                "the shares are swapped: momentum is the share of the old value": momentum * sigma2
                + (1 - momentum) * old_var,
                "the running variance did not move": old_var,
            },
        )

with parts("the output at test, and the running values stay", points=2):
    out, mean, var = normalised(A, False)
    checks.assert_close(
        out,
        scaled(A, old_mean, old_var),
        "the output at test",
        mistakes={
            "these are the statistics of the batch: at test take the running ones": scaled(A, mu, sigma2),
            "the running values were moved before they were used": scaled(
                A, 0.9 * old_mean + 0.1 * mu, 0.9 * old_var + 0.1 * sigma2
            ),
            "divide by the root of the variance, not by the variance": gamma * (A - old_mean) / (old_var + 1e-3) + beta,
            "gamma and beta are missing": scaled(A, old_mean, old_var, 1, 0),
        },
    )
    checks.assert_close(
        mean,
        old_mean,
        "the running mean after a test batch",
        mistakes={"the running mean moved at test: it must stay as it is": 0.9 * old_mean + 0.1 * mu},
    )
    checks.assert_close(
        var,
        old_var,
        "the running variance after a test batch",
        mistakes={"the running variance moved at test: it must stay as it is": 0.9 * old_var + 0.1 * sigma2},
    )
    ### BEGIN HIDDEN TESTS
    # One sample alone: the answer may not depend on who else is in the batch.
    single = normalised(A[:1], False)[0]
    checks.assert_close(single, scaled(A[:1], old_mean, old_var), "the output at test for one sample alone")
    kept_mean, kept_var = old_mean.copy(), old_var.copy()
    normalise(A, gamma, beta, kept_mean, kept_var, True)
    checks.assert_unchanged(kept_mean, old_mean, "normalise must not change the mean that it was given")
    checks.assert_unchanged(kept_var, old_var, "normalise must not change the var that it was given")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 5 · Stop in time, with the best weights (4 points)
#
# Write `train_until(train_epoch, losses, weights, patience, max_epochs)`.
#
# - `train_epoch(weights)` is a function that trains for one epoch and returns the new weights.
# - `losses(weights)` is a function that measures them. It returns a dictionary with three numbers: `"training"`,
#   `"validation"` and `"test"`. Decide by the right one.
# - Train epoch after epoch. An epoch is better if its loss is *lower* than the lowest before; the first epoch always is.
#   (The weights that you start with do not count.) Stop when there have been `patience` epochs in a row without a better
#   one, or after `max_epochs`.
#
# Return three things: the **weights of the best epoch**, the number of epochs trained, and the best epoch (counted from 1).
#
# *Example:* losses of 0.9, 0.5, 0.6, 0.7, 0.4 in the first five epochs, `patience=2`: training ends after epoch 4, the best
# epoch is 2.
#
# *Reread:* [chapter 4, Stop in time](../../course/04-regularization.ipynb#Stop-in-time)


# %% nbgrader={"grade": false, "grade_id": "train_until", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_until(train_epoch, losses, weights, patience, max_epochs):
    """Return (best weights, number of epochs trained, best epoch).

    train_epoch: from weights to weights. losses: from weights to {"training": …, "validation": …, "test": …}.
    weights: an array. patience, max_epochs: at least 1.
    """
    ### BEGIN SOLUTION
    lowest, best_weights, best_epoch = np.inf, weights, 0
    for epoch in range(1, max_epochs + 1):
        weights = train_epoch(weights)
        loss = losses(weights)["validation"]
        if loss < lowest:
            lowest, best_weights, best_epoch = loss, weights, epoch
        elif epoch - best_epoch >= patience:
            break
    return best_weights, epoch, best_epoch
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_until_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 5.
parts = checks.Parts(points=4)
CURVE = (0.9, 0.5, 0.6, 0.7, 0.4, 0.45, 0.46, 0.3, 0.2, 0.1)


def stopped(validation, patience, max_epochs=None, training=None, test=None):
    """Run train_until on a made-up training whose weights count the epochs."""
    curves = {
        "training": training or [1 / (epoch + 1) for epoch in range(len(validation))],
        "validation": list(validation),
        "test": test or [0.5] * len(validation),
    }

    def train_epoch(weights):
        return np.asarray(weights) + 1

    def losses(weights):
        epoch = int(np.asarray(weights).flat[0])
        return {name: 99.0 if epoch == 0 else float(curve[epoch - 1]) for name, curve in curves.items()}

    answer = train_until(train_epoch, losses, np.zeros(2), patience, max_epochs or len(validation))
    assert answer is not None, "train_until returned None: did you forget `return`?"
    assert len(answer) == 3, "train_until must return three things: weights, epochs trained, best epoch"
    weights, n_epochs, best = answer
    checks.assert_shape(weights, (2,), "the weights")
    return float(np.asarray(weights)[0]), int(n_epochs), int(best)


def check_end(validation, patience, ends, max_epochs=None):
    _, n_epochs, _ = stopped(validation, patience, max_epochs)
    assert n_epochs != ends + 1 or ends == len(validation), (
        f"training went on for one epoch too many ({n_epochs}): stop as soon as patience={patience} epochs brought nothing"
    )
    assert n_epochs != ends - 1, (
        f"training stopped one epoch too early ({n_epochs}): wait for patience={patience} epochs without a better one"
    )
    checks.assert_close(n_epochs, ends, f"epochs trained with patience={patience} and the losses {list(validation)}")


with parts("when training ends", points=1):
    check_end((0.9, 0.5, 0.6, 0.7, 0.8, 0.9), 2, 4)
    check_end(CURVE, 2, 4)
    _, n_epochs, _ = stopped((0.9, 0.5, 0.6, 0.4, 0.5, 0.3, 0.4, 0.2), 2)
    assert n_epochs == 8, (
        f"training ended after {n_epochs} epochs instead of 8: epochs without a better one count only in a row, so begin "
        "to count anew when there is a better one"
    )
    check_end(CURVE, 3, 10)
    check_end((0.9, 0.8, 0.85, 0.7, 0.75, 0.76, 0.77, 0.1), 3, 7)
    ### BEGIN HIDDEN TESTS
    check_end((0.5, 0.6, 0.4, 0.3), 1, 2)
    check_end((0.9, 0.8, 0.7, 0.6), 2, 3, max_epochs=3)
    _, n_epochs, best = stopped((0.5, 0.5, 0.5, 0.5, 0.5, 0.5), 3)
    assert (n_epochs, best) == (4, 1), "an equal loss is not a better one"
    ### END HIDDEN TESTS

with parts("it decides by the validation loss", points=1):
    falling = [1 - 0.1 * epoch for epoch in range(6)]
    validation = [0.5, 0.4, 0.6, 0.7, 0.8, 0.9]
    test = [0.9, 0.8, 0.7, 0.3, 0.5, 0.6]
    _, n_epochs, best = stopped(validation, 2, training=falling, test=test)
    assert best != 4, "epoch 4 has the lowest test loss: never decide by the test set, use the validation loss"
    assert best != 6, (
        "epoch 6 has the lowest training loss, which nearly always goes on falling: use the validation loss"
    )
    checks.assert_close(best, 2, "the best epoch")

with parts("the weights of the best epoch come back", points=2):
    weights, n_epochs, best = stopped((0.9, 0.5, 0.6, 0.7, 0.8, 0.9), 2)
    checks.assert_close(best, 2, "the best epoch of the losses 0.9, 0.5, 0.6, 0.7, 0.8, 0.9")
    checks.assert_close(
        weights,
        2.0,
        "the weights (they count the epochs: 2.0 are those of epoch 2)",
        mistakes={
            "the last weights are returned: go back to those of the best epoch": float(n_epochs),
            "the weights are those before the best epoch: keep what train_epoch returned": 1.0,
            "the weights that training began with are returned": 0.0,
        },
    )
    ### BEGIN HIDDEN TESTS
    weights, _, best = stopped((0.9, 0.8, 0.6, 0.65, 0.7, 0.75, 0.8), 2)
    checks.assert_close([weights, best], [3, 3], "the weights and the best epoch of another curve")
    weights, _, best = stopped((0.9, 0.7, 0.5, 0.6), 3, max_epochs=4)
    checks.assert_close([weights, best], [3, 3], "the weights and the best epoch when max_epochs ends training")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 6 · Mix two samples into one (3 points)
#
# **Mixup** (Zhang and others, 2018) is augmentation for any kind of data: it blends each sample of a batch with another one
# of the batch, and their labels in the same proportion. For each sample $i$ draw a share $\lambda_i$ and a partner $j$:
#
# $$x'_i = \lambda_i x_i + (1 - \lambda_i)\, x_j, \qquad y'_i = \lambda_i y_i + (1 - \lambda_i)\, y_j$$
#
# Labels are **one-hot**: 1 in the column of the class and 0 elsewhere. Write `mixup(X, y, n_classes, alpha, rng)` for class
# indices `y`. The partners are a random order of the batch (`rng.permutation`), and the shares are drawn from
# `rng.beta(alpha, alpha, size=n_samples)`, one for each sample. Return the mixed X and the mixed one-hot labels, shapes
# (n_samples, n_features) and (n_samples, n_classes).
#
# *Example:* with λ = 0.7, a sample of class 0 and its partner of class 2 (of three) get the label `[0.7, 0, 0.3]`.
#
# *Reread:* [chapter 4, More data from the data you have](../../course/04-regularization.ipynb#More-data-from-the-data-you-have)


# %% nbgrader={"grade": false, "grade_id": "mixup", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mixup(X, y, n_classes, alpha, rng):
    """Return (mixed X, mixed one-hot labels), of shapes (n_samples, n_features) and (n_samples, n_classes).

    X: (n_samples, n_features). y: (n_samples,) class indices. alpha: positive number. rng: a numpy.random.Generator.
    """
    ### BEGIN SOLUTION
    Y = np.eye(n_classes)[y]
    partner = rng.permutation(len(X))
    share = rng.beta(alpha, alpha, size=len(X))[:, None]
    return share * X + (1 - share) * X[partner], share * Y + (1 - share) * Y[partner]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mixup_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 6.
parts = checks.Parts(points=3)
ten, labels = np.eye(10), np.arange(10) % 3
KIND = np.eye(3)[labels]  # (10, 3): ten @ KIND are the one-hot labels of the ten samples


def mixed(X, y, n_classes=3, alpha=1.0, seed=0):
    """Call mixup and take its answer apart."""
    answer = mixup(X, y, n_classes, alpha, np.random.default_rng(seed))
    assert answer is not None, "mixup returned None: did you forget `return`?"
    assert len(answer) == 2, "mixup must return two arrays: the mixed X and the mixed labels"
    X_mixed, Y_mixed = (np.asarray(array, dtype=float) for array in answer)
    checks.assert_shape(X_mixed, X.shape, "the mixed X")
    assert Y_mixed.ndim == 2, (
        "the mixed labels are class indices: half of class 0 and half of class 2 is not class 1; mix one-hot labels"
    )
    checks.assert_shape(Y_mixed, (len(X), n_classes), "the mixed labels")
    return X_mixed, Y_mixed


def swapped_labels(X_mixed):
    """Labels in which a sample's own share and its partner's have changed places."""
    own = np.diag(X_mixed)[:, None]
    others = X_mixed - np.diag(np.diag(X_mixed)) > 1e-9
    others[~others.any(axis=1)] = np.eye(10, dtype=bool)[~others.any(axis=1)]  # a sample that is its own partner
    return (1 - own) * KIND + own * (others @ KIND)


with parts("each sample is a blend of itself and one other", points=1):
    for seed in range(3):
        X_mixed, _ = mixed(ten, labels, seed=seed)
        checks.assert_close(X_mixed.sum(axis=1), np.ones(10), "the two shares of each sample, added up")
        assert (X_mixed > -1e-9).all(), "a share is negative: the shares are λ and 1 - λ"
        assert ((X_mixed > 1e-9).sum(axis=1) <= 2).all(), "a sample is a blend of more than two"
        assert (np.diag(X_mixed) > 0).all(), "a sample has lost its own part: blend it with its partner"
    assert not np.allclose(X_mixed, ten), "nothing is mixed"
    others = X_mixed - np.diag(np.diag(X_mixed))
    shares = others.max(axis=1)[others.max(axis=1) > 1e-9]
    assert len(shares) < 2 or np.ptp(shares) > 1e-6, "all samples have the same share: draw one λ for each of them"

with parts("the labels are mixed like the samples", points=1):
    X_mixed, Y_mixed = mixed(ten, labels)
    assert not np.allclose(Y_mixed, KIND), "the labels are not mixed: they need the same shares and partners as X"
    checks.assert_close(
        Y_mixed,
        X_mixed @ KIND,
        "the labels that belong to the mixed samples (same partners and same shares for X and y)",
        mistakes={
            "λ and 1 - λ are swapped in the labels": swapped_labels(X_mixed),
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        X_mixed, Y_mixed = mixed(ten, labels, seed=seed, alpha=0.4)
        checks.assert_close(Y_mixed, X_mixed @ KIND, "the labels that belong to the mixed samples")
    _, Y_mixed = mixed(np.eye(4), np.array([0, 1, 1, 0]), n_classes=5)
    checks.assert_close(Y_mixed[:, 2:], np.zeros((4, 3)), "labels of classes that do not occur in the batch")
    ### END HIDDEN TESTS

with parts("what is random comes from rng, and alpha counts", points=1):
    before = ten.copy()
    one, again, other = (mixed(ten, labels, seed=seed)[0] for seed in (0, 0, 1))
    assert np.array_equal(one, again), "the same seed gave two different blends: draw from the rng that you are given"
    assert not np.array_equal(one, other), "two different rng gave the same blend: use the rng that you are given"
    checks.assert_unchanged(ten, before, "mixup must not change the X that it was given")
    big, many = np.eye(200), np.zeros(200, dtype=int)
    spreads = {alpha: np.diag(mixed(big, many, 1, alpha)[0]).std() for alpha in (0.1, 100.0)}
    assert spreads[100.0] < 0.2, "with alpha=100 the shares should be close to ½: draw them from rng.beta(alpha, alpha)"
    assert spreads[0.1] > 0.3, (
        "with alpha=0.1 the shares should be close to 0 or 1: draw them from rng.beta(alpha, alpha)"
    )

parts.score()

# %% [markdown]
# ## 7 · Cross-validation without a leak (4 points)
#
# Write `cross_validate(score, X, y, k, rng)`. `score(X_train, y_train, X_held, y_held)` is a function that trains on the
# first pair, measures on the second, and returns a number.
#
# - Put the samples into a random order, drawn from `rng`, and cut it into `k` parts whose sizes differ by at most one.
#   (`np.array_split` cuts so.)
# - For each part: hold it out, and **standardise** all features with mean and standard deviation **of the rest**, the
#   held-out part too. Hand both to `score`.
# - Return an array with the `k` scores.
#
# The training samples must know nothing of the held-out ones, not even through a mean. No feature is constant.
#
# *Example:* 10 samples, `k=3` make parts of 4, 3 and 3; each sample is held out exactly once.
#
# *Reread:* [chapter 4, Which settings? Searching, with cross-validation](../../course/04-regularization.ipynb#Which-settings?-Searching,-with-cross-validation)


# %% nbgrader={"grade": false, "grade_id": "cross_validate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_validate(score, X, y, k, rng):
    """Return the (k,) scores, one for each part that was held out.

    score: from X_train, y_train, X_held, y_held to a number. X: (n_samples, n_features). y: (n_samples,).
    k: from 2 to n_samples. rng: a numpy.random.Generator.
    """
    ### BEGIN SOLUTION
    scores = []
    for held in np.array_split(rng.permutation(len(X)), k):
        rest = np.setdiff1d(np.arange(len(X)), held)
        mean, sd = X[rest].mean(axis=0), X[rest].std(axis=0)
        scores.append(score((X[rest] - mean) / sd, y[rest], (X[held] - mean) / sd, y[held]))
    return np.array(scores)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cross_validate_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 7.
parts = checks.Parts(points=4)
biopsies = data.load("breast_cancer")


def watched(n_samples, k, seed=0):
    """Run cross_validate on n biopsies numbered 0, 1, …: what it handed to `score`, and what it returned."""
    X, seen = biopsies.X[:n_samples, :3], []

    def score(X_train, y_train, X_held, y_held):
        seen.append(tuple(np.array(array, dtype=float) for array in (X_train, y_train, X_held, y_held)))
        return 10.0 + len(seen)

    returned = cross_validate(score, X.copy(), np.arange(n_samples), k, np.random.default_rng(seed))
    assert returned is not None, "cross_validate returned None: did you forget `return`?"
    return X, seen, np.asarray(returned, dtype=float)


def check_parts(n_samples, k):
    _, seen, _ = watched(n_samples, k)
    assert len(seen) == k, f"score was called {len(seen)} times for k={k}: once for each part"
    held = np.concatenate([y_held for _, _, _, y_held in seen]).astype(int)
    for _, y_train, _, y_held in seen:
        assert not set(y_train) & set(y_held), "samples that are held out are also trained on: train on the rest only"
        assert len(y_train) + len(y_held) == n_samples, (
            f"{len(y_train)} samples to train on and {len(y_held)} held out, of {n_samples}: train on all the rest"
        )
    times = np.bincount(held, minlength=n_samples)
    assert times.min() > 0, f"{np.sum(times == 0)} of {n_samples} samples are never held out: the last ones count too"
    assert times.max() == 1, "a sample is held out more than once"
    sizes = sorted(len(y_held) for _, _, _, y_held in seen)
    assert sizes[-1] - sizes[0] <= 1, f"the parts have {sizes} samples: their sizes may differ by one"


def with_moments(X, seen, moments):
    """Compare what was handed over with standardisation by `moments(train rows, held rows) -> two (mean, sd)`."""
    agreed = []
    for X_train, y_train, X_held, y_held in seen:
        train_rows, held_rows = X[y_train.astype(int)], X[y_held.astype(int)]
        by_train, by_held = moments(train_rows, held_rows)
        pairs = ((X_train, train_rows, by_train), (X_held, held_rows, by_held))
        agreed.append(all(np.allclose(got, (rows - m) / s, atol=1e-6) for got, rows, (m, s) in pairs))
    return all(agreed)


with parts("every sample is held out once", points=1):
    check_parts(10, 3)
    check_parts(12, 4)
    ### BEGIN HIDDEN TESTS
    check_parts(23, 5)
    check_parts(7, 7)
    check_parts(9, 2)
    ### END HIDDEN TESTS

with parts("standardised, and nothing leaks", points=2):
    X, seen, _ = watched(30, 3)
    assert seen, "score was never called"

    def moments_of(rows):
        return rows.mean(axis=0), rows.std(axis=0)

    everything = moments_of(X)
    assert not with_moments(X, seen, lambda train, held: (everything, everything)), (
        "mean and standard deviation are those of all samples, so the held-out part leaks into training: measure them on "
        "the rest"
    )
    assert not with_moments(X, seen, lambda train, held: (moments_of(train), moments_of(held))), (
        "the held-out part is standardised by its own mean: use mean and standard deviation of the rest for both"
    )
    nothing = np.zeros(3), np.ones(3)
    assert not with_moments(X, seen, lambda train, held: (nothing, nothing)), "the features are not standardised"
    assert not with_moments(X, seen, lambda train, held: (moments_of(train), nothing)), (
        "the held-out part is not standardised: give it the mean and standard deviation of the rest"
    )
    assert with_moments(X, seen, lambda train, held: (moments_of(train), moments_of(train))), (
        "the features are not (x - mean) / sd with mean and sd of the rest, or samples come with labels of others"
    )
    ### BEGIN HIDDEN TESTS
    X, seen, _ = watched(17, 4, seed=3)
    assert with_moments(X, seen, lambda train, held: (moments_of(train), moments_of(train))), (
        "for 17 samples in 4 parts the features are not standardised by the rest, or samples come with labels of others"
    )
    ### END HIDDEN TESTS

with parts("random parts, and all the scores", points=1):
    orders = [np.concatenate([y_held for *_, y_held in watched(20, 4, seed)[1]]) for seed in (0, 0, 1)]
    assert not np.array_equal(orders[0], np.arange(20)), "the parts are cut in the order of the file: shuffle first"
    assert np.array_equal(orders[0], orders[1]), "the same seed gave other parts: draw from the rng that you are given"
    assert not np.array_equal(np.sort(orders[0][:5]), np.sort(orders[2][:5])), (
        "two different rng gave the same parts: use the rng that you are given"
    )
    _, _, returned = watched(20, 4)
    checks.assert_close(
        returned,
        [11.0, 12.0, 13.0, 14.0],
        "the scores",
        mistakes={
            "that is the mean of the scores; return all of them": 12.5,
            "that is the last score only": 14.0,
            "that is the best score; return all of them": 14.0,
        },
    )

parts.score()

# %% [markdown]
# ## 8 · In your own words (3 points, read by a person)
#
# Three networks learn to tell benign from malignant biopsies; in the training set of 100, every fifth label is wrong. Run
# the next cell and look at its figure.
#
# *Reread:* [chapter 4, Key points](../../course/04-regularization.ipynb#Key-points)

# %% nbgrader={"grade": false, "grade_id": "three_networks", "locked": true, "schema_version": 3, "solution": false, "task": false}
spoilt, clean = data.load("breast_cancer").split(469 / 569, seed=0)
spoilt, clean = spoilt.standardise(), clean.standardise(like=spoilt)
spoilt_labels = spoilt.y.copy()
spoilt_labels[::5] = 1 - spoilt_labels[::5]


def loss_curves(decay, n_epochs=100):
    """Training and validation loss, each (n_epochs,), of a network with 64 hidden units."""
    run = ensemble.train(
        ensemble.start((30, 64, 2), [0]),
        spoilt.X.astype(np.float32),
        spoilt_labels,
        n_epochs=n_epochs,
        lr=0.01,
        decay=decay,
        validation=(clean.X.astype(np.float32), clean.y),
    )
    return run.history["loss"][0], run.history["val_loss"][0]


networks = {"network A": 0.0, "network B": 100.0, "network C": 10.0}  # their weight decay
figure, panels = plots.new_figure(1, 3, size=(11, 3.6), sharey=True)
for axes, (name, decay) in zip(panels, networks.items(), strict=True):
    two = dict(zip(("training", "validation"), loss_curves(decay), strict=True))
    plots.curves(axes, np.arange(1, 101), two, labels=("epoch", "loss"), title=name)
    axes.set(ylim=(0, 1.5))
plots.show(
    figure,
    alt="Three plots of training and validation loss over 100 epochs. A: the training loss falls to nearly 0, the "
    "validation loss rises above 1. B: both stay level at about 0.65. C: both are lower from the first epochs on, the "
    "validation loss below the training loss and not rising.",
    caption="Three networks, 100 biopsies with 20 wrong labels to train on, 469 with right labels to validate.",
)

# %% [markdown]
# Answer in one or two sentences each:
#
# 1. Which network overfits, which underfits, which is about right? Say for each what shows it, and what you would change
#    about the two that are not right.
# 2. In network C the validation loss is *lower* than the training loss. "That must be a bug," says a colleague. Is it?
# 3. Another colleague has tried 200 settings, reports the accuracy of the best one on the validation set, 0.97, and is
#    surprised by 0.93 on fresh samples. What went wrong, and how should it have been done?
#
# | rubric | 1 point | ½ point |
# | --- | --- | --- |
# | 1 | names all three rightly with what shows it, **and** a fitting change for A and for B | names all three rightly |
# | 2 | no, **and** a reason that fits these data | no, without a reason or with one that does not fit |
# | 3 | the best of many is too good by chance, **and** a test set touched once (or nested cross-validation) | one of the two |

# %% [markdown] nbgrader={"grade": true, "grade_id": "in_your_own_words", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. A overfits: its training loss goes to 0 while the validation loss rises. It needs to be reined in (weight decay, dropout,
#    early stopping, a smaller network, more data). B underfits: even its training loss stays close to that of guessing,
#    ln 2 = 0.69; it is reined in too much, so less weight decay. C is about right: both losses are low and stay there.
#    (½ point: the three names only.)
# 2. No. A fifth of the training labels is wrong and those of the validation set are right, so a network that has not learned
#    the wrong ones by heart does better on validation data. (Dropout or augmentation, if the training loss is measured with
#    them on, have the same effect, but are not used here.)
# 3. The validation set was used to choose, and the best of 200 settings is the best partly by luck on these samples. Choose
#    on the validation set, then measure the chosen one once on a test set that played no part (or nest the search in an
#    outer cross-validation).
# ### END SOLUTION

# %% [markdown]
# ## 9 · For the curious: where does batch normalisation go after training? (no points)
#
# At test time batch normalisation does nothing but multiply and add, and so does the layer before it. Two such steps are one:
# write `fold(W, b, gamma, beta, mean, var, eps=1e-3)`, which returns a new `W` and `b` so that `X @ W_new + b_new` is what
# batch normalisation with the running `mean` and `var` would make of `X @ W + b`. That is what is done before a network goes
# into a microscope or a telephone.


# %% nbgrader={"grade": false, "grade_id": "fold", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fold(W, b, gamma, beta, mean, var, eps=1e-3):
    """Return (W, b) of a layer that does the work of layer and batch normalisation at test time."""
    ### BEGIN SOLUTION
    factor = gamma / np.sqrt(var + eps)  # (n_units,): scales the columns of W
    return W * factor, (b - mean) * factor + beta
    ### END SOLUTION


# %%
# rng = np.random.default_rng(0)    # take the # away once the function is written: the difference should be next to 0
# X, W, b, gamma, beta, mean, var = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), *rng.uniform(1, 2, size=(5, 2))
# W_new, b_new = fold(W, b, gamma, beta, mean, var)
# np.abs(X @ W_new + b_new - (gamma * (X @ W + b - mean) / np.sqrt(var + 1e-3) + beta)).max()
