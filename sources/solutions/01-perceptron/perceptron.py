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
# # Exercise 1 · Perceptron
#
# One neuron looks at tumour cells, learns from its mistakes, and meets cells that it can never get all right. Then
# you wire several neurons into networks: first by hand, then in numpy, then in Keras.
#
# **You need** chapter 1. **Time:** 75 to 90 minutes. **Points:** 25.
#
# | | question | points | minutes |
# | --- | --- | --- | --- |
# | 1 | Predict for a whole table of samples | 2 | 5 |
# | 2 | How far from the boundary? | 2 | 5 |
# | 3 | One step of the perceptron rule | 3 | 10 |
# | 4 | Keep the best: the pocket algorithm | 4 | 20 |
# | 5 | One droplet, one cell: a network by hand | 3 | 10 |
# | 6 | An activation and its derivative | 3 | 10 |
# | 7 | Forward pass through any number of layers | 3 | 10 |
# | 8 | The same network in Keras | 2 | 8 |
# | 9 | In your own words | 3 | 7 |
# | 10 | For the curious: does the pocket hold up on new cells? | – | – |
#
# ## How to work
#
# - Replace each `raise NotImplementedError()` by your code. Keep the names of the functions and the order of their
#   arguments.
# - Below each answer stands a **test cell**. Run it as often as you like: it says what went wrong, or nothing if all is
#   well. Where an answer has parts, it prints ✓ or ✗ for each, and the points. A test cell cannot be edited; try
#   things out in cells of your own.
# - Passing the test cell is a good sign, but not all: when your work is graded, more tests run, with other numbers
#   and in the corners that the text mentions. So read the text, not only the tests.
# - Each question is graded on its own. Stuck? Go on: no test of a later question uses an earlier answer. For the same
#   reason, don't call the function of an earlier question in a later one.
# - Loops or vectorised numpy: both are right. So are lists where the text says array. Your functions must not change
#   the arrays and lists that they are given.
# - Question 9 is read by a person, who sees the rubric that you see.
# - Before you hand in: *Kernel → Restart Kernel and Run All Cells* (it stops at the first cell that raises an error),
#   then **Validate** in the toolbar, which runs all the tests that you can see. Of each test cell that fails it shows
#   the code first and the reason at the end. (Validate also names question 9 as long as it is empty.)
#
# Notation, as in the chapter: `X` has shape (n_samples, n_features), one sample per row; `w` has shape (n_features,);
# `b` is one number. What is new: **labels are −1 and +1** in questions 1 to 4, not 0 and 1. You will see that this
# makes formulas shorter.
#
# Run this cell first.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from dlcourse import checks, data

# Nuclei of breast cells from 569 biopsies. The source gives no unit for these two measurements.
cells = data.load("breast_cancer").select(features=["mean radius", "mean texture"], classes=["benign", "malignant"])
diagnosis = np.where(cells.y == 1, 1, -1)  # the pathologist's word: +1 malignant, -1 benign
cells

# %% [markdown]
# ## 1 · Predict for a whole table of samples (2 points)
#
# A threshold unit fires for sample $x_i$ if its activation is **above** zero:
#
# $$a_i = w \cdot x_i + b \qquad \hat y_i = \begin{cases} +1 & \text{if } a_i > 0 \\ -1 & \text{if } a_i \le 0 \end{cases}$$
#
# Write `predict(X, w, b)`, which answers for all rows of `X` at once: an array of shape (n_samples,) that holds only
# −1 and +1.
#
# *Example:* with $w = (1, 0)$ and $b = -15$ the unit fires when the first measurement is above 15. For the rows (18,
# 10), (15, 30) and (12, 20) the activations are 3, 0 and −3, so the answer is `[1, -1, -1]`.
#
# *Reread:* [chapter 1, A unit that says yes or no](../../course/01-perceptron.ipynb#A-unit-that-says-yes-or-no)


# %% nbgrader={"grade": false, "grade_id": "predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(X, w, b):
    """Return the answers, -1 or +1, of a threshold unit.

    X: (n_samples, n_features) array. w: (n_features,) array. b: number.
    Returns an array of shape (n_samples,).
    """
    ### BEGIN SOLUTION
    return np.where(X @ w + b > 0, 1, -1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "predict_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 1. Run it as often as you like.
X = np.array([[18.0, 10.0], [15.0, 30.0], [12.0, 20.0]])
checks.assert_close(
    predict(X, np.array([1.0, -1.0]), 10.0),
    [1, -1, 1],
    "the answers for activations 18, -5 and 2",
    mistakes={
        "the labels here are -1 and +1, not 0 and 1": [1, 0, 1],
        "the labels are swapped: an activation above 0 gives +1": [-1, 1, -1],
        "the bias is missing: add b to the weighted sum": [1, -1, -1],
        "the bias has the wrong sign: it is added, w·x + b": [-1, -1, -1],
        "these are the activations; turn them into -1 and +1": [18, -5, 2],
        "there is one answer for each sample, not one for the whole table": 1,
        "w·x is a sum over the features: X @ w, not X * w": [[1, -1], [1, -1], [1, -1]],
    },
)
checks.assert_close(
    predict(X, np.array([1.0, 0.0]), -15.0),
    [1, -1, -1],
    "the answers for activations 3, 0 and -3",
    mistakes={
        "an activation of exactly 0 does not fire: its label is -1 (np.sign would give 0)": [1, 0, -1],
        "an activation of exactly 0 does not fire: ask for > 0, not >= 0": [1, 1, -1],
    },
)
agree = np.sum(np.asarray(predict(cells.X, np.array([1.0, 0.0]), -15.0)) == diagnosis)
checks.assert_close(agree, 506, "on how many of the 569 biopsies 'malignant if the radius is above 15' is right")
### BEGIN HIDDEN TESTS
for seed in range(8):
    rng = np.random.default_rng(seed)
    # Eighths are exact in binary, whatever the order of the sums; more samples than features, then fewer.
    X = rng.integers(-16, 17, size=(rng.integers(1, 9), rng.integers(1, 7))) / 8
    w, b = rng.integers(-16, 17, size=X.shape[1]) / 8, rng.integers(-8, 9) / 8
    activation = X @ w + b
    expected = np.where(activation > 0, 1, -1)
    X_before, w_before = X.copy(), w.copy()
    checks.assert_close(
        predict(X, w, b),
        expected,
        f"the answers for {X.shape[0]} samples with {X.shape[1]} features",
        mistakes={
            "the bias is missing: add b to the weighted sum": np.where(X @ w > 0, 1, -1),
            "the bias has the wrong sign: it is added, w·x + b": np.where(X @ w - b > 0, 1, -1),
            "an activation of exactly 0 does not fire: ask for > 0, not >= 0": np.where(activation >= 0, 1, -1),
            "only the first two features are used: sum over all of them": np.where(X[:, :2] @ w[:2] + b > 0, 1, -1),
        },
    )
    checks.assert_unchanged(X, X_before, "predict must not change the X it was given")
    checks.assert_unchanged(w, w_before, "predict must not change the w it was given")
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · How far from the boundary? (2 points)
#
# The activation says on which side of the boundary a sample lies, but not how far from it: multiply $w$ and $b$ by
# ten and all activations grow tenfold, although the boundary has not moved. The **signed distance** does not change:
#
# $$d_i = \frac{w \cdot x_i + b}{\lVert w \rVert} \qquad \lVert w \rVert = \sqrt{w_1^2 + w_2^2 + \dots}$$
#
# It is positive on the side to which $w$ points and negative on the other, and its unit is that of the features. (So
# it only means something if all features have the same unit, as the iris petals below: length and width, both in cm.)
#
# Write `signed_distance(X, w, b)`, which returns the distances of all rows of `X`, shape (n_samples,).
#
# *Example:* $w = (3, 4)$ has length 5. With $b = -10$ the flower with a petal of 1.4 cm by 0.2 cm lies at
# $(3 \cdot 1.4 + 4 \cdot 0.2 - 10) / 5 = -1.0$ cm.
#
# *Reread:* [chapter 1, The geometry: a line, its direction, its distance](../../course/01-perceptron.ipynb#The-geometry:-a-line,-its-direction,-its-distance)


# %% nbgrader={"grade": false, "grade_id": "signed_distance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def signed_distance(X, w, b):
    """Return how far each sample lies from the boundary w·x + b = 0, in the unit of the features.

    X: (n_samples, n_features) array. w: (n_features,) array, not all zero. b: number.
    Returns an array of shape (n_samples,), positive on the side to which w points.
    """
    ### BEGIN SOLUTION
    return (X @ w + b) / np.linalg.norm(w)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "signed_distance_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 2.
petals = data.load("iris").select(features=["petal length", "petal width"], classes=["setosa", "versicolor"])
flowers = petals.X[[0, 50]]  # 1.4 cm by 0.2 cm, and 4.7 cm by 1.4 cm
checks.assert_close(
    signed_distance(flowers, np.array([3.0, 4.0]), -10.0),
    [-1.0, 1.94],
    "distances (cm) of the first setosa and the first versicolor",
    rtol=1e-4,
    mistakes={
        "these are the activations: divide them by the length of w": [-5.0, 9.7],
        "that is divided by w·w, the square of the length": [-0.2, 0.388],
        "that is divided by |w1| + |w2|; the length is the root of the squares' sum": [-5 / 7, 9.7 / 7],
        "the sign is lost: samples on the other side have a negative distance": [1.0, 1.94],
        "only w·x was divided by the length of w; b must be divided too": [5 / 5 - 10, 19.7 / 5 - 10],
        "only b was divided by the length of w: put brackets around w·x + b": [5 - 10 / 5, 19.7 - 10 / 5],
        "that is divided by the number of features; the length of w is the root of the squares' sum": [-5 / 2, 9.7 / 2],
        "`… ** 1/2` means (… ** 1) / 2: write ** 0.5": [-5 / 25 / 2, 9.7 / 25 / 2],
        "the bias is missing": [1.0, 3.94],
        "the bias does not count towards the length of w": [-5 / 125**0.5, 9.7 / 125**0.5],
    },
)
checks.assert_close(
    signed_distance(flowers, np.array([30.0, 40.0]), -100.0),
    [-1.0, 1.94],
    "the same distances after w and b were multiplied by ten: the boundary has not moved",
    rtol=1e-4,
)
### BEGIN HIDDEN TESTS
for seed in range(8):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rng.integers(1, 9), rng.integers(1, 7)))
    w, b = rng.normal(size=X.shape[1]), rng.normal()
    w /= np.abs(w).max()
    activation, length = X @ w + b, np.sqrt(np.sum(w**2))
    X_before, w_before = X.copy(), w.copy()
    checks.assert_close(
        signed_distance(X, w, b),
        activation / length,
        f"distances of {X.shape[0]} samples with {X.shape[1]} features",
        rtol=1e-4,
        atol=1e-4,
        mistakes={
            "these are the activations: divide them by the length of w": activation,
            "that is divided by w·w, the square of the length": activation / length**2,
            "that is divided by the sum of |w|; the length is the root of the squares' sum": activation
            / np.abs(w).sum(),
            "the sign is lost: samples on the other side have a negative distance": np.abs(activation) / length,
            "the bias is missing": X @ w / length,
            "the bias does not count towards the length of w": activation / np.sqrt(length**2 + b**2),
        },
    )
    checks.assert_unchanged(X, X_before, "signed_distance must not change the X it was given")
    checks.assert_unchanged(w, w_before, "signed_distance must not change the w it was given")
### END HIDDEN TESTS

# %% [markdown]
# ## 3 · One step of the perceptron rule (3 points)
#
# With labels −1 and +1, a sample lies on its right side exactly when $y\,(w \cdot x + b) > 0$. The perceptron rule
# then leaves everything as it is. If instead $y\,(w \cdot x + b) \le 0$, the sample counts as a **mistake**, also
# when it lies exactly on the boundary, and
#
# $$w \leftarrow w + y\,x \qquad b \leftarrow b + y$$
#
# Write `perceptron_step(w, b, x, y)` for **one** sample: `x` has shape (n_features,), `y` is −1 or +1. Return the
# pair `w, b` after the step, and leave the `w` that you were given as it was.
#
# *Example:* $w = (0.5, 1)$, $b = -0.5$ and the sample $x = (2, -1)$ with label $+1$: the activation is
# $1 - 1 - 0.5 = -0.5$, a mistake. The step leads to $w = (2.5, 0)$ and $b = 0.5$.
#
# *Reread:* [chapter 1, Learn from mistakes](../../course/01-perceptron.ipynb#Learn-from-mistakes)


# %% nbgrader={"grade": false, "grade_id": "perceptron_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perceptron_step(w, b, x, y):
    """Return (w, b) after showing the perceptron one sample.

    w: (n_features,) array. b: number. x: (n_features,) array. y: -1 or +1.
    """
    ### BEGIN SOLUTION
    if y * (w @ x + b) > 0:
        return w, b
    return w + y * x, b + y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "perceptron_step_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 3.
parts = checks.Parts(points=3)
w, x = np.array([0.5, 1.0]), np.array([2.0, -1.0])

with parts("the step after a mistake", points=2):
    pair = perceptron_step(w.copy(), -0.5, x, +1)  # w·x + b = -0.5, but the label is +1: a mistake
    assert pair is not None, "perceptron_step returned None: did you forget `return`?"
    new_w, new_b = pair
    assert np.ndim(new_w) == 1, (
        "the first of the two things that perceptron_step returns is not the weights: return the pair w, b, in this order"
    )
    checks.assert_close(
        new_w,
        [2.5, 0.0],
        "weights after a mistake",
        mistakes={
            "the step went away from the sample: check the sign": w - x,
            "nothing changed, although this sample lies on the wrong side": w,
            "the step is twice too long: with labels -1 and +1, y - y_hat is ±2; add y·x": w + 2 * x,
            "w moves by y·x, it is not replaced by it": x,
        },
    )
    checks.assert_close(
        new_b,
        0.5,
        "bias after a mistake",
        mistakes={
            "the bias learns too: b ← b + y": -0.5,
            "the step of the bias went the wrong way": -1.5,
            "the step of the bias is twice too long: add y, not y - y_hat": 1.5,
        },
    )
    new_w, new_b = perceptron_step(w.copy(), 0.5, x, -1)  # w·x + b = 0.5, but the label is -1
    checks.assert_close(
        new_w,
        [-1.5, 2.0],
        "weights after a mistake on a sample with label -1",
        mistakes={
            "for label -1 the step leads away from x: multiply by y": w + x,
            "nothing changed, although this sample lies on the wrong side: is it y * (w @ x + b), with brackets?": w,
            "the step is twice too long: y - y_hat is -2 here; with labels -1 and +1 add y·x": w - 2 * x,
        },
    )
    checks.assert_close(
        new_b,
        -0.5,
        "bias after a mistake on a sample with label -1",
        mistakes={"for label -1 the bias goes down: add y, not 1": 1.5},
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(seed)
        hidden_x, hidden_w = rng.normal(size=(2, 5))
        label = (-1) ** seed
        bias = -hidden_w @ hidden_x - label * rng.uniform(0.1, 2)  # always on the wrong side
        new_w, new_b = perceptron_step(hidden_w.copy(), bias, hidden_x, label)
        checks.assert_close(
            new_w,
            hidden_w + label * hidden_x,
            f"weights after a mistake on a sample with label {label:+d}",
            rtol=1e-4,
            atol=1e-5,
            mistakes={
                "the step went away from the sample: check the sign": hidden_w - label * hidden_x,
                "for label -1 the step leads away from x: multiply by y": hidden_w + hidden_x,
                "nothing changed, although this sample lies on the wrong side: did you leave out b?": hidden_w,
            },
        )
        checks.assert_close(new_b, bias + label, "bias after a mistake", rtol=1e-4, atol=1e-5)
    ### END HIDDEN TESTS

with parts("a step only after a mistake, and w left as it was", points=1):
    pair = perceptron_step(w.copy(), 0.5, x, +1)  # w·x + b = 0.5: right
    assert pair is not None, "after a sample that was right, perceptron_step returned None: return w and b then, too"
    kept_w, kept_b = pair
    checks.assert_close(
        np.append(kept_w, kept_b),
        [0.5, 1.0, 0.5],
        "weights and bias after a sample that was right",
        mistakes={"this sample is already on its right side: leave w and b alone": [2.5, 0.0, 1.5]},
    )
    new_w, new_b = perceptron_step(w.copy(), 0.0, x, +1)  # w·x + b = 0
    checks.assert_close(
        np.append(new_w, new_b),
        [2.5, 0.0, 1.0],
        "weights and bias after a sample exactly on the boundary",
        mistakes={"a sample exactly on the boundary counts as a mistake: ask for <= 0, not < 0": [0.5, 1.0, 0.0]},
    )
    given = w.copy()
    perceptron_step(given, -0.5, x, +1)
    checks.assert_unchanged(given, w, "perceptron_step must not change the w it was given: make a new array")
    ### BEGIN HIDDEN TESTS
    new_w, new_b = perceptron_step(np.zeros(2), 0.0, x, -1)
    checks.assert_close(
        np.append(new_w, new_b),
        [-2.0, 1.0, -1.0],
        "weights and bias after a first sample with label -1, from w = 0 and b = 0",
        mistakes={
            "a sample exactly on the boundary counts as a mistake, for label -1 too: use y·(w·x + b) <= 0": [0, 0, 0]
        },
    )
    for seed in range(8):
        rng = np.random.default_rng(seed)
        hidden_x, hidden_w = rng.normal(size=(2, 5))
        label = (-1) ** seed
        bias = -hidden_w @ hidden_x + label * rng.uniform(0.1, 2)  # always on the right side
        given_w, given_x = hidden_w.copy(), hidden_x.copy()
        kept_w, kept_b = perceptron_step(given_w, bias, given_x, label)
        checks.assert_close(
            np.append(kept_w, kept_b),
            np.append(hidden_w, bias),
            f"weights and bias after a sample with label {label:+d} that was right",
            rtol=1e-4,
            atol=1e-5,
            mistakes={
                "this sample is already on its right side: leave w and b alone": np.append(
                    hidden_w + label * hidden_x, bias + label
                )
            },
        )
        perceptron_step(given_w, bias - 10 * label, given_x, label)
        checks.assert_unchanged(given_w, hidden_w, "perceptron_step must not change the w it was given")
        checks.assert_unchanged(given_x, hidden_x, "perceptron_step must not change the x it was given")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 4 · Keep the best: the pocket algorithm (4 points)
#
# If no line separates the classes, the perceptron rule never comes to rest, and where it happens to stand when you
# stop it is luck. Gallant (1990) proposed a remedy: go on learning as before, but keep the best weights seen so far
# in your **pocket**.
#
# 1. Start from `w = 0` and `b = 0`.
# 2. In each of `n_epochs` epochs, visit all samples once in a **new random order**, drawn from `rng`, and apply the
#    perceptron rule of question 3 to one after the other: on a mistake, $w \leftarrow w + y\,x$ and
#    $b \leftarrow b + y$.
# 3. At the end of the epoch, with the weights as they are then, count the mistakes over **all** samples, that is, those
#    with $y\,(w \cdot x + b) \le 0$, and write the number down.
# 4. If there are fewer than in any epoch before, put the weights into your pocket. Learning goes on from where it
#    was.
#
# (Gallant compares after every single step; once an epoch is faster, and enough here.)
#
# Write `train_pocket(X, y, n_epochs, rng)`. Return three things: `w, b, mistakes`. The first two are the weights in
# the pocket at the end; `mistakes` holds the number written down after each epoch, shape (n_epochs,).
#
# *Example:* a single sample $x = (2, -1)$ with label $+1$ and three epochs. The first epoch ends with $w = (2, -1)$
# and $b = 1$, and from then on there is no mistake: the function returns these two and `mistakes = [0, 0, 0]`.
#
# *Hints:* `rng.permutation(n)` returns the numbers 0 … n − 1 in random order. Write the two lines of the rule out
# rather than call `perceptron_step`, so that a slip there costs nothing here. Does the pocket still hold what you put
# in when `w` moves on?
#
# *Reread:* [chapter 1, When no line will do](../../course/01-perceptron.ipynb#When-no-line-will-do)


# %% nbgrader={"grade": false, "grade_id": "train_pocket", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_pocket(X, y, n_epochs, rng):
    """Train a perceptron and keep the weights of its best epoch.

    X: (n_samples, n_features) array. y: (n_samples,) array of -1 and +1. n_epochs: at least 1.
    rng: a numpy.random.Generator, the only source of randomness.
    Returns (w, b, mistakes): the weights, shape (n_features,), and bias of the epoch with the fewest mistakes, and the
    number of mistakes after each epoch, shape (n_epochs,).
    """
    ### BEGIN SOLUTION
    w, b = np.zeros(X.shape[1]), 0.0
    fewest, pocket = np.inf, None
    mistakes = []
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w = w + y[i] * X[i]  # a new array: the one in the pocket stays as it is
                b = b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, np.array(mistakes)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_pocket_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 4.
parts = checks.Parts(points=4)
Z, z_labels = cells.standardise().X[::2], diagnosis[::2]  # mean 0, standard deviation 1; every other cell
one_x, one_y = np.array([[2.0, -1.0]]), np.array([1])
same_x, same_y = np.array([[2.0, -1.0]] * 3), np.array([1, 1, -1])  # one sample three times: at best one mistake
opposite = np.array([[10.0, 0.0], [-7.0, 1.0]])


def count_mistakes(w, b, X, y):
    return int(np.sum(y * (X @ np.asarray(w) + np.asarray(b)) <= 0))


def fewest_mistakes(w, b, mistakes, X, y):
    """Of the best epoch, whether it was noted or kept in the pocket: other parts ask for the one or the other."""
    return min(count_mistakes(w, b, X, y), np.min(mistakes))


with parts("the perceptron rule, from w = 0", points=1):
    result = train_pocket(one_x.copy(), one_y.copy(), 1, np.random.default_rng(0))
    assert result is not None, "train_pocket returned None: did you forget `return w, b, mistakes`?"
    w, b, mistakes = result
    checks.assert_close(
        np.append(w, b),
        [2.0, -1.0, 1.0],
        "weights and bias after one epoch on one sample with label +1",
        rtol=1e-4,
        mistakes={
            "the step went away from the sample: check the sign": [-2.0, 1.0, -1.0],
            "nothing was learned: a sample exactly on the boundary counts as a mistake": [0.0, 0.0, 0.0],
            "the bias learns too: b ← b + y": [2.0, -1.0, 0.0],
            "the step is twice too long: add y·x and y": [4.0, -2.0, 2.0],
        },
    )
    # Two samples with label +1, on opposite sides of 0: several epochs are needed, whichever comes first.
    w, b, mistakes = train_pocket(opposite.copy(), np.array([1, 1]), 40, np.random.default_rng(0))
    assert fewest_mistakes(w, b, mistakes, opposite, 1) == 0, (
        "40 epochs on two samples with the same label, and never without a mistake: does each epoch go on from the weights "
        "of the one before? Set w and b to zero only once, before the first epoch. And does the count of mistakes begin at "
        "0 again in each epoch?"
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        for label in (1, -1):
            w, b, mistakes = train_pocket(opposite.copy(), np.full(2, label), 40, np.random.default_rng(seed))
            assert fewest_mistakes(w, b, mistakes, opposite, label) == 0, (
                f"two samples with label {label:+d} are not learned in 40 epochs: for label -1 the step leads away from x "
                "(multiply by y), and each epoch goes on from the weights of the one before"
            )
    # Whichever comes first, the other has the activation -0.5 + 1 = 0.5 then: it is right, and moves nothing.
    beside = np.array([[1.0, 0.0], [-0.5, 1.0]])
    for seed in range(2):
        _, b, _ = train_pocket(beside.copy(), np.array([1, 1]), 1, np.random.default_rng(seed))
        checks.assert_close(
            b,
            1.0,
            "the bias after one epoch on two samples with label +1, of which the second is right as soon as the first is learned",
            rtol=1e-4,
            mistakes={"a sample that is right moved the weights: a mistake has y·(w·x + b) <= 0, not <= 1": 2.0},
        )
    ### END HIDDEN TESTS

with parts("the mistakes after each epoch", points=1):
    _, _, mistakes = train_pocket(one_x.copy(), one_y.copy(), 3, np.random.default_rng(0))
    checks.assert_close(
        mistakes,
        [0, 0, 0],
        "mistakes after each of three epochs on one sample",
        mistakes={
            "count after the epoch, not while learning: one update was made in the first epoch, but none was needed "
            "after it": [1, 0, 0],
            "these samples are right; count the ones that are wrong": [1, 1, 1],
            "one number for each epoch, counted at its end; the start does not count": [1, 0, 0, 0],
            "keep the number of every epoch, not only of one": 0,
            "only one epoch came back: does `return` stand inside the loop over the epochs?": [0],
        },
    )
    _, _, mistakes = train_pocket(Z.copy(), z_labels.copy(), 15, np.random.default_rng(1))
    checks.assert_shape(mistakes, (15,), "mistakes after 15 epochs on the cells, one number for each epoch")
    assert np.max(mistakes) > 0, (
        "not one mistake after any of 15 epochs on the cells, but no line separates them: a sample exactly on the boundary "
        "counts as a mistake, too (<= 0)"
    )
    assert np.max(mistakes) > 1, "mistakes on the cells: write down how many there are, not their share of the samples"
    assert np.any(np.diff(mistakes) < 0) or np.ptp(mistakes) == 0, (
        "mistakes on the cells rise from epoch to epoch and never fall: begin each count at 0 again"
    )
    assert np.any(np.diff(mistakes) > 0), (
        "mistakes on the cells never rise, but no line separates them, so they must: write down the number of every "
        "epoch, not the best so far"
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(3):
        # After a single epoch the pocket can only hold the weights of that epoch.
        w, b, mistakes = train_pocket(Z.copy(), z_labels.copy(), 1, np.random.default_rng(seed))
        right = count_mistakes(w, b, Z, z_labels)
        checks.assert_close(
            mistakes,
            [right],
            "mistakes after one epoch, over all samples, with the weights at its end",
            mistakes={"these are the samples that are right; count those that are wrong": [len(Z) - right]},
        )
    for seed in range(3):
        _, _, mistakes = train_pocket(same_x.copy(), same_y.copy(), 20, np.random.default_rng(seed))
        assert np.min(mistakes) > 0, (
            "an epoch without mistakes, although one sample is there with both labels: in the count, too, a sample exactly "
            "on the boundary is a mistake (<= 0)"
        )
    ### END HIDDEN TESTS

with parts("the pocket holds the best epoch", points=1):
    for seed in range(8):
        w, b, mistakes = train_pocket(same_x.copy(), same_y.copy(), 20, np.random.default_rng(seed))
        assert not (np.allclose(w, 0) and np.allclose(b, 1)), (
            "the bias in the pocket is that of the best epoch, but the weights are not: `w += …` also changes the array "
            "in the pocket, so put w.copy() there"
        )
    for seed in range(2):
        w, b, mistakes = train_pocket(Z.copy(), z_labels.copy(), 11, np.random.default_rng(seed))
        checks.assert_close(
            count_mistakes(w, b, Z, z_labels),
            np.min(mistakes),
            "mistakes made with the w and b that came back, compared with the fewest that you wrote down",
            mistakes={
                "these are the weights of the last epoch, not of the best": np.asarray(mistakes).flat[-1],
                "the pocket keeps the worst epoch: exchange when there are fewer mistakes": np.max(mistakes),
                "these are the weights of the first epoch: exchange when there are fewer mistakes": (
                    np.asarray(mistakes).flat[0]
                ),
                "every sample is wrong, so the weights that came back are the zeros of the start": len(Z),
            },
        )
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        w, b, mistakes = train_pocket(same_x.copy(), same_y.copy(), 20, np.random.default_rng(seed))
        if np.min(mistakes) == 1:
            checks.assert_close(
                w,
                [2.0, -1.0],
                "weights of the best epoch",
                rtol=1e-4,
                mistakes={"these are the weights of the last epoch, or the pocket was changed later": [0.0, 0.0]},
            )
    for seed in range(3, 5):
        w, b, mistakes = train_pocket(Z.copy(), z_labels.copy(), 8, np.random.default_rng(seed))
        checks.assert_close(
            count_mistakes(w, b, Z, z_labels),
            np.min(mistakes),
            "mistakes made with the w and b that came back, compared with the fewest that you wrote down",
            mistakes={"these are the weights of the last epoch, not of the best": np.asarray(mistakes).flat[-1]},
        )
    ### END HIDDEN TESTS

with parts("a new order in every epoch, drawn from rng", points=1):
    results = [train_pocket(Z.copy(), z_labels.copy(), 2, np.random.default_rng(seed)) for seed in (0, 0, 1, 2)]
    runs = [np.hstack([np.ravel(part) for part in result]) for result in results]  # weights, bias, mistakes
    assert np.array_equal(runs[0], runs[1]), (
        "the same seed gave two different runs: draw the order from the rng that you are given, not from np.random or a "
        "generator of your own"
    )
    assert not (np.array_equal(runs[0], runs[2]) and np.array_equal(runs[0], runs[3])), (
        "three different rng gave the same run: the order of the samples has to come from rng (and something has to be "
        "learned)"
    )
    given_x, given_y = Z.copy(), z_labels.copy()
    train_pocket(given_x, given_y, 1, np.random.default_rng(0))
    checks.assert_unchanged(
        given_x, Z, "train_pocket must not reorder or change the X it was given: shuffle the indices"
    )
    checks.assert_unchanged(given_y, z_labels, "train_pocket must not reorder or change the y it was given")
    everything = data.load("breast_cancer").standardise()
    labels = np.where(everything.y == 0, 1, -1)
    w, b, mistakes = train_pocket(everything.X.copy(), labels.copy(), 5, np.random.default_rng(0))
    left = fewest_mistakes(w, b, mistakes, everything.X, labels)
    assert left <= 40, (
        f"{left} of 569 cells are still wrong after 5 epochs with all 30 features, where about 12 are usual: does each "
        "sample keep its own label when you shuffle? Use one order for X and y"
    )
    histories = [
        np.asarray(train_pocket(same_x.copy(), same_y.copy(), 20, np.random.default_rng(s))[2]) for s in range(5)
    ]
    assert any(np.ptp(history) > 0 for history in histories), (
        "the number of mistakes never changes on a sample that is there three times, twice with label +1 and once with "
        "-1: draw a new order in every epoch, not one for all"
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(1, 2):
        w, b, mistakes = train_pocket(everything.X.copy(), labels.copy(), 5, np.random.default_rng(seed))
        left = fewest_mistakes(w, b, mistakes, everything.X, labels)
        assert left <= 40, f"{left} of 569 cells are still wrong: does each sample keep its own label when you shuffle?"
    petals = (
        data.load("iris")
        .select(features=["petal length", "petal width"], classes=["setosa", "versicolor"])
        .standardise()
    )
    species = np.where(petals.y == 1, 1, -1)
    for seed in range(4):
        w, b, mistakes = train_pocket(petals.X.copy(), species.copy(), 20, np.random.default_rng(seed))
        assert fewest_mistakes(w, b, mistakes, petals.X, species) == 0, (
            "a line separates the petals of setosa and versicolor, but mistakes are left after 20 epochs: does each "
            "sample keep its own label when you shuffle?"
        )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# Look at what you have made. (This cell is not graded; it needs your `train_pocket`.)

# %%
from dlcourse import plots

w, b, mistakes = train_pocket(cells.standardise().X, diagnosis, 50, np.random.default_rng(0))
epochs = np.arange(1, 51)
figure, axes = plots.new_figure(size=(7, 3.5))
axes.plot(epochs, mistakes, plots.LINESTYLES[0], marker=".", label="perceptron, after each epoch")
axes.plot(epochs, np.minimum.accumulate(mistakes), plots.LINESTYLES[1], label="pocket, best so far")
axes.set_ylim(bottom=0)
plots.label_axes(axes, "epoch", "mistakes on 569 biopsies", legend=True)
plots.show(
    figure,
    alt=f"Mistakes over 50 epochs. After an epoch the perceptron makes between {min(mistakes)} and {max(mistakes)} mistakes, "
    f"jumping up and down to the end; the best so far falls in steps to {min(mistakes)}.",
    caption="The perceptron never comes to rest on these cells; what is in the pocket only ever gets better on them.",
)

# %% [markdown]
# ## 5 · One droplet, one cell: a network by hand (3 points)
#
# In single-cell sequencing each droplet should catch one cell. To find droplets that caught none or several, the
# cells of four patients are stained with a different tag each, and for each droplet one reads which **tags** are
# present: four inputs that are 0 or 1. Keep a droplet if **exactly one** of its four tags is on.
#
# One neuron cannot tell: it would have to switch on between none and one, and off again between one and two. The
# normal form of the chapter needs four hidden neurons, one for each way to have one tag. You can do with **two**, if
# you let them *count*.
#
# All units here are threshold units that answer **0 or 1**: $\text{step}(a) = 1$ if $a > 0$, else $0$. The network is
#
# $$h = \text{step}(x\,W_1 + b_1) \qquad \text{keep} = \text{step}(h \cdot w_2 + b_2)$$
#
# Write `singlet_network()`, which returns the four parts `W1, b1, w2, b2` that you choose by hand: `W1` of shape (4,
# 2), one **column** for each hidden neuron; `b1` of shape (2,); `w2` of shape (2,); `b2` a number.
#
# *Example of the shapes:* `W1 = np.zeros((4, 2))`, `b1 = np.zeros(2)`, `w2 = np.zeros(2)`, `b2 = 0.0` is a network,
# but one that never keeps a droplet.
#
# *Reread:* [chapter 1, Where one line is not enough: XOR](../../course/01-perceptron.ipynb#Where-one-line-is-not-enough:-XOR),
# [Any truth table](../../course/01-perceptron.ipynb#Any-truth-table)


# %% nbgrader={"grade": false, "grade_id": "singlet_network", "locked": false, "schema_version": 3, "solution": true, "task": false}
def singlet_network():
    """Return (W1, b1, w2, b2) of a network of threshold units that fires if exactly one of four inputs is 1.

    Shapes: W1 (4, 2), b1 (2,), w2 (2,), b2 a number.
    """
    ### BEGIN SOLUTION
    W1 = np.ones((4, 2))  # both hidden neurons count the tags …
    b1 = np.array([-0.5, -1.5])  # … and fire at one or more, and at two or more
    w2 = np.array([1.0, -1.0])  # at least one, but not two
    b2 = -0.5
    return W1, b1, w2, b2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "singlet_network_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 5.
parts = checks.Parts(points=3)


def keep(tags):
    """What the network answers for each row of tags: 1 for keep."""
    W1, b1, w2, b2 = (np.asarray(part, dtype=float) for part in singlet_network())
    hidden = np.where(tags @ W1 + b1 > 0, 1, 0)
    return np.where(hidden @ w2 + b2 > 0, 1, 0).ravel()


with parts("the shapes", points=1):
    network = singlet_network()
    assert network is not None, "singlet_network returned None: did you forget `return W1, b1, w2, b2`?"
    assert len(network) == 4, f"singlet_network returns four parts, W1, b1, w2, b2, but there are {len(network)}"
    n_hidden = np.shape(network[1])[0] if np.ndim(network[1]) else 1
    assert n_hidden == 2, f"this network has {n_hidden} hidden neurons: build it from two that count"
    assert np.shape(network[0]) != (2, 4), "W1 is transposed: one row for each input, one column for each hidden neuron"
    checks.assert_shape(network[0], (4, 2), "W1")
    checks.assert_shape(network[1], (2,), "b1")
    checks.assert_shape(network[2], (2,), "w2")
    checks.assert_shape(network[3], (), "b2")

with parts("one tag against none", points=1):
    checks.assert_close(
        keep(np.array([[0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]])),
        [0, 1, 1],
        "the answers for 0000, 1000 and 0001",
        mistakes={
            "no droplet is kept: a unit fires above 0, not at 0, so with weights 1 it takes a bias such as -0.5 to fire at "
            "one tag but not at none": [0, 0, 0],
            "the empty droplet is kept: with no tag on, only the biases speak": [1, 1, 1],
            "the answers are turned round: the empty droplet is kept and those with one tag are not": [1, 0, 0],
            "the last tag is not connected": [0, 1, 0],
        },
    )
    ### BEGIN HIDDEN TESTS
    few = np.vstack([np.zeros(4), np.eye(4)])
    answers = keep(few)
    for row, answer in zip(few[1:], answers[1:], strict=True):
        assert answer == 1, f"a droplet with only tag {int(row.argmax()) + 1} on is not kept: do all tags count alike?"
    assert answers[0] == 0, "the empty droplet is kept: with no tag on, only the biases speak"
    ### END HIDDEN TESTS

with parts("one tag against several", points=1):
    checks.assert_close(
        keep(np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]])),
        [1, 0, 0, 0],
        "the answers for 1000, 1100, 1110 and 1111",
        mistakes={
            "droplets with several tags are kept: the second hidden neuron must speak against": [1, 1, 1, 1],
            "two tags are kept, not one: with b = -1 a neuron is still off at one tag, as 0 is not above 0": [
                0,
                1,
                0,
                0,
            ],
            "two tags are still kept: when does your second hidden neuron switch on?": [1, 1, 0, 0],
            "only several tags are kept: one hidden neuron must speak for, the other against": [0, 1, 1, 1],
            "no droplet is kept: what speaks for must outweigh the bias when one tag is on": [0, 0, 0, 0],
        },
    )
    ### BEGIN HIDDEN TESTS
    several = np.array([row for row in np.ndindex(2, 2, 2, 2) if sum(row) > 1])
    for row, answer in zip(several, keep(several), strict=True):
        assert answer == 0, f"the droplet {''.join(map(str, row))} is kept: do all tags count alike?"
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 6 · An activation and its derivative (3 points)
#
# The chapter's zoo of activations has grown. **SiLU** (sigmoid linear unit, also called *swish*) is what many current
# networks use, from image classifiers to language models:
#
# $$\text{silu}(a) = a \cdot \sigma(a) \qquad \sigma(a) = \frac{1}{1 + e^{-a}}$$
#
# It looks like a ReLU that was drawn with a soft pencil: close to $a$ for large $a$, close to 0 for very negative
# $a$, and with a small dip in between.
#
# Write `silu(a)` and `silu_derivative(a)`. Both take an array of any shape and return an array of the same shape. For
# the derivative you need the product rule and $\sigma'(a) = \sigma(a)\,(1 - \sigma(a))$; work it out on paper first.
#
# *Example:* $\text{silu}(1) = 0.7311$, $\text{silu}(-1) = -0.2689$, and the slope at 0 is $0.5$.
#
# *Corners:* `a` may hold whole numbers (`dtype=int`), and numbers as large as ±1000: then $e^{1000}$ is more than a
# computer can write down, but the results must be the right ones, not `nan`. (A `RuntimeWarning` about an overflow
# costs no points.)
#
# *Reread:* [chapter 1, The activation zoo](../../course/01-perceptron.ipynb#The-activation-zoo)


# %% nbgrader={"grade": false, "grade_id": "silu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def silu(a):
    """Return a · sigmoid(a), element by element. a: array of any shape."""
    ### BEGIN SOLUTION
    return a * (0.5 + 0.5 * np.tanh(0.5 * a))  # sigmoid(a) = (1 + tanh(a/2)) / 2, which cannot overflow
    ### END SOLUTION


def silu_derivative(a):
    """Return the slope of silu at a, element by element. a: array of any shape."""
    ### BEGIN SOLUTION
    s = 0.5 + 0.5 * np.tanh(0.5 * a)
    return s + a * s * (1 - s)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "silu_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 6.
parts = checks.Parts(points=3)
a = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])

with parts("silu", points=1):
    checks.assert_close(
        silu(a.copy()),
        [-0.238406, -0.268941, 0.0, 0.731059, 1.761594],
        "silu at -2, -1, 0, 1 and 2",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "check the sign in the exponent: exp(-a)": a / (1 + np.exp(a)),
            "that is the sigmoid; silu is a · sigmoid(a)": 1 / (1 + np.exp(-a)),
            "that is the ReLU; silu is softer": np.maximum(a, 0),
            "that is a · tanh(a)": a * np.tanh(a),
        },
    )
    given = a.copy()
    silu(given)
    checks.assert_unchanged(given, a, "silu must not change the array it was given")
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        hidden_a = np.random.default_rng(seed).normal(scale=4, size=(3, 1 + seed % 4, 2))
        checks.assert_close(
            silu(hidden_a.copy()),
            hidden_a / (1 + np.exp(-hidden_a)),
            f"silu of an array of shape {hidden_a.shape}",
            rtol=1e-4,
            atol=1e-5,
            mistakes={
                "check the sign in the exponent: exp(-a)": hidden_a / (1 + np.exp(hidden_a)),
                "the result has the shape of the input, also where that is no flat array": (
                    hidden_a / (1 + np.exp(-hidden_a))
                ).ravel(),
            },
        )
    ### END HIDDEN TESTS

with parts("its derivative", points=1):
    s = 1 / (1 + np.exp(-a))
    checks.assert_close(
        silu_derivative(a.copy()),
        [-0.090784, 0.072330, 0.5, 0.927670, 1.090784],
        "the slope of silu at -2, -1, 0, 1 and 2",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "that is the slope of the sigmoid; silu is a · sigmoid(a): use the product rule": s * (1 - s),
            "the product rule has two terms, and one of them is missing (the slope of `a` is 1)": a * s * (1 - s),
            "the product rule has two terms; the one with the slope of the sigmoid is missing": s,
            "the slope of the sigmoid was not multiplied: it is a · s · (1 - s)": s + s * (1 - s),
            "the two terms of the product rule are added, not subtracted": s - a * s * (1 - s),
            "check the slope of the sigmoid: s · (1 - s)": s + a * (1 - s),
        },
    )
    given = a.copy()
    silu_derivative(given)
    checks.assert_unchanged(given, a, "silu_derivative must not change the array it was given")
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        hidden_a = np.random.default_rng(seed).normal(scale=4, size=(3, 1 + seed % 4, 2))
        s = 1 / (1 + np.exp(-hidden_a))
        checks.assert_close(
            silu_derivative(hidden_a.copy()),
            s + hidden_a * s * (1 - s),
            f"the slope of silu for an array of shape {hidden_a.shape}",
            rtol=1e-4,
            atol=1e-5,
            mistakes={
                "that is the slope of the sigmoid; silu is a · sigmoid(a): use the product rule": s * (1 - s),
                "the product rule has two terms; the one with the slope of the sigmoid is missing": s,
            },
        )
    ### END HIDDEN TESTS

with parts("whole numbers and very large ones", points=1), np.errstate(all="ignore"):
    checks.assert_close(
        silu(np.array([-1, 0, 1])),
        [-0.268941, 0.0, 0.731059],
        "silu of the whole numbers -1, 0, 1",
        rtol=1e-4,
        atol=1e-5,
        mistakes={"the results were cut to whole numbers: np.zeros_like makes an integer array of one": [0, 0, 0]},
    )
    large = np.array([-1000.0, 1.0, 1000.0])
    checks.assert_close(
        silu(large),
        [0.0, 0.731059, 1000.0],
        "silu at -1000, 1 and 1000",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "exp(1000) is inf, and inf/inf is nan: write the sigmoid as 1 / (1 + exp(-a))": [0, 0.731059, np.nan],
            "exp(1000) is inf, and 0·inf or inf/inf is nan: use 1 / (1 + exp(-a))": [np.nan, 0.731059, 1000],
        },
    )
    checks.assert_close(
        silu_derivative(large),
        [0.0, 0.927670, 1.0],
        "the slope of silu at -1000, 1 and 1000",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "exp(1000) is inf, and inf/inf is nan: use s · (1 - s) with s = 1 / (1 + exp(-a))": [np.nan, 0.927670, 1],
            "exp(1000) is inf, and inf/inf is nan: s = 1 / (1 + exp(-a)) has no such term": [0, 0.927670, np.nan],
        },
    )
    ### BEGIN HIDDEN TESTS
    for size in (50, 200, 710, 1e4):
        checks.assert_close(
            silu(np.array([-size, size])), [0.0, size], f"silu at -{size:g} and {size:g}", rtol=1e-4, atol=1e-5
        )
        checks.assert_close(
            silu_derivative(np.array([-size, size])), [0.0, 1.0], f"the slope at -{size:g} and {size:g}", atol=1e-5
        )
    checks.assert_close(
        silu_derivative(np.array([[-1, 0], [1, 2]])),
        [[0.072330, 0.5], [0.927670, 1.090784]],
        "the slope of silu for whole numbers",
        rtol=1e-4,
        atol=1e-5,
        mistakes={"the results were cut to whole numbers": [[0, 0], [0, 1]]},
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 7 · Forward pass through any number of layers (3 points)
#
# A network is a list of layers, and a layer is a pair `(W, b)`: `W` of shape (n_inputs, n_units), `b` of shape
# (n_units,). A whole batch `X` passes through a layer as $X W + b$, which has one row for each sample and one column
# for each unit.
#
# Write `forward(X, layers)`. After each **hidden** layer comes the ReLU, $\max(0, a)$. The **last** layer has no
# activation: its raw numbers, shape (n_samples, n_outputs), are what you return. A list with a single layer has no
# hidden layer at all.
#
# *Example:* two inputs, two hidden neurons, one output,
#
# $$W_1 = \begin{pmatrix} 1 & -1 \\ 2 & 0 \end{pmatrix} \quad b_1 = (0, 1) \qquad W_2 = \begin{pmatrix} 1 \\ -3 \end{pmatrix} \quad b_2 = (0.5)$$
#
# For the sample $x = (3, -2)$: $x W_1 + b_1 = (3 - 4 + 0,\ -3 + 0 + 1) = (-1, -2)$; the ReLU makes it $(0, 0)$; the
# output is $0.5$. For $x = (-1, 2)$: $(3, 2)$ stays as it is, and the output is $3 - 6 + 0.5 = -2.5$.
#
# *Corners:* there may be any number of layers, one included. `X`, the arrays, and the list itself must be afterwards
# what they were before: no `layers.pop()`, unless from a copy.
#
# *Reread:* [chapter 1, Layers are matrices](../../course/01-perceptron.ipynb#Layers-are-matrices)


# %% nbgrader={"grade": false, "grade_id": "forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward(X, layers):
    """Return the raw outputs of a network with ReLU hidden layers.

    X: (n_samples, n_inputs) array. layers: list of (W, b), with W (n_inputs of this layer, n_units) and b (n_units,).
    Returns an array of shape (n_samples, n_units of the last layer).
    """
    ### BEGIN SOLUTION
    *hidden, (W_out, b_out) = layers
    for W, b in hidden:
        X = np.maximum(X @ W + b, 0)
    return X @ W_out + b_out
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "forward_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 7.
parts = checks.Parts(points=3)
X = np.array([[3.0, -2.0], [-1.0, 2.0]])
layer_1 = (np.array([[1.0, -1.0], [2.0, 0.0]]), np.array([0.0, 1.0]))
layer_2 = (np.array([[1.0], [-3.0]]), np.array([0.5]))

### BEGIN HIDDEN TESTS
import itertools


def random_network(rng, sizes):
    return [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)]


### END HIDDEN TESTS


def check_layers_unchanged(given, before):
    assert len(given) == len(before), (
        f"forward must not change the list of layers it was given: it had length {len(before)} and now has {len(given)}"
    )
    for (W, b), (W_before, b_before) in zip(given, before, strict=True):
        checks.assert_unchanged(W, W_before, "forward must not change the weights it was given")
        checks.assert_unchanged(b, b_before, "forward must not change the biases it was given")


with parts("a single layer: nothing is hidden", points=1):
    checks.assert_close(
        forward(X.copy(), [layer_1]),
        [[-1.0, -2.0], [3.0, 2.0]],
        "the outputs of the first layer alone",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "the last layer has no activation: its raw numbers may be negative": [[0.0, 0.0], [3.0, 2.0]],
            "the bias is missing": [[-1.0, -3.0], [3.0, 1.0]],
            "the weights are transposed: X @ W, not X @ W.T": [[5.0, 7.0], [-3.0, -1.0]],
            "the ReLU comes after a hidden layer, not before the first one": [[3.0, -2.0], [4.0, 1.0]],
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(6):
        rng = np.random.default_rng(seed)
        n_samples, n_inputs, n_units = rng.integers(1, 7, size=3)
        batch = rng.normal(size=(n_samples, n_inputs))
        [(W, b)] = random_network(rng, (n_inputs, n_units))
        checks.assert_close(
            forward(batch, [(W, b)]),
            batch @ W + b,
            f"the outputs of one layer with {n_inputs} inputs and {n_units} units for {n_samples} samples",
            rtol=1e-4,
            atol=1e-4,
            mistakes={
                "the last layer has no activation: its raw numbers may be negative": np.maximum(batch @ W + b, 0),
                "the bias is missing": batch @ W,
            },
        )
    ### END HIDDEN TESTS

with parts("one hidden layer", points=1):
    activation = np.array([[-1.0, -2.0], [3.0, 2.0]])  # of the hidden layer
    checks.assert_close(
        forward(X.copy(), [layer_1, layer_2]),
        [[0.5], [-2.5]],
        "the outputs of the network in the example",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "the ReLU after the hidden layer is missing: without it, two layers are no more than one": [[5.5], [-2.5]],
            "the last layer has no activation: its raw numbers may be negative": [[0.5], [0.0]],
            "the biases are missing": [[0.0], [0.0]],
            "these are the outputs of the hidden layer": [[0.0, 0.0], [3.0, 2.0]],
            "keep one row for each sample and one column for each output, even if there is only one": [0.5, -2.5],
            "the ReLU comes after a hidden layer, not before the first one": [[3.5], [1.5]],
            "the ReLU makes negative numbers 0; it is not the absolute value": [[-4.5], [-2.5]],
            "the hidden layer has a ReLU, not a sigmoid": 1 / (1 + np.exp(-activation)) @ [[1], [-3]] + 0.5,
            "the hidden layer has a ReLU, not a tanh": np.tanh(activation) @ [[1], [-3]] + 0.5,
            "the hidden layer has a ReLU, not a step": [[0.5], [-1.5]],
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(6):
        rng = np.random.default_rng(seed)
        sizes = rng.integers(2, 7, size=3)
        network = random_network(rng, sizes)
        batch = rng.normal(size=(8, sizes[0]))
        (W_1, b_1), (W_2, b_2) = network
        activation = batch @ W_1 + b_1
        checks.assert_close(
            forward(batch, network),
            np.maximum(activation, 0) @ W_2 + b_2,
            f"the outputs of a network with {' → '.join(map(str, sizes))} units",
            rtol=1e-4,
            atol=1e-4,
            mistakes={
                "the ReLU after the hidden layer is missing": activation @ W_2 + b_2,
            },
        )
    ### END HIDDEN TESTS

with parts("deeper networks, and arguments left as they were", points=1):
    # Three layers: 1 → 1 → 1 → 1 unit, easy to follow by hand. 2 → 2·2 - 1 = 3 → -3 + 1 = -2 → ReLU 0 → 4
    # and 0.75 → 2·0.75 - 1 = 0.5 → -0.5 + 1 = 0.5 → 6.5
    chain = [
        (np.array([[2.0]]), np.array([-1.0])),
        (np.array([[-1.0]]), np.array([1.0])),
        (np.array([[5.0]]), np.array([4.0])),
    ]
    checks.assert_close(
        forward(np.array([[2.0], [0.0], [0.75]]), chain),
        [[4.0], [9.0], [6.5]],
        "the outputs of three layers",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "only the first hidden layer has its ReLU": [[-6.0], [9.0], [6.5]],
            "both hidden layers need their ReLU": [[-6.0], [14.0], [6.5]],
            "the second ReLU was there, the first was not": [[4.0], [14.0], [6.5]],
            "there may be more than two layers: loop over the list": [[-2.0], [1.0], [0.5]],
            "a layer in the middle was skipped: loop over all but the last": [[19.0], [4.0], [6.5]],
            "each layer takes what the layer before it gave, not X again": [[4.0], [9.0], [5.25]],
        },
    )
    given, given_layers = X.copy(), [(W.copy(), b.copy()) for W, b in (layer_1, layer_2)]
    forward(given, given_layers)
    checks.assert_unchanged(given, X, "forward must not change the X it was given")
    check_layers_unchanged(given_layers, [layer_1, layer_2])
    ### BEGIN HIDDEN TESTS
    for seed in range(6):
        rng = np.random.default_rng(seed)
        sizes = rng.integers(1, 6, size=rng.integers(4, 8))
        network = random_network(rng, sizes)
        batch = rng.normal(size=(rng.integers(1, 5), sizes[0]))
        expected = batch
        for W, b in network[:-1]:
            expected = np.maximum(expected @ W + b, 0)
        expected = expected @ network[-1][0] + network[-1][1]
        given_layers = [(W.copy(), b.copy()) for W, b in network]
        checks.assert_close(
            forward(batch.copy(), given_layers),
            expected,
            f"the outputs of a network with {' → '.join(map(str, sizes))} units",
            rtol=1e-4,
            atol=1e-4,
            mistakes={"the last layer has no activation: its raw numbers may be negative": np.maximum(expected, 0)},
        )
        check_layers_unchanged(given_layers, network)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 8 · The same network in Keras (2 points)
#
# Keras keeps weights as we do: the kernel of a `Dense` layer has shape (n_inputs, n_units). So a list of layers as in
# question 7 can be carried over as it is.
#
# Write `keras_twin(layers)`, which returns a Keras model with the same weights and biases, whose outputs equal those
# of question 7 for every `X`: ReLU in the hidden layers, none in the last. A model has weights to set only once it is
# built, that is, once it knows how many inputs there are: begin with `keras.Input(shape=(n_inputs,))`.
#
# *Example:* for the network of question 7, with 2 → 2 → 1 units, the model has two `Dense` layers with
# $4 + 2 + 2 + 1 = 9$ parameters in all, and answers $-2.5$ for $x = (-1, 2)$.
#
# *Hint:* `layer.set_weights([W, b])` sets kernel and bias of one layer, `model.set_weights([W_1, b_1, W_2, b_2, …])`
# those of all. Keras computes with seven digits (`float32`), so its outputs differ from numpy's in the last ones; the
# tests allow for that. Importing Keras takes some seconds.
#
# *Reread:* [chapter 1, The same neuron in Keras](../../course/01-perceptron.ipynb#The-same-neuron-in-Keras)


# %% nbgrader={"grade": false, "grade_id": "keras_twin", "locked": false, "schema_version": 3, "solution": true, "task": false}
import keras


def keras_twin(layers) -> keras.Model:
    """Return a built Keras model with these weights: ReLU after each hidden layer, nothing after the last.

    layers: list of (W, b), with W (n_inputs of this layer, n_units) and b (n_units,).
    """
    ### BEGIN SOLUTION
    hidden = [keras.layers.Dense(W.shape[1], activation="relu") for W, _ in layers[:-1]]
    last = keras.layers.Dense(layers[-1][0].shape[1])
    model = keras.Sequential([keras.Input(shape=(layers[0][0].shape[0],)), *hidden, last])
    model.set_weights([array for layer in layers for array in layer])
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "keras_twin_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 8.
parts = checks.Parts(points=2)
X = np.array([[3.0, -2.0], [-1.0, 2.0]], dtype="float32")
layer_1 = (np.array([[1.0, -1.0], [2.0, 0.0]]), np.array([0.0, 1.0]))
layer_2 = (np.array([[1.0], [-3.0]]), np.array([0.5]))
three_units = (np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.5]]), np.array([0.0, -1.0, 2.0]))


### BEGIN HIDDEN TESTS
import itertools


def random_network(rng, sizes):
    return [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)]


### END HIDDEN TESTS
def build(layers):
    model = keras_twin(layers)
    assert model is not None, "keras_twin returned None: did you forget `return model`?"
    assert model.built, "the model is not built, so it has no weights yet: begin with keras.Input(shape=(n_inputs,))"
    return model


with parts("the architecture", points=1):
    model = build([layer_1, three_units])
    checks.assert_close(
        model.count_params(),
        15,
        "number of parameters of the twin of a network with 2 → 2 → 3 units",
        mistakes={
            "the layers have no biases": 10,
            "the last layer of the list is missing": 6,
            "there is one layer too many: keras.Input takes the inputs in, no Dense layer does": 21,
        },
    )
    checks.assert_close(
        build([layer_1, layer_1, layer_2]).count_params(), 15, "number of parameters with 2 → 2 → 2 → 1 units"
    )
    checks.assert_shape(model(X), (2, 3), "outputs for two samples of a network with three outputs")
    ### BEGIN HIDDEN TESTS
    network = random_network(np.random.default_rng(4), (4, 3, 5, 2))
    checks.assert_close(
        build(list(network)).count_params(),
        sum(W.size + b.size for W, b in network),
        "number of parameters with 4 → 3 → 5 → 2 units",
        mistakes={"the layers have no biases": sum(W.size for W, _ in network)},
    )
    ### END HIDDEN TESTS

with parts("the same outputs", points=1):
    model = build([layer_1])
    kernel = model.get_weights()[0]
    assert np.allclose(np.sort(np.ravel(kernel)), [-1, 0, 1, 2], atol=1e-4), (
        "the kernel of the twin of a single layer does not hold the numbers in W: a new layer draws random ones, so set them"
    )
    checks.assert_close(
        model(X),
        [[-1.0, -2.0], [3.0, 2.0]],
        "the outputs of the twin of a single layer",
        rtol=1e-4,
        atol=1e-4,
        mistakes={
            "the last layer has no activation: its raw numbers may be negative": [[0.0, 0.0], [3.0, 2.0]],
            "the weights were set, the biases were not": [[-1.0, -3.0], [3.0, 1.0]],
            "the kernel is transposed: Keras keeps (n_inputs, n_units), as we do": [[5.0, 7.0], [-3.0, -1.0]],
            "softmax turned the raw numbers into probabilities": [[0.7310586, 0.2689414], [0.7310586, 0.2689414]],
            "the last layer has no sigmoid: return the raw numbers": [[0.2689414, 0.1192029], [0.9525741, 0.8807971]],
        },
    )
    checks.assert_close(
        build([layer_1, layer_2])(X),
        [[0.5], [-2.5]],
        "the outputs of the twin of the example",
        rtol=1e-4,
        atol=1e-4,
        mistakes={
            "the hidden layers need activation='relu'": [[5.5], [-2.5]],
            "the last layer has no activation: its raw numbers may be negative": [[0.5], [0.0]],
        },
    )
    ### BEGIN HIDDEN TESTS
    for sizes in ((4, 3), (2, 5, 3, 4)):
        rng = np.random.default_rng(len(sizes))
        network = random_network(rng, sizes)
        batch = rng.normal(size=(6, sizes[0])).astype("float32")
        raw = linear = batch
        for W, b in network[:-1]:
            raw, linear = np.maximum(raw @ W + b, 0), linear @ W + b
        raw, linear = (array @ network[-1][0] + network[-1][1] for array in (raw, linear))
        checks.assert_close(
            build(network)(batch),
            raw,
            f"the outputs of the twin of a network with {' → '.join(map(str, sizes))} units",
            rtol=1e-3,
            atol=1e-3,
            mistakes={
                "the hidden layers need activation='relu'": linear,
                "the last layer has no activation: its raw numbers may be negative": np.maximum(raw, 0),
            },
        )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 9 · In your own words (3 points, read by a person)
#
# Look at the figure below question 4. Answer in one or two sentences each:
#
# 1. On iris petals the perceptron rule comes to rest after a few epochs; on these cells it never does. Why?
# 2. The number of mistakes of the pocket can only fall. Does it tell how many mistakes you should expect on the cells
#    of the **next** hundred patients?
# 3. A colleague multiplies the `w` and `b` from your pocket by ten. What changes, and what does not: the answers of
#    `predict`, the distances of `signed_distance`, and the probability $\sigma(w \cdot x + b)$ of a logistic unit?
#
# | rubric | 1 point | ½ point |
# | --- | --- | --- |
# | 1 | names what it is about the cells, **and** why that keeps the rule moving for ever | names it only |
# | 2 | the right answer, **and** a reason: think of how the epoch in the pocket was chosen | the right answer only |
# | 3 | right about all three | right about two of them |
#
# *Reread:* [chapter 1, Key points](../../course/01-perceptron.ipynb#Key-points)

# %% [markdown] nbgrader={"grade": true, "grade_id": "in_your_own_words", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. No line separates malignant from benign by radius and texture alone. So whatever `w` and `b` are, at least one
#    sample lies on the wrong side, each epoch meets one and moves the weights again: there is no state in which the
#    rule would rest. A line does separate the petals of setosa and versicolor, so there the number of updates is
#    bounded. (½ point: "not separable" and no more. Nothing for "too few epochs".)
# 2. No. The pocket keeps the epoch that happens to suit these 569 cells best, and the same cells count its mistakes,
#    so the number is too kind. An honest one comes from cells that took part neither in learning nor in choosing.
#    (½ point: "no" without a reason.)
# 3. The answers and the distances stay: the sign of $w \cdot x + b$ is the same, and $\lVert w \rVert$ grows by the
#    same factor. The probability moves towards 0 or 1: the boundary, where it is ½, stays, but the slope there is ten
#    times steeper. The unit is surer without knowing more. (½ point: two of the three.)
# ### END SOLUTION

# %% [markdown]
# ## 10 · For the curious: does the pocket hold up on new cells? (no points)
#
# There is another way out of the jumping: instead of one epoch's weights, return the **average** of $w$ and $b$ over
# all steps, mistakes or not (Freund and Schapire, 1999). No search for a best epoch, no counting. Write
# `train_average(X, y, n_epochs, rng)`, which returns `w, b`.
#
# Then write `compare(seeds)`: for each seed, split the cells in two halves (`cells.split(0.5, seed=seed)`), standardise
# the second like the first, let both methods learn from the first half for ten epochs, and count the share of mistakes
# on either half.
#
# Before you run it: which of the two makes fewer mistakes on the half that it learned from, and which on the other?


# %% nbgrader={"grade": false, "grade_id": "train_average", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_average(X, y, n_epochs, rng):
    """Train a perceptron and return (w, b), each averaged over all steps of all epochs."""
    ### BEGIN SOLUTION
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w = w + y[i] * X[i]
                b = b + y[i]
            w_sum += w
            b_sum += b
    n_steps = n_epochs * len(X)
    return w_sum / n_steps, b_sum / n_steps
    ### END SOLUTION


def compare(seeds):
    """Return the shares of mistakes, averaged over the splits: {name: (on the half learned from, on the other)}."""
    ### BEGIN SOLUTION
    shares = {"pocket": [], "average": []}
    for seed in seeds:
        train, test = cells.split(0.5, seed=seed)
        train, test = train.standardise(), test.standardise(like=train)
        y_train, y_test = (np.where(half.y == 1, 1, -1) for half in (train, test))
        learned = {
            "pocket": train_pocket(train.X, y_train, 10, np.random.default_rng(seed))[:2],
            "average": train_average(train.X, y_train, 10, np.random.default_rng(seed)),
        }
        for name, (w, b) in learned.items():
            halves = ((train.X, y_train), (test.X, y_test))
            shares[name].append([np.mean(y * (X @ w + b) <= 0) for X, y in halves])
    # Alike on the half learned from, 10.7 % and 10.6 %; on the other half the average makes fewer mistakes, 10.8 %
    # against 12.6 %: to choose the best of many epochs is to fit some of the noise as well.
    return {name: tuple(np.mean(share, axis=0)) for name, share in shares.items()}
    ### END SOLUTION


# %%
# compare(range(20))    # take the first # away once both functions are written
