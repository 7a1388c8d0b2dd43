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
# # Exercise 3 · SGD
#
# You write the engine that trains networks: cut the data into batches, walk downhill, gather momentum, give each weight
# its own step, let the learning rate rise and fall. At the end you hold a race that a referee would accept.
#
# **You need** chapter 3. **Time:** 75 to 90 minutes. **Points:** 27.
#
# | | question | points | minutes |
# | --- | --- | --- | --- |
# | 1 | Cut the data into batches | 4 | 12 |
# | 2 | Walk downhill and leave a trail | 3 | 8 |
# | 3 | Momentum, and Nesterov's look ahead | 4 | 12 |
# | 4 | Adam for a whole network | 4 | 15 |
# | 5 | A learning rate that rises and falls | 3 | 8 |
# | 6 | Stuck? Take shorter steps, and know when to stop | 3 | 12 |
# | 7 | A fair race | 3 | 10 |
# | 8 | In your own words | 3 | 8 |
# | 9 | For the curious: when Adam walks to the worst place | – | – |
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
# Notation, as in the chapter: `theta` holds parameters, `lr` is the learning rate, and a gradient is a *function* that
# you are given: `gradient(theta)` returns an array of the shape of `theta`.
#
# Run this cell first.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from dlcourse import checks, data, plots

# A narrow valley to walk in: curvature 1 along the first parameter, 25 along the second, lowest at (0, 0).
CURVATURE = np.array([1.0, 25.0])


def valley(theta):
    """The gradient of theta[0]² / 2 + 25 · theta[1]² / 2."""
    return CURVATURE * theta


# %% [markdown]
# ## 1 · Cut the data into batches (4 points)
#
# Write a **generator** `minibatches(X, y, batch_size, n_epochs, rng)`: a function that hands out one batch after the
# other with `yield`, each as a pair `(X_batch, y_batch)`.
#
# - In every epoch each sample is handed out exactly once, together with *its own* label.
# - Every epoch has a **new random order**, drawn from `rng`.
# - All batches have `batch_size` samples but the last one of an epoch, which holds what is left over. No batch mixes two
#   epochs.
# - `X` and `y` themselves stay as they are.
#
# *Example:* 10 samples, `batch_size=4`, `n_epochs=2` give batches of 4, 4, 2, 4, 4 and 2 samples.
#
# *Hint:* `rng.permutation(n)` returns the numbers 0 … n − 1 in random order, and `X[[2, 0]]` the rows 2 and 0.
#
# *Reread:* [chapter 3, Stochastic: a few samples at a time](../../course/03-sgd.ipynb#Stochastic:-a-few-samples-at-a-time)


# %% nbgrader={"grade": false, "grade_id": "minibatches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def minibatches(X, y, batch_size, n_epochs, rng):
    """Yield (X_batch, y_batch) for n_epochs passes over the data, each in a new random order.

    X: (n_samples, n_features) array. y: (n_samples,) array. batch_size: at least 1, may exceed n_samples.
    rng: a numpy.random.Generator, the only source of randomness.
    """
    ### BEGIN SOLUTION
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            yield X[batch], y[batch]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "minibatches_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 1. Run it as often as you like.
parts = checks.Parts(points=4)


def make_data(n_samples):
    """Samples that can be told apart: row i is (i, -i), and its label is 100 + i."""
    number = np.arange(n_samples)
    return np.stack([number, -number], axis=1).astype(float), 100 + number


def collect(n_samples, batch_size, n_epochs, seed=0):
    """Run minibatches; return the sizes of its batches, and the rows and labels one after the other."""
    X, y = make_data(n_samples)
    batches = minibatches(X, y, batch_size, n_epochs, np.random.default_rng(seed))
    assert batches is not None, "minibatches returned None: hand out each batch with `yield X_batch, y_batch`"
    pairs = []
    for batch in batches:
        X_batch, y_batch = batch
        checks.assert_shape(X_batch, (None, 2), "the X of a batch")
        pairs.append((np.asarray(X_batch), np.atleast_1d(np.asarray(y_batch))))
    assert pairs, f"minibatches handed out no batch of {n_samples} samples in {n_epochs} epochs"
    rows, batch_labels = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return [len(X_batch) for X_batch, _ in pairs], rows[:, 0].astype(int), batch_labels


def check_epochs(n_samples, batch_size, n_epochs, seed):
    sizes, rows, batch_labels = collect(n_samples, batch_size, n_epochs, seed)
    checks.assert_close(
        len(rows),
        n_samples * n_epochs,
        f"samples handed out in {n_epochs} epochs of {n_samples}",
        mistakes={
            "there was only one epoch: repeat for n_epochs": n_samples,
            "only the first batch of each epoch came: go on to the end of the order": batch_size * n_epochs,
        },
    )
    checks.assert_shape(batch_labels, (n_samples * n_epochs,), "the labels that were handed out")
    assert np.array_equal(np.asarray(batch_labels), 100 + rows), (
        "the samples do not come with their own labels: use one order for X and for y"
    )
    for epoch in range(n_epochs):
        times = np.bincount(rows[epoch * n_samples : (epoch + 1) * n_samples], minlength=n_samples)
        assert times.max() == 1, (
            f"in epoch {epoch + 1} a sample came {times.max()} times and another never: in an epoch each comes exactly once"
        )
    return sizes


with parts("each sample once in an epoch, with its own label", points=2):
    sizes = check_epochs(12, 4, 2, seed=0)
    checks.assert_close(
        sizes,
        [4] * 6,
        "batch sizes for 12 samples, batch_size 4 and 2 epochs",
        mistakes={"these batches hold one sample each: take batch_size at a time": [1] * 24},
    )
    ### BEGIN HIDDEN TESTS
    for seed, (batch_size, n_batches, n_epochs) in enumerate([(1, 5, 2), (5, 1, 3), (3, 4, 1)]):
        check_epochs(batch_size * n_batches, batch_size, n_epochs, seed)
    ### END HIDDEN TESTS

with parts("the last batch holds what is left", points=1):
    sizes, _, _ = collect(10, 4, 2)
    checks.assert_close(
        sizes,
        [4, 4, 2, 4, 4, 2],
        "batch sizes for 10 samples, batch_size 4 and 2 epochs",
        mistakes={
            "the last batch is dropped: the 2 samples left over belong to the epoch too": [4, 4, 4, 4],
            "a batch mixes the end of one epoch with the start of the next": [4, 4, 4, 4, 4],
            "the last batch is filled up to 4 with samples that were there before": [4] * 6,
            "there was only one epoch": [4, 4, 2],
        },
    )
    ### BEGIN HIDDEN TESTS
    sizes, rows, _ = collect(3, 8, 2)
    checks.assert_close(sizes, [3, 3], "batch sizes for 3 samples and batch_size 8, over 2 epochs")
    sizes, rows, _ = collect(7, 3, 1, seed=5)
    checks.assert_close(sizes, [3, 3, 1], "batch sizes for 7 samples and batch_size 3")
    ### END HIDDEN TESTS

with parts("a new order in every epoch, drawn from rng", points=1):
    X, y = make_data(20)
    for _ in minibatches(X, y, 5, 2, np.random.default_rng(0)):
        pass
    checks.assert_unchanged(X, make_data(20)[0], "minibatches must not reorder the X it was given")
    checks.assert_unchanged(y, make_data(20)[1], "minibatches must not reorder the y it was given")
    orders = [collect(20, 5, 2, seed)[1] for seed in (0, 0, 1, 2)]
    assert any(not np.array_equal(order[:20], np.arange(20)) for order in orders), (
        "the samples come in the order in which they stand in X: draw a random one from rng"
    )
    assert np.array_equal(orders[0], orders[1]), (
        "the same seed gave two different orders: draw them from the rng that you are given, not from np.random"
    )
    assert not (np.array_equal(orders[0], orders[2]) and np.array_equal(orders[0], orders[3])), (
        "three different rng gave the same order: use the rng that you are given, not one of your own"
    )
    assert any(not np.array_equal(order[:20], order[20:40]) for order in orders), (
        "the second epoch has the order of the first: draw a new order inside the loop over epochs"
    )
    ### BEGIN HIDDEN TESTS
    # Over many epochs every sample stands in first place about equally often.
    firsts = np.bincount(collect(4, 4, 60, seed=7)[1][::4], minlength=4)
    assert firsts.min() > 2, "some samples hardly ever come first: shuffle all samples, not only the batches"
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 2 · Walk downhill and leave a trail (3 points)
#
# Gradient descent, once more, but for any gradient:
#
# $$\theta \leftarrow \theta - \eta\,\nabla L(\theta)$$
#
# Write `descend(gradient, theta, lr, n_steps)`. `gradient` is a function. Return the **trail**, an array of shape
# (n_steps + 1, n_parameters): the start in row 0, and the place after each step.
#
# *Example:* for the gradient `2 * theta`, the start $(1, -4)$ and `lr=0.25` every step halves `theta`; two steps leave
# the trail $(1, -4)$, $(0.5, -2)$, $(0.25, -1)$.
#
# *Reread:* [chapter 3, Walk downhill](../../course/03-sgd.ipynb#Walk-downhill)


# %% nbgrader={"grade": false, "grade_id": "descend", "locked": false, "schema_version": 3, "solution": true, "task": false}
def descend(gradient, theta, lr, n_steps):
    """Return the trail of gradient descent, shape (n_steps + 1, n_parameters).

    gradient: function from (n_parameters,) to (n_parameters,). theta: (n_parameters,) array, the start. lr: number.
    """
    ### BEGIN SOLUTION
    trail = [theta]
    for _ in range(n_steps):
        theta = theta - lr * gradient(theta)  # a new array: what is in the trail stays as it is
        trail.append(theta)
    return np.array(trail)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "descend_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 2.
parts = checks.Parts(points=3)
start = np.array([1.0, -4.0])


def twice(theta):
    return 2 * np.asarray(theta)


def last_of(trail, n_parameters, n_steps):
    assert trail is not None, "descend returned None: did you forget `return`?"
    trail = np.asarray(trail)
    assert trail.ndim == 2 and trail.shape[1] == n_parameters, (
        f"the trail has shape {trail.shape}: return all places, (n_steps + 1, {n_parameters}), not only one"
    )
    return trail[-1]


with parts("steps against the gradient", points=2):
    checks.assert_close(
        last_of(descend(twice, start.copy(), 0.25, 2), 2, 2),
        [0.25, -1.0],
        "the end of two steps",
        rtol=1e-5,
        mistakes={
            "this walks uphill: step against the gradient, with a minus": start * 1.5**2,
            "the gradient is that of the start in every step: ask for it anew where you stand": [0.0, 0.0],
            "the learning rate is missing": start,
            "one step is missing": start / 2,
            "there is one step too many": start / 8,
            "that is the step, not the place it leads to": -start / 4,
        },
    )
    checks.assert_close(
        last_of(descend(valley, np.array([5.0, 1.0]), 0.02, 3), 2, 3),
        [5 * 0.98**3, 0.125],
        "the end of three steps in the valley",
        rtol=1e-5,
        mistakes={"this walks uphill: step against the gradient": [5 * 1.02**3, 1.5**3]},
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(seed)
        factor, lr, n_steps = rng.uniform(0.5, 2, size=3), rng.uniform(0.05, 0.3), int(rng.integers(1, 8))
        place = rng.normal(size=3)
        expected = place.copy()
        for _ in range(n_steps):
            expected = expected - lr * factor * np.sin(expected)
        checks.assert_close(
            last_of(descend(lambda theta, f=factor: f * np.sin(theta), place, lr, n_steps), 3, n_steps),
            expected,
            f"the end of {n_steps} steps with another gradient",
            rtol=1e-5,
            atol=1e-7,
        )
    ### END HIDDEN TESTS

with parts("the trail from start to end, and theta left as it was", points=1):
    trail = descend(twice, start.copy(), 0.25, 4)
    last_of(trail, 2, 4)
    trail = np.asarray(trail)
    assert len(trail) != 4, "the start is missing: the trail has n_steps + 1 rows, and row 0 is where you began"
    checks.assert_shape(trail, (5, 2), "the trail of four steps")
    assert not np.allclose(trail, trail[-1]), (
        "every row of the trail is the last place: `theta -= …` changes the array that is already in the trail; make a new "
        "one with `theta = theta - …`, or put theta.copy() there"
    )
    checks.assert_close(trail[0], start, "row 0 of the trail")
    for n_steps in (1, 2, 3):
        shorter = np.asarray(descend(twice, start.copy(), 0.25, n_steps))
        checks.assert_close(
            trail[n_steps], shorter[-1], f"row {n_steps} of the trail, compared with {n_steps} steps alone"
        )
    given = start.copy()
    descend(twice, given, 0.25, 2)
    checks.assert_unchanged(given, start, "descend must not change the theta it was given")
    ### BEGIN HIDDEN TESTS
    alone = np.asarray(descend(twice, start.copy(), 0.25, 0))
    checks.assert_close(alone, [start], "the trail of no steps at all: the start alone")
    long = np.asarray(descend(lambda theta: 0.3 * np.asarray(theta), np.array([1.0, 1.0]), 0.1, 30))
    checks.assert_shape(long, (31, 2), "the trail of thirty steps")
    assert len(np.unique(long[:, 0])) == 31, "places in the trail repeat, although each step moves"
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 3 · Momentum, and Nesterov's look ahead (4 points)
#
# As in the chapter, $m$ is the last step, zero before the first:
#
# $$\text{momentum:}\quad m \leftarrow \beta m - \eta \nabla L(\theta), \quad \theta \leftarrow \theta + m
# \qquad\qquad
# \text{Nesterov:}\quad m \leftarrow \beta m - \eta \nabla L(\theta + \beta m), \quad \theta \leftarrow \theta + m$$
#
# Write `heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False)`. Return the trail as in question 2, with the
# places $\theta$ themselves, not the points looked ahead to.
#
# *Example:* gradient 1 everywhere, start 0, `lr=1`, `beta=0.5`: the steps are −1, −1.5, −1.75, so the trail is 0, −1,
# −2.5, −4.25. (With a gradient that is the same everywhere, looking ahead changes nothing.)
#
# *Reread:* [chapter 3, Better steps](../../course/03-sgd.ipynb#Better-steps)


# %% nbgrader={"grade": false, "grade_id": "heavy_ball", "locked": false, "schema_version": 3, "solution": true, "task": false}
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    """Return the trail of gradient descent with momentum, shape (n_steps + 1, n_parameters).

    gradient: function from (n_parameters,) to (n_parameters,). theta: (n_parameters,) array, the start. beta: from 0 to 1.
    nesterov: whether the gradient is asked for at theta + beta · m instead of at theta.
    """
    ### BEGIN SOLUTION
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = beta * m - lr * gradient(theta + beta * m if nesterov else theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "heavy_ball_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 3.
parts = checks.Parts(points=4)
start = np.array([2.0, 1.0])


def simulate(gradient, theta, n_steps, change, nesterov=False):
    """A walk of which `change(m, g)` gives the new m and the step."""
    m, trail = np.zeros(2), [theta]
    for _ in range(n_steps):
        m, step = change(m, gradient(theta + 0.9 * m if nesterov else theta))
        theta = theta + step
        trail.append(theta)
    return np.array(trail)


def known_mistakes(n_steps, nesterov=False):
    """What the walk in the valley with lr 0.02 and beta 0.9 looks like with this or that slip."""
    lr = 0.02

    def walk(change):
        return simulate(valley, start, n_steps, change, nesterov)

    return {
        "the velocity is forgotten: set m to zero once, before the loop, not in each step": simulate(
            valley, start, n_steps, lambda m, g: (m, -lr * g)
        ),
        "the gradient counts in full: lr · g, without a factor 1 - beta": walk(
            lambda m, g: (0.9 * m - 0.1 * lr * g, 0.9 * m - 0.1 * lr * g)
        ),
        "this walks uphill: m collects minus lr · g": walk(lambda m, g: (0.9 * m + lr * g, 0.9 * m + lr * g)),
        "the learning rate is in m already: add m itself to theta": walk(
            lambda m, g: (0.9 * m - lr * g, lr * (0.9 * m - lr * g))
        ),
        "theta moves by the new m, not by the one of the step before": walk(lambda m, g: (0.9 * m - lr * g, m)),
        "nothing brakes m: keep only beta of it": walk(lambda m, g: (m - lr * g, m - lr * g)),
    }


with parts("momentum", points=2):
    trail = heavy_ball(lambda theta: np.ones(1), np.zeros(1), 1.0, 0.5, 3)
    assert trail is not None, "heavy_ball returned None: did you forget `return`?"
    checks.assert_close(
        trail,
        [[0.0], [-1.0], [-2.5], [-4.25]],
        "the trail of the example",
        rtol=1e-5,
        mistakes={
            "the velocity is forgotten: set m to zero once, before the loop, not in each step": [[0], [-1], [-2], [-3]],
            "the gradient counts in full: lr · g, without a factor 1 - beta": [[0], [-0.5], [-1.25], [-2.125]],
            "this walks uphill: m collects minus lr · g": [[0], [1], [2.5], [4.25]],
            "theta moves by the new m, not by the one of the step before": [[0], [0], [-1], [-2.5]],
            "nothing brakes m: keep only beta of it": [[0], [-1], [-3], [-6]],
            "the start is missing: row 0 is where you began": [[-1.0], [-2.5], [-4.25]],
            "every row is the last place: put a copy into the trail": [[-4.25]] * 4,
        },
    )
    checks.assert_close(
        heavy_ball(valley, start.copy(), 0.02, 0.9, 6),
        simulate(valley, start, 6, lambda m, g: (0.9 * m - 0.02 * g, 0.9 * m - 0.02 * g)),
        "the trail of six steps in the valley",
        rtol=1e-5,
        atol=1e-7,
        mistakes=known_mistakes(6),
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(seed)
        lr, beta, place = rng.uniform(0.01, 0.1), rng.uniform(0, 0.99), rng.normal(size=3)
        m, theta, expected = np.zeros(3), place, [place]
        for _ in range(5):
            m = beta * m - lr * np.sin(theta)
            theta = theta + m
            expected.append(theta)
        given = place.copy()
        trail = heavy_ball(lambda theta: np.sin(theta), given, lr, beta, 5)
        checks.assert_close(trail, expected, "the trail with another gradient", rtol=1e-5, atol=1e-7)
        checks.assert_unchanged(given, place, "heavy_ball must not change the theta it was given")
    ### END HIDDEN TESTS

with parts("Nesterov", points=2):
    expected = simulate(valley, start, 6, lambda m, g: (0.9 * m - 0.02 * g, 0.9 * m - 0.02 * g), nesterov=True)
    m, theta, without_beta, wrong_side, ahead, moved_twice = np.zeros(2), start, [start], [start], [start], [start]
    for _ in range(6):
        m = 0.9 * m - 0.02 * valley(theta + m)
        theta = theta + m
        without_beta.append(theta)
    m, theta = np.zeros(2), start
    for _ in range(6):
        m = 0.9 * m - 0.02 * valley(theta - 0.9 * m)
        theta = theta + m
        wrong_side.append(theta)
    m, theta = np.zeros(2), start
    for _ in range(6):
        m = 0.9 * m - 0.02 * valley(theta + 0.9 * m)
        theta = theta + m
        ahead.append(theta + 0.9 * m)
    m, theta = np.zeros(2), start
    for _ in range(6):
        theta = theta + 0.9 * m
        m = 0.9 * m - 0.02 * valley(theta)
        theta = theta + m
        moved_twice.append(theta)
    checks.assert_close(
        heavy_ball(valley, start.copy(), 0.02, 0.9, 6, nesterov=True),
        expected,
        "the trail of six steps in the valley with nesterov=True",
        rtol=1e-5,
        atol=1e-7,
        mistakes={
            "the gradient is taken at theta, as without Nesterov: ask for it at theta + beta · m": simulate(
                valley, start, 6, lambda m, g: (0.9 * m - 0.02 * g, 0.9 * m - 0.02 * g)
            ),
            "look ahead by beta · m, not by all of m": without_beta,
            "that looks back: the point ahead is theta + beta · m (or theta - beta · m, if you subtract m)": wrong_side,
            "these are the points looked ahead to, which Keras keeps; the trail holds theta itself": ahead,
            "beta · m counts twice: theta itself was moved ahead, and then moved by m; give the point ahead its own name": (
                moved_twice
            ),
        }
        | known_mistakes(6, nesterov=True),
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(seed)
        lr, beta, place = rng.uniform(0.01, 0.1), rng.uniform(0.3, 0.99), rng.normal(size=3)
        m, theta, expected = np.zeros(3), place, [place]
        for _ in range(5):
            m = beta * m - lr * np.sin(theta + beta * m)
            theta = theta + m
            expected.append(theta)
        trail = heavy_ball(lambda theta: np.sin(theta), place.copy(), lr, beta, 5, True)
        checks.assert_close(trail, expected, "the Nesterov trail with another gradient", rtol=1e-5, atol=1e-7)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# Look at what you have made. (This cell is not graded; it needs your `descend` and `heavy_ball`.)

# %%
first, second = np.linspace(-6, 6, 81), np.linspace(-2.5, 2.5, 81)
losses = (first**2 + 25 * second[:, None] ** 2) / 2
trails = {
    "plain": descend(valley, np.array([-5.0, 2.0]), 0.07, 40),
    "momentum": heavy_ball(valley, np.array([-5.0, 2.0]), 0.02, 0.9, 40),
    "Nesterov": heavy_ball(valley, np.array([-5.0, 2.0]), 0.02, 0.9, 40, nesterov=True),
}
figure, panels = plots.new_figure(1, 3, size=(11, 3.6), sharey=True)
for index, (axes, (name, trail)) in enumerate(zip(panels, trails.items(), strict=True)):
    plots.contours(axes, first, second, losses, labels=("theta[0]", "theta[1]"))
    plots.path(axes, trail, index=index)
    axes.set_title(name, loc="left")
    axes.label_outer()
plots.show(
    figure,
    alt="Three maps of a narrow valley. Plain descent zigzags across it and then creeps; momentum swings past the lowest "
    "point and comes back; Nesterov swings less.",
    caption="Forty steps each from the same start.",
)

# %% [markdown]
# ## 4 · Adam for a whole network (4 points)
#
# The weights of a network are a **list** of arrays of different shapes, such as `[W1, b1, W2, b2]`, and so is the
# gradient. Adam keeps two running means for *each* array, and counts the steps $t$ from 1:
#
# $$m \leftarrow \beta_1 m + (1-\beta_1)\, g \qquad v \leftarrow \beta_2 v + (1-\beta_2)\, g^2$$
# $$\hat m = \frac{m}{1-\beta_1^t} \qquad \hat v = \frac{v}{1-\beta_2^t} \qquad
# w \leftarrow w - \eta\,\frac{\hat m}{\sqrt{\hat v} + \epsilon}$$
#
# All of it works number by number. As in the chapter's formula (its code adds $\epsilon$ a little earlier, as Keras
# does), $\epsilon$ is added *after* the correction, outside the root.
#
# Write `train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8)`. `gradients(weights)` takes the
# list of all weights and returns the list of their gradients. Return the list of weights after the last step.
#
# *Example:* in the first step $\hat m = g$ and $\hat v = g^2$, so every weight moves by `lr`, whatever its gradient:
# from `[3.0, -5.0]` with gradients `[0.2, -40.0]` and `lr=0.1` to `[2.9, -4.9]`.
#
# *Reread:* [chapter 3, Better steps](../../course/03-sgd.ipynb#Better-steps),
# [Step for step the same as Keras](../../course/03-sgd.ipynb#Step-for-step-the-same-as-Keras)


# %% nbgrader={"grade": false, "grade_id": "train_adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    """Return the weights after n_steps steps of Adam, as a list of arrays of the same shapes.

    gradients: function from a list of arrays to a list of arrays of the same shapes. weights: list of arrays, the start.
    """
    ### BEGIN SOLUTION
    weights = [np.asarray(w) for w in weights]
    means = [np.zeros(w.shape) for w in weights]
    squares = [np.zeros(w.shape) for w in weights]
    for t in range(1, n_steps + 1):
        for i, g in enumerate(gradients(weights)):
            means[i] = beta1 * means[i] + (1 - beta1) * g
            squares[i] = beta2 * squares[i] + (1 - beta2) * g**2
        corrected = [(m / (1 - beta1**t), v / (1 - beta2**t)) for m, v in zip(means, squares, strict=True)]
        weights = [w - lr * m / (np.sqrt(v) + eps) for w, (m, v) in zip(weights, corrected, strict=True)]
    return weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_adam_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 4.
parts = checks.Parts(points=4)


def reference(
    gradient, w, n_steps, lr=0.1, eps=1e-8, beta1=0.9, beta2=0.999, correct=True, count=True, inside=False, folded=False
):
    """Adam on one array, with the slips that can be switched on."""
    m = v = np.zeros(np.shape(w))
    for step in range(1, n_steps + 1):
        t, g = step if count else 1, gradient(w)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        c1, c2 = (1 - beta1**t, 1 - beta2**t) if correct else (1, 1)
        if folded:
            w = w - lr * np.sqrt(c2) / c1 * m / (np.sqrt(v) + eps)
        elif inside:
            w = w - lr * (m / c1) / np.sqrt(v / c2 + eps)
        else:
            w = w - lr * (m / c1) / (np.sqrt(v / c2) + eps)
    return w


def valleys(weights):
    """The gradient of the valley for each array of a list; arrays of any shape."""
    return [np.resize(CURVATURE, np.shape(w)) * np.asarray(w) for w in weights]


def one_array(result):
    assert result is not None, "train_adam returned None: did you forget `return weights`?"
    assert len(result) == 1, f"train_adam was given a list of one array and returned {len(result)} parts: return a list"
    return result[0]


start, slope = np.array([3.0, -5.0]), np.array([0.2, -40.0])

with parts("the first step", points=1):
    checks.assert_close(
        one_array(train_adam(lambda weights: [slope], [start.copy()], 0.1, 1)),
        [2.9, -4.9],
        "the weights after the first step",
        rtol=1e-5,
        mistakes={
            "the bias correction is missing: divide m by 1 - beta1^t and v by 1 - beta2^t": reference(
                lambda w: slope, start, 1, correct=False
            ),
            "this walks uphill: subtract the step": [3.1, -5.1],
            "only m is corrected; v needs its own division by 1 - beta2^t": start
            - 0.1 * slope / (np.sqrt(0.001) * np.abs(slope) + 1e-8),
            "only v is corrected; m needs its own division by 1 - beta1^t": start - 0.01 * np.sign(slope),
            "nothing scales the step: divide by the root of v": start - 0.1 * slope,
            "v is missing its root": start - 0.1 / slope,
            "v is the mean of the squares g², not of g": start - 0.1 * slope / np.sqrt(np.abs(slope)),
            "the powers of beta begin with t = 1; t = 0 divides by zero": [np.nan, np.nan],
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        rng = np.random.default_rng(seed)
        w, g, beta1, beta2 = rng.normal(size=4), rng.normal(size=4), *rng.uniform(0.5, 0.99, size=2)
        result = one_array(train_adam(lambda weights, g=g: [g], [w.copy()], 0.05, 1, beta1, beta2))
        checks.assert_close(result, w - 0.05 * np.sign(g), "a first step with other betas", rtol=1e-4, atol=1e-5)
    ### END HIDDEN TESTS

with parts("many steps", points=1):
    only_signs = np.array([2.0, 1.03])
    for _ in range(12):
        only_signs = only_signs - 0.1 * np.sign(valley(only_signs))
    checks.assert_close(
        one_array(train_adam(valleys, [np.array([2.0, 1.03])], 0.1, 12)),
        reference(valley, np.array([2.0, 1.03]), 12),
        "the weights after twelve steps in the valley",
        rtol=1e-5,
        atol=1e-7,
        mistakes={
            "the bias correction is missing in later steps": reference(
                valley, np.array([2.0, 1.03]), 12, correct=False
            ),
            "t stays 1: count it up with every step": reference(valley, np.array([2.0, 1.03]), 12, count=False),
            "m and v start again at zero in every step; they must outlive it": only_signs,
            "beta1 and beta2 are exchanged: m forgets faster": reference(
                valley, np.array([2.0, 1.03]), 12, beta1=0.999, beta2=0.9
            ),
            "one step is missing: t goes from 1 to n_steps": reference(valley, np.array([2.0, 1.03]), 11),
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        rng = np.random.default_rng(seed)
        w, lr, n_steps = rng.normal(size=3), rng.uniform(0.01, 0.2), int(rng.integers(2, 9))
        beta1, beta2 = rng.uniform(0.5, 0.95), rng.uniform(0.8, 0.999)
        checks.assert_close(
            one_array(train_adam(lambda ws: [np.sin(2 * ws[0]) + 0.3], [w.copy()], lr, n_steps, beta1, beta2)),
            reference(lambda w: np.sin(2 * w) + 0.3, w, n_steps, lr=lr, beta1=beta1, beta2=beta2),
            f"the weights after {n_steps} steps with other betas",
            rtol=1e-4,
            atol=1e-6,
        )
    ### END HIDDEN TESTS

with parts("epsilon in its place", points=1):
    options = {"lr": 0.1, "eps": 0.5}
    checks.assert_close(
        one_array(train_adam(lambda weights: [slope], [start.copy()], 0.1, 1, eps=0.5)),
        reference(lambda w: slope, start, 1, **options),
        "the weights after one step with an epsilon as large as 0.5",
        rtol=1e-5,
        mistakes={
            "epsilon stands inside the root; it is added to the root": reference(
                lambda w: slope, start, 1, inside=True, **options
            ),
            "epsilon is added before the correction of v, as in Keras; here it comes after": reference(
                lambda w: slope, start, 1, folded=True, **options
            ),
            "epsilon is ignored": [2.9, -4.9],
        },
    )
    ### BEGIN HIDDEN TESTS
    checks.assert_close(
        one_array(train_adam(valleys, [np.array([2.0, 1.0])], 0.1, 1, eps=0.3)),
        reference(valley, np.array([2.0, 1.0]), 1, eps=0.3),
        "the weights after one step with an epsilon of 0.3",
        rtol=1e-5,
    )
    ### END HIDDEN TESTS

with parts("each array has a memory of its own", points=1):
    # Whatever the rule is: a list of two must give what each array gives alone.
    a, b = np.array([2.0, 1.0]), np.array([-0.5, 3.0])
    alone = [one_array(train_adam(valleys, [w.copy()], 0.1, 4)) for w in (a, b)]
    together = train_adam(valleys, [a.copy(), b.copy()], 0.1, 4)
    assert together is not None and len(together) == 2, "return a list with as many arrays as you were given"
    message = "the arrays disturb each other: keep an m and a v for each, not one for all"
    for i in (0, 1):
        assert np.allclose(together[i], alone[i], rtol=1e-6, atol=1e-9, equal_nan=True), message
    shapes = [(3, 2), (2,), (2, 4), (4,)]
    network = [np.full(shape, 0.5) for shape in shapes]
    result = train_adam(valleys, [w.copy() for w in network], 0.1, 2)
    for array, shape in zip(result, shapes, strict=True):
        checks.assert_shape(array, shape, f"an array of shape {shape} after training")
    given = [w.copy() for w in network]
    train_adam(valleys, given, 0.1, 2)
    for after, before in zip(given, network, strict=True):
        checks.assert_unchanged(after, before, "train_adam must not change the weights it was given")
    ### BEGIN HIDDEN TESTS
    c = np.linspace(-1, 1, 6).reshape(3, 2)
    alone = [one_array(train_adam(valleys, [w.copy()], 0.05, 7)) for w in (c, a, b)]
    together = train_adam(valleys, [c.copy(), a.copy(), b.copy()], 0.05, 7)
    for one, other in zip(together, alone, strict=True):
        assert np.allclose(one, other, rtol=1e-6, atol=1e-9, equal_nan=True), message
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 5 · A learning rate that rises and falls (3 points)
#
# The 1cycle of the chapter went up and down on straight lines. Another common form rises on a straight line and falls
# on half a cosine, and lets the momentum do the opposite: little momentum while the steps are long. With the progress
# $p = \text{step} / (\text{n\_steps} - 1)$ from 0 at the first step to 1 at the last:
#
# | | learning rate | momentum |
# | --- | --- | --- |
# | $p \le 0.3$, with $u = p / 0.3$ | from $\eta_\text{max}/25$ to $\eta_\text{max}$, on a straight line in $u$ | from 0.95 to 0.85, on a straight line in $u$ |
# | $p > 0.3$, with $u = (p - 0.3) / 0.7$ | $\eta_\text{end} + (\eta_\text{max} - \eta_\text{end})\,\frac{1 + \cos \pi u}{2}$, where $\eta_\text{end} = \eta_\text{max} / 10{,}000$ | $0.95 - 0.1\,\frac{1 + \cos \pi u}{2}$ |
#
# Write `one_cycle(step, n_steps, lr_max)`, which returns the pair `(lr, momentum)`. Steps count from 0, and `n_steps` is
# at least 2.
#
# *Example:* with 11 steps and `lr_max=1` the first step has (0.04, 0.95), step 3 has (1, 0.85), the last, step 10, has
# (0.0001, 0.95).
#
# *Reread:* [chapter 3, Schedules: long steps first, short steps later](../../course/03-sgd.ipynb#Schedules:-long-steps-first,-short-steps-later)


# %% nbgrader={"grade": false, "grade_id": "one_cycle", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_cycle(step, n_steps, lr_max):
    """Return (lr, momentum) of a step, which is a whole number from 0 to n_steps - 1."""
    ### BEGIN SOLUTION
    progress = step / (n_steps - 1)
    if progress <= 0.3:
        u = progress / 0.3
        return lr_max * (1 / 25 + (1 - 1 / 25) * u), 0.95 - 0.1 * u
    wave = (1 + np.cos(np.pi * (progress - 0.3) / 0.7)) / 2
    lr_end = lr_max / 10_000
    return lr_end + (lr_max - lr_end) * wave, 0.95 - 0.1 * wave
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "one_cycle_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 5.
parts = checks.Parts(points=3)


def expected_cycle(n_steps, lr_max):
    p = np.arange(n_steps) / (n_steps - 1)
    wave = (1 + np.cos(np.pi * np.clip((p - 0.3) / 0.7, 0, 1))) / 2
    rising = np.clip(p / 0.3, 0, 1)
    down = lr_max * (1e-4 + (1 - 1e-4) * wave)
    lr = np.where(p <= 0.3, lr_max * (0.04 + 0.96 * rising), down)
    return lr, np.where(p <= 0.3, 0.95 - 0.1 * rising, 0.95 - 0.1 * wave)


def cycle(n_steps, lr_max, which):
    values = []
    for step in range(n_steps):
        pair = one_cycle(step, n_steps, lr_max)
        assert pair is not None, f"one_cycle returned None for step {step} of {n_steps}: every step needs a pair"
        checks.assert_shape(pair, (2,), "the pair (lr, momentum) of a step")
        values.append(float(np.asarray(pair[which])))
    return np.array(values)


with parts("the learning rate", points=2):
    lr, p = cycle(11, 1.0, 0), np.arange(11) / 10
    right, u = expected_cycle(11, 1.0)[0], np.clip((p - 0.3) / 0.7, 0, 1)
    checks.assert_close(
        lr,
        right,
        "the learning rates of 11 steps with lr_max = 1",
        rtol=1e-5,
        mistakes={
            "p reaches 1 at the last step: divide by n_steps - 1, not by n_steps": expected_cycle(12, 1.0)[0][:11],
            "after the top it falls on half a cosine, not on a straight line": np.where(
                p <= 0.3, right, 1 - u * (1 - 1e-4)
            ),
            "half a cosine, π · u: with 2π it comes back up": np.where(
                p <= 0.3, right, 1e-4 + (1 - 1e-4) * (1 + np.cos(2 * np.pi * u)) / 2
            ),
            "it begins at lr_max / 25, not at 0": np.where(p <= 0.3, p / 0.3, right),
            "the line reaches lr_max at p = 0.3: add u times what is missing, lr_max - lr_max / 25": np.where(
                p <= 0.3, 0.04 + p / 0.3, right
            ),
            "it ends at lr_max / 10,000, not at 0": np.where(p <= 0.3, right, (1 + np.cos(np.pi * u)) / 2),
            "after the top u counts from there: (p - 0.3) / 0.7, not p": np.where(
                p <= 0.3, right, 1e-4 + (1 - 1e-4) * (1 + np.cos(np.pi * p)) / 2
            ),
            "it ends at lr_max / 10,000, not at lr_max / 25": np.where(
                p <= 0.3, right, 0.04 + 0.96 * (1 + np.cos(np.pi * u)) / 2
            ),
        },
    )
    checks.assert_close(
        cycle(11, 0.02, 0),
        0.02 * right,
        "the learning rates of 11 steps with lr_max = 0.02",
        rtol=1e-5,
        mistakes={"lr_max is ignored": right},
    )
    ### BEGIN HIDDEN TESTS
    for n_steps, lr_max in ((2, 1.0), (3, 0.5), (7, 2.0), (61, 0.3)):
        checks.assert_close(
            cycle(n_steps, lr_max, 0),
            expected_cycle(n_steps, lr_max)[0],
            f"the learning rates of {n_steps} steps",
            rtol=1e-4,
        )
    ### END HIDDEN TESTS

with parts("the momentum", points=1):
    right = expected_cycle(11, 1.0)[1]
    checks.assert_close(
        cycle(11, 1.0, 1),
        right,
        "the momenta of 11 steps",
        rtol=1e-5,
        mistakes={
            "the momentum goes with the learning rate; it must do the opposite": 1.8 - right,
            "p reaches 1 at the last step: divide by n_steps - 1, not by n_steps": expected_cycle(12, 1.0)[1][:11],
            "the momentum stays where it is": np.full(11, 0.95),
            "the momentum does not come back after the top": np.minimum.accumulate(right),
        },
    )
    checks.assert_close(
        cycle(11, 0.02, 1), right, "the momenta of 11 steps with lr_max = 0.02: it plays no part in them"
    )
    ### BEGIN HIDDEN TESTS
    for n_steps in (2, 3, 7, 41):
        momenta = cycle(n_steps, 0.1, 1)
        checks.assert_close(momenta, expected_cycle(n_steps, 0.1)[1], f"the momenta of {n_steps} steps", rtol=1e-4)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 6 · Stuck? Take shorter steps, and know when to stop (3 points)
#
# After each epoch you look at the validation loss. Write the referee `plateau(losses, lr, factor, patience, min_delta,
# lr_min)`. It goes through the losses, one for each epoch, and decides:
#
# 1. An epoch is an **improvement** if its loss is below the best so far by **more than** `min_delta`. The first epoch
#    always is one. The best so far is the loss of the last *improvement*; a smaller gain does not change it.
# 2. After `patience` epochs **in a row** without improvement, multiply the learning rate by `factor` and count from
#    zero again.
# 3. If that makes it smaller than `lr_min`, training **stops** after this epoch: later losses are not looked at.
#
# Return the array of learning rates as they are *after* each epoch, the last one included, with one number for each
# epoch that was looked at.
#
# *Example:* losses 1.0, 0.8, 0.9, 0.85, 0.7 with `lr=1`, `factor=0.5`, `patience=2`, `min_delta=0.05` and `lr_min=0.1`:
# epochs 3 and 4 bring nothing, so after epoch 4 the rate is halved: `[1, 1, 1, 0.5, 0.5]`. With `lr_min=0.6` it would
# stop there: `[1, 1, 1, 0.5]`.
#
# *Reread:* [chapter 3, Schedules: long steps first, short steps later](../../course/03-sgd.ipynb#Schedules:-long-steps-first,-short-steps-later)


# %% nbgrader={"grade": false, "grade_id": "plateau", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    """Return the learning rate after each epoch, until training stops; shape (n_epochs looked at,).

    losses: (n_epochs,) validation losses. factor: between 0 and 1. patience: at least 1. min_delta: 0 or more.
    """
    ### BEGIN SOLUTION
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            lr, waited = lr * factor, 0
        lrs.append(lr)
        if lr < lr_min:
            break
    return np.array(lrs)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "plateau_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 6.
parts = checks.Parts(points=3)


def check_plateau(losses, expected, what, mistakes=None, *, lr=1.0, factor=0.5, patience=2, min_delta=0.0, lr_min=0.0):
    given = np.array(losses, dtype=float)
    lrs = plateau(given, lr, factor, patience, min_delta, lr_min)
    checks.assert_close(lrs, expected, what, rtol=1e-6, mistakes=mistakes)
    checks.assert_unchanged(given, np.array(losses, dtype=float), "plateau must not change the losses it was given")


with parts("shorter steps after epochs without improvement", points=1):
    check_plateau(
        [1.0, 0.9, 0.95, 0.97, 0.8, 0.7],
        [1, 1, 1, 0.5, 0.5, 0.5],
        "learning rates when epochs 3 and 4 bring no improvement, with patience 2",
        {
            "one epoch too late: after `patience` epochs without improvement, not after one more": [1] * 6,
            "one epoch too early: wait for `patience` epochs": [1, 1, 0.5, 0.25, 0.25, 0.25],
            "these are the rates before each epoch; return those after it": [1, 1, 1, 1, 0.5, 0.5],
            "the learning rate is multiplied after every epoch, improvement or not": 0.5 ** np.arange(1, 7),
            "it grows: multiply by factor": [1, 1, 1, 2, 2, 2],
            "it has become shorter after improvements instead of after epochs without": [1, 0.5, 0.5, 0.5, 0.5, 0.25],
        },
    )
    check_plateau(
        [1.0, 0.98, 0.96, 0.94],
        [1, 1, 0.5, 0.5],
        "learning rates when each epoch is 0.02 better and min_delta is 0.05",
        {
            "min_delta is ignored: 0.02 is no improvement when 0.05 is asked for": [1, 1, 1, 1],
            "the first epoch was not taken for an improvement; it always is one": [1, 0.5, 0.5, 0.5],
        },
        min_delta=0.05,
    )
    ### BEGIN HIDDEN TESTS
    check_plateau([1.0, 1.0, 1.0], [1, 1, 0.5], "learning rates when the loss stays the same (no improvement)")
    check_plateau([3.0], [0.1], "the learning rate after a single epoch", lr=0.1, patience=1)
    check_plateau([3.0, 4.0], [0.1, 0.03], "the learning rates with patience 1", lr=0.1, patience=1, factor=0.3)
    ### END HIDDEN TESTS

with parts("epochs in a row, against the best so far", points=1):
    check_plateau(
        [1.0, 1.1, 0.9, 1.0, 0.8, 0.9, 0.7],
        [1] * 7,
        "learning rates when every second epoch improves, with patience 2",
        {
            "count epochs in a row: an improvement sets the counter back to zero": [1, 1, 1, 0.5, 0.5, 0.5, 0.5],
            "the first epoch was not taken for an improvement; it always is one": [1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
        },
    )
    check_plateau(
        [0.5, 0.9, 0.8, 0.7, 0.6],
        [1, 1, 0.5, 0.5, 0.25],
        "learning rates when the loss falls for three epochs, but stays above the best",
        {
            "compare with the best so far, not with the epoch before": [1, 1, 1, 1, 1],
            "after the rate has been cut the counter starts at zero again": [1, 1, 0.5, 0.25, 0.125],
            "the rate is cut only once: count again from zero afterwards": [1, 1, 0.5, 0.5, 0.5],
        },
    )
    check_plateau(
        [1.0, 0.97, 0.94, 0.91, 0.88],
        [1] * 5,
        "learning rates when each epoch is 0.03 better and min_delta is 0.05: every second one is an improvement",
        {
            "the best so far follows gains too small to count; keep that of the last improvement": [
                1,
                1,
                0.5,
                0.5,
                0.25,
            ],
            "count epochs in a row, also when gains are small": [1, 1, 1, 0.5, 0.5],
        },
        min_delta=0.05,
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(seed)
        losses, patience = rng.integers(1, 9, size=15) / 8, int(rng.integers(1, 4))
        lr, best, waited, expected = 1.0, np.inf, 0, []
        for loss in losses:
            waited = 0 if loss < best else waited + 1
            best = min(best, loss)
            if waited == patience:
                lr, waited = lr / 2, 0
            expected.append(lr)
        check_plateau(losses, expected, f"learning rates of 15 epochs with patience {patience}", patience=patience)
    ### END HIDDEN TESTS

with parts("stop when the rate is too small", points=1):
    # Losses that grow without end: every other epoch the rate is halved, whoever counts.
    lrs = plateau(np.arange(1.0, 17.0), 1.0, 0.5, 2, 0.0, 0.2)
    assert lrs is not None, "plateau returned None: did you forget `return`?"
    lrs = np.asarray(lrs)
    assert len(lrs) < 16, (
        "it never stops: once the learning rate is smaller than lr_min, later losses are not looked at"
    )
    assert lrs[-1] < 0.2, (
        "it stops before its last cut is written down: the rate after the last epoch belongs to the answer"
        if lrs[-1] < 0.5
        else "it stops too early: only when the rate is smaller than lr_min"
    )
    assert np.sum(lrs < 0.2) == 1, "it goes on after the rate has become smaller than lr_min: stop after that epoch"
    ### BEGIN HIDDEN TESTS
    equal = np.asarray(plateau(np.arange(1.0, 17.0), 1.0, 0.5, 2, 0.0, 0.25))
    assert equal[-1] < 0.25 and np.sum(equal < 0.25) == 1, "a rate equal to lr_min is not smaller than it: go on"
    assert len(np.asarray(plateau(np.array([3.0, 2.0, 1.0]), 0.1, 0.5, 1, 0.0, 0.01))) == 3, (
        "no epoch without improvement, and still it stopped early"
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 7 · A fair race (3 points)
#
# Which optimiser is best? You have a function `train(rule, lr, seed)` that trains a network and returns the pair
# `(validation_loss, test_accuracy)`. Write `fair_race(train, rules, lrs, tuning_seeds, race_seeds)`.
#
# 1. **Tune:** for each rule, train with every learning rate from every tuning seed, and take the learning rate whose
#    **mean validation loss** over these seeds is lowest. A run that exploded returns `nan`; a learning rate with such a
#    run is out. (At least one learning rate is always left.)
# 2. **Race:** train with that learning rate from every race seed. These are other seeds: a start that was lucky while
#    tuning shall not count twice.
# 3. Return a dictionary: for each rule the triple `(lr, mean, sd)` with the mean of the race's test accuracies and their
#    **sample** standard deviation (`ddof=1`). The test accuracy must have no say in step 1.
#
# *Example:* two seeds with test accuracies 0.90 and 0.94 have mean 0.92 and standard deviation 0.028.
#
# *Reread:* [chapter 3, A race](../../course/03-sgd.ipynb#A-race)


# %% nbgrader={"grade": false, "grade_id": "fair_race", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    """Return {rule: (lr, mean test accuracy, its sample standard deviation)}.

    train: function from (rule, lr, seed) to (validation_loss, test_accuracy). rules: list of names. lrs: list of numbers.
    tuning_seeds, race_seeds: lists of whole numbers, at least two race seeds.
    """
    ### BEGIN SOLUTION
    result = {}
    for rule in rules:
        losses = [np.mean([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.nanargmin(losses))]
        scores = [train(rule, lr, seed)[1] for seed in race_seeds]
        result[rule] = (lr, np.mean(scores), np.std(scores, ddof=1))
    return result
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "fair_race_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 7.
parts = checks.Parts(points=3)
BEST = {"SGD": 0.3, "Adam": 0.01, "wild": 0.1}  # by validation loss
TRAP = {"SGD": 1.0, "Adam": 0.1, "wild": 0.01}  # by test accuracy


def pretend(rule, lr, seed):
    """A training that takes no time, with the traps of real ones."""
    validation_loss = 0.2 + abs(np.log10(lr / BEST[rule])) + 0.01 * (seed % 5)
    test_accuracy = 0.9 - 0.05 * abs(np.log10(lr / BEST[rule])) + 0.01 * ((seed * 7) % 5)
    if lr == TRAP[rule]:
        test_accuracy += 0.09
    if rule == "wild" and lr == 1.0 and seed == 2:
        validation_loss = float("nan")
    elif rule == "wild" and lr == 1.0:
        validation_loss = 0.001
    if rule == "Adam" and lr == 0.1 and seed == 1:
        validation_loss = 0.01  # one lucky start
    return validation_loss, test_accuracy


def triple(result, rule):
    assert result is not None, "fair_race returned None: did you forget `return`?"
    assert rule in result, f"the answer has no entry for {rule!r}: return a dictionary with one for each rule"
    checks.assert_shape(result[rule], (3,), f"the entry for {rule!r}: lr, mean, standard deviation")
    return [float(np.asarray(value)) for value in result[rule]]


grid, tuning, racing = [0.01, 0.1, 0.3, 1.0], [1, 2, 3], [11, 12, 13, 14]

with parts("each rule has its own learning rate, tuned on the validation loss", points=1):
    result = fair_race(pretend, ["SGD", "Adam"], list(grid), list(tuning), list(racing))
    chosen = [triple(result, "SGD")[0], triple(result, "Adam")[0]]
    checks.assert_close(
        chosen,
        [0.3, 0.01],
        "the learning rates of SGD and Adam",
        mistakes={
            "the learning rates were chosen by test accuracy: the test set has no say in tuning": [1.0, 0.1],
            "both have the learning rate of the first rule: tune each by itself": [0.3, 0.3],
            "one lucky start decided: take the mean over the tuning seeds": [0.3, 0.1],
            "these have the highest validation loss: take the lowest": [0.01, 1.0],
        },
    )
    result = fair_race(pretend, ["wild"], list(grid), list(tuning), list(racing))
    checks.assert_close(
        triple(result, "wild")[0],
        0.1,
        "the learning rate of a rule that explodes from one tuning seed at lr = 1",
        mistakes={
            "a learning rate that explodes from one seed was chosen: leave it out, also when its other seeds look fine": 1.0
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        rng = np.random.default_rng(seed)
        table = rng.uniform(0.1, 1, size=(3, 4))
        table[rng.integers(3), rng.integers(4)] = np.nan
        names = ["a", "b", "c"]

        def look_up(rule, lr, seed, table=table, names=names):
            return float(table[names.index(rule), int(lr)]), 0.5

        result = fair_race(look_up, list(names), [0, 1, 2, 3], [5, 6], [7, 8])
        for i, name in enumerate(names):
            checks.assert_close(triple(result, name)[0], int(np.nanargmin(table[i])), "a learning rate from a table")
    ### END HIDDEN TESTS

with parts("the race is run from new seeds", points=1):
    seeds_seen = []

    def note_seed(rule, lr, seed):
        seeds_seen.append(int(seed))
        return 0.5, 0.8 + 0.01 * (seed - 11)  # all learning rates are alike

    result = fair_race(note_seed, ["only"], [0.1, 0.3], [1, 2, 3], [11, 12, 13, 14])
    mean = triple(result, "only")[1]
    checks.assert_close(
        mean,
        0.815,
        "the mean test accuracy over the race seeds",
        rtol=1e-6,
        mistakes={
            "the race was run from the tuning seeds; use the race seeds": 0.71,
            "tuning and race seeds are mixed": 0.8 + 0.01 * (np.mean([1, 2, 3, 11, 12, 13, 14]) - 11),
            "that is the best seed; report the mean": 0.83,
            "that is a single seed": 0.8,
            "that is the sum over seeds, not the mean": 3.26,
            "that is the validation loss; report the test accuracy": 0.5,
        },
    )
    assert set(seeds_seen) == {1, 2, 3, 11, 12, 13, 14}, f"train was called with the seeds {sorted(set(seeds_seen))}"
    ### BEGIN HIDDEN TESTS
    result = fair_race(note_seed, ["only"], [0.1], [4], [21, 31])
    checks.assert_close(triple(result, "only")[1], 0.95, "the mean over other race seeds")
    ### END HIDDEN TESTS

with parts("the standard deviation of a sample", points=1):
    # Every seed gives the same two numbers in turn, so that it does not matter which seeds were used.
    def two_values(rule, lr, seed):
        return 0.5, 0.9 if seed % 2 else 0.94

    result = fair_race(two_values, ["only"], [0.1], [1, 2], [11, 12])
    checks.assert_close(
        triple(result, "only")[2],
        0.04 / np.sqrt(2),
        "the standard deviation of 0.90 and 0.94",
        rtol=1e-6,
        mistakes={
            "that divides by n; a sample's standard deviation divides by n - 1 (ddof=1)": 0.02,
            "that is the variance; take its root": 0.0008,
            "that is the range, highest minus lowest": 0.04,
        },
    )
    ### BEGIN HIDDEN TESTS
    result = fair_race(two_values, ["only"], [0.1], [1, 2], [11, 12, 13, 14])
    checks.assert_close(
        triple(result, "only")[2], np.std([0.9, 0.94, 0.9, 0.94], ddof=1), "a standard deviation of four"
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 8 · In your own words (3 points, read by a person)
#
# A logistic neuron learns to tell benign from malignant cells, with three learning rates. Run the next cell and look at
# its figure.
#
# *Reread:* [chapter 3, Key points](../../course/03-sgd.ipynb#Key-points)

# %% nbgrader={"grade": false, "grade_id": "three_curves", "locked": true, "schema_version": 3, "solution": false, "task": false}
cells = data.load("breast_cancer").standardise()


def logistic_curve(lr, n_steps=150):
    """Loss of a logistic neuron on batches of 16 biopsies, after each step, measured on all 569."""
    rng, w, curve = np.random.default_rng(0), np.zeros(30), []
    for _ in range(n_steps):
        rows = rng.choice(len(cells), 16, replace=False)
        error = 1 / (1 + np.exp(-np.clip(cells.X[rows] @ w, -30, 30))) - cells.y[rows]
        w = w - lr * cells.X[rows].T @ error / 16
        scores = cells.X @ w * np.where(cells.y == 1, 1, -1)
        curve.append(np.mean(np.logaddexp(0, -scores)))
    return np.array(curve)


curves = {f"curve {name}": logistic_curve(lr) for name, lr in (("A", 100.0), ("B", 0.001), ("C", 0.1))}
figure, axes = plots.new_figure(size=(7, 3.8))
plots.curves(axes, np.arange(1, 151), curves, labels=("step", "loss on all biopsies"))
axes.set(yscale="log")
plots.show(
    figure,
    alt="Loss over 150 steps. Curve A is jagged and jumps up and down; curve B is smooth and falls a little; curve C "
    "falls fast, then slowly, and ends lowest.",
    caption="Three learning rates for a logistic neuron on breast cancer, batches of 16.",
)

# %% [markdown]
# Answer in one or two sentences each:
#
# 1. Of the three learning rates, which is too low, which too high, which about right? Say for each what in the curve
#    tells you.
# 2. A colleague measures her loss in cents instead of euros: it is now a hundred times as large. Must she change the
#    learning rate if she uses plain SGD? And with Adam?
# 3. Another colleague goes from batches of 32 to batches of 256, leaves learning rate and number of epochs as they are,
#    and finds a worse network. "Large batches make bad networks," he says. What else may be the reason, and what
#    comparison would you ask for?
#
# | rubric | 1 point | ½ point |
# | --- | --- | --- |
# | 1 | names all three rightly, **and** says what in the curves shows it | names all three rightly |
# | 2 | right about both, **and** a reason for each | right about both |
# | 3 | a good other reason, **and** a fair comparison | one of the two |

# %% [markdown] nbgrader={"grade": true, "grade_id": "in_your_own_words", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. A is too high: the loss jumps up and down, by a factor of several, and gets nowhere. B is too low: it falls smoothly,
#    without a sign of noise, but has hardly come down after 150 steps. C is about right: a fast fall, then little change
#    and little noise. (½ point: the three names only.)
# 2. SGD: yes, the gradient is a hundred times as large and so would the steps be; divide the learning rate by a hundred.
#    Adam: no, the gradient is divided by its own size, and the factor cancels (but for epsilon). (½ point: "yes, no".)
# 3. At the same number of epochs a batch size of 256 takes an eighth of the steps, and its learning rate was tuned for
#    32. A fair comparison tunes the learning rate for each batch size on validation data and gives both the same number
#    of steps, or trains both until they improve no more, from several seeds. (½ point: the reason, or the comparison.)
# ### END SOLUTION

# %% [markdown]
# ## 9 · For the curious: when Adam walks to the worst place (no points)
#
# Reddi, Kale and Kumar (2018) found a simple problem on which Adam does the worst thing possible. There is one parameter
# $\theta$, kept between −1 and 1. In step $t = 1, 2, 3, \dots$ the gradient is $+1010$ if $t$ leaves the remainder 1 when
# divided by 101, and $-10$ otherwise: rarely a large push down, often a small one up. Over 101 steps the mean gradient is
# $(1010 - 100 \cdot 10)/101 \approx 0.1$, so the lowest mean loss is at $\theta = -1$.
#
# Write `reddi(n_steps, amsgrad=False)`: the trail of Adam from $\theta = 0$ with $\beta_1 = 0.9$, $\beta_2 = 0.99$, a
# learning rate of $0.5/\sqrt{t}$, no bias correction, and $\theta$ clipped to $[-1, 1]$ after each step. With
# `amsgrad=True` divide by the root of the **largest** $v$ so far instead of $v$. That was their cure: AMSGrad.
#
# Before you run it: where will each of the two end?


# %% nbgrader={"grade": false, "grade_id": "reddi", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reddi(n_steps, amsgrad=False):
    """Return the trail of Adam or AMSGrad on the problem of Reddi et al., shape (n_steps + 1,)."""
    ### BEGIN SOLUTION
    theta, m, v, largest, trail = 0.0, 0.0, 0.0, 0.0, [0.0]
    for t in range(1, n_steps + 1):
        g = 1010.0 if t % 101 == 1 else -10.0
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g**2
        largest = max(largest, v)
        step = 0.5 / np.sqrt(t) * m / (np.sqrt(largest if amsgrad else v) + 1e-8)
        theta = float(np.clip(theta - step, -1, 1))
        trail.append(theta)
    # After 200,000 steps Adam stands at 0.997, next to the worst place: v soon forgets the rare large gradient, so that
    # the many small ones are divided by less and less. AMSGrad, which does not forget, stands at -0.998.
    return np.array(trail)
    ### END SOLUTION


# %%
# reddi(200_000)[-101:].mean(), reddi(200_000, amsgrad=True)[-101:].mean()    # take the first # away once the function is written
