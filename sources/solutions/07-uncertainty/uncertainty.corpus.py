# Answers to exercise 7 as people write them, wrong ones and right ones. `autograder audit` puts each in the place of its
# question's answer: a wrong one must lose the points that it should and be told why, a right one must keep them all.
# ruff: noqa: B905

# %% question: monte_carlo


# %% wrong: "training flag off"   expects: "without dropout: call model(X, training=True)"   loses: 2
def monte_carlo(model, X, n_draws):
    return np.stack([np.asarray(model(X)) for _ in range(n_draws)])


# %% wrong: "passes added up"   expects: "the passes are added up"   loses: 3
def monte_carlo(model, X, n_draws):
    return np.cumsum([np.asarray(model(X, training=True)) for _ in range(n_draws)], axis=0)


# %% wrong: "one draw repeated"   expects: "one draw is repeated"   loses: 2
def monte_carlo(model, X, n_draws):
    return np.stack([np.asarray(model(X, training=True))] * n_draws)


# %% wrong: "mean of the draws"   expects: "the draws are averaged: return them all"
def monte_carlo(model, X, n_draws):
    return np.mean([np.asarray(model(X, training=True)) for _ in range(n_draws)], axis=0)


# %% wrong: "axes swapped"   expects: "draws first, then samples, then classes"
def monte_carlo(model, X, n_draws):
    return np.stack([np.asarray(model(X, training=True)) for _ in range(n_draws)], axis=1)


# %% wrong: "running mean"   expects: "which no single pass of this network can say"   loses: 2
def monte_carlo(model, X, n_draws):
    draws = np.stack([np.asarray(model(X, training=True)) for _ in range(n_draws)])
    return np.cumsum(draws, axis=0) / np.arange(1, n_draws + 1)[:, None, None]


# %% right: "all draws in one batch"
def monte_carlo(model, X, n_draws):
    many = np.tile(X, (n_draws, 1))
    return np.asarray(model(many, training=True)).reshape(n_draws, len(X), -1)


# %% right: "a loop and a list"
def monte_carlo(model, X, n_draws):
    draws = []
    for _ in range(n_draws):
        draws.append(model(X, training=True).numpy())
    return np.array(draws)


# %% question: ensemble_opinion


# %% wrong: "logits averaged"   expects: "the logits were averaged, and then the softmax taken"   loses: 4
def ensemble_opinion(logits):
    p = special.softmax(logits.mean(axis=0), axis=-1)
    total = special.entr(p).sum(axis=-1)
    return p, total, total - special.entr(special.softmax(logits, axis=-1)).sum(axis=-1).mean(axis=0)


# %% wrong: "no softmax"   expects: "the softmax is missing: the members give logits"
def ensemble_opinion(logits):
    p = logits.mean(axis=0)
    total = special.entr(p).sum(axis=-1)
    return p, total, total - special.entr(logits).sum(axis=-1).mean(axis=0)


# %% wrong: "standard deviation as entropy"   expects: "that is the standard deviation of the members, averaged over classes"   loses: 1
def ensemble_opinion(logits):
    P = special.softmax(logits, axis=-1)
    p = P.mean(axis=0)
    epistemic = special.entr(p).sum(axis=-1) - special.entr(P).sum(axis=-1).mean(axis=0)
    return p, P.std(axis=0).mean(axis=-1), epistemic


# %% wrong: "standard deviation of the largest probability"   expects: "standard deviation of the largest probability, not an entropy"   loses: 1
def ensemble_opinion(logits):
    P = special.softmax(logits, axis=-1)
    p = P.mean(axis=0)
    epistemic = special.entr(p).sum(axis=-1) - special.entr(P).sum(axis=-1).mean(axis=0)
    return p, P.max(axis=-1).std(axis=0), epistemic


# %% wrong: "variance as mutual information"   expects: "that is the variance of the members, not their mutual information"   loses: 1
def ensemble_opinion(logits):
    P = special.softmax(logits, axis=-1)
    p = P.mean(axis=0)
    return p, special.entr(p).sum(axis=-1), P.var(axis=0).sum(axis=-1)


# %% wrong: "mean entropy as total"   expects: "take the entropy of the mean"   loses: 2
def ensemble_opinion(logits):
    P = special.softmax(logits, axis=-1)
    total = special.entr(P).sum(axis=-1).mean(axis=0)
    return P.mean(axis=0), total, total - total


# %% wrong: "aleatoric as epistemic"   expects: "subtract it from the total"   loses: 1
def ensemble_opinion(logits):
    P = special.softmax(logits, axis=-1)
    p = P.mean(axis=0)
    return p, special.entr(p).sum(axis=-1), special.entr(P).sum(axis=-1).mean(axis=0)


# %% wrong: "bits"   expects: "that is in bits"   loses: 2
def ensemble_opinion(logits):
    P = special.softmax(logits, axis=-1)
    p = P.mean(axis=0)
    total = special.entr(p).sum(axis=-1) / np.log(2)
    return p, total, total - special.entr(P).sum(axis=-1).mean(axis=0) / np.log(2)


# %% wrong: "zero times log zero"   expects: "total where a probability is exactly 0: there is nan"   loses: 2
def ensemble_opinion(logits):
    P = special.softmax(logits, axis=-1)
    p = P.mean(axis=0)
    with np.errstate(all="ignore"):
        total = -np.sum(p * np.log(p), axis=-1)
        return p, total, total + np.sum(P * np.log(P), axis=-1).mean(axis=0)


# %% wrong: "exponential overflows"   expects: "p where the logits are as large as 1000: there is nan"   loses: 4
def ensemble_opinion(logits):
    with np.errstate(all="ignore"):
        P = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    p = P.mean(axis=0)
    total = special.entr(p).sum(axis=-1)
    return p, total, total - special.entr(P).sum(axis=-1).mean(axis=0)


# %% right: "by hand, with a mask for zeros"
def ensemble_opinion(logits):
    E = np.exp(logits - logits.max(axis=2, keepdims=True))
    P = E / E.sum(axis=2, keepdims=True)

    def entropy(p):
        return -np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0).sum(axis=-1)

    p = P.mean(axis=0)
    return p, entropy(p), entropy(p) - entropy(P).mean(axis=0)


# %% right: "sample by sample, the information as mean divergence from the mean"
def ensemble_opinion(logits):
    ps, totals, epistemics = [], [], []
    for i in range(logits.shape[1]):
        P = np.array([special.softmax(member[i]) for member in logits])
        p = P.mean(axis=0)
        ps.append(p)
        totals.append(-special.xlogy(p, p).sum())
        epistemics.append(np.mean([special.rel_entr(q, p).sum() for q in P]))
    return np.array(ps), np.array(totals), np.array(epistemics)


# %% question: deep_ensemble


# %% wrong: "same seed for each member"   expects: "each needs the generator of its own seed"
def deep_ensemble(X, y, seeds):
    members = []
    for _ in seeds:
        rng = np.random.default_rng(seeds[0])
        network = new_network(rng)
        train(network, X, y, rng)
        members.append(network)
    return members


# %% wrong: "members share their weights"   expects: "they share their weights"
def deep_ensemble(X, y, seeds):
    network = new_network(np.random.default_rng(seeds[0]))
    members = []
    for seed in seeds:
        train(network, X, y, np.random.default_rng(seed))
        members.append(network)
    return members


# %% wrong: "same first weights"   expects: "the members start alike and differ in their batches only"   loses: 2
def deep_ensemble(X, y, seeds):
    members = []
    for seed in seeds:
        network = new_network(np.random.default_rng(0))
        train(network, X, y, np.random.default_rng(seed))
        members.append(network)
    return members


# %% wrong: "same batches"   expects: "all members have the same order of batches"   loses: 2
def deep_ensemble(X, y, seeds):
    members = []
    for seed in seeds:
        network = new_network(np.random.default_rng(seed))
        train(network, X, y, np.random.default_rng(0))
        members.append(network)
    return members


# %% wrong: "not trained"   expects: "a member has not been trained"   loses: 2
def deep_ensemble(X, y, seeds):
    return [new_network(np.random.default_rng(seed)) for seed in seeds]


# %% wrong: "keeps what train returns"   expects: "`train` changes the network and returns nothing"
def deep_ensemble(X, y, seeds):
    members = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        members.append(train(new_network(rng), X, y, rng))
    return members


# %% wrong: "seeds ignored"   expects: "the seeds were not used"   loses: 2
def deep_ensemble(X, y, seeds):
    members = []
    for i in range(len(seeds)):
        rng = np.random.default_rng(i)
        network = new_network(rng)
        train(network, X, y, rng)
        members.append(network)
    return members


# %% wrong: "generator made twice"   expects: "let one generator draw the weights and go on"   loses: 2
def deep_ensemble(X, y, seeds):
    members = [new_network(np.random.default_rng(seed)) for seed in seeds]
    for member, seed in zip(members, seeds):
        train(member, X, y, np.random.default_rng(seed))
    return members


# %% right: "all starts first, then all trainings"
def deep_ensemble(X, y, seeds):
    rngs = [np.random.default_rng(seed) for seed in seeds]
    members = [new_network(rng) for rng in rngs]
    for member, rng in zip(members, rngs):
        train(member, X, y, rng)
    return members


# %% right: "one at a time, by a function of its own"
def deep_ensemble(X, y, seeds):
    def one(seed):
        rng = np.random.default_rng(seed)
        network = new_network(rng)
        train(network, X, y, rng, n_steps=60)
        return tuple(network)

    return tuple(map(one, seeds))


# %% question: dirichlet


# %% wrong: "alpha without the 1"   expects: "α is the evidence without the 1"
def dirichlet(scores):
    alpha = np.maximum(scores, 0)
    S = alpha.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        p = alpha / S
        return p, p * (1 - p) / (S + 1), scores.shape[1] / S[:, 0]


# %% wrong: "softmax before the evidence"   expects: "the softmax was taken before the evidence"
def dirichlet(scores):
    alpha = special.softmax(scores, axis=1) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, p * (1 - p) / (S + 1), scores.shape[1] / S[:, 0]


# %% wrong: "variance over S"   expects: "that divides by S: divide by S + 1"   loses: 1
def dirichlet(scores):
    alpha = np.maximum(scores, 0) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, p * (1 - p) / S, scores.shape[1] / S[:, 0]


# %% wrong: "standard deviation"   expects: "that is the standard deviation: its square is asked for"   loses: 1
def dirichlet(scores):
    alpha = np.maximum(scores, 0) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, np.sqrt(p * (1 - p) / (S + 1)), scores.shape[1] / S[:, 0]


# %% wrong: "negative scores not cut off"   expects: "negative scores are no evidence: cut them off at 0"
def dirichlet(scores):
    alpha = scores + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, p * (1 - p) / (S + 1), scores.shape[1] / S[:, 0]


# %% wrong: "absolute values"   expects: "the evidence is the absolute value"
def dirichlet(scores):
    alpha = np.abs(scores) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, p * (1 - p) / (S + 1), scores.shape[1] / S[:, 0]


# %% wrong: "softmax as mean"   expects: "that is the softmax of the scores"   loses: 2
def dirichlet(scores):
    alpha = np.maximum(scores, 0) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return special.softmax(scores, axis=1), p * (1 - p) / (S + 1), scores.shape[1] / S[:, 0]


# %% wrong: "one over S"   expects: "that is 1 / S"   loses: 1
def dirichlet(scores):
    alpha = np.maximum(scores, 0) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, p * (1 - p) / (S + 1), 1 / S[:, 0]


# %% wrong: "u as a column"   expects: "u is (n_samples,), one number for each"   loses: 1
def dirichlet(scores):
    alpha = np.maximum(scores, 0) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return p, p * (1 - p) / (S + 1), scores.shape[1] / S


# %% wrong: "changes the scores"   expects: "dirichlet must not change the scores it was given"   loses: 2
def dirichlet(scores):
    scores[scores < 0] = 0
    scores += 1
    S = scores.sum(axis=1, keepdims=True)
    p = scores / S
    return p, p * (1 - p) / (S + 1), scores.shape[1] / S[:, 0]


# %% right: "sample by sample"
def dirichlet(scores):
    means, variances, us = [], [], []
    for row in scores:
        alpha = np.where(row > 0, row, 0) + 1
        S = np.sum(alpha)
        means.append(alpha / S)
        variances.append(alpha * (S - alpha) / (S**2 * (S + 1)))
        us.append(len(row) / S)
    return np.array(means), np.array(variances), np.array(us)


# %% right: "second moment minus square"
def dirichlet(scores):
    alpha = scores.clip(min=0) + 1
    S = alpha.sum(axis=1)[:, np.newaxis]
    p = alpha / S
    second = alpha * (alpha + 1) / (S * (S + 1))
    return p, second - p**2, (1 / alpha.mean(axis=1))


# %% question: evidential_loss


# %% wrong: "KL on alpha"   expects: "take α̃, so that evidence for the right class is not punished"   loses: 2
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + min(1, epoch / 10) * kl


# %% wrong: "no annealing"   expects: "the KL term is there with all its weight"   loses: 3
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    alpha = y + (1 - y) * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + kl


# %% wrong: "lambda without an end"   expects: "λ grows for ever"   loses: 1
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    alpha = y + (1 - y) * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + epoch / 10 * kl


# %% wrong: "whole-number division in lambda"   expects: "λ jumps"   loses: 1
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    alpha = y + (1 - y) * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + min(1, epoch // 10) * kl


# %% wrong: "no variance"   expects: "the variance is missing"   loses: 2
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    p = alpha / alpha.sum(axis=1, keepdims=True)
    square = ((y - p) ** 2).sum(axis=1)
    alpha = y + (1 - y) * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + min(1, epoch / 10) * kl


# %% wrong: "variance over S"   expects: "the variance is divided by S: divide by S + 1"   loses: 2
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / S).sum(axis=1)
    alpha = y + (1 - y) * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + min(1, epoch / 10) * kl


# %% wrong: "alpha without the 1 in the square"   expects: "α is the evidence without the 1"   loses: 2
def evidential_loss(y, evidence, epoch):
    S = evidence.sum(axis=1, keepdims=True)
    p = evidence / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    alpha = y + (1 - y) * (evidence + 1)
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + min(1, epoch / 10) * kl


# %% wrong: "softmax before the evidence"   expects: "the softmax was taken of the evidence first"   loses: 4
def evidential_loss(y, evidence, epoch):
    alpha = special.softmax(evidence, axis=1) + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    alpha = y + (1 - y) * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + min(1, epoch / 10) * kl


# %% wrong: "removes the wrong classes"   expects: "α̃ keeps the right class and removes the wrong ones"   loses: 2
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    alpha = (1 - y) + y * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return square + min(1, epoch / 10) * kl


# %% wrong: "no KL term"   expects: "the expected square alone"   loses: 3
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    return ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)


# %% wrong: "mean over the samples"   expects: "give the loss of each"   loses: 4
def evidential_loss(y, evidence, epoch):
    alpha = evidence + 1
    S = alpha.sum(axis=1, keepdims=True)
    p = alpha / S
    square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
    alpha = y + (1 - y) * alpha
    S = alpha.sum(axis=1, keepdims=True)
    kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
    kl += ((alpha - 1) * (special.digamma(alpha) - special.digamma(S))).sum(axis=1)
    return np.mean(square + min(1, epoch / 10) * kl)


# %% right: "sample by sample"
def evidential_loss(y, evidence, epoch):
    losses = []
    for label, f in zip(y, evidence):
        alpha = f + 1
        S = np.sum(alpha)
        p = alpha / S
        square = np.sum((label - p) ** 2) + np.sum(p * (1 - p)) / (S + 1)
        wrong = alpha[label == 0]  # with the right class at 1 its terms in the sums are 0
        S = wrong.sum() + 1
        kl = special.gammaln(S) - special.gammaln(len(f)) - np.sum(special.gammaln(wrong))
        kl += np.sum((wrong - 1) * (special.psi(wrong) - special.psi(S)))
        losses.append(square + (epoch / 10 if epoch < 10 else 1) * kl)
    return np.array(losses)


# %% right: "second moments"
def evidential_loss(y, evidence, epoch):
    a = 1.0 + evidence
    S = a.sum(1)
    second = (a * (a + 1)).sum(1) / (S * (S + 1))  # E[sum of p²]
    square = 1 - 2 * (y * a).sum(1) / S + second  # E‖y - p‖², as y is one-hot
    a = np.where(y == 1, 1.0, a)
    S = a.sum(1)
    log_beta = special.gammaln(a).sum(1) - special.gammaln(S)
    kl = -log_beta - special.gammaln(a.shape[1]) + ((a - 1) * special.digamma(a)).sum(1)
    kl = kl - (S - a.shape[1]) * special.digamma(S)
    return square + np.clip(epoch / 10, 0, 1) * kl


# %% question: calibration_error


# %% wrong: "plain mean over the bins"   expects: "weight each with its share of the samples"   loses: 3
def calibration_error(p, y, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    number = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    gaps = [abs(right[number == b].mean() - confidence[number == b].mean()) for b in np.unique(number)]
    return np.mean(gaps)


# %% wrong: "nan in empty bins"   expects: "nan"
def calibration_error(p, y, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    number = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    error = 0
    with np.errstate(all="ignore"):
        n = np.bincount(number, minlength=n_bins)
        gap = np.bincount(number, right, n_bins) / n - np.bincount(number, confidence, n_bins) / n
        error = np.sum(n / len(y) * np.abs(gap))
    return error


# %% wrong: "confidence 1 in no bin"   expects: "they belong to the last"   loses: 1
def calibration_error(p, y, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    error = 0
    for b in range(n_bins):
        here = (confidence >= b / n_bins) & (confidence < (b + 1) / n_bins)
        if here.any():
            error += here.mean() * abs(right[here].mean() - confidence[here].mean())
    return error


# %% wrong: "no absolute value"   expects: "take the absolute value in each bin"   loses: 3
def calibration_error(p, y, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    number = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return np.bincount(number, right - confidence, n_bins).sum() / len(y)


# %% wrong: "sample by sample"   expects: "compare the means of each bin"   loses: 3
def calibration_error(p, y, n_bins):
    return np.mean(np.abs((p.argmax(axis=1) == y) - p.max(axis=1)))


# %% wrong: "confidence of the label"   expects: "not that of the label"
def calibration_error(p, y, n_bins):
    confidence, right = p[np.arange(len(y)), y], p.argmax(axis=1) == y
    number = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return np.abs(np.bincount(number, right - confidence, n_bins)).sum() / len(y)


# %% wrong: "largest distance"   expects: "that is the largest distance: take the weighted mean"   loses: 3
def calibration_error(p, y, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    number = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return max(abs(right[number == b].mean() - confidence[number == b].mean()) for b in np.unique(number))


# %% right: "a loop over the bins"
def calibration_error(p, y, n_bins):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    error = 0.0
    for b in range(n_bins):
        here = np.floor(confidence * n_bins) == b
        if b == n_bins - 1:
            here |= confidence == 1
        if here.any():
            error += here.sum() / len(y) * abs(right[here].mean() - confidence[here].mean())
    return error


# %% right: "digitize and a dictionary"
def calibration_error(p, y, n_bins):
    bins = {}
    for row, label in zip(p, y):
        number = min(int(row.max() * n_bins), n_bins - 1)
        bins.setdefault(number, []).append((row.argmax() == label, row.max()))
    means = [(len(found), np.mean(found, axis=0)) for found in bins.values()]
    return sum(n * abs(right - confidence) for n, (right, confidence) in means) / len(y)


# %% question: temper


# %% wrong: "calibrated on the test set"   expects: "T was fitted on the test data"   loses: 2
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def loss(logits, y, T):
        return -special.log_softmax(logits / T, axis=1)[np.arange(len(y)), y].mean()

    T = min(temperatures, key=lambda T: loss(logits_test, y_test, T))
    return T, loss(logits_test, y_test, 1), loss(logits_test, y_test, T)


# %% wrong: "fitted on all data"   expects: "leave the test data out"   loses: 2
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def loss(logits, y, T):
        return -special.log_softmax(logits / T, axis=1)[np.arange(len(y)), y].mean()

    everything = np.concatenate([logits_val, logits_test]), np.concatenate([y_val, y_test])
    T = min(temperatures, key=lambda T: loss(*everything, T))
    return T, loss(logits_test, y_test, 1), loss(logits_test, y_test, T)


# %% wrong: "times T"   expects: "the logits were multiplied by T: divide"
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def loss(logits, y, T):
        return -special.log_softmax(logits * T, axis=1)[np.arange(len(y)), y].mean()

    T = min(temperatures, key=lambda T: loss(logits_val, y_val, T))
    return T, loss(logits_test, y_test, 1), loss(logits_test, y_test, T)


# %% wrong: "chosen by accuracy"   expects: "the accuracy does not depend on T"   loses: 2
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def loss(logits, y, T):
        return -special.log_softmax(logits / T, axis=1)[np.arange(len(y)), y].mean()

    T = max(temperatures, key=lambda T: np.mean((logits_val / T).argmax(axis=1) == y_val))
    return T, loss(logits_test, y_test, 1), loss(logits_test, y_test, T)


# %% wrong: "highest cross entropy"   expects: "that T has the highest cross entropy"   loses: 2
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def loss(logits, y, T):
        return -special.log_softmax(logits / T, axis=1)[np.arange(len(y)), y].mean()

    T = max(temperatures, key=lambda T: loss(logits_val, y_val, T))
    return T, loss(logits_test, y_test, 1), loss(logits_test, y_test, T)


# %% wrong: "reports validation data"   expects: "these are of the validation data"   loses: 1
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def loss(T):
        return -special.log_softmax(logits_val / T, axis=1)[np.arange(len(y_val)), y_val].mean()

    T = min(temperatures, key=loss)
    return T, loss(1), loss(T)


# %% wrong: "sums"   expects: "take the mean over the samples"   loses: 1
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def loss(logits, y, T):
        return -special.log_softmax(logits / T, axis=1)[np.arange(len(y)), y].sum()

    T = min(temperatures, key=lambda T: loss(logits_val, y_val, T))
    return T, loss(logits_test, y_test, 1), loss(logits_test, y_test, T)


# %% right: "a list of losses and argmin"
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def cross_entropy(logits, y):
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return np.mean([-row[label] for row, label in zip(log_p, y)])

    losses = [cross_entropy(logits_val / T, y_val) for T in temperatures]
    T = temperatures[int(np.argmin(losses))]
    return T, cross_entropy(logits_test, y_test), cross_entropy(logits_test / T, y_test)


# %% right: "a loop that keeps the best"
def temper(logits_val, y_val, logits_test, y_test, temperatures):
    def mean_loss(logits, y):
        return (special.logsumexp(logits, axis=1) - np.take_along_axis(logits, y[:, None], axis=1)[:, 0]).mean()

    best = None
    for T in temperatures:
        now = mean_loss(logits_val / T, y_val)
        if best is None or now < best[0]:
            best = now, T
    return best[1], mean_loss(logits_test, y_test), mean_loss(logits_test / best[1], y_test)


# %% question: auroc


# %% wrong: "the other way round"   expects: "the other way round"
def auroc(known, new):
    difference = known[:, None] - new
    return np.mean((difference > 0) + 0.5 * (difference == 0))


# %% wrong: "ties count nothing"   expects: "ties count half, not nothing"   loses: 1
def auroc(known, new):
    return np.mean(new[:, None] > known)


# %% wrong: "ties count as right"   expects: "ties count half, not as right"   loses: 1
def auroc(known, new):
    return np.mean(new[:, None] >= known)


# %% wrong: "accuracy at one half"   expects: "that is the accuracy at a threshold of ½"
def auroc(known, new):
    return (np.sum(known <= 0.5) + np.sum(new > 0.5)) / (len(known) + len(new))


# %% wrong: "counts pairs"   expects: "divide by their number"
def auroc(known, new):
    difference = new[:, None] - known
    return np.sum((difference > 0) + 0.5 * (difference == 0))


# %% wrong: "ranks without ties"   expects: "the AUROC"   loses: 1
def auroc(known, new):
    both = np.concatenate([known, new])
    ranks = np.empty(len(both))
    ranks[both.argsort(kind="stable")] = np.arange(1, len(both) + 1)
    return (ranks[len(known) :].sum() - len(new) * (len(new) + 1) / 2) / (len(known) * len(new))


# %% wrong: "first with first"   expects: "and so on: look at all pairs"   loses: 3
def auroc(known, new):
    n = min(len(known), len(new))
    return np.mean((new[:n] > known[:n]) + 0.5 * (new[:n] == known[:n]))


# %% right: "by ranks"
def auroc(known, new):
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([known, new]))
    return (ranks[len(known) :].sum() - len(new) * (len(new) + 1) / 2) / (len(known) * len(new))


# %% right: "scikit-learn"
from sklearn.metrics import roc_auc_score


def auroc(known, new):
    return roc_auc_score([0] * len(known) + [1] * len(new), np.concatenate([known, new]))


# %% right: "two loops"
def auroc(known, new):
    points = 0
    for k in known:
        for n in new:
            points += 1 if n > k else 0.5 if n == k else 0
    return points / (len(known) * len(new))


# %% question: monte_carlo

# %% equivalent: "lists are as right as arrays"
# - return np.stack([np.asarray(model(X, training=True)) for _ in range(n_draws)])
# + return [np.asarray(model(X, training=True)) for _ in range(n_draws)]

# %% equivalent: "np.stack converts tensors"
# - return np.stack([np.asarray(model(X, training=True)) for _ in range(n_draws)])
# + return np.stack([model(X, training=True) for _ in range(n_draws)])


# %% question: ensemble_opinion

# %% equivalent: "axis 1 is the last one"
# - total = special.entr(p).sum(axis=-1)
# + total = special.entr(p).sum(axis=+1)


# %% question: dirichlet

# %% equivalent: "there is one column"
# - return p, p * (1 - p) / (S + 1), scores.shape[1] / S[:, 0]
# + return p, p * (1 - p) / (S + 1), scores.shape[1] / S[:, -1]


# %% question: evidential_loss

# %% equivalent: "the square of -x is that of x"
# - square = ((y - p) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)
# + square = ((p - y) ** 2 + p * (1 - p) / (S + 1)).sum(axis=1)

# %% equivalent: "there is one column"
# - kl = special.gammaln(S)[:, 0] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)
# + kl = special.gammaln(S)[:, -1] - special.gammaln(y.shape[1]) - special.gammaln(alpha).sum(axis=1)


# %% question: calibration_error

# %% equivalent: "empty bins at the end count nothing"
# - return np.abs(np.bincount(number, right - confidence, n_bins)).sum() / len(y)
# + return np.abs(np.bincount(number, right - confidence, )).sum() / len(y)

# %% equivalent: "the distance is the same in both directions"
# - return np.abs(np.bincount(number, right - confidence, n_bins)).sum() / len(y)
# + return np.abs(np.bincount(number, confidence - right, n_bins)).sum() / len(y)
