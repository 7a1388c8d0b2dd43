# Answers to exercise 4 as people write them, wrong ones and right ones. `autograder audit` puts each in the place of its
# question's answer: a wrong one must lose the points that it should and be told why, a right one must keep them all.
# ruff: noqa: B905

# %% question: elastic_net


# %% wrong: "penalises the biases"   expects: "the biases are penalised too"   loses: 2
def elastic_net(layers, l1, l2):
    penalty = sum(l1 * np.abs(p).sum() + l2 * (p**2).sum() for layer in layers for p in layer)
    return penalty, [tuple(l1 * np.sign(p) + 2 * l2 * p for p in layer) for layer in layers]


# %% wrong: "no factor two"   expects: "the factor 2 is missing"   loses: 2
def elastic_net(layers, l1, l2):
    penalty = sum(l1 * np.abs(W).sum() + l2 * (W**2).sum() for W, b in layers)
    return penalty, [(l1 * np.sign(W) + l2 * W, 0 * b) for W, b in layers]


# %% wrong: "|w| as the gradient of L1"   expects: "the derivative of |w| is its sign, +1 or -1, not |w| itself"   loses: 2
def elastic_net(layers, l1, l2):
    penalty = sum(l1 * np.abs(W).sum() + l2 * (W**2).sum() for W, b in layers)
    return penalty, [(l1 * np.abs(W) + 2 * l2 * W, 0 * b) for W, b in layers]


# %% wrong: "l1 for every weight, whatever its sign"   expects: "-1 for negative weights"   loses: 2
def elastic_net(layers, l1, l2):
    penalty = sum(l1 * np.abs(W).sum() + l2 * (W**2).sum() for W, b in layers)
    return penalty, [(l1 + 2 * l2 * W, 0 * b) for W, b in layers]


# %% wrong: "half the L2, with its gradient"   expects: "there is a factor ½ in the L2 part"   loses: 3
def elastic_net(layers, l1, l2):
    penalty = sum(l1 * np.abs(W).sum() + 0.5 * l2 * (W**2).sum() for W, b in layers)
    return penalty, [(l1 * np.sign(W) + l2 * W, 0 * b) for W, b in layers]


# %% wrong: "norm instead of its square"   expects: "the L2 part is the root of the sum"   loses: 1
def elastic_net(layers, l1, l2):
    w = np.concatenate([W.ravel() for W, b in layers])
    penalty = l1 * np.abs(w).sum() + l2 * np.linalg.norm(w)
    return penalty, [(l1 * np.sign(W) + 2 * l2 * W, 0 * b) for W, b in layers]


# %% wrong: "only the last layer"   expects: "only the last layer is penalised"   loses: 1
def elastic_net(layers, l1, l2):
    gradients = []
    for W, b in layers:
        penalty = l1 * np.abs(W).sum() + l2 * (W**2).sum()
        gradients.append((l1 * np.sign(W) + 2 * l2 * W, np.zeros(b.shape)))
    return penalty, gradients


# %% wrong: "strengths swapped"   expects: "l1 and l2 are swapped"   loses: 3
def elastic_net(layers, l1, l2):
    penalty = sum(l2 * np.abs(W).sum() + l1 * (W**2).sum() for W, b in layers)
    return penalty, [(l2 * np.sign(W) + 2 * l1 * W, 0 * b) for W, b in layers]


# %% wrong: "signed sum"   expects: "the L1 part sums the weights with their signs"   loses: 1
def elastic_net(layers, l1, l2):
    penalty = sum(l1 * W.sum() + l2 * (W**2).sum() for W, b in layers)
    return penalty, [(l1 * np.sign(W) + 2 * l2 * W, 0 * b) for W, b in layers]


# %% wrong: "only the penalty"   expects: "must return two things"
def elastic_net(layers, l1, l2):
    return (sum(l1 * np.abs(W).sum() + l2 * (W**2).sum() for W, b in layers),)


# %% right: "a loop"
def elastic_net(layers, l1, l2):
    penalty, gradients = 0.0, []
    for W, b in layers:
        penalty += l1 * np.sum(np.abs(W)) + l2 * np.sum(W * W)
        dW = np.where(W > 0, l1, np.where(W < 0, -l1, 0.0)) + 2 * l2 * W
        gradients.append((dW, np.zeros(len(b))))
    return penalty, gradients


# %% right: "vectors laid end to end, lists returned"
def elastic_net(layers, l1, l2):
    w = np.concatenate([W.reshape(-1) for W, _ in layers])
    penalty = l1 * np.linalg.norm(w, 1) + l2 * np.dot(w, w)
    return [penalty, [[l1 * np.sign(W) + l2 * (W + W), [0.0] * len(b)] for W, b in layers]]


# %% question: clip_together


# %% wrong: "each array by itself"   expects: "each array is clipped by itself"   loses: 2
def clip_together(gradients, max_length):
    return [g * min(1, max_length / max(np.linalg.norm(g), 1e-12)) for g in gradients]


# %% wrong: "each number by itself"   expects: "each number is cut off"   loses: 2
def clip_together(gradients, max_length):
    return [np.clip(g, -max_length, max_length) for g in gradients]


# %% wrong: "makes short ones longer"   expects: "short gradients are made longer"   loses: 1
def clip_together(gradients, max_length):
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g * max_length / length if length else g for g in gradients]


# %% wrong: "unit length"   expects: "they end with length 1"   loses: 2
def clip_together(gradients, max_length):
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g / length if length > max_length else g for g in gradients]


# %% wrong: "forgets the root"   expects: "the length is the root of the sum of the squares"   loses: 2
def clip_together(gradients, max_length):
    length = sum(np.sum(g**2) for g in gradients)
    return [g * max_length / length if length > max_length else g for g in gradients]


# %% wrong: "divides zero by zero"   expects: "nan"   loses: 1
def clip_together(gradients, max_length):
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    with np.errstate(all="ignore"):
        return [
            g * np.minimum(1, max_length * g / (length * g)) if length == 0 else g * min(1, max_length / length)
            for g in gradients
        ]


# %% wrong: "changes the arrays it was given"   expects: "clip_together must not change the arrays"   loses: 1
def clip_together(gradients, max_length):
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if length > max_length:
        for g in gradients:
            g *= max_length / length
    return [g.copy() for g in gradients]


# %% right: "one long vector"
def clip_together(gradients, max_length):
    length = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    if length <= max_length:
        return [g.copy() for g in gradients]
    return [g / length * max_length for g in gradients]


# %% right: "divides by the larger of the two"
def clip_together(gradients, max_length):
    squares = 0.0
    for g in gradients:
        for value in g.flat:
            squares += value**2
    return [g * max_length / max(max_length, squares**0.5) for g in gradients]


# %% question: dropout


# %% wrong: "left on at test"   expects: "dropout is left on at test"   loses: 1
def dropout(H, rate, rng, training):
    factor = (rng.random(H.shape) >= rate) / (1 - rate)
    return H * factor, factor


# %% wrong: "no division by keep"   expects: "what is left stays as it is"   loses: 2
def dropout(H, rate, rng, training):
    if not training:
        return H, np.ones(H.shape)
    factor = (rng.random(H.shape) >= rate).astype(float)
    return H * factor, factor


# %% wrong: "the old form, scaled at test"   expects: "the output is scaled at test"   loses: 3
def dropout(H, rate, rng, training):
    if not training:
        return H * (1 - rate), np.full(H.shape, 1 - rate)
    factor = (rng.random(H.shape) >= rate).astype(float)
    return H * factor, factor


# %% wrong: "rate read as keep"   expects: "rate is the probability to be dropped, not to be kept"   loses: 2
def dropout(H, rate, rng, training):
    if not training or rate == 0:
        return H, np.ones(H.shape)
    factor = (rng.random(H.shape) < rate) / rate
    return H * factor, factor


# %% wrong: "divided by rate"   expects: "what is left is divided by rate"   loses: 2
def dropout(H, rate, rng, training):
    if not training or rate == 0:
        return H, np.ones(H.shape)
    factor = (rng.random(H.shape) >= rate) / rate
    return H * factor, factor


# %% wrong: "one mask for all batches"   expects: "one mask for all batches"   loses: 1
def dropout(H, rate, rng, training):
    if not training:
        return H, np.ones(H.shape)
    factor = (np.random.default_rng(0).random(H.shape) >= rate) / (1 - rate)
    return H * factor, factor


# %% wrong: "one mask for all samples"   expects: "the same units are dropped for every sample"   loses: 1
def dropout(H, rate, rng, training):
    if not training:
        return H, np.ones(H.shape)
    factor = np.tile((rng.random(H.shape[1]) >= rate) / (1 - rate), (len(H), 1))
    return H * factor, factor


# %% wrong: "np.random instead of rng"   expects: "the same seed gave two different masks"   loses: 1
def dropout(H, rate, rng, training):
    if not training:
        return H, np.ones(H.shape)
    factor = (np.random.random(H.shape) >= rate) / (1 - rate)
    return H * factor, factor


# %% wrong: "returns the output only"   expects: "must return two arrays"
def dropout(H, rate, rng, training):
    if not training:
        return (H,)
    return (H * (rng.random(H.shape) >= rate) / (1 - rate),)


# %% right: "binomial"
def dropout(H, rate, rng, training):
    keep = 1 - rate if training else 1
    factor = rng.binomial(1, keep, size=H.shape) / keep
    return H * factor, factor


# %% right: "np.where"
def dropout(H, rate, rng, training):
    factor = np.ones(H.shape)
    if training:
        dropped = rng.uniform(size=H.shape) < rate
        factor = np.where(dropped, 0.0, 1 / (1 - rate))
    return factor * H, factor


# %% question: normalise


# %% wrong: "batch statistics at test"   expects: "these are the statistics of the batch: at test take the running ones"   loses: 2
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    mu, sigma2 = A.mean(axis=0), A.var(axis=0)
    out = gamma * (A - mu) / np.sqrt(sigma2 + eps) + beta
    if training:
        mean, var = momentum * mean + (1 - momentum) * mu, momentum * var + (1 - momentum) * sigma2
    return out, mean, var


# %% wrong: "wrong axis"   expects: "the mean runs along the wrong axis"   loses: 2
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    if not training:
        return gamma * (A - mean) / np.sqrt(var + eps) + beta, mean, var
    mu, sigma2 = A.mean(axis=1, keepdims=True), A.var(axis=1, keepdims=True)
    out = gamma * (A - mu) / np.sqrt(sigma2 + eps) + beta
    return out, momentum * mean + (1 - momentum) * mu.mean(), momentum * var + (1 - momentum) * sigma2.mean()


# %% wrong: "one mean for everything"   expects: "there is one mean for the whole batch"   loses: 2
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    if not training:
        return gamma * (A - mean) / np.sqrt(var + eps) + beta, mean, var
    mu, sigma2 = A.mean(), A.var()
    out = gamma * (A - mu) / np.sqrt(sigma2 + eps) + beta
    return out, momentum * mean + (1 - momentum) * mu, momentum * var + (1 - momentum) * sigma2


# %% wrong: "momentum the other way round"   expects: "momentum is the share of the old value"   loses: 1
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    if not training:
        return gamma * (A - mean) / np.sqrt(var + eps) + beta, mean, var
    mu, sigma2 = A.mean(axis=0), A.var(axis=0)
    out = gamma * (A - mu) / np.sqrt(sigma2 + eps) + beta
    return out, (1 - momentum) * mean + momentum * mu, (1 - momentum) * var + momentum * sigma2


# %% wrong: "running values in training too"   expects: "in training take those of the batch"   loses: 1
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    out = gamma * (A - mean) / np.sqrt(var + eps) + beta
    if training:
        mean = momentum * mean + (1 - momentum) * A.mean(axis=0)
        var = momentum * var + (1 - momentum) * A.var(axis=0)
    return out, mean, var


# %% wrong: "no root"   expects: "divide by the root of the variance"   loses: 3
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    if not training:
        return gamma * (A - mean) / (var + eps) + beta, mean, var
    mu, sigma2 = A.mean(axis=0), A.var(axis=0)
    out = gamma * (A - mu) / (sigma2 + eps) + beta
    return out, momentum * mean + (1 - momentum) * mu, momentum * var + (1 - momentum) * sigma2


# %% wrong: "moves at test too"   expects: "the running mean moved at test"   loses: 2
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    mu, sigma2 = A.mean(axis=0), A.var(axis=0)
    use = (mu, sigma2) if training else (mean, var)
    out = gamma * (A - use[0]) / np.sqrt(use[1] + eps) + beta
    return out, momentum * mean + (1 - momentum) * mu, momentum * var + (1 - momentum) * sigma2


# %% wrong: "never moves"   expects: "the running mean did not move"   loses: 1
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    mu, sigma2 = (A.mean(axis=0), A.var(axis=0)) if training else (mean, var)
    return gamma * (A - mu) / np.sqrt(sigma2 + eps) + beta, mean, var


# %% wrong: "gamma and beta forgotten"   expects: "gamma and beta are missing"   loses: 3
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    if not training:
        return (A - mean) / np.sqrt(var + eps), mean, var
    mu, sigma2 = A.mean(axis=0), A.var(axis=0)
    out = (A - mu) / np.sqrt(sigma2 + eps)
    return out, momentum * mean + (1 - momentum) * mu, momentum * var + (1 - momentum) * sigma2


# %% right: "unit by unit"
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    out, new_mean, new_var = np.empty(A.shape), [], []
    for j in range(A.shape[1]):
        column = A[:, j]
        if training:
            mu = sum(column) / len(column)
            sigma2 = sum((column - mu) ** 2) / len(column)
            new_mean.append(momentum * mean[j] + (1 - momentum) * mu)
            new_var.append(momentum * var[j] + (1 - momentum) * sigma2)
        else:
            mu, sigma2 = mean[j], var[j]
            new_mean.append(mu)
            new_var.append(sigma2)
        out[:, j] = gamma[j] * (column - mu) / (sigma2 + eps) ** 0.5 + beta[j]
    return out, np.array(new_mean), np.array(new_var)


# %% right: "moves by a difference"
def normalise(A, gamma, beta, mean, var, training, momentum=0.9, eps=1e-3):
    if not training:
        return beta + gamma * (A - mean) * (var + eps) ** -0.5, mean, var
    mu = np.mean(A, 0)
    sigma2 = np.mean(A**2, 0) - mu**2
    out = beta + gamma * (A - mu) * (sigma2 + eps) ** -0.5
    return out, mean + (1 - momentum) * (mu - mean), var + (1 - momentum) * (sigma2 - var)


# %% question: train_until


# %% wrong: "stops by the test set"   expects: "never decide by the test set"
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best_weights, best_epoch = np.inf, weights, 0
    for epoch in range(1, max_epochs + 1):
        weights = train_epoch(weights)
        loss = losses(weights)["test"]
        if loss < lowest:
            lowest, best_weights, best_epoch = loss, weights, epoch
        elif epoch - best_epoch >= patience:
            break
    return best_weights, epoch, best_epoch


# %% wrong: "stops by the training loss"   expects: "epoch 6 has the lowest training loss"
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best_weights, best_epoch = np.inf, weights, 0
    for epoch in range(1, max_epochs + 1):
        weights = train_epoch(weights)
        loss = losses(weights)["training"]
        if loss < lowest:
            lowest, best_weights, best_epoch = loss, weights, epoch
        elif epoch - best_epoch >= patience:
            break
    return best_weights, epoch, best_epoch


# %% wrong: "last weights"   expects: "the last weights are returned"   loses: 2
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best_epoch = np.inf, 0
    for epoch in range(1, max_epochs + 1):
        weights = train_epoch(weights)
        loss = losses(weights)["validation"]
        if loss < lowest:
            lowest, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return weights, epoch, best_epoch


# %% wrong: "weights of the epoch before"   expects: "the weights are those before the best epoch"   loses: 2
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best_weights, best_epoch = np.inf, weights, 0
    for epoch in range(1, max_epochs + 1):
        new = train_epoch(weights)
        loss = losses(new)["validation"]
        if loss < lowest:
            lowest, best_weights, best_epoch = loss, weights, epoch
        elif epoch - best_epoch >= patience:
            break
        weights = new
    return best_weights, epoch, best_epoch


# %% wrong: "one epoch too patient"   expects: "one epoch too many"   loses: 1
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best_weights, best_epoch = np.inf, weights, 0
    for epoch in range(1, max_epochs + 1):
        weights = train_epoch(weights)
        loss = losses(weights)["validation"]
        if loss < lowest:
            lowest, best_weights, best_epoch = loss, weights, epoch
        elif epoch - best_epoch > patience:
            break
    return best_weights, epoch, best_epoch


# %% wrong: "one epoch too hasty"   expects: "one epoch too early"   loses: 1
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best_weights, best_epoch = np.inf, weights, 0
    for epoch in range(1, max_epochs + 1):
        weights = train_epoch(weights)
        loss = losses(weights)["validation"]
        if loss < lowest:
            lowest, best_weights, best_epoch = loss, weights, epoch
        elif epoch - best_epoch >= patience - 1:
            break
    return best_weights, epoch, best_epoch


# %% wrong: "counts bad epochs for ever"   expects: "begin to count anew"   loses: 1
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best_weights, best_epoch, bad = np.inf, weights, 0, 0
    for epoch in range(1, max_epochs + 1):
        weights = train_epoch(weights)
        loss = losses(weights)["validation"]
        if loss < lowest:
            lowest, best_weights, best_epoch = loss, weights, epoch
        else:
            bad += 1
            if bad == patience:
                break
    return best_weights, epoch, best_epoch


# %% wrong: "an equal loss counts as better"   expects: "an equal loss is not a better one"   loses: 1
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best_weights, best_epoch = np.inf, weights, 0
    for epoch in range(1, max_epochs + 1):
        weights = train_epoch(weights)
        loss = losses(weights)["validation"]
        if loss <= lowest:
            lowest, best_weights, best_epoch = loss, weights, epoch
        elif epoch - best_epoch >= patience:
            break
    return best_weights, epoch, best_epoch


# %% wrong: "returns the weights only"   expects: "must return three things"
def train_until(train_epoch, losses, weights, patience, max_epochs):
    lowest, best = np.inf, weights
    for _ in range(max_epochs):
        weights = train_epoch(weights)
        loss = losses(weights)["validation"]
        if loss < lowest:
            lowest, best = loss, weights
    return best


# %% right: "a counter that is set back"
def train_until(train_epoch, losses, weights, patience, max_epochs):
    best, waited, epoch = None, 0, 0
    while epoch < max_epochs and waited < patience:
        epoch += 1
        weights = train_epoch(weights)
        loss = losses(weights)["validation"]
        if best is None or loss < best[0]:
            best, waited = (loss, np.array(weights), epoch), 0
        else:
            waited += 1
    return best[1], epoch, best[2]


# %% right: "keeps everything and looks back"
def train_until(train_epoch, losses, weights, patience, max_epochs):
    kept, curve = [], []
    for _ in range(max_epochs):
        weights = train_epoch(weights)
        kept.append(weights)
        curve.append(losses(weights)["validation"])
        if len(curve) - 1 - int(np.argmin(curve)) >= patience:
            break
    best = int(np.argmin(curve))
    return kept[best], len(curve), best + 1


# %% question: mixup


# %% wrong: "labels not mixed"   expects: "the labels are not mixed"   loses: 1
def mixup(X, y, n_classes, alpha, rng):
    partner = rng.permutation(len(X))
    share = rng.beta(alpha, alpha, size=len(X))[:, None]
    return share * X + (1 - share) * X[partner], np.eye(n_classes)[y]


# %% wrong: "class indices mixed"   expects: "half of class 0 and half of class 2 is not class 1"
def mixup(X, y, n_classes, alpha, rng):
    partner = rng.permutation(len(X))
    share = rng.beta(alpha, alpha, size=len(X))
    return share[:, None] * X + (1 - share[:, None]) * X[partner], share * y + (1 - share) * y[partner]


# %% wrong: "other partners for the labels"   expects: "same partners and same shares for X and y"   loses: 1
def mixup(X, y, n_classes, alpha, rng):
    Y = np.eye(n_classes)[y]
    share = rng.beta(alpha, alpha, size=len(X))[:, None]
    return (
        share * X + (1 - share) * X[rng.permutation(len(X))],
        share * Y + (1 - share) * Y[rng.permutation(len(X))],
    )


# %% wrong: "shares swapped in the labels"   expects: "λ and 1 - λ are swapped in the labels"   loses: 1
def mixup(X, y, n_classes, alpha, rng):
    Y = np.eye(n_classes)[y]
    partner = rng.permutation(len(X))
    share = rng.beta(alpha, alpha, size=len(X))[:, None]
    return share * X + (1 - share) * X[partner], (1 - share) * Y + share * Y[partner]


# %% wrong: "one share for the whole batch"   expects: "all samples have the same share"   loses: 2
def mixup(X, y, n_classes, alpha, rng):
    Y = np.eye(n_classes)[y]
    partner = rng.permutation(len(X))
    share = rng.beta(alpha, alpha)
    return share * X + (1 - share) * X[partner], share * Y + (1 - share) * Y[partner]


# %% wrong: "uniform shares"   expects: "draw them from rng.beta(alpha, alpha)"   loses: 1
def mixup(X, y, n_classes, alpha, rng):
    Y = np.eye(n_classes)[y]
    partner = rng.permutation(len(X))
    share = rng.random(len(X))[:, None]
    return share * X + (1 - share) * X[partner], share * Y + (1 - share) * Y[partner]


# %% wrong: "np.random"   expects: "the same seed gave two different blends"   loses: 1
def mixup(X, y, n_classes, alpha, rng):
    Y = np.eye(n_classes)[y]
    partner = np.random.permutation(len(X))
    share = np.random.beta(alpha, alpha, size=len(X))[:, None]
    return share * X + (1 - share) * X[partner], share * Y + (1 - share) * Y[partner]


# %% wrong: "as many columns as classes in the batch"   expects: "the mixed labels"   loses: 1
def mixup(X, y, n_classes, alpha, rng):
    Y = np.eye(y.max() + 1)[y]
    partner = rng.permutation(len(X))
    share = rng.beta(alpha, alpha, size=len(X))[:, None]
    return share * X + (1 - share) * X[partner], share * Y + (1 - share) * Y[partner]


# %% right: "sample by sample"
def mixup(X, y, n_classes, alpha, rng):
    shares, partners = rng.beta(alpha, alpha, len(X)), rng.permutation(len(X))
    X_mixed, Y_mixed = [], np.zeros((len(X), n_classes))
    for i, (share, j) in enumerate(zip(shares, partners)):
        X_mixed.append(X[i] + (1 - share) * (X[j] - X[i]))
        Y_mixed[i, y[i]] += share
        Y_mixed[i, y[j]] += 1 - share
    return np.array(X_mixed), Y_mixed


# %% right: "a matrix of shares"
def mixup(X, y, n_classes, alpha, rng):
    n = len(X)
    share, partner = rng.beta(alpha, alpha, size=n), rng.permutation(n)
    M = np.diag(share)
    M[np.arange(n), partner] += 1 - share
    one_hot = (y[:, None] == np.arange(n_classes)).astype(float)
    return M @ X, M @ one_hot


# %% question: cross_validate


# %% wrong: "standardised before splitting"   expects: "the held-out part leaks into training"   loses: 2
def cross_validate(score, X, y, k, rng):
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    scores = []
    for held in np.array_split(rng.permutation(len(X)), k):
        rest = np.setdiff1d(np.arange(len(X)), held)
        scores.append(score(X[rest], y[rest], X[held], y[held]))
    return np.array(scores)


# %% wrong: "held-out part standardised by itself"   expects: "the held-out part is standardised by its own mean"   loses: 2
def cross_validate(score, X, y, k, rng):
    def standard(rows):
        with np.errstate(all="ignore"):
            return (rows - rows.mean(axis=0)) / rows.std(axis=0)

    scores = []
    for held in np.array_split(rng.permutation(len(X)), k):
        rest = np.setdiff1d(np.arange(len(X)), held)
        scores.append(score(standard(X[rest]), y[rest], standard(X[held]), y[held]))
    return np.array(scores)


# %% wrong: "never standardised"   expects: "the features are not standardised"   loses: 2
def cross_validate(score, X, y, k, rng):
    scores = []
    for held in np.array_split(rng.permutation(len(X)), k):
        rest = np.setdiff1d(np.arange(len(X)), held)
        scores.append(score(X[rest], y[rest], X[held], y[held]))
    return np.array(scores)


# %% wrong: "only the training part standardised"   expects: "the held-out part is not standardised"   loses: 2
def cross_validate(score, X, y, k, rng):
    scores = []
    for held in np.array_split(rng.permutation(len(X)), k):
        rest = np.setdiff1d(np.arange(len(X)), held)
        train = (X[rest] - X[rest].mean(axis=0)) / X[rest].std(axis=0)
        scores.append(score(train, y[rest], X[held], y[held]))
    return np.array(scores)


# %% wrong: "drops what is left over"   expects: "the last ones count too"   loses: 1
def cross_validate(score, X, y, k, rng):
    order, size, scores = rng.permutation(len(X)), len(X) // k, []
    for i in range(k):
        held = order[i * size : (i + 1) * size]
        rest = np.setdiff1d(order, held)
        mean, sd = X[rest].mean(axis=0), X[rest].std(axis=0)
        scores.append(score((X[rest] - mean) / sd, y[rest], (X[held] - mean) / sd, y[held]))
    return np.array(scores)


# %% wrong: "trains on everything"   expects: "samples that are held out are also trained on"   loses: 3
def cross_validate(score, X, y, k, rng):
    Z, scores = (X - X.mean(axis=0)) / X.std(axis=0), []
    for held in np.array_split(rng.permutation(len(X)), k):
        scores.append(score(Z, y, Z[held], y[held]))
    return np.array(scores)


# %% wrong: "not shuffled"   expects: "the parts are cut in the order of the file"   loses: 1
def cross_validate(score, X, y, k, rng):
    scores = []
    for held in np.array_split(np.arange(len(X)), k):
        rest = np.setdiff1d(np.arange(len(X)), held)
        mean, sd = X[rest].mean(axis=0), X[rest].std(axis=0)
        scores.append(score((X[rest] - mean) / sd, y[rest], (X[held] - mean) / sd, y[held]))
    return np.array(scores)


# %% wrong: "a new order for each part"   expects: "are never held out"   loses: 1
def cross_validate(score, X, y, k, rng):
    scores = []
    for i in range(k):
        held = np.array_split(rng.permutation(len(X)), k)[i]
        rest = np.setdiff1d(np.arange(len(X)), held)
        mean, sd = X[rest].mean(axis=0), X[rest].std(axis=0)
        scores.append(score((X[rest] - mean) / sd, y[rest], (X[held] - mean) / sd, y[held]))
    return np.array(scores)


# %% wrong: "the mean of the scores"   expects: "that is the mean of the scores"   loses: 1
def cross_validate(score, X, y, k, rng):
    scores = []
    for held in np.array_split(rng.permutation(len(X)), k):
        rest = np.setdiff1d(np.arange(len(X)), held)
        mean, sd = X[rest].mean(axis=0), X[rest].std(axis=0)
        scores.append(score((X[rest] - mean) / sd, y[rest], (X[held] - mean) / sd, y[held]))
    return np.mean(scores)


# %% wrong: "shuffles X without y"   expects: "samples come with labels of others"   loses: 2
def cross_validate(score, X, y, k, rng):
    X, scores = X[rng.permutation(len(X))], []
    for held in np.array_split(rng.permutation(len(X)), k):
        rest = np.setdiff1d(np.arange(len(X)), held)
        mean, sd = X[rest].mean(axis=0), X[rest].std(axis=0)
        scores.append(score((X[rest] - mean) / sd, y[rest], (X[held] - mean) / sd, y[held]))
    return np.array(scores)


# %% right: "a number for each sample"
def cross_validate(score, X, y, k, rng):
    part = rng.permutation(len(X)) % k
    scores = np.zeros(k)
    for i in range(k):
        train, held = X[part != i], X[part == i]
        mean, sd = np.mean(train, 0), np.std(train, 0)
        scores[i] = score((train - mean) / sd, y[part != i], (held - mean) / sd, y[part == i])
    return scores


# %% right: "scikit-learn's folds and scaler"
def cross_validate(score, X, y, k, rng):
    from sklearn.model_selection import KFold
    from sklearn.preprocessing import StandardScaler

    folds = KFold(k, shuffle=True, random_state=int(rng.integers(2**31)))
    scores = []
    for train, held in folds.split(X):
        scaler = StandardScaler().fit(X[train])
        scores.append(score(scaler.transform(X[train]), y[train], scaler.transform(X[held]), y[held]))
    return scores


# %% question: clip_together

# %% equivalent: "divided by a length of 0 it is inf, of which the smaller is 1"
# - factor = min(1.0, max_length / length) if length > 0 else 1.0
# + factor = min(1.0, max_length / length) if (length > 0) or True else 1.0
# - factor = min(1.0, max_length / length) if length > 0 else 1.0
# + factor = min(1.0, max_length / length) if length >= 0 else 1.0
# - factor = min(1.0, max_length / length) if length > 0 else 1.0
# + factor = min(1.0, max_length / length) if length > -1 else 1.0

# %% equivalent: "it multiplies nothing but zeros"
# - factor = min(1.0, max_length / length) if length > 0 else 1.0
# + factor = min(1.0, max_length / length) if length > 0 else 2.0
# - factor = min(1.0, max_length / length) if length > 0 else 1.0
# + factor = min(1.0, max_length / length) if length > 0 else 1.1


# %% question: dropout

# %% equivalent: "nobody asks for a copy"
# - return H.copy(), np.ones_like(H)
# + return H, np.ones_like(H)

# %% equivalent: "a number drawn at random is never exactly this"
# - factor = (rng.random(H.shape) < keep) / keep
# + factor = (rng.random(H.shape) <= keep) / keep


# %% question: normalise

# %% equivalent: "otherwise mu is the mean itself, and sigma2 the variance"
# - if training:
# + if True:


# %% question: train_until

# %% equivalent: "the first epoch is the best so far and sets it to 1"
# - lowest, best_weights, best_epoch = np.inf, weights, 0
# + lowest, best_weights, best_epoch = np.inf, weights, 1
# - lowest, best_weights, best_epoch = np.inf, weights, 0
# + lowest, best_weights, best_epoch = np.inf, weights, -1


# %% question: cross_validate

# %% equivalent: "lists are as right as arrays"
# - return np.array(scores)
# + return scores
