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
# # Exercise 2 · Backprop by hand
#
# You carry derivatives back: through a neuron, through a loss, through layers and past them. You build the judge that
# says whether they are right. And then a network of your own learns what a penguin weighs.
#
# **You need** chapter 2. **Time:** 75 to 90 minutes. **Points:** 29.
#
# | | question | points | minutes |
# | --- | --- | --- | --- |
# | 1 | Back through one neuron | 3 | 8 |
# | 2 | When the experts disagree: cross entropy with shares | 4 | 14 |
# | 3 | Back through a dense layer | 3 | 8 |
# | 4 | Back through an activation | 2 | 6 |
# | 5 | The judge: a numerical gradient | 3 | 10 |
# | 6 | A good start: He initialisation | 3 | 7 |
# | 7 | One step of a whole network | 5 | 20 |
# | 8 | Back past a layer: the skip connection | 3 | 8 |
# | 9 | In your own words | 3 | 8 |
# | 10 | For the curious: which measurement counts? | – | – |
#
# ## How to work
#
# - Replace each `raise NotImplementedError()` by your code. Keep the names of the functions and the order of their
#   arguments.
# - Below each answer stands a **test cell**. Run it as often as you like: it prints ✓ or ✗ for each part, says what went
#   wrong, and gives the points. A test cell cannot be edited; try things out in cells of your own.
# - Passing the test cell is a good sign, but not all: when your work is graded, more tests run, with other numbers and
#   in the corners that the text mentions. So read the text, not only the tests.
# - Each question is graded on its own. Stuck? Go on: no test of a later question uses an earlier answer. For the same
#   reason, don't call the function of an earlier question in a later one.
# - Loops or vectorised numpy: both are right. So are lists where the text says array. Your functions must not change
#   the arrays that they are given.
# - Question 9 is read by a person, who sees the rubric that you see.
# - Before you hand in: *Kernel → Restart Kernel and Run All Cells*, then **Validate** in the toolbar, which runs the
#   tests that you can see. (Validate also names question 9 as long as it is empty.)
#
# Notation, as in the chapter: `X` has shape (n_samples, n_features), one sample per row; `W` has shape (n_inputs,
# n_units); `A` are scores, before the activation, and `H` what comes out of it; `dQ` is the derivative of the loss with
# respect to `Q`, and has the shape of `Q`.
#
# Run this cell first.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import itertools

import numpy as np

from dlcourse import checks, data

penguins = data.load("penguins")
measurements = penguins.select(["bill length", "bill depth", "flipper length"]).standardise().X  # (342, 3), in z
mass = penguins.X[:, 3] / 1000  # (342,) in kg
penguins

# %% [markdown]
# ## 1 · Back through one neuron (3 points)
#
# A neuron with a tanh looks at **one** sample $x$, and is told that it should have said $y$:
#
# $$a = w \cdot x + b \qquad \hat y = \tanh(a) \qquad L = \tfrac12 (\hat y - y)^2$$
#
# Write `neuron_gradient(x, y, w, b)`, which returns the pair `dw, db`: the derivatives of $L$ with respect to the
# weights, shape (n_features,), and to the bias, a number.
#
# *Reminder:* the slope of $\tanh$ at $a$ is $1 - \tanh^2(a)$.
#
# *Example:* $w = (0.5, -0.25)$, $b = 0.5$, $x = (2, 4)$ and $y = 1$: the score is $1 - 1 + 0.5 = 0.5$ and
# $\hat y = 0.4621$. The local gradients are $\hat y - y = -0.5379$ and $1 - \hat y^2 = 0.7864$; their product is
# $-0.4230$. So `dw` is $(-0.8460, -1.6921)$ and `db` is $-0.4230$.
#
# *Reread:* [chapter 2, One neuron, number by number](../../course/02-backprop.ipynb#One-neuron,-number-by-number)


# %% nbgrader={"grade": false, "grade_id": "neuron_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def neuron_gradient(x, y, w, b):
    """Return (dw, db), the derivatives of the loss of a tanh neuron for one sample.

    x: (n_features,) array. y: number. w: (n_features,) array. b: number.
    """
    ### BEGIN SOLUTION
    y_hat = np.tanh(w @ x + b)
    delta = (y_hat - y) * (1 - y_hat**2)
    return delta * x, delta
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "neuron_gradient_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 1. Run it as often as you like.
parts = checks.Parts(points=3)
x, w, b = np.array([2.0, 4.0]), np.array([0.5, -0.25]), 0.5


def slips(y_hat, a, y, slope):
    """What ∂L/∂a becomes when a link of the chain is missing or wrong."""
    return {
        "the slope of tanh is missing: three links make the chain, ŷ - y, 1 - ŷ², and the input": y_hat - y,
        "the slope of tanh was taken at ŷ; it is taken at the score a": (y_hat - y) * (1 - np.tanh(y_hat) ** 2),
        "1 - a² is not the slope of tanh: it is 1 - tanh²(a)": (y_hat - y) * (1 - a**2),
        "ŷ(1 - ŷ) is the slope of a sigmoid, and this is a tanh": (y_hat - y) * y_hat * (1 - y_hat),
        "it is twice too large: the ½ in the loss takes the 2 away": 2 * (y_hat - y) * slope,
        "the sign is the wrong way round: the first link is ŷ - y": (y - y_hat) * slope,
        "the first link is missing, ŷ - y": slope,
        "that is the loss times the slope; the first link is the derivative of the loss, ŷ - y": (y_hat - y) ** 2
        / 2
        * slope,
        "that is the loss; its derivative is asked for, three links long: ŷ - y, 1 - ŷ², and the input": (y_hat - y)
        ** 2
        / 2,
    }


def pair_for(x, y, w, b):
    pair = neuron_gradient(x, y, w, b)
    assert pair is not None, "neuron_gradient returned None: did you forget `return dw, db`?"
    assert len(pair) == 2, "neuron_gradient returns two things: dw and db"
    return pair


def check_dw(x, y, w, b, what):
    a = w @ x + b
    y_hat, without_b, each = np.tanh(a), np.tanh(w @ x), np.tanh(w * x + b)
    slope = 1 - y_hat**2
    wrong = {message: delta * x for message, delta in slips(y_hat, a, y, slope).items()}
    wrong |= {
        "the last link is the input: each weight moves the score by its x": np.full(len(x), (y_hat - y) * slope),
        "the last link is the input x, not the weight": (y_hat - y) * slope * w,
        "the score was computed without the bias": (without_b - y) * (1 - without_b**2) * x,
        "the score is one number, the sum of all products: w @ x, not w * x": (each - y) * (1 - each**2) * x,
    }
    checks.assert_close(
        pair_for(x.copy(), y, w.copy(), b)[0], (y_hat - y) * slope * x, what, mistakes=wrong, rtol=1e-4, atol=1e-5
    )


def check_db(x, y, w, b, what):
    a = w @ x + b
    y_hat, each = np.tanh(a), np.tanh(w * x + b)
    slope = 1 - y_hat**2
    wrong = slips(y_hat, a, y, slope) | {
        "the bias moves the score by 1: the last link is 1, not b": (y_hat - y) * slope * b,
        "the bias learns too: its last link is 1": 0.0,
        "the last link of the bias is 1, not the sum of the inputs": (y_hat - y) * slope * x.sum(),
        "the score is one number, the sum of all products: w @ x, not w * x": (each - y) * (1 - each**2),
    }
    checks.assert_close(
        pair_for(x.copy(), y, w.copy(), b)[1], (y_hat - y) * slope, what, mistakes=wrong, rtol=1e-4, atol=1e-5
    )


with parts("the weights", points=2):
    check_dw(x, 1.0, w, b, "dw of the example")
    check_dw(np.array([1.0, -3.0, 0.5]), -1.0, np.array([0.2, 0.1, 0.4]), -0.3, "dw for three features and y = -1")
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(seed)
        n_features = rng.integers(1, 7)
        check_dw(
            rng.normal(size=n_features),
            rng.uniform(-1, 1),
            rng.normal(size=n_features) / 2,
            rng.uniform(0.2, 1),
            f"dw for {n_features} features",
        )
    given_x, given_w = x.copy(), w.copy()
    pair_for(given_x, 1.0, given_w, b)
    checks.assert_unchanged(given_x, x, "neuron_gradient must not change the x it was given")
    checks.assert_unchanged(given_w, w, "neuron_gradient must not change the w it was given")
    ### END HIDDEN TESTS

with parts("the bias", points=1):
    check_db(x, 1.0, w, b, "db of the example")
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(100 + seed)
        check_db(rng.normal(size=3), rng.uniform(-1, 1), rng.normal(size=3) / 2, rng.uniform(0.2, 1), "db")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 2 · When the experts disagree: cross entropy with shares (4 points)
#
# Three pathologists look at a cell. Two say *dividing*, one says *dying*, nobody says *resting*. Why throw the doubt away?
# Let the label be a **share** for each of the three classes, resting, dividing and dying: $(0, \tfrac23, \tfrac13)$.
# With scores $A$ and shares $Y$, both of shape
# (n_samples, n_classes), and each row of $Y$ adding up to 1,
#
# $$P_{ik} = \frac{e^{A_{ik}}}{\sum_j e^{A_{ij}}} \qquad
# \text{loss} = -\frac1n \sum_{i=1}^{n} \sum_k Y_{ik} \log P_{ik} \qquad dA = \frac{P - Y}{n}$$
#
# Here $n$ is the number of samples: the loss is a **mean over samples**, and a **sum over classes**.
#
# Write `softmax_cross_entropy(A, Y)`, which returns the pair `loss, dA`. It must also work for scores in the thousands:
# there $e^A$ overflows, and $\log P$ becomes $\log 0$. So subtract each row's largest score first, and write the
# logarithm out: $\log P_{ik} = A_{ik} - \log \sum_j e^{A_{ij}}$.
#
# *Example:* the scores $(\log 1, \log 2, \log 1)$ give $P = (\tfrac14, \tfrac12, \tfrac14)$. With the label
# $(0, 1, 0)$ this single sample has the loss $\log 2 = 0.6931$ and $dA = (\tfrac14, -\tfrac12, \tfrac14)$.
#
# *Reread:* [chapter 2, How wrong? Loss and risk](../../course/02-backprop.ipynb#How-wrong?-Loss-and-risk)


# %% nbgrader={"grade": false, "grade_id": "softmax_cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_cross_entropy(A, Y):
    """Return (loss, dA): the mean cross entropy of a batch and its derivative with respect to the scores.

    A: (n_samples, n_classes) scores, of any size. Y: (n_samples, n_classes) shares; each row adds up to 1.
    """
    ### BEGIN SOLUTION
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -(Y * log_p).sum(axis=1).mean()
    return loss, (np.exp(log_p) - Y) / len(A)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softmax_cross_entropy_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 2.
parts = checks.Parts(points=4)
A = np.log([[1.0, 2.0, 1.0], [3.0, 1.0, 4.0]])  # probabilities (1/4, 1/2, 1/4) and (3/8, 1/8, 1/2)
Y = np.array([[0.0, 1.0, 0.0], [2 / 3, 1 / 3, 0.0]])


def right(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return log_p, np.exp(log_p)


def pair_for(A, Y):
    pair = softmax_cross_entropy(A.copy(), Y.copy())
    assert pair is not None, "softmax_cross_entropy returned None: did you forget `return loss, dA`?"
    assert len(pair) == 2, "softmax_cross_entropy returns two things: the loss and dA"
    return pair


def check_loss(A, Y, what):
    log_p, _ = right(A, Y)
    columns = A - np.log(np.exp(A).sum(axis=0))
    each = -(Y * log_p).sum(axis=1)
    checks.assert_close(
        pair_for(A, Y)[0],
        each.mean(),
        what,
        rtol=1e-4,
        atol=1e-6,
        mistakes={
            "the loss is the mean over the samples, not their sum": each.sum(),
            "sum over the classes, and take the mean over the samples only: divide by n, not by n times the classes": (
                -(Y * log_p).mean()
            ),
            "the minus is missing": -each.mean(),
            "the softmax runs over the classes of one sample: axis=1, not axis=0": -(Y * columns).sum(axis=1).mean(),
            "use all the shares, not only the class with the largest": -log_p[
                np.arange(len(Y)), Y.argmax(axis=1)
            ].mean(),
            "the loss of each sample is there; return their mean, one number": each,
        },
    )


def check_gradient(A, Y, what):
    _, P = right(A, Y)
    n, n_classes = A.shape
    columns = np.exp(A) / np.exp(A).sum(axis=0)
    hard = np.eye(n_classes)[Y.argmax(axis=1)]
    checks.assert_close(
        pair_for(A, Y)[1],
        (P - Y) / n,
        what,
        rtol=1e-4,
        atol=1e-6,
        mistakes={
            "1/n is missing: the loss is a mean over the samples": P - Y,
            "1/n is there twice": (P - Y) / n**2,
            "divide by the number of samples, not by that of all scores": (P - Y) / (n * n_classes),
            "the sign is the wrong way round: P - Y": (Y - P) / n,
            "these are the probabilities; subtract Y": P / n,
            "the slope of the softmax counts twice: P - Y already holds it": (P - Y) * P * (1 - P) / n,
            "that is the derivative with respect to P; go on through the softmax, to A": -Y / P / n,
            "the softmax for dA runs over the classes of one sample: axis=1": (columns - Y) / n,
            "in dA, too, use all the shares": (P - hard) / n,
        },
    )


with parts("the loss", points=1):
    check_loss(A, Y, "the loss of two samples")
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        rng = np.random.default_rng(seed)
        n, n_classes = rng.integers(2, 9), rng.integers(2, 6)
        check_loss(
            rng.normal(size=(n, n_classes)),
            rng.dirichlet(np.ones(n_classes), size=n),
            f"the loss of {n} samples and {n_classes} classes",
        )
    given_a, given_y = A.copy(), Y.copy()
    softmax_cross_entropy(given_a, given_y)
    checks.assert_unchanged(given_a, A, "softmax_cross_entropy must not change the A it was given")
    checks.assert_unchanged(given_y, Y, "softmax_cross_entropy must not change the Y it was given")
    ### END HIDDEN TESTS

with parts("the gradient", points=2):
    check_gradient(A, Y, "dA of two samples")
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        rng = np.random.default_rng(seed)
        n, n_classes = rng.integers(2, 9), rng.integers(2, 6)
        check_gradient(
            rng.normal(size=(n, n_classes)),
            rng.dirichlet(np.ones(n_classes), size=n),
            f"dA of {n} samples and {n_classes} classes",
        )
    ### END HIDDEN TESTS

with parts("scores in the thousands", points=1):
    large = np.array([[1000.0, 0.0, -1000.0], [-3000.0, -3000.0, -3000.0]])
    labels = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    loss, slopes = pair_for(large[:1], labels[:1])
    assert np.isfinite(np.asarray(loss)).all() and np.isfinite(np.asarray(slopes)).all(), (
        "scores of 1000, 0 and -1000 give nan or inf: subtract each row's largest score before np.exp, and never take the "
        "logarithm of a probability that may be 0"
    )
    worst = float(np.max(np.asarray(loss)))
    assert abs(worst - 1000) < 1, (
        f"a sample with scores 1000, 0, -1000 and label (0, 1, 0) has the loss 1000, and not {worst:.4g}: "
        "a small number inside the logarithm hides how wrong the answer is; write out log P = A - log Σ exp A"
    )
    loss, slopes = pair_for(large, labels)
    assert np.isfinite(np.asarray(loss)).all() and np.isfinite(np.asarray(slopes)).all(), (
        "a sample with scores around 1000 beside one with -3000 gives nan or inf: shift each row by its own largest score, "
        "not all by the largest of the batch"
    )
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(0)
    A_small, shares = rng.normal(size=(4, 3)), rng.dirichlet(np.ones(3), size=4)
    shift = np.array([[5000.0], [-5000.0], [800.0], [-800.0]])
    checks.assert_close(
        pair_for(A_small + shift, shares)[0],
        pair_for(A_small, shares)[0],
        "the loss after a constant was added to all scores of a sample, which changes no probability",
        rtol=1e-3,
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 3 · Back through a dense layer (3 points)
#
# A layer without activation, for a whole batch: $A = X W + b$, with $X$ of shape (n_samples, n_inputs), $W$ of shape
# (n_inputs, n_units) and $b$ of shape (n_units,). From above comes $dA$, of the shape of $A$. (A mean over the samples, if
# there is one, is in $dA$ already.)
#
# Write `dense_backward(dA, X, W)`, which returns three arrays, `dX, dW, db`, each of the shape of what it belongs to.
#
# *Example:* one sample $x = (1, 2)$, weights $\begin{pmatrix} 3 & 0 \\ 1 & -1 \end{pmatrix}$ and $dA = (1, 10)$. The
# first input reaches the scores with weights 3 and 0, so its derivative is $3 \cdot 1 + 0 \cdot 10 = 3$; the second's is
# $1 \cdot 1 - 1 \cdot 10 = -9$. Weight (2, 1), from input 2 to unit 1, gets $2 \cdot 1 = 2$. And `db` is $(1, 10)$.
#
# *Reread:* [chapter 2, A whole layer, a whole batch](../../course/02-backprop.ipynb#A-whole-layer,-a-whole-batch)


# %% nbgrader={"grade": false, "grade_id": "dense_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense_backward(dA, X, W):
    """Return (dX, dW, db) of a dense layer A = X @ W + b.

    dA: (n_samples, n_units) array. X: (n_samples, n_inputs) array. W: (n_inputs, n_units) array.
    """
    ### BEGIN SOLUTION
    return dA @ W.T, X.T @ dA, dA.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dense_backward_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 3. Everything here is 2 by 2, so that a wrong product gives wrong numbers and not an error.
parts = checks.Parts(points=3)
X, W, above = (
    np.array([[1.0, 2.0], [0.0, -1.0]]),
    np.array([[2.0, -1.0], [1.0, 3.0]]),
    np.array([[1.0, 5.0], [2.0, -1.0]]),
)


def triple_for(dA, X, W):
    triple = dense_backward(dA.copy(), X.copy(), W.copy())
    assert triple is not None, "dense_backward returned None: did you forget `return dX, dW, db`?"
    assert len(triple) == 3, "dense_backward returns three things: dX, dW and db, in this order"
    return triple


### BEGIN HIDDEN TESTS
def batches():
    """Layers of many shapes."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        n, n_inputs, n_units = rng.integers(1, 7, size=3)
        yield rng.normal(size=(n, n_units)), rng.normal(size=(n, n_inputs)), rng.normal(size=(n_inputs, n_units))


### END HIDDEN TESTS
with parts("dX", points=1):
    checks.assert_close(
        triple_for(above, X, W)[0],
        above @ W.T,
        "dX of the 2 by 2 layer",
        rtol=1e-4,
        atol=1e-6,
        mistakes={
            "the transpose is missing: dX = dA @ W.T": above @ W,
            "* multiplies number by number; a matrix product is @": above * W,
            "* multiplies number by number; a matrix product is @ (and W is transposed)": above * W.T,
            "the order is wrong: dA stands on the left": W @ above,
            "the order is wrong: dA stands on the left, W.T on the right": W.T @ above,
            "dX goes back through the weights, not through the inputs": above @ X.T,
            "1/n is in dA already": above @ W.T / 2,
            "that is dW: return dX, dW and db, in this order": X.T @ above,
        },
    )
    ### BEGIN HIDDEN TESTS
    for above_any, X_any, W_any in batches():
        checks.assert_close(
            triple_for(above_any, X_any, W_any)[0],
            above_any @ W_any.T,
            f"dX of shape {X_any.shape}",
            rtol=1e-4,
            atol=1e-5,
        )
    given = above.copy(), X.copy(), W.copy()
    dense_backward(*given)
    for name, now, before in zip(("dA", "X", "W"), given, (above, X, W), strict=True):
        checks.assert_unchanged(now, before, f"dense_backward must not change the {name} it was given")
    ### END HIDDEN TESTS

with parts("dW", points=1):
    checks.assert_close(
        triple_for(above, X, W)[1],
        X.T @ above,
        "dW of the 2 by 2 layer",
        rtol=1e-4,
        atol=1e-6,
        mistakes={
            "a transpose is missing: dW = X.T @ dA": X @ above,
            "it is transposed: dW has the shape of W, so X.T @ dA": above.T @ X,
            "* multiplies number by number; use @ and a transpose": X * above,
            "* multiplies number by number; use @": X.T * above,
            "1/n is in dA already: sum over the samples, don't average": X.T @ above / 2,
            "dW is made of the inputs, not of the weights": W.T @ above,
            "that is dX: return dX, dW and db, in this order": above @ W.T,
            "that is db: return dX, dW and db, in this order": above.sum(axis=0),
        },
    )
    ### BEGIN HIDDEN TESTS
    for above_any, X_any, W_any in batches():
        checks.assert_close(
            triple_for(above_any, X_any, W_any)[1],
            X_any.T @ above_any,
            f"dW of shape {W_any.shape}",
            rtol=1e-4,
            atol=1e-5,
        )
    ### END HIDDEN TESTS

with parts("db", points=1):
    checks.assert_close(
        triple_for(above, X, W)[2],
        above.sum(axis=0),
        "db of the 2 by 2 layer",
        rtol=1e-4,
        atol=1e-6,
        mistakes={
            "the bias serves all samples: sum dA over them (axis=0)": above,
            "summed over the wrong axis: over the samples, axis=0, one number for each unit": above.sum(axis=1),
            "the mean was taken: 1/n is in dA already, so sum": above.mean(axis=0),
            "one number for each unit: sum over the samples only": above.sum(),
            "keepdims leaves a row; db has the shape of b, (n_units,)": above.sum(axis=0, keepdims=True),
            "that is dX: return dX, dW and db, in this order": above @ W.T,
        },
    )
    ### BEGIN HIDDEN TESTS
    for above_any, X_any, W_any in batches():
        checks.assert_close(
            triple_for(above_any, X_any, W_any)[2],
            above_any.sum(axis=0),
            f"db of {above_any.shape[1]} units",
            rtol=1e-4,
            atol=1e-5,
        )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 4 · Back through an activation (2 points)
#
# The exponential linear unit, ELU, passes positive scores on and bends negative ones:
#
# $$f(a) = \begin{cases} a & \text{if } a > 0 \\ e^a - 1 & \text{otherwise} \end{cases} \qquad
# f'(a) = \begin{cases} 1 & \text{if } a > 0 \\ e^a & \text{otherwise} \end{cases}$$
#
# Write `elu_backward(dH, A)`. `A` are the scores of a layer and `dH` the derivative of the loss with respect to what came
# out, $H = f(A)$; both have shape (n_samples, n_units). Return `dA`, of the same shape. Scores may be in the thousands.
#
# *Example:* a score of $0.5$ with $dH = -2$ gives $-2$; a score of $-1$ with $dH = 3$ gives $3 e^{-1} = 1.1036$.
#
# *Reread:* [chapter 2, The chain rule: slopes multiply](../../course/02-backprop.ipynb#The-chain-rule:-slopes-multiply),
# [A whole layer, a whole batch](../../course/02-backprop.ipynb#A-whole-layer,-a-whole-batch)


# %% nbgrader={"grade": false, "grade_id": "elu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu_backward(dH, A):
    """Return dA, the derivative of the loss with respect to the scores of ELU units.

    dH: (n_samples, n_units) array, the derivative with respect to their outputs. A: the scores, of the same shape.
    """
    ### BEGIN SOLUTION
    return dH * np.exp(np.minimum(A, 0))  # exp(0) = 1 is the slope above zero
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elu_backward_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 4.
parts = checks.Parts(points=2)
A = np.array([[0.5, -1.0, 2.0], [-0.5, 0.25, -3.0]])
above = np.array([[-2.0, 3.0, 0.5], [-1.0, 4.0, 2.0]])


def check_scores(dH, A, what):
    slope, H = np.exp(np.minimum(A, 0)), np.where(A > 0, A, np.expm1(np.minimum(A, 0)))
    answer = elu_backward(dH.copy(), A.copy())
    checks.assert_close(
        answer,
        dH * slope,
        what,
        rtol=1e-4,
        atol=1e-6,
        mistakes={
            "the slope was taken at the output H; it is taken at the score A": dH * np.exp(np.minimum(H, 0)),
            "the mask comes from dH; it must come from the scores A": dH
            * np.where(dH > 0, 1, np.exp(np.minimum(A, 0))),
            "below zero ELU is not flat: its slope there is exp(a)": dH * (A > 0),
            "that is dH times the activation; multiply by its slope": dH * H,
            "that is the slope alone; multiply by what comes from above, dH": slope,
            "above zero the slope is 1, not exp(a)": dH * np.exp(np.minimum(A, 50)),
            "above zero the slope is 1, not a": dH * np.where(A > 0, A, slope),
            "dH passes unchanged only where the score is above zero": dH,
            "above zero, too, the slope is multiplied by dH": np.where(A > 0, 1, dH * slope),
            "that is exp of dH; the slope is exp of the score": dH * np.where(A > 0, 1, np.exp(np.minimum(dH, 50))),
            "below zero the slope is exp(a), not exp(a) - 1, which is the output": dH * np.where(A > 0, 1, H),
        },
    )


with parts("the values", points=1):
    check_scores(above, A, "dA of two samples")
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(seed)
        shape = rng.integers(1, 6, size=2)
        check_scores(rng.normal(size=shape), rng.normal(size=shape), f"dA of shape {tuple(shape.tolist())}")
    ### END HIDDEN TESTS

with parts("large scores, and arguments left as they were", points=1):
    large = np.array([[1000.0, -1000.0, 5000.0]])
    checks.assert_close(
        elu_backward(np.array([[2.0, 2.0, -3.0]]), large),
        [[2.0, 0.0, -3.0]],
        "dA for scores of 1000, -1000 and 5000 (a mask of 0 does not save what has overflowed: 0 · inf is nan)",
        rtol=1e-4,
    )
    given_above, given_a = above.copy(), A.copy()
    elu_backward(given_above, given_a)
    checks.assert_unchanged(given_above, above, "elu_backward must not change the dH it was given: make a new array")
    checks.assert_unchanged(given_a, A, "elu_backward must not change the A it was given")
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(0)
    huge, passed = 2000 * rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
    checks.assert_close(
        elu_backward(passed.copy(), huge.copy()),
        passed * (huge > 0),
        "dA for scores in the thousands",
        rtol=1e-4,
        atol=1e-4,
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 5 · The judge: a numerical gradient (3 points)
#
# Write `numerical_gradient(f, w, h)`. `f` is a function that takes an array of the shape of `w` and returns a number; `w`
# may have **any** shape, and hold whole numbers. Return an array of the shape of `w` with the **central difference** for
# each of its numbers: this number alone is moved up by `h`, then down by `h`,
#
# $$\frac{f(w + h e) - f(w - h e)}{2h},$$
#
# where $e$ is 1 at this number's place and 0 everywhere else. `w` itself must be afterwards what it was before.
#
# *Example:* $f(w) = w_1^3 + w_2^3$ at $w = (1, 2)$ with $h = 0.1$ (so coarse that you see the error): $(1.1^3 - 0.9^3)/0.2 =
# 3.01$ and $(2.1^3 - 1.9^3)/0.2 = 12.01$.
#
# *Hint:* `np.ndindex(w.shape)` goes through all places of an array, whatever its shape: `for place in np.ndindex(w.shape):
# … w[place] …`
#
# *Reread:* [chapter 2, Is it right? The gradient check](../../course/02-backprop.ipynb#Is-it-right?-The-gradient-check)


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, w, h=1e-5):
    """Return the gradient of f at w by central differences.

    f: function of an array of the shape of w, returns a number. w: array of any shape. h: size of the nudge.
    """
    ### BEGIN SOLUTION
    w = np.array(w, dtype=float)  # a copy, and whole numbers become ones that can be nudged
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        kept = w[place]
        w[place] = kept + h
        above = f(w)
        w[place] = kept - h
        gradient[place] = (above - f(w)) / (2 * h)
        w[place] = kept
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "numerical_gradient_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 5.
parts = checks.Parts(points=3)


def cubes(w):
    return float(np.sum(np.asarray(w) ** 3))


def product(w):
    return float(np.prod(w))


with parts("the central difference of each number", points=2):
    w, h = np.array([1.0, 2.0]), 0.1
    checks.assert_close(
        numerical_gradient(cubes, w.copy(), h),
        [3.01, 12.01],
        "the gradient of w₁³ + w₂³ at (1, 2) with h = 0.1",
        mistakes={
            "that is the forward difference; step to both sides": [3.31, 12.61],
            "that is the difference to the left only; step to both sides": [2.71, 11.41],
            "the two points are 2h apart: divide by 2h, not by h": [6.02, 24.02],
            "step to both sides: one step of h is divided by 2h here": [1.655, 6.305],
            "this is exact; use f and h, as it must work for any f": [3.0, 12.0],
            "all numbers were moved at once; move one at a time": 15.02,
            "all numbers were moved at once; one at a time": [15.02, 15.02],
            "the differences are there; divide them by 2h": [0.602, 2.402],
            "the sign is the wrong way round: up minus down": [-3.01, -12.01],
            "both points are the same: `up = w` is a second name for w, `up = w.copy()` a second array": [0, 0],
        },
    )
    checks.assert_close(
        numerical_gradient(product, np.array([2.0, 3.0, 5.0]), 0.5),
        [15.0, 10.0, 6.0],
        "the gradient of w₁ · w₂ · w₃ at (2, 3, 5) with h = 0.5",
        mistakes={
            "put each number back before you move the next: the others have stayed below": [15.0, 7.5, 3.75],
            "put each number back before you move the next: the others have stayed above": [15.0, 12.5, 8.75],
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        rng = np.random.default_rng(seed)
        w = rng.normal(size=rng.integers(1, 6))
        weights = rng.normal(size=(len(w), len(w)))
        checks.assert_close(
            numerical_gradient(
                lambda v, weights=weights: float(np.asarray(v) @ weights @ np.asarray(v)), w.copy(), 1e-4
            ),
            (weights + weights.T) @ w,
            "the gradient of a quadratic function",
            rtol=1e-4,
            atol=1e-5,
        )
    checks.assert_close(
        numerical_gradient(cubes, np.array([1.0, -2.0]), 0.5),
        [3.25, 12.25],
        "the gradient of w₁³ + w₂³ at (1, -2) with h = 0.5",
        mistakes={"use the h that you are given": [3.0, 12.0]},
        atol=1e-6,
    )
    ### END HIDDEN TESTS

with parts("any shape, and w left as it was", points=1):
    w = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0]])
    given = w.copy()
    checks.assert_close(
        numerical_gradient(cubes, given, 0.1),
        3 * w**2 + 0.01,
        "the gradient at a matrix of shape (2, 3)",
        mistakes={
            "keep the shape of w": (3 * w**2 + 0.01).ravel(),
            "whole rows were moved: go through every place, with np.ndindex(w.shape)": (3 * w**2 + 0.01).sum(axis=1),
        },
    )
    checks.assert_unchanged(
        given, w, "numerical_gradient must leave w as it was: nudge a copy, or put each number back"
    )
    checks.assert_close(
        numerical_gradient(cubes, np.array([1, 2]), 0.1),
        [3.01, 12.01],
        "the gradient at (1, 2), given as whole numbers",
        mistakes={
            "an array of whole numbers cannot hold 1.1: make a copy with dtype=float": [0.0, 0.0],
            "an array of whole numbers cuts 1.1 to 1 and 0.9 to 0: make a copy with dtype=float": [5.0, 35.0],
            "the result was cut to whole numbers: np.zeros(w.shape), not np.zeros_like(w)": [3, 12],
        },
    )
    ### BEGIN HIDDEN TESTS
    cube = np.random.default_rng(0).normal(size=(2, 3, 2))
    checks.assert_close(
        numerical_gradient(cubes, cube.copy(), 0.1), 3 * cube**2 + 0.01, "the gradient at shape (2, 3, 2)", atol=1e-6
    )
    checks.assert_close(
        numerical_gradient(lambda v: 4 * float(np.asarray(v)), np.array(3.0), 0.1),
        4.0,
        "the gradient at a single number, an array of shape ()",
        atol=1e-6,
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 6 · A good start: He initialisation (3 points)
#
# Write `he_layers(sizes, rng)`, which draws the weights of a ReLU network. `sizes` are the numbers of units, inputs first:
# `(3, 20, 1)` is a network with 3 inputs, 20 hidden units and 1 output. Return a list with one pair `(W, b)` for each
# layer, `W` of shape (n_inputs of this layer, n_units) and `b` of shape (n_units,).
#
# All weights come from a **normal** distribution with mean 0 and **variance** $2 / n_\text{inputs}$, drawn from `rng`,
# the layers one after the other. All biases are 0.
#
# *Example:* for `sizes = (50, 8, 2)` the weights of the first layer have the standard deviation $\sqrt{2/50} = 0.2$, those
# of the second $\sqrt{2/8} = 0.5$.
#
# *Reread:* [chapter 2, How wide should the weights be?](../../course/02-backprop.ipynb#How-wide-should-the-weights-be?)


# %% nbgrader={"grade": false, "grade_id": "he_layers", "locked": false, "schema_version": 3, "solution": true, "task": false}
def he_layers(sizes, rng):
    """Return the first weights of a ReLU network: a list of (W, b), one for each layer.

    sizes: numbers of units, the inputs first; at least two. rng: a numpy.random.Generator, the only source of randomness.
    """
    ### BEGIN SOLUTION
    layers = []
    for n_inputs, n_units in itertools.pairwise(sizes):
        layers.append((rng.normal(0, np.sqrt(2 / n_inputs), size=(n_inputs, n_units)), np.zeros(n_units)))
    return layers
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "he_layers_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 6.
parts = checks.Parts(points=3)
sizes = (200, 500, 100)


def layers_for(sizes, seed):
    layers = he_layers(sizes, np.random.default_rng(seed))
    assert layers is not None, "he_layers returned None: did you forget `return`?"
    assert len(layers) == len(sizes) - 1, (
        f"sizes {sizes} make {len(sizes) - 1} layers, and {len(layers)} came back: the inputs are not a layer of their own"
    )
    return [(np.asarray(W), np.asarray(b)) for W, b in layers]


with parts("shapes, and biases of zero", points=1):
    for (W, b), n_inputs, n_units in zip(layers_for((3, 20, 1), 0), (3, 20), (20, 1), strict=True):
        checks.assert_shape(W, (n_inputs, n_units), f"W between {n_inputs} inputs and {n_units} units")
        checks.assert_close(
            b, np.zeros(n_units), f"the biases of {n_units} units", mistakes={"biases start at 0": np.ones(n_units)}
        )
    ### BEGIN HIDDEN TESTS
    for (W, b), n_inputs, n_units in zip(layers_for((2, 7, 5, 4, 3), 1), (2, 7, 5, 4), (7, 5, 4, 3), strict=True):
        checks.assert_shape(W, (n_inputs, n_units), f"W between {n_inputs} inputs and {n_units} units")
        checks.assert_close(b, np.zeros(n_units), f"the biases of {n_units} units")
    assert len(layers_for((4, 2), 0)) == 1
    ### END HIDDEN TESTS


def check_width(W, n, m, what):
    known = {
        "2/n is the variance; the standard deviation is its root": 2 / n,
        "1/n is LeCun's variance; a ReLU needs 2/n, as it leaves half of the mean square": np.sqrt(1 / n),
        "2/(n + m) is Glorot's variance; He's is 2/n": np.sqrt(2 / (n + m)),
        "count the inputs of the layer, not its units": np.sqrt(2 / m),
        "these are as wide as N(0, 1): scale them": 1.0,
        "the spread is that of uniform numbers between -1 and 1, or of such numbers scaled: draw with rng.normal": (
            np.sqrt(2 / n) / np.sqrt(3)
        ),
    }
    checks.assert_close(np.std(W), np.sqrt(2 / n), what, rtol=0.03, mistakes=known)


with parts("as wide as they should be", points=1):
    for (W, _), n, m in zip(layers_for(sizes, 0), sizes, sizes[1:], strict=False):
        assert abs(np.mean(W)) < 0.1 * np.std(W), (
            f"the weights between {n} inputs and {m} units have mean {np.mean(W):.3f}; it should be 0"
        )
        check_width(W, n, m, f"the standard deviation of the weights between {n} inputs and {m} units")
        share = np.mean(np.abs(W) < np.std(W))
        assert abs(share - 0.683) < 0.02, (
            f"{100 * share:.0f} % of the weights lie within one standard deviation; of a normal distribution it is 68 %: "
            "draw with rng.normal, not with rng.uniform"
        )
    ### BEGIN HIDDEN TESTS
    for seed, some in enumerate([(300, 200), (150, 400, 100)]):
        for (W, _), n, m in zip(layers_for(some, seed), some, some[1:], strict=False):
            check_width(W, n, m, f"the standard deviation of the weights between {n} inputs and {m} units")
    ### END HIDDEN TESTS

with parts("drawn from rng", points=1):
    one, again, other = (layers_for((4, 4, 4), seed) for seed in (0, 0, 1))
    assert np.array_equal(one[0][0], again[0][0]), (
        "the same seed gave two different networks: draw from the rng that you are given, not from np.random"
    )
    assert not np.array_equal(one[0][0], other[0][0]), (
        "two seeds gave the same network: draw from the rng that you are given, not from a generator of your own"
    )
    assert not np.array_equal(one[0][0], one[1][0]), "two layers of the same size got the same weights: draw each anew"
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(0)
    first, second = he_layers((3, 3), rng), he_layers((3, 3), rng)
    assert not np.array_equal(np.asarray(first[0][0]), np.asarray(second[0][0])), (
        "called twice with the same rng, the second network must differ from the first"
    )
    W, _ = layers_for((50, 50), 3)[0]
    assert len(np.unique(W)) > 2000, "many weights are the same: draw each of them"
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 7 · One step of a whole network (5 points)
#
# Now all together: a network of any depth learns to predict a number, such as a penguin's mass. Hidden layers have a
# **ReLU**; the last layer has one unit and no activation. Regression differs from classification in one line, the loss:
#
# $$A_1 = X W_1 + b_1, \quad H_1 = \max(A_1, 0), \quad A_2 = H_1 W_2 + b_2, \quad \dots, \quad \hat y = A_L \qquad
# \text{loss} = \frac{1}{2n} \sum_{i=1}^{n} (\hat y_i - y_i)^2$$
#
# Write `gradient_step(X, y, layers, lr)`. `layers` is a list of pairs `(W, b)`, first to last, with at least one pair; `y`
# has shape (n_samples,). Return the pair `loss, new_layers`: the loss **before** the step, a number, and a new list of
# pairs `(W, b)` after one step of gradient descent, $W \leftarrow W - \eta\, dW$ and $b \leftarrow b - \eta\, db$, with $\eta$ = `lr`.
# Leave `layers` and its arrays as they were.
#
# Three things go wrong most often. `X @ W + b` has shape (n_samples, 1) and `y` (n_samples,): their difference is not what
# you want, until you reshape one of them. On the way back you need every layer's inputs and scores: keep them all. And
# the gradient must pass through the **old** weights.
#
# *Example:* one hidden unit, $W_1 = (1)$, $W_2 = (2)$, biases 0; the samples are $x = 1$ and $3$, with $y = 1$ and $7$. The
# predictions are 2 and 6, the errors 1 and −1, the loss is $\tfrac14 (1 + 1) = 0.5$. On the way back $dA_2 = (0.5, -0.5)$,
# $dW_2 = -1$, $dA_1 = (1, -1)$ and $dW_1 = -2$; both $db$ are 0. With `lr = 0.1` the step leads to $W_1 = 1.2$ and
# $W_2 = 2.1$.
#
# *Reread:* [chapter 2, A whole layer, a whole batch](../../course/02-backprop.ipynb#A-whole-layer,-a-whole-batch),
# [Is it right? The gradient check](../../course/02-backprop.ipynb#Is-it-right?-The-gradient-check)


# %% nbgrader={"grade": false, "grade_id": "gradient_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_step(X, y, layers, lr):
    """Return (loss, new_layers): the half mean squared error before one step of gradient descent, and the layers after it.

    X: (n_samples, n_features) array. y: (n_samples,) array. layers: list of (W, b), ReLU in all but the last.
    lr: the learning rate.
    """
    ### BEGIN SOLUTION
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = A[-1] - y.reshape(-1, 1)
    loss = (error**2).mean() / 2

    dA = error / len(y)
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "gradient_step_test", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 7. A gradient is read off a step: (before - after) / lr.
parts = checks.Parts(points=5)
tiny = [(np.array([[1.0]]), np.array([0.0])), (np.array([[2.0]]), np.array([0.0]))]
tiny_x, tiny_y = np.array([[1.0], [3.0]]), np.array([1.0, 7.0])


def network(seed, sizes):
    rng = np.random.default_rng(seed)
    pairs = itertools.pairwise(sizes)
    return [(rng.normal(0, np.sqrt(2 / n), size=(n, m)), rng.normal(0, 0.3, size=m)) for n, m in pairs]


def predictions(X, layers):
    for W, b in layers[:-1]:
        X = np.maximum(X @ W + b, 0)
    return (X @ layers[-1][0] + layers[-1][1])[:, 0]


def loss_of(X, y, layers):
    return float(np.mean((predictions(X, layers) - y) ** 2) / 2)


def copied(layers):
    return [(W.copy(), b.copy()) for W, b in layers]


def step(X, y, layers, lr):
    try:
        pair = gradient_step(X.copy(), y.copy(), copied(layers), lr)
    except ValueError as error:
        raise AssertionError(
            f"the shapes do not fit ({error}). The predictions have shape (n, 1) and y (n,): is one of them reshaped? And "
            "which matrix is to be transposed?"
        ) from None
    assert pair is not None, "gradient_step returned None: did you forget `return loss, new_layers`?"
    assert len(pair) == 2, "gradient_step returns two things: the loss and the new layers"
    return pair


def shapes(layers):
    return [np.shape(layer[0]) for layer in layers]


def check_order(new, layers):
    assert len(new) == len(layers), f"{len(layers)} layers went in, {len(new)} came back"
    assert shapes(new) == shapes(layers) or shapes(new) != shapes(layers)[::-1], (
        "the layers came back last first; return them first to last: new_layers.insert(0, …), or new_layers[::-1]"
    )


def gradients(X, y, layers, lr):
    """Read the gradients off a step."""
    new = step(X, y, layers, lr)[1]
    check_order(new, layers)
    found = []
    for k, ((W, b), (new_W, new_b)) in enumerate(zip(layers, new, strict=True), start=1):
        checks.assert_shape(new_W, W.shape, f"the new W of layer {k} of {len(layers)}")
        checks.assert_shape(new_b, b.shape, f"the new b of layer {k} of {len(layers)}")
        found.append(((W - np.asarray(new_W)) / lr, (b - np.asarray(new_b)) / lr))
    return found


def check_loss(X, y, layers, what):
    y_hat = predictions(X, layers)
    error = y_hat - y
    loss, new = step(X, y, layers, 0.01)
    after = loss_of(X, y, [(np.asarray(W), np.asarray(b)) for W, b in new]) if shapes(new) == shapes(layers) else np.inf
    checks.assert_close(
        loss,
        np.mean(error**2) / 2,
        what,
        rtol=1e-4,
        mistakes={
            "ŷ has shape (n, 1) and y (n,), so numpy paired each with each in the loss: reshape one of them": (
                np.mean((y_hat[:, None] - y) ** 2) / 2
            ),
            "the ½ is missing: the loss is half the mean": np.mean(error**2),
            "the loss is half the mean over the samples, not half the sum": np.sum(error**2) / 2,
            "the last layer has no activation: its ReLU cuts predictions": np.mean((np.maximum(y_hat, 0) - y) ** 2) / 2,
            "that is the loss after the step; return the one before it": after,
            "these are absolute errors; square them": np.mean(np.abs(error)) / 2,
        },
    )


def check_layers(X, y, layers, lr, which):
    """Judge the output layer alone, or the hidden ones alone: what the others would be is put in their place."""
    found, right = gradients(X, y, layers, lr), reference(X, y, layers)
    last = len(layers) - 1
    judged = [found[k] if (k == last) == (which == "last") else right[k] for k in range(len(layers))]
    checks.check_gradients(
        judged,
        layers,
        lambda some: loss_of(X, y, some),
        n_samples=len(y),
        slips=checks.dense_slips(X, y, layers, "ReLU", loss="half squared error"),
        tolerance=1e-3,
    )


def reference(X, y, layers):
    """The gradient by central differences, written without a backward pass."""
    result = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in layers]
    for k, pair in enumerate(layers):
        for part in (0, 1):
            for place in np.ndindex(pair[part].shape):
                sides = []
                for h in (1e-5, -1e-5):
                    nudged = copied(layers)
                    nudged[k][part][place] += h
                    sides.append(loss_of(X, y, nudged))
                result[k][part][place] = (sides[0] - sides[1]) / 2e-5
    return result


few = measurements[:12], mass[:12]
deep = network(0, (3, 4, 4, 1))

with parts("the loss before the step", points=1):
    check_loss(*few, deep, "the loss of a network with 3 → 4 → 4 → 1 units on 12 penguins")
    check_loss(tiny_x, tiny_y, tiny, "the loss of the example")
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        rng = np.random.default_rng(seed)
        layers = network(seed, (rng.integers(1, 5), *rng.integers(1, 6, size=rng.integers(0, 4)), 1))
        check_loss(
            rng.normal(size=(7, len(layers[0][0]))), rng.normal(size=7), layers, f"the loss of {len(layers)} layers"
        )
    ### END HIDDEN TESTS

with parts("the output layer", points=1):
    new = step(tiny_x, tiny_y, tiny, 0.1)[1]
    checks.assert_close(
        new[-1][0],
        [[2.1]],
        "W of the last layer after the step of the example",
        rtol=1e-4,
        mistakes={
            "the step went uphill: subtract the gradient": [[1.9]],
            "1/n is missing: the loss is a mean over the samples": [[2.2]],
            "1/n is there twice": [[2.05]],
            "the learning rate is missing: the step is lr times the gradient": [[3.0]],
            "nothing changed": [[2.0]],
            "that is the gradient; return the weights after the step": [[-1.0]],
            "that is the first layer; return the layers first to last": [[1.2]],
        },
    )
    check_layers(*few, deep, 0.05, "last")
    ### BEGIN HIDDEN TESTS
    for seed in range(2):
        check_layers(*few, network(seed, (3, 5, 1)), 0.1, "last")
    rng = np.random.default_rng(0)
    check_layers(rng.normal(size=(6, 2)), rng.normal(size=6), network(1, (2, 1)), 0.1, "last")
    ### END HIDDEN TESTS

with parts("the hidden layers", points=2):
    new = step(tiny_x, tiny_y, tiny, 0.1)[1]
    checks.assert_close(
        new[0][0],
        [[1.2]],
        "W of the first layer after the step of the example",
        rtol=1e-4,
        mistakes={
            "the step went uphill: subtract the gradient": [[0.8]],
            "1/n is missing": [[1.4]],
            "the learning rate is missing here, too": [[3.0]],
            "the gradient passed through the new weights of the layer above; it must pass through the old ones": [
                [1.21]
            ],
            "the mask comes from the gradient; it must come from the scores: A > 0": [[0.9]],
            "the activation itself stands where its slope should: the mask is 0 or 1": [[1.8]],
            "only the last layer has learned": [[1.0]],
            "that is the last layer; return the layers first to last": [[2.1]],
        },
    )
    check_layers(*few, deep, 0.05, "hidden")
    ### BEGIN HIDDEN TESTS
    for seed in range(3):
        rng = np.random.default_rng(seed)
        sizes = (3, *rng.integers(3, 6, size=rng.integers(1, 4)), 1)
        check_layers(rng.normal(size=(9, 3)), rng.normal(size=9), network(seed, sizes), 0.1, "hidden")
    ### END HIDDEN TESTS

with parts("arguments left as they were", points=1):
    given_x, given_y, given = few[0].copy(), few[1].copy(), copied(deep)
    kept = list(given)
    gradient_step(given_x, given_y, given, 0.05)
    assert len(given) == len(deep), "gradient_step must not change the list `layers`: make a new one"
    for k, ((W, b), (W_before, b_before)) in enumerate(zip(kept, deep, strict=True), start=1):
        message = f"gradient_step must not change the {{}} of layer {k}: `W -= …` works in place, `W = W - …` does not"
        checks.assert_unchanged(W, W_before, message.format("W"))
        checks.assert_unchanged(b, b_before, message.format("b"))
    checks.assert_unchanged(given_x, few[0], "gradient_step must not change the X it was given")
    checks.assert_unchanged(given_y, few[1], "gradient_step must not change the y it was given")
    for (W, b), (W_before, b_before) in zip(given, deep, strict=True):
        checks.assert_unchanged(W, W_before, "gradient_step must not put the new layers into the list it was given")
        checks.assert_unchanged(b, b_before, "gradient_step must not put the new layers into the list it was given")
    layers = copied(deep)
    check_order(step(*few, layers, 0.001)[1], layers)
    for _ in range(5):
        _, layers = gradient_step(few[0].copy(), few[1].copy(), layers, 0.001)
    after = loss_of(*few, [(np.asarray(W), np.asarray(b)) for W, b in layers])
    assert after < loss_of(*few, deep), (
        f"after five steps the loss is {after:.3g}, before it was {loss_of(*few, deep):.3g}"
    )
    ### BEGIN HIDDEN TESTS
    order = np.random.default_rng(0).permutation(12)
    losses = [np.asarray(step(few[0][some], few[1][some], deep, 0.05)[0]) for some in (np.arange(12), order)]
    checks.assert_close(losses[1], losses[0], "the loss after the penguins have changed places", rtol=1e-6)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# Look at what you have made: three measurements in, the mass out. (This cell is not graded; it needs your
# `gradient_step`.)

# %%
from dlcourse import plots

rng = np.random.default_rng(0)
layers = [(rng.normal(0, np.sqrt(2 / n), size=(n, m)), np.zeros(m)) for n, m in ((3, 20), (20, 1))]
errors = []
for _ in range(300):
    loss, layers = gradient_step(measurements, mass, layers, 0.1)
    errors.append(1000 * np.sqrt(2 * loss))  # from kg² back to g: the root of the mean squared error

figure, axes = plots.new_figure(size=(6.5, 3.5))
axes.plot(errors, label="network")
axes.axhline(1000 * mass.std(), color="black", linestyle="--", label="always the mean mass")
axes.set_ylim(bottom=0)
plots.label_axes(axes, "step", "typical error (g)", legend=True)
plots.show(
    figure,
    alt=f"The typical error falls from {errors[0]:.0f} g to {errors[-1]:.0f} g in 300 steps, far below the {1000 * mass.std():.0f} g "
    "of always answering the mean mass.",
    caption="A network of 20 hidden units learns the mass of 342 penguins, by your gradients.",
)

# %% [markdown]
# ## 8 · Back past a layer: the skip connection (3 points)
#
# A layer that adds to its input what it has computed:
#
# $$A = X W + b \qquad T = \tanh(A) \qquad Y = X + T$$
#
# $X$ and $Y$ have shape (n_samples, n_units), $W$ is square. From above comes $dY$, of the shape of $Y$.
#
# Write `residual_backward(dY, X, W, b)`, which returns `dX, dW, db`. $X$ reaches $Y$ on two roads: what comes back on both
# adds up.
#
# *Example:* a single unit and sample with $x = 0$, $W = (0.5)$, $b = 0$ and $dY = 2$. The score is 0, where tanh has slope 1,
# so $dA = 2$. Past the layer comes 2, through it $2 \cdot 0.5 = 1$: `dX` is 3. As $x = 0$, `dW` is 0, and `db` is 2.
#
# *Reread:* [chapter 2, A road past the layers: skip connections](../../course/02-backprop.ipynb#A-road-past-the-layers:-skip-connections)


# %% nbgrader={"grade": false, "grade_id": "residual_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def residual_backward(dY, X, W, b):
    """Return (dX, dW, db) of a layer with a skip connection, Y = X + tanh(X @ W + b).

    dY, X: (n_samples, n_units) arrays. W: (n_units, n_units) array. b: (n_units,) array.
    """
    ### BEGIN SOLUTION
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY + dA @ W.T, X.T @ dA, dA.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "residual_backward_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 8.
parts = checks.Parts(points=3)
X, W = np.array([[0.5, -1.0], [1.5, 0.25]]), np.array([[0.5, -1.0], [2.0, 0.25]])
b, above = np.array([0.1, -0.4]), np.array([[2.0, -1.0], [0.5, 3.0]])


def triple_for(dY, X, W, b):
    triple = residual_backward(dY.copy(), X.copy(), W.copy(), b.copy())
    assert triple is not None, "residual_backward returned None: did you forget `return dX, dW, db`?"
    assert len(triple) == 3, "residual_backward returns three things: dX, dW and db, in this order"
    return triple


def bent(dY, X, W, b):
    """dA, and what it becomes when the slope is missing or taken at the wrong place."""
    A = X @ W + b
    T = np.tanh(A)
    return dY * (1 - T**2), {
        "the slope of tanh is missing": dY,
        "the slope of tanh was taken at its output T; it is taken at the score A": dY * (1 - np.tanh(T) ** 2),
        "the slope was taken at the output of the layer, X + T": dY * (1 - np.tanh(X + T) ** 2),
        "1 - Y² is not the slope: T alone is squared, without the X that was added": dY * (1 - (X + T) ** 2),
        "that is dY times the activation; multiply by its slope, 1 - T²": dY * T,
        "the scores were computed without the bias": dY * (1 - np.tanh(X @ W) ** 2),
    }


def check_inputs(dY, X, W, b, what):
    dA, wrong = bent(dY, X, W, b)
    known = {message: dY + each @ W.T for message, each in wrong.items()}
    known |= {
        "the road past the layer is missing: add dY": dA @ W.T,
        "the road through the layer is missing": dY,
        "the road past the layer has no slope on it: add dY, not dA": dA + dA @ W.T,
        "the transpose is missing on the road through the layer: dA @ W.T": dY + dA @ W,
        "what comes back on both roads is added, not multiplied": dY * (dA @ W.T),
        "the road past the layer adds dY, not X": X + dA @ W.T,
        "the road past the layer adds dY: its slope, 1, times what comes from above": 1 + dA @ W.T,
        "it was added, and then halved: both roads count in full": (dY + dA @ W.T) / 2,
    }
    checks.assert_close(triple_for(dY, X, W, b)[0], dY + dA @ W.T, what, rtol=1e-4, atol=1e-5, mistakes=known)


def check_weights(dY, X, W, b, what):
    dA, wrong = bent(dY, X, W, b)
    known = {message: X.T @ each for message, each in wrong.items()}
    known |= {
        "it is transposed: dW = X.T @ dA": dA.T @ X,
        "a transpose is missing in dW: X.T @ dA": X @ dA if len(X) == X.shape[1] else None,
        "the road past the layer meets no weights: dW gets nothing from it": X.T @ (dY + dA),
        "1/n is in dY already": X.T @ dA / len(X),
        "dW is made of the inputs, not of the outputs": np.tanh(X @ W + b).T @ dA,
    }
    known = {message: value for message, value in known.items() if value is not None}
    checks.assert_close(triple_for(dY, X, W, b)[1], X.T @ dA, what, rtol=1e-4, atol=1e-5, mistakes=known)


def check_biases(dY, X, W, b, what):
    dA, wrong = bent(dY, X, W, b)
    known = {message: each.sum(axis=0) for message, each in wrong.items()}
    known |= {
        "one number for each unit: sum over the samples": dA,
        "the mean was taken: 1/n is in dY already, so sum": dA.mean(axis=0),
        "summed over the wrong axis: over the samples, axis=0": dA.sum(axis=1),
        "one number for each unit, not one for all: axis=0": dA.sum(),
    }
    checks.assert_close(triple_for(dY, X, W, b)[2], dA.sum(axis=0), what, rtol=1e-4, atol=1e-5, mistakes=known)


### BEGIN HIDDEN TESTS
def layers_with_skips():
    for seed in range(8):
        rng = np.random.default_rng(seed)
        n, n_units = rng.integers(2, 7, size=2)
        yield (
            rng.normal(size=(n, n_units)),
            rng.normal(size=(n, n_units)),
            rng.normal(size=(n_units, n_units)) / 2,
            rng.normal(size=n_units),
        )


### END HIDDEN TESTS
with parts("dX: two roads", points=1):
    check_inputs(above, X, W, b, "dX of two samples")
    ### BEGIN HIDDEN TESTS
    for layer in layers_with_skips():
        check_inputs(*layer, f"dX of shape {layer[1].shape}")
    given = above.copy(), X.copy(), W.copy(), b.copy()
    residual_backward(*given)
    for name, now, before in zip(("dY", "X", "W", "b"), given, (above, X, W, b), strict=True):
        checks.assert_unchanged(now, before, f"residual_backward must not change the {name} it was given")
    ### END HIDDEN TESTS

with parts("dW", points=1):
    check_weights(above, X, W, b, "dW of two samples")
    ### BEGIN HIDDEN TESTS
    for layer in layers_with_skips():
        check_weights(*layer, f"dW of shape {layer[2].shape}")
    ### END HIDDEN TESTS

with parts("db", points=1):
    check_biases(above, X, W, b, "db of two samples")
    ### BEGIN HIDDEN TESTS
    for layer in layers_with_skips():
        check_biases(*layer, f"db of {len(layer[3])} units")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 9 · In your own words (3 points, read by a person)
#
# Answer in one or two sentences each:
#
# 1. A gradient check of a network with four layers finds relative errors near $10^{-10}$ everywhere, except for the biases
#    of layer 2, where it is 0.98. In which line of the backward pass do you look, and how do you know that it is none of
#    the others?
# 2. A colleague checks her gradient with $h = 10^{-14}$, "to be as exact as possible", and finds that it is wrong. You see
#    no mistake in her backward pass. What has happened?
# 3. A network with twelve layers of sigmoid units stays at chance. The gradient of its first layer has norm $10^{-9}$, that
#    of its last one 0.3. A friend suggests a learning rate a hundred million times larger. Why will that not do, and what
#    would you change instead?
#
# | rubric | 1 point | ½ point |
# | --- | --- | --- |
# | 1 | names the line, **and** says why what goes into it must be right | names the line only |
# | 2 | the right reason, **and** a better $h$ | one of the two |
# | 3 | says what the larger learning rate does to the other layers, **and** a change that helps | one of the two |
#
# *Reread:* [chapter 2, Key points](../../course/02-backprop.ipynb#Key-points)

# %% [markdown] nbgrader={"grade": true, "grade_id": "in_your_own_words", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. In `db2 = dA2.sum(axis=0)`. `dA2` itself is right: `dW2` is made of it, and so are the gradients of layer 1, and they
#    are right. Only the sum over the samples is left to go wrong. (½ point: the line without the reason.)
# 2. With so small a step the two losses agree in nearly all of their 16 digits; what is left of their difference is mostly
#    rounding, and dividing by $2h$ makes it large. $h$ near $10^{-5}$ is best. (½ point: rounding, or the better $h$.)
# 3. The learning rate is the same for all layers: the last one, whose gradient is not small, would be thrown far away at the
#    first step. Use another activation with weights that match it (ReLU and He, tanh and Glorot, SELU and LeCun), or skip
#    connections, so that the gradient arrives. (½ point: one of the two. Nothing for "more epochs".)
# ### END SOLUTION

# %% [markdown]
# ## 10 · For the curious: which measurement counts? (no points)
#
# Why stop at the weights? The same walk leads on to the **inputs**: $\partial \hat y / \partial x_j$ says by how many kg the
# predicted mass grows, per standard deviation of measurement $j$, for this very bird. (Chapter 6 uses it for mischief.)
#
# Write `input_slopes(X, layers)`, which returns these slopes for every bird, an array of the shape of `X`, for a ReLU
# network as in question 7. Start with $d\hat y = 1$ for each bird. Then look at the mean over all birds, and compare
# it with the weights of a straight-line fit (`np.linalg.lstsq`).
#
# Before you run it: the three measurements go together; long flippers come with long bills. Which will get the largest
# slope?


# %% nbgrader={"grade": false, "grade_id": "input_slopes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def input_slopes(X, layers):
    """Return the derivative of each prediction with respect to its own inputs, an array of the shape of X."""
    ### BEGIN SOLUTION
    H, masks = X, []
    for W, b in layers[:-1]:
        A = H @ W + b
        masks.append(A > 0)
        H = np.maximum(A, 0)
    dH = np.ones((len(X), 1)) @ layers[-1][0].T
    for (W, _), mask in zip(layers[-2::-1], masks[::-1], strict=True):
        dH = (dH * mask) @ W.T
    # In the network above the means are 0.50 for flipper length, 0.23 for bill length and 0.10 for bill depth. The straight
    # line says 0.71, 0.02 and 0.04: measurements that go together can share the credit in many ways.
    return dH
    ### END SOLUTION


# %%
# input_slopes(measurements, layers).mean(axis=0)    # take the first # away once the function is written
