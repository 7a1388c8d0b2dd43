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
# # Exercise 7 · Uncertainty
#
# You write the instruments that tell how sure a network is: draws of Monte-Carlo dropout, an ensemble, a Dirichlet
# distribution with its loss. And those that tell whether to believe it: calibration, temperature, AUROC.
#
# **You need** chapter 7. **Time:** 75 to 90 minutes. **Points:** 31.
#
# | | question | points | minutes |
# | --- | --- | --- | --- |
# | 1 | Leave dropout on | 3 | 8 |
# | 2 | What does the ensemble say, and how sure is it? | 4 | 12 |
# | 3 | Members that deserve the name | 3 | 8 |
# | 4 | From evidence to a Dirichlet distribution | 4 | 12 |
# | 5 | The loss that teaches evidence | 5 | 15 |
# | 6 | Right as often as it says? | 3 | 10 |
# | 7 | One temperature | 3 | 8 |
# | 8 | A detector without a threshold | 3 | 8 |
# | 9 | In your own words | 3 | 8 |
# | 10 | For the curious: sets that keep their promise | – | – |
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
# - Question 9 is read by a person, who sees the rubric that you see.
# - Before you hand in: *Kernel → Restart Kernel and Run All Cells*, then **Validate** in the toolbar.
#
# Notation, as in the chapter: `K` classes, probabilities `p` of shape (n_samples, K), labels `y` (n_samples,) as class
# indices, and members along the first axis. Entropies are in nats (natural logarithm).
#
# Run this cell first.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import keras
import numpy as np
from scipy import special

from dlcourse import checks, data, plots

# Penguins: species from bill length and bill depth.
penguins = data.load("penguins").select(["bill length", "bill depth"]).standardise()


def new_network(rng):
    """Random weights [W1, b1, W2, b2] of a network with 2 inputs, 16 hidden ReLUs and 3 classes."""
    return [rng.normal(0, 1, (2, 16)), np.zeros(16), rng.normal(0, 0.3, (16, 3)), np.zeros(3)]


def probabilities(network, X):
    """Softmax probabilities (n_samples, 3) of X (n_samples, 2)."""
    W1, b1, W2, b2 = network
    return special.softmax(np.maximum(X @ W1 + b1, 0) @ W2 + b2, axis=1)


def train(network, X, y, rng, n_steps=60, lr=0.3):
    """Train on random batches drawn from rng. CHANGES the arrays in `network`, and returns nothing."""
    for _ in range(n_steps):
        rows = rng.choice(len(X), 32)
        hidden = np.maximum(X[rows] @ network[0] + network[1], 0)
        error = (probabilities(network, X[rows]) - np.eye(3)[y[rows]]) / 32
        back = (error @ network[2].T) * (hidden > 0)
        for array, slope in zip(network, (X[rows].T @ back, back.sum(0), hidden.T @ error, error.sum(0)), strict=True):
            array -= lr * slope


def coin_net():
    """Two inputs, each dropped by the toss of a coin: four different answers, no more."""
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dropout(0.5), keras.layers.Dense(2, activation="softmax")]
    )
    model.set_weights([np.array([[0.5, -0.5], [1.0, -1.0]]), np.zeros(2)])
    return model


def still_net():
    """A network without dropout."""
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])


# %% [markdown]
# ## 1 · Leave dropout on (3 points)
#
# Write `monte_carlo(model, X, n_draws)`. `model` is a Keras model with dropout; its outputs are probabilities already.
# Return **all draws**, an array of shape (n_draws, n_samples, K): each draw is a pass of its own, with dropout on.
#
# *Hint:* `model(X)` and `model.predict(X)` switch dropout off. One word switches it on.
#
# *Reread:* [chapter 7, Monte-Carlo dropout: leave it on](../../course/07-uncertainty.ipynb#Monte-Carlo-dropout:-leave-it-on)


# %% nbgrader={"grade": false, "grade_id": "monte_carlo", "locked": false, "schema_version": 3, "solution": true, "task": false}
def monte_carlo(model, X, n_draws):
    """Return the draws of Monte-Carlo dropout, shape (n_draws, n_samples, K).

    model: a Keras model with dropout layers. X: (n_samples, n_features) array. n_draws: at least 1.
    """
    ### BEGIN SOLUTION
    return np.stack([np.asarray(model(X, training=True)) for _ in range(n_draws)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "monte_carlo_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 1. Run it as often as you like.
parts = checks.Parts(points=3)
kept = 2.0 * np.array([[0, 0], [0, 1], [1, 0], [1, 1]])  # what is kept is doubled
POSSIBLE = special.expit(2 * kept @ [0.5, 1.0])  # probability of the first class
NO_DROPOUT = special.expit(2 * 1.5)


def draws_of(model, X, n_draws):
    draws = monte_carlo(model, X, n_draws)
    assert draws is not None, "monte_carlo returned None: did you forget `return`?"
    return np.asarray(draws)


coin = coin_net()

with parts("all draws, one pass each", points=1):
    X = np.ones((3, 2), dtype="float32")
    draws = draws_of(coin, X, 4)
    assert draws.shape != (3, 2), "the draws are averaged: return them all, (n_draws, n_samples, K)"
    assert draws.shape != (3, 4, 2), "the axes are in another order: draws first, then samples, then classes"
    checks.assert_shape(draws, (4, 3, 2), "the draws")
    checks.assert_close(
        draws.sum(axis=2),
        np.ones((4, 3)),
        "the sum of the probabilities of each draw",
        rtol=1e-4,
        mistakes={"the passes are added up: give each by itself": np.cumsum(np.ones((4, 3)), axis=0)},
    )
    ### BEGIN HIDDEN TESTS
    checks.assert_shape(draws_of(coin, X, 1), (1, 3, 2), "a single draw")
    ### END HIDDEN TESTS

with parts("dropout is on, and each draw is new", points=2):
    draws = draws_of(coin, np.ones((3, 2), dtype="float32"), 20)
    checks.assert_shape(draws, (20, 3, 2), "20 draws")
    first = draws[:, :, 0]
    assert not np.allclose(first, NO_DROPOUT, atol=1e-3), (
        "all draws are the same, and what the network says without dropout: call model(X, training=True)"
    )
    assert not np.allclose(first, first[0], atol=1e-6), "one draw is repeated: each needs a pass of its own"
    nearest = np.abs(first[:, :, None] - POSSIBLE).min(axis=2)
    assert nearest.max() < 1e-3, (
        f"a draw says {first[nearest > 1e-3][0]:.3f}, which no single pass of this network can say (only "
        f"{', '.join(f'{value:.3f}' for value in POSSIBLE)}): give the passes as they are, not averaged or changed"
    )
    seen = {int(np.abs(POSSIBLE - value).argmin()) for value in first.ravel()}
    assert seen == {0, 1, 2, 3}, "in 60 answers not all ways to drop came up: draw anew for each pass"
    ### BEGIN HIDDEN TESTS
    still = still_net()
    X = np.array([[1.0, -1.0], [0.5, 2.0]], dtype="float32")
    checks.assert_close(
        draws_of(still, X, 3),
        np.stack([np.asarray(still(X))] * 3),
        "the draws of a network without dropout, which are all alike",
        rtol=1e-4,
        atol=1e-6,
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 2 · What does the ensemble say, and how sure is it? (4 points)
#
# Several members, each with its logits. Write `ensemble_opinion(logits)` and return three arrays:
#
# - `p`: the mean of the members' **probabilities**, (n_samples, K). A member's probabilities are the softmax of its logits.
# - `total`: the entropy of `p`, $H(p) = -\sum_k p_k \ln p_k$, (n_samples,).
# - `epistemic`: the mutual information, `total` minus the mean of the members' entropies, (n_samples,).
#
# Logits may be as large as ±1000. A probability may then be exactly 0, and $0 \ln 0$ counts as 0. No nan and no warning
# may come of it.
#
# *Example:* two members with logits $(0, 0)$ and $(\ln 3, 0)$ say (½, ½) and (¾, ¼). The mean is (⅝, ⅜), its entropy
# 0.662, and the mutual information 0.034.
#
# *Hint:* `special` is scipy's, imported above: it has `special.softmax(…, axis=…)` and `special.entr`.
#
# *Reread:* [chapter 7, Two ways not to know](../../course/07-uncertainty.ipynb#Two-ways-not-to-know)


# %% nbgrader={"grade": false, "grade_id": "ensemble_opinion", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ensemble_opinion(logits):
    """Return (p, total, epistemic) of shapes (n_samples, K), (n_samples,) and (n_samples,).

    logits: (n_members, n_samples, K) array.
    """
    ### BEGIN SOLUTION
    P = special.softmax(logits, axis=-1)
    p = P.mean(axis=0)
    total = special.entr(p).sum(axis=-1)
    return p, total, total - special.entr(P).sum(axis=-1).mean(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "ensemble_opinion_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 2.
parts = checks.Parts(points=4)


def part_of(logits, which):
    answer = ensemble_opinion(logits)
    assert answer is not None, "ensemble_opinion returned None: did you forget `return`?"
    assert len(answer) == 3, f"ensemble_opinion must return three arrays (p, total, epistemic), not {len(answer)}"
    return answer[which]


def softly(A):
    A = np.exp(A - A.max(axis=-1, keepdims=True))
    return A / A.sum(axis=-1, keepdims=True)


def entropy_of(p):
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)


simple = np.array([[[0.0, 0.0]], [[np.log(3), 0.0]]])
rng = np.random.default_rng(0)
some = rng.normal(0, 2, size=(4, 5, 3))
steep = np.array([[[1000.0, 0, -1000]], [[-1000.0, 1000, 0]]])

with parts("the mean of the probabilities", points=2):
    for logits, what in ((simple, "p of the example"), (some, "p of four members")):
        checks.assert_close(
            part_of(logits.copy(), 0),
            softly(logits).mean(axis=0),
            what,
            rtol=1e-5,
            mistakes={
                "the logits were averaged, and then the softmax taken: average the probabilities": softly(
                    logits.mean(axis=0)
                ),
                "the softmax is missing: the members give logits": logits.mean(axis=0),
                "that is the sum over members, not the mean": softly(logits).sum(axis=0),
                "that is the first member alone": softly(logits)[0],
                "the softmax goes over the members: over the classes, axis=-1": softly(logits.swapaxes(0, 2))
                .swapaxes(0, 2)
                .mean(axis=0),
            },
        )
    ### BEGIN HIDDEN TESTS
    checks.assert_close(part_of(steep.copy(), 0), [[0.5, 0.5, 0]], "p where the logits are as large as 1000", atol=1e-6)
    for seed in range(10):
        logits = np.random.default_rng(seed).normal(0, 3, size=(3, 4, 2 + seed % 4))
        given = logits.copy()
        checks.assert_close(part_of(given, 0), softly(logits).mean(axis=0), "p of other members", rtol=1e-5)
        checks.assert_unchanged(given, logits, "ensemble_opinion must not change the logits it was given")
    ### END HIDDEN TESTS

with parts("the entropy of the mean", points=1):
    P = softly(some)
    p = P.mean(axis=0)
    checks.assert_close(
        part_of(some.copy(), 1),
        entropy_of(p),
        "total",
        rtol=1e-5,
        mistakes={
            "that is a standard deviation over the members, not an entropy": [P.std(axis=0).mean(axis=1)],
            "that is the standard deviation of the members, averaged over classes": P.std(axis=0).mean(axis=1),
            "that is the standard deviation of p over the classes, not its entropy": p.std(axis=1),
            "that is the standard deviation of the largest probability, not an entropy": P.max(axis=2).std(axis=0),
            "that is the mean of the members' entropies: take the entropy of the mean": entropy_of(P).mean(axis=0),
            "that is in bits: take the natural logarithm": entropy_of(p) / np.log(2),
            "the sign is wrong: an entropy is not negative": -entropy_of(p),
            "that is 1 - max p, not the entropy": 1 - p.max(axis=1),
            "that is the entropy of the softmax of the mean logits": entropy_of(softly(some.mean(axis=0))),
        },
    )
    checks.assert_close(part_of(simple.copy(), 1), [0.6615632], "total of the example", rtol=1e-5)
    ### BEGIN HIDDEN TESTS
    checks.assert_close(part_of(steep.copy(), 1), [np.log(2)], "total where a probability is exactly 0", rtol=1e-5)
    ### END HIDDEN TESTS

with parts("the mutual information", points=1):
    checks.assert_close(
        part_of(some.copy(), 2),
        entropy_of(p) - entropy_of(P).mean(axis=0),
        "epistemic",
        rtol=1e-5,
        mistakes={
            "that is the mean of the members' entropies: subtract it from the total": entropy_of(P).mean(axis=0),
            "the sign is wrong: total minus mean entropy": entropy_of(P).mean(axis=0) - entropy_of(p),
            "that is the variance of the members, not their mutual information": P.var(axis=0).sum(axis=1),
            "that is the standard deviation of the members, averaged over classes": P.std(axis=0).mean(axis=1),
            "that is in bits: take the natural logarithm": (entropy_of(p) - entropy_of(P).mean(axis=0)) / np.log(2),
            "the total is that of averaged logits": entropy_of(softly(some.mean(axis=0))) - entropy_of(P).mean(axis=0),
            "the total minus the SUM of the members' entropies: take their mean": entropy_of(p)
            - entropy_of(P).sum(axis=0),
        },
    )
    agree = np.repeat(some[:1], 3, axis=0)
    checks.assert_close(part_of(agree, 2), np.zeros(5), "epistemic where all members say the same", atol=1e-6)
    ### BEGIN HIDDEN TESTS
    checks.assert_close(part_of(steep.copy(), 2), [np.log(2)], "epistemic of two members who contradict", rtol=1e-5)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 3 · Members that deserve the name (3 points)
#
# An ensemble of five times the same network is no ensemble. Write `deep_ensemble(X, y, seeds)` and return a list with one
# trained network for each seed.
#
# - `new_network(rng)` and `train(network, X, y, rng)` stand in the first cell. Read what `train` does to its argument.
# - A member gets a generator of its own, `np.random.default_rng(seed)`. It draws the member's first weights *and*, in
#   `train`, its batches.
#
# *Reread:* [chapter 7, A deep ensemble: ask five](../../course/07-uncertainty.ipynb#A-deep-ensemble:-ask-five)


# %% nbgrader={"grade": false, "grade_id": "deep_ensemble", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deep_ensemble(X, y, seeds):
    """Return a list of trained networks, each a list of four arrays, one network for each seed.

    X: (n_samples, 2) array. y: (n_samples,) class indices. seeds: list of whole numbers.
    """
    ### BEGIN SOLUTION
    members = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        network = new_network(rng)
        train(network, X, y, rng)
        members.append(network)
    return members
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "deep_ensemble_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 3.
parts = checks.Parts(points=3)
X, y = penguins.X, penguins.y


def trained_alone(seed, order=None):
    rng = np.random.default_rng(seed)
    network = new_network(rng)
    train(network, X, y, rng if order is None else np.random.default_rng(order))
    return network


def said_by(network):
    return probabilities(network, X[::40])


def ensemble_of(seeds):
    members = deep_ensemble(X.copy(), y.copy(), list(seeds))
    assert members is not None, "deep_ensemble returned None: did you forget `return`?"
    assert len(members) == len(seeds), f"{len(members)} members for {len(seeds)} seeds: one for each"
    for member in members:
        assert member is not None, "a member is None: `train` changes the network and returns nothing"
        assert len(member) == 4, "a member is a network, a list of four arrays"
    return [[np.array(array, dtype=float) for array in member] for member in members]


SEEDS = (3, 1, 4)
answers = [said_by(trained_alone(seed)) for seed in SEEDS]
started_alike = []
for seed in SEEDS:
    network = new_network(np.random.default_rng(0))
    train(network, X, y, np.random.default_rng(seed))
    started_alike.append(said_by(network))
fresh = [said_by(new_network(np.random.default_rng(seed))) for seed in SEEDS]

with parts("members that differ", points=1):
    said = [said_by(member) for member in ensemble_of(SEEDS)]
    assert not (np.allclose(said[0], said[1]) and np.allclose(said[0], said[2])), (
        "all members are the same network: "
        + (
            "each needs the generator of its own seed"
            if np.allclose(said[0], answers[0])
            else "they share their weights. `train` changes the arrays it is given, so make a new network for each member"
        )
    )
    ### BEGIN HIDDEN TESTS
    said = [said_by(member) for member in ensemble_of((8, 9))]
    assert not np.allclose(said[0], said[1]), "members of the seeds 8 and 9 are the same"
    ### END HIDDEN TESTS

with parts("each trained from its own seed", points=2):
    said = [said_by(member) for member in ensemble_of(SEEDS)]
    assert not any(np.allclose(said[i], fresh[i]) for i in range(3)), "a member has not been trained"
    checks.assert_close(
        said,
        answers,
        f"what the members of the seeds {SEEDS} say of some penguins",
        rtol=1e-5,
        mistakes={
            "each member has the seed of the first": [answers[0]] * 3,
            "the seeds were not used: these are networks of the seeds 0, 1, 2": [
                said_by(trained_alone(seed)) for seed in range(3)
            ],
            "all members have the same order of batches (that of seed 0)": [
                said_by(trained_alone(seed, order=0)) for seed in SEEDS
            ],
            "the order of the batches has a generator made anew from the seed: let one generator draw the weights and "
            "go on with the batches": [said_by(trained_alone(seed, order=seed)) for seed in SEEDS],
            "the members start alike and differ in their batches only: draw the first weights from each seed": started_alike,
        },
    )
    ### BEGIN HIDDEN TESTS
    for seeds in ((7,), (5, 5), (0, 11, 2, 6)):
        said = [said_by(member) for member in ensemble_of(seeds)]
        checks.assert_close(
            said, [said_by(trained_alone(seed)) for seed in seeds], f"the members of the seeds {seeds}", rtol=1e-5
        )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 4 · From evidence to a Dirichlet distribution (4 points)
#
# A network gives **scores** $s_k$, positive or negative. As Sensoy did, we take what is positive as evidence,
# $f_k = \max(s_k, 0)$, and
#
# $$\alpha_k = f_k + 1, \qquad S = \sum_k \alpha_k, \qquad \hat p_k = \frac{\alpha_k}{S}, \qquad
# \mathrm{Var}(p_k) = \frac{\hat p_k (1 - \hat p_k)}{S + 1}, \qquad u = \frac KS .$$
#
# Write `dirichlet(scores)` and return `(p, variance, u)` of shapes (n_samples, K), (n_samples, K) and (n_samples,).
#
# *Example:* the scores $(2, -3, 0)$ give $\alpha = (3, 1, 1)$, $\hat p = (0.6, 0.2, 0.2)$, variances
# $(0.04, 0.0267, 0.0267)$ and $u = 0.6$.
#
# *Reread:* [chapter 7, Evidence: ask for the uncertainty itself](../../course/07-uncertainty.ipynb#Evidence:-ask-for-the-uncertainty-itself)


# %% nbgrader={"grade": false, "grade_id": "dirichlet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dirichlet(scores):
    """Return mean (n_samples, K), variance (n_samples, K) and uncertainty (n_samples,) of the Dirichlet distributions.

    scores: (n_samples, K) array, positive or negative.
    """
    ### BEGIN SOLUTION
    alpha = np.maximum(scores, 0) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, p * (1 - p) / (S + 1), scores.shape[1] / S[:, 0]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dirichlet_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 4.
parts = checks.Parts(points=4)


def part_of(scores, which):
    answer = dirichlet(scores)
    assert answer is not None, "dirichlet returned None: did you forget `return`?"
    assert len(answer) == 3, f"dirichlet must return three arrays (p, variance, u), not {len(answer)}"
    return answer[which]


def known(alpha):
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, p * (1 - p) / (S + 1), alpha.shape[1] / S[:, 0]


def slips(scores, which):
    """What comes of mistakes that people make."""
    f = np.maximum(scores, 0)
    soft = special.softmax(scores, axis=1)
    with np.errstate(all="ignore"):
        return {
            "α is the evidence without the 1: where there is no evidence, α must be 1": known(f)[which],
            "the softmax was taken before the evidence; it adds up to 1 whatever the image, so u is always the same": known(
                soft + 1
            )[which],
            "negative scores are no evidence: cut them off at 0": known(scores + 1)[which],
            "the evidence is the absolute value: cut negative scores off at 0": known(np.abs(scores) + 1)[which],
        }


some = np.array([[2.0, -3, 0], [0, 0, 0], [10, 1, 0.5], [-1, -2, -0.5]])
rng = np.random.default_rng(1)
more = rng.normal(0, 4, size=(6, 4))

with parts("the mean", points=2):
    for scores in (some, more):
        alpha = np.maximum(scores, 0) + 1
        checks.assert_close(
            part_of(scores.copy(), 0),
            known(alpha)[0],
            "p",
            rtol=1e-5,
            mistakes={
                **slips(scores, 0),
                "that is the softmax of the scores: p is α divided by its sum": special.softmax(scores, axis=1),
                "that is α: divide it by S": alpha,
                "S is summed over the samples: sum over the classes of each": alpha / alpha.sum(axis=0),
                "S is summed over all samples: sum over the classes of each": alpha / alpha.sum(),
            },
        )
    ### BEGIN HIDDEN TESTS
    for seed in range(10):
        scores = np.random.default_rng(seed).normal(0, 5, size=(3, 2 + seed % 5))
        given = scores.copy()
        checks.assert_close(part_of(given, 0), known(np.maximum(scores, 0) + 1)[0], "p of other scores", rtol=1e-5)
        checks.assert_unchanged(given, scores, "dirichlet must not change the scores it was given")
    ### END HIDDEN TESTS

with parts("the variance", points=1):
    p, variance, _ = known(np.maximum(some, 0) + 1)
    S = (np.maximum(some, 0) + 1).sum(axis=1, keepdims=True)
    checks.assert_close(
        part_of(some.copy(), 1),
        variance,
        "the variance",
        rtol=1e-5,
        mistakes={
            **slips(some, 1),
            "that divides by S: divide by S + 1": p * (1 - p) / S,
            "that is not divided by S + 1": p * (1 - p),
            "that is the standard deviation: its square is asked for": np.sqrt(variance),
        },
    )
    ### BEGIN HIDDEN TESTS
    checks.assert_close(part_of(more.copy(), 1), known(np.maximum(more, 0) + 1)[1], "other variances", rtol=1e-5)
    ### END HIDDEN TESTS

with parts("the uncertainty", points=1):
    checks.assert_close(
        part_of(some.copy(), 2),
        known(np.maximum(some, 0) + 1)[2],
        "u",
        rtol=1e-5,
        mistakes={
            **slips(some, 2),
            "that is 1 / S: u = K / S is 1 where there is no evidence": 1 / S[:, 0],
            "that is S / K: it is the other way round": S[:, 0] / 3,
            "that is 1 - max p": 1 - p.max(axis=1),
            "that is the entropy of p; u is K / S": special.entr(p).sum(axis=1),
            "u is (n_samples,), one number for each": (3 / S),
        },
    )
    ### BEGIN HIDDEN TESTS
    checks.assert_close(part_of(np.zeros((2, 7)), 2), [1, 1], "u without any evidence")
    checks.assert_close(part_of(more.copy(), 2), known(np.maximum(more, 0) + 1)[2], "u with four classes", rtol=1e-5)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 5 · The loss that teaches evidence (5 points)
#
# Write `evidential_loss(y, evidence, epoch)`. `y` is one-hot, (n_samples, K), the evidence is not negative. Return the
# loss of **each sample**, (n_samples,):
#
# $$\mathcal L = \sum_k \Big[(y_k - \hat p_k)^2 + \frac{\hat p_k (1-\hat p_k)}{S+1}\Big]
# + \lambda_t\, \mathrm{KL}(\tilde\alpha), \qquad \alpha = f + 1, \qquad \tilde\alpha = y + (1-y)\,\alpha$$
#
# $$\mathrm{KL}(\alpha) = \ln\Gamma\Big(\sum_k\alpha_k\Big) - \ln\Gamma(K) - \sum_k \ln\Gamma(\alpha_k)
# + \sum_k (\alpha_k - 1)\Big(\psi(\alpha_k) - \psi\big(\textstyle\sum_j\alpha_j\big)\Big)$$
#
# The weight is annealed as in Sensoy's paper: $\lambda_t = \min(1, t / 10)$ in epoch $t = 0, 1, 2, \dots$
#
# *Example:* two classes, $y = (1, 0)$, evidence $(0, a - 1)$. Then $\tilde\alpha = (1, a)$, and the KL term is simply
# $\ln a - (a-1)/a$: 0 for $a = 1$, and 0.636 for $a = 4$.
#
# *Hint:* `special.gammaln` is $\ln\Gamma$, `special.digamma` is $\psi$.
#
# *Reread:* [chapter 7, The loss](../../course/07-uncertainty.ipynb#The-loss)


# %% nbgrader={"grade": false, "grade_id": "evidential_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def evidential_loss(y, evidence, epoch):
    """Return the loss of each sample, (n_samples,).

    y: (n_samples, K) one-hot labels. evidence: (n_samples, K) array, not negative. epoch: whole number from 0.
    """
    ### BEGIN SOLUTION
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    alpha = y + (1 - y) * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + min(1, epoch / 10) * kl
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "evidential_loss_test", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 5.
parts = checks.Parts(points=5)


def loss_of(y, evidence, epoch):
    loss = evidential_loss(y, evidence, epoch)
    assert loss is not None, "evidential_loss returned None: did you forget `return`?"
    return loss


def square_of(y, alpha, *, more=1.0, variance=True):
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return ((y - p) ** 2 + variance * p * (1 - p) / (S + more)).sum(axis=1)


def kl_of(alpha):
    S = alpha.sum(axis=1, keepdims=True)
    log_ratio = special.gammaln(S)[:, 0] - special.gammaln(alpha.shape[1]) - special.gammaln(alpha).sum(axis=1)
    return log_ratio + ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)


rng = np.random.default_rng(2)
labels = np.eye(4)[[0, 2, 3, 1, 1]]
found = rng.exponential(3, size=(5, 4))
alpha = found + 1
expected = square_of(labels, alpha)

with parts("the expected square, in epoch 0", points=2):
    checks.assert_close(
        loss_of(labels.copy(), found.copy(), 0),
        expected,
        "the loss in epoch 0, where λ is 0",
        rtol=1e-5,
        mistakes={
            "the variance is missing: the square of the mean is not the mean of the square": square_of(
                labels, alpha, variance=False
            ),
            "the variance is divided by S: divide by S + 1": square_of(labels, alpha, more=0.0),
            "α is the evidence without the 1": square_of(labels, found),
            "the softmax was taken of the evidence first": square_of(labels, special.softmax(found, axis=1) + 1),
            "that is the mean over the classes: take the sum": expected / 4,
            "that is the mean over the samples: give the loss of each": expected.mean(),
            "λ is 0 in epoch 0, and the KL term is there with all its weight": expected
            + kl_of(labels + (1 - labels) * alpha),
            "λ is 0 in epoch 0; yours is 1/10, so count the epochs from 0": expected
            + 0.1 * kl_of(labels + (1 - labels) * alpha),
            "λ is 0 in epoch 0, and the KL term is there with all its weight, on α instead of α̃": expected
            + kl_of(alpha),
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(10):
        rng = np.random.default_rng(seed)
        K = 2 + seed % 4
        y, e = np.eye(K)[rng.integers(K, size=3)], rng.exponential(5, size=(3, K))
        given = y.copy(), e.copy()
        checks.assert_close(loss_of(*given, 0), square_of(y, e + 1), "another loss in epoch 0", rtol=1e-5)
        checks.assert_unchanged(given[0], y, "evidential_loss must not change the y it was given")
        checks.assert_unchanged(given[1], e, "evidential_loss must not change the evidence it was given")
    ### END HIDDEN TESTS


def penalties_of(y, evidence):
    """The KL term alone, got in three ways, so that a slip in the square or in λ costs no points here."""
    start, tenth, late = (np.asarray(loss_of(y.copy(), evidence.copy(), epoch)) for epoch in (0, 10, 1000))
    checks.assert_shape(tenth, (len(y),), "the loss of each sample")
    return [tenth - square_of(y, evidence + 1), tenth - start, late - start]


def check_penalty(y, evidence, what, mistakes=None):
    expected = kl_of(y + (1 - y) * (evidence + 1))
    ways = penalties_of(y, evidence)
    if not any(np.allclose(way, expected, rtol=1e-5, atol=1e-7) for way in ways):
        shown = ways[0] if np.allclose(ways[1], 0, atol=1e-9) else ways[1]
        checks.assert_close(shown, expected, what, rtol=1e-5, atol=1e-7, mistakes=mistakes)


with parts("the penalty on evidence for wrong classes", points=2):
    removed = labels + (1 - labels) * alpha
    slope = special.digamma(removed) - special.digamma(removed.sum(axis=1, keepdims=True))
    check_penalty(
        labels,
        found,
        "the KL term (the loss in epoch 10 less that in epoch 0)",
        {
            "it is that of α: take α̃, so that evidence for the right class is not punished": kl_of(alpha),
            "α̃ keeps the right class and removes the wrong ones; it is y + (1 - y)·α": kl_of(
                labels * alpha + 1 - labels
            ),
            "there is none: the loss in epoch 10 is the expected square alone": np.zeros(5),
            "its sign is wrong": -kl_of(removed),
            "the terms with ψ are missing": kl_of(removed) - ((removed - 1) * slope).sum(axis=1),
            "ln Γ(K) is missing": kl_of(removed) + special.gammaln(4),
            "α̃ is made of the evidence without the 1": kl_of(labels + (1 - labels) * found),
        },
    )
    ### BEGIN HIDDEN TESTS
    a = np.array([1.0, 4.0, 30.0])
    y, e = np.tile([1.0, 0.0], (3, 1)), np.stack([np.full(3, 7.0), a - 1], axis=1)
    np.testing.assert_allclose(kl_of(y + (1 - y) * (e + 1)), np.log(a) - (a - 1) / a)  # as the text says
    check_penalty(y, e, "the KL term of two classes")
    for seed in range(10):
        rng = np.random.default_rng(seed)
        K = 2 + seed % 4
        check_penalty(
            np.eye(K)[rng.integers(K, size=3)], rng.exponential(5, size=(3, K)), "the KL term of other samples"
        )
    ### END HIDDEN TESTS

with parts("annealing", points=1):
    # Whatever the penalty is: how it grows over the epochs is looked at.
    y, e = np.eye(3)[[0]], np.array([[3.0, 6.0, 2.0]])
    losses = np.array([np.asarray(loss_of(y, e, epoch)).item() for epoch in (0, 5, 10, 20)])
    growth = losses - losses[0]
    assert not np.allclose(growth, 0, atol=1e-9), (
        "the loss is the same in epochs 0 and 10: λ is not annealed, it must grow from 0 to 1"
    )
    checks.assert_close(
        growth[1:] / growth[2],
        [0.5, 1, 1],
        "how far λ has grown in epochs 5, 10 and 20",
        rtol=1e-5,
        mistakes={
            "λ grows for ever: not above 1, min(1, t / 10)": [0.5, 1, 2],
            "λ jumps: it grows step by step, t / 10": [0, 1, 1],
        },
    )
    ### BEGIN HIDDEN TESTS
    third = np.asarray(loss_of(y, e, 3)).item() - losses[0]
    checks.assert_close(third / growth[2], 0.3, "how far λ has grown in epoch 3", rtol=1e-5)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 6 · Right as often as it says? (3 points)
#
# Write `calibration_error(p, y, n_bins)`, the **expected calibration error**.
#
# 1. The *confidence* of a sample is its largest probability.
# 2. Cut the range from 0 to 1 into `n_bins` bins of equal width. Bin $b = 0, 1, \dots$ holds the samples with
#    $b \le \text{confidence} \cdot n_\text{bins} < b + 1$. A confidence of exactly 1 belongs to the last bin.
# 3. For each bin take the distance between the share of right answers and the mean confidence, and sum the distances,
#    each weighted with the share of the samples that lie in the bin. Empty bins count nothing.
#
# *Example:* four samples with confidence 0.9, of which three are right, and four with 0.55, of which one is right: the
# distances are 0.15 and 0.30, and the error is 0.225.
#
# *Reread:* [chapter 7, Calibration: four in five should mean four in five](../../course/07-uncertainty.ipynb#Calibration:-four-in-five-should-mean-four-in-five)


# %% nbgrader={"grade": false, "grade_id": "calibration_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def calibration_error(p, y, n_bins):
    """Return the expected calibration error, a number from 0 to 1.

    p: (n_samples, K) probabilities. y: (n_samples,) class indices. n_bins: at least 1.
    """
    ### BEGIN SOLUTION
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    number = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    # weight times distance is |sum of (right - confidence)| / n, also in an empty bin
    return np.abs(np.bincount(number, right - confidence, n_bins)).sum() / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "calibration_error_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 6.
parts = checks.Parts(points=3)


def error_of(p, y, n_bins):
    error = calibration_error(p, y, n_bins)
    assert error is not None, "calibration_error returned None: did you forget `return`?"
    return error


def by_bins(p, y, n_bins):
    """For each bin that holds samples: its share of them, its mean confidence, its share of right answers."""
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    number = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    some = np.unique(number)
    return np.array([[np.mean(number == b), confidence[number == b].mean(), right[number == b].mean()] for b in some]).T


def check_error(p, y, n_bins, what):
    share, confidence, right = by_bins(p, y, n_bins)
    of_label = p[np.arange(len(y)), y]
    gap = right - confidence
    checks.assert_close(
        error_of(p.copy(), y.copy(), n_bins),
        np.sum(share * np.abs(gap)),
        what,
        rtol=1e-5,
        atol=1e-8,
        mistakes={
            "that is the plain mean over the bins: weight each with its share of the samples": np.mean(np.abs(gap)),
            "that is the sum over the bins, without weights": np.sum(np.abs(gap)),
            "empty bins count too: take the mean over those with samples, weighted": np.sum(np.abs(gap)) / n_bins,
            "that is the largest distance: take the weighted mean": np.max(np.abs(gap)),
            "distances above and below cancel: take the absolute value in each bin": np.sum(share * gap),
            "distances above and below cancel: take the absolute value in each bin, not of the sum": abs(
                np.sum(share * gap)
            ),
            "that is the mean square: take the absolute value": np.sum(share * gap**2),
            "that is taken sample by sample: compare the means of each bin": np.mean(
                np.abs((p.argmax(axis=1) == y) - p.max(axis=1))
            ),
            "the confidence is the largest probability, not that of the label": _with_confidence(
                of_label, p, y, n_bins
            ),
        },
    )


def _with_confidence(confidence, p, y, n_bins):
    right = p.argmax(axis=1) == y
    number = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return np.abs(np.bincount(number, right - confidence, n_bins)).sum() / len(y)


example = np.array([[0.9, 0.1]] * 4 + [[0.55, 0.45]] * 4)
example_y = np.array([0, 0, 0, 1, 0, 1, 1, 1])
rng = np.random.default_rng(4)
some_p = rng.dirichlet([0.6, 0.6, 0.6], size=200)
some_y = rng.integers(3, size=200)

with parts("distances between share right and confidence, weighted", points=2):
    check_error(example, example_y, 10, "the calibration error of the example")
    check_error(some_p, some_y, 5, "the calibration error of 200 samples in 5 bins")
    ### BEGIN HIDDEN TESTS
    for seed in range(10):
        rng = np.random.default_rng(seed)
        p, y = rng.dirichlet(np.ones(4), size=50), rng.integers(4, size=50)
        check_error(p, y, int(rng.integers(1, 12)), "another calibration error")
    ### END HIDDEN TESTS

with parts("the last bin, and empty ones", points=1):
    certain = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.7, 0.3], [0.7, 0.3]])
    error = np.asarray(error_of(certain, np.array([0, 1, 1, 0, 1]), 10), dtype=float)
    assert not np.isnan(error).any(), "nan: the mean of an empty bin is 0/0; leave empty bins out"
    checks.assert_close(
        error,
        0.6 * (1 / 3) + 0.4 * 0.2,
        "the error with confidences of exactly 1",
        rtol=1e-5,
        mistakes={"samples with a confidence of exactly 1 are in no bin: they belong to the last": 0.4 * 0.2},
    )
    ### BEGIN HIDDEN TESTS
    sharp = np.array([[1.0, 0.0]] * 5)
    checks.assert_close(
        error_of(sharp, np.zeros(5, dtype=int), 7), 0, "the error of one who is certain and right", atol=1e-9
    )
    checks.assert_close(error_of(sharp, np.ones(5, dtype=int), 7), 1, "the error of one who is certain and wrong")
    nearly = np.array([[1.0, 0.0], [1.0, 0.0], [0.95, 0.05], [0.95, 0.05]])
    checks.assert_close(
        error_of(nearly, np.array([0, 1, 0, 0]), 10),
        0.9 / 4,
        "the error with confidences of 0.95 and exactly 1",
        rtol=1e-5,
        mistakes={"a confidence of exactly 1 has a bin of its own: it belongs to the last, with 0.95": 1.1 / 4},
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 7 · One temperature (3 points)
#
# A trained network gives logits for validation and test data. Write
# `temper(logits_val, y_val, logits_test, y_test, temperatures)`:
#
# 1. Choose from the list `temperatures` the $T$ for which the mean cross entropy of $\mathrm{softmax}(\text{logits} / T)$
#    is lowest, **on the data that are there for choosing**.
# 2. Return `(T, before, after)`: the mean cross entropy on the test data with $T = 1$ and with the chosen $T$.
#
# The cross entropy of a sample is $-\ln p_y$, minus the logarithm of the probability of its label.
#
# *Hint:* `special.log_softmax(…, axis=1)` has no trouble with large logits.
#
# *Reread:* [chapter 7, One number mends much](../../course/07-uncertainty.ipynb#One-number-mends-much)


# %% nbgrader={"grade": false, "grade_id": "temper", "locked": false, "schema_version": 3, "solution": true, "task": false}
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    """Return the chosen temperature, and the mean cross entropy on the test data before and after.

    logits_val, logits_test: (n_samples, K) arrays. y_val, y_test: class indices. temperatures: list of positive numbers.
    """
    ### BEGIN SOLUTION

    def loss(logits, y, T):
        return -special.log_softmax(logits / T, axis=1)[np.arange(len(y)), y].mean()

    T = min(temperatures, key=lambda T: loss(logits_val, y_val, T))
    return T, loss(logits_test, y_test, 1), loss(logits_test, y_test, T)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "temper_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 7.
parts = checks.Parts(points=3)


def logits_and_labels(seed, n_samples, factor):
    """Logits that are `factor` times too large, and labels that fell as the right ones say."""
    rng = np.random.default_rng(seed)
    true = rng.normal(0, 1.5, size=(n_samples, 3))
    y = (special.softmax(true, axis=1).cumsum(axis=1) < rng.random((n_samples, 1))).sum(axis=1)
    return factor * true, y


def cross_entropy_of(logits, y, T):
    return -special.log_softmax(logits / T, axis=1)[np.arange(len(y)), y].mean()


def best(logits, y, temperatures):
    return min(temperatures, key=lambda T: cross_entropy_of(logits, y, T))


def answer_to(val, test, temperatures):
    answer = temper(val[0].copy(), val[1].copy(), test[0].copy(), test[1].copy(), list(temperatures))
    assert answer is not None, "temper returned None: did you forget `return`?"
    assert len(answer) == 3, f"temper must return (T, before, after), not {len(answer)} things"
    return [float(np.asarray(value)) for value in answer]


grid = [1.0, 0.1, 0.3, 0.5, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0]
val, test = logits_and_labels(0, 300, 3.0), logits_and_labels(1, 200, 6.0)  # the test data want another T
both = np.concatenate([val[0], test[0]]), np.concatenate([val[1], test[1]])

with parts("the temperature, fitted on the validation data", points=2):
    checks.assert_close(
        answer_to(val, test, grid)[0],
        best(*val, grid),
        "T",
        mistakes={
            "T was fitted on the test data: then nobody is left to tell whether it helped": best(*test, grid),
            "T was fitted on validation and test data together: leave the test data out": best(*both, grid),
            "the logits were multiplied by T: divide": min(grid, key=lambda T: cross_entropy_of(*val, 1 / T)),
            "that T has the highest cross entropy: take the lowest": max(grid, key=lambda T: cross_entropy_of(*val, T)),
            "the accuracy does not depend on T, so that it cannot choose one: take the cross entropy": grid[0],
        },
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(8):
        rng = np.random.default_rng(seed)
        one, two = logits_and_labels(seed + 10, 150, rng.uniform(0.3, 5)), logits_and_labels(seed + 30, 100, 2.0)
        checks.assert_close(answer_to(one, two, grid)[0], best(*one, grid), "another T")
    ### END HIDDEN TESTS

with parts("the cross entropy on the test data, before and after", points=1):
    # For the temperature that the answer itself has chosen; of one that is offered alone there is no choice.
    for only in (2.0, 5.0):
        expected = [cross_entropy_of(*test, 1), cross_entropy_of(*test, only)]
        checks.assert_close(
            answer_to(val, test, [only])[1:],
            expected,
            f"before and after, when T = {only:g} is the only choice",
            rtol=1e-5,
            mistakes={
                "these are of the validation data": [cross_entropy_of(*val, 1), cross_entropy_of(*val, only)],
                "after comes first": expected[::-1],
                "these are sums: take the mean over the samples": [200 * value for value in expected],
                "the logits were multiplied by T: divide": [expected[0], cross_entropy_of(*test, 1 / only)],
                "that is with a plus: the cross entropy is minus the logarithm": [-value for value in expected],
            },
        )
    ### BEGIN HIDDEN TESTS
    big = np.array([[2000.0, 0.0, 0.0], [0.0, 900.0, 0.0]]), np.array([1, 1])
    checks.assert_close(
        answer_to(val, big, [10.0])[1:], [1000.0, 100.0], "before and after with large logits", rtol=1e-4
    )
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 8 · A detector without a threshold (3 points)
#
# Write `auroc(known, new)`. `known` holds the uncertainties of usual samples, `new` those of strange ones. Return the
# share of all pairs (one known, one new) in which the **new one is more uncertain**; a tie counts half.
#
# *Example:* `known` = 0.1, 0.2, 0.2 and `new` = 0.2, 0.9. Of the six pairs four are right and two are ties: 5/6.
#
# *Reread:* [chapter 7, Detection: notice what doesn't belong](../../course/07-uncertainty.ipynb#Detection:-notice-what-doesn't-belong)


# %% nbgrader={"grade": false, "grade_id": "auroc", "locked": false, "schema_version": 3, "solution": true, "task": false}
def auroc(known, new):
    """Return the area under the ROC curve, a number from 0 to 1.

    known: (n_known,) array. new: (n_new,) array. Higher means more uncertain.
    """
    ### BEGIN SOLUTION
    difference = new[:, None] - known
    return np.mean((difference > 0) + 0.5 * (difference == 0))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "auroc_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 8.
parts = checks.Parts(points=3)


def area(known, new):
    value = auroc(known, new)
    assert value is not None, "auroc returned None: did you forget `return`?"
    return value


def pairs(known, new, tie=0.5):
    return np.mean([1.0 if n > k else tie if n == k else 0.0 for k in known for n in new])


def check_area(known, new, what):
    both = np.concatenate([known, new])
    middle = np.median(both)
    balanced = (np.mean(new > middle) + np.mean(known <= middle)) / 2
    checks.assert_close(
        area(known.copy(), new.copy()),
        pairs(known, new),
        what,
        rtol=1e-6,
        mistakes={
            "the other way round: a pair is right if the new one has more": 1 - pairs(known, new),
            "ties count half, not nothing": pairs(known, new, tie=0),
            "ties count half, not as right": pairs(known, new, tie=1),
            "that counts the pairs: divide by their number": pairs(known, new) * len(known) * len(new),
            "that is divided by the number of samples squared: the number of pairs is n_known · n_new": pairs(
                known, new
            )
            * len(known)
            * len(new)
            / len(both) ** 2,
            "that is the accuracy at a threshold of ½: look at all pairs": np.mean(
                np.concatenate([known <= 0.5, new > 0.5])
            ),
            "that is the accuracy at one threshold, the median: look at all pairs": balanced,
            "that compares the first new one with the first known one, and so on: look at all pairs": (
                np.mean(new > known) if len(new) == len(known) else None
            ),
        },
    )


rng = np.random.default_rng(5)

with parts("the share of pairs in the right order", points=2):
    check_area(rng.random(40), rng.random(40) + 0.3, "the AUROC of 40 and 40 samples")
    check_area(rng.random(30) * 0.4, rng.random(20) * 0.6, "the AUROC of 30 and 20 samples")
    ### BEGIN HIDDEN TESTS
    checks.assert_close(area(np.array([0.1, 0.2]), np.array([0.3, 0.4, 0.5])), 1, "the AUROC of a perfect detector")
    checks.assert_close(
        area(np.array([3.0, 4.0]), np.array([1.0, 2.0])), 0, "the AUROC of one that points at the wrong ones"
    )
    for seed in range(10):
        rng = np.random.default_rng(seed)
        check_area(rng.normal(size=20), rng.normal(0.5, 2, size=15), "another AUROC")
    ### END HIDDEN TESTS

with parts("ties count half", points=1):
    check_area(np.array([0.1, 0.2, 0.2]), np.array([0.2, 0.9]), "the AUROC of the example")
    check_area(np.zeros(4), np.zeros(6), "the AUROC when all are alike")
    ### BEGIN HIDDEN TESTS
    for seed in range(10):
        rng = np.random.default_rng(seed)
        check_area(rng.integers(4, size=12) / 4, rng.integers(5, size=9) / 4, "an AUROC with many ties")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 9 · In your own words (3 points, read by a person)
#
# Five networks have learned to tell three species of penguins from the bill. The next cell draws where all members are
# unsure (left: the mean of their entropies) and where they contradict one another (right: their mutual information), and
# marks the highest place of each, A and B.
#
# *Reread:* [chapter 7, Side by side](../../course/07-uncertainty.ipynb#Side-by-side)


# %% nbgrader={"grade": false, "grade_id": "two_maps", "locked": true, "schema_version": 3, "solution": false, "task": false}
members = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    members.append(new_network(rng))
    train(members[-1], penguins.X, penguins.y, rng, n_steps=400)

across, up = np.linspace(-4, 4, 81), np.linspace(-4, 4, 81)
places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
P = np.array([probabilities(member, places) for member in members])
aleatoric = special.entr(P).sum(axis=2).mean(axis=0)
epistemic = special.entr(P.mean(axis=0)).sum(axis=1) - aleatoric
peaks = {"A": places[aleatoric.argmax()], "B": places[epistemic.argmax()]}

figure, panels = plots.new_figure(1, 2, size=(11, 4.8), sharey=True)
for axes, values, title in zip(panels, (aleatoric, epistemic), ("each is unsure", "they disagree"), strict=True):
    image = axes.pcolormesh(across, up, values.reshape(81, 81), cmap="Greys", shading="auto", rasterized=True)
    figure.colorbar(image, ax=axes, label="nats")
    for species, name in enumerate(penguins.class_names):
        here = penguins.X[penguins.y == species]
        axes.plot(*here.T, plots.MARKERS[species], color=plots.COLOURS[species], markersize=3, label=name)
    for name, place in peaks.items():
        axes.text(*place, name, fontweight="bold", ha="center", va="center", bbox={"fc": "white", "ec": "black"})
    plots.label_axes(axes, *penguins.feature_names, title=title)
panels[0].legend(loc="upper left", fontsize="small")
plots.show(
    figure,
    alt="Two maps of the plane of bill length and depth with three groups of penguins. Left: bands of high mean entropy along "
    "the borders between the groups, with A where they meet. Right: high mutual information far from all penguins, with "
    "B there.",
    caption="Where all are unsure, and where they disagree. Dots are penguins.",
)

# %% [markdown]
# Answer in one or two sentences each:
#
# 1. What kind of uncertainty is high at A, and which at B? For which of the two would a hundred more penguins *from that
#    place* help, and why?
# 2. "Our new method detects strange cells with an AUROC of 0.93, a plain softmax with 0.91," somebody reports. They trained the
#    softmax for 20 epochs without dropout, their own network for 40 epochs with dropout, each once. What do
#    you conclude, and which comparison would you ask for?
# 3. A hospital fits a temperature on validation images from its own microscope, and the calibration error is small. May
#    another hospital, with another microscope, rely on the probabilities? What would you advise?
#
# | rubric | 1 point | ½ point |
# | --- | --- | --- |
# | 1 | both kinds named rightly, **and** where more data help, with the reason | the two kinds |
# | 2 | two flaws at least (training differs, one seed), **and** a fair comparison | one flaw, or the comparison |
# | 3 | no, with the reason, **and** advice that can be followed | no, with the reason |

# %% [markdown] nbgrader={"grade": true, "grade_id": "in_your_own_words", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. At A it is aleatoric: the species overlap there, and all members agree that it cannot be told. At B it is epistemic:
#    there are no penguins, and each member guesses. More penguins help at B, where they would settle what the members
#    cannot know; at A they would only confirm that both species have such bills. (½ point: the two kinds.)
# 2. Nothing yet. Dropout and twice the training may account for the difference, and with one seed each 0.02 may be
#    chance. Ask for a softmax with the same training (dropout, 40 epochs), both from several seeds, with mean and spread.
#    (½ point: one flaw, or the comparison.)
# 3. No: calibration holds for data like those on which it was measured, and another microscope shifts the images. They
#    should measure the calibration error on labelled images of their own, and fit a temperature of their own on some of
#    them if it is large. (½ point: no, with the reason.)
# ### END SOLUTION

# %% [markdown]
# ## 10 · For the curious: sets that keep their promise (no points)
#
# Instead of one class and a probability, a network may name a *set* of classes, large where it is unsure, with a promise:
# in 90 % of all cases the true class is in the set. **Conformal prediction** keeps that promise for any network, however
# badly calibrated, as long as validation and test data are of one kind.
#
# 1. The score of a validation sample is $1 - p_y$, with the probability of its label.
# 2. $q$ is the $\lceil 0.9\,(n + 1) \rceil$-th smallest of the $n$ scores.
# 3. The set of a test sample: all classes with $1 - p_k \le q$.
#
# Write `conformal_sets(p_val, y_val, p_test, share)`: an array of True and False, (n_test, K), for the promise `share`.
# Then try it on penguins, with the last cell: which share of the true species is in the sets, and how large are they? And
# if the test penguins were measured with a bent caliper, half a standard deviation too long and too shallow?


# %% nbgrader={"grade": false, "grade_id": "conformal_sets", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conformal_sets(p_val, y_val, p_test, share=0.9):
    """Return which classes are in the set of each test sample, booleans (n_test, K).

    p_val: (n_val, K) probabilities. y_val: (n_val,) class indices. p_test: (n_test, K). share: promise, from 0 to 1.
    """
    ### BEGIN SOLUTION
    scores = np.sort(1 - p_val[np.arange(len(y_val)), y_val])
    rank = int(np.ceil(share * (len(scores) + 1)))
    q = scores[rank - 1] if rank <= len(scores) else 1.0  # too few scores for the promise: all classes
    # In 20 splits 0.91 of the true species are in the sets, which hold 0.93 species on average: some are empty. With the
    # bent caliper it is 0.66: the promise is broken, since validation and test data are not of one kind any more.
    return 1 - p_test <= q
    ### END SOLUTION


# %%
# for shift in ([0, 0], [0.5, -0.5]):    # take the # away once the function is written
#     found = []
#     for split in range(20):
#         order = np.random.default_rng(split).permutation(len(penguins))
#         fit, val, test = np.split(order, [171, 257])
#         network = new_network(np.random.default_rng(100 + split))
#         train(network, penguins.X[fit], penguins.y[fit], np.random.default_rng(200 + split), n_steps=400)
#         p_val, p_test = probabilities(network, penguins.X[val]), probabilities(network, penguins.X[test] + shift)
#         sets = conformal_sets(p_val, penguins.y[val], p_test)
#         found.append((sets[np.arange(len(test)), penguins.y[test]].mean(), sets.sum(axis=1).mean()))
#     print("shift", shift, "share in the sets, size of the sets:", np.mean(found, axis=0).round(2))
