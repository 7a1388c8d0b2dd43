# Answers to exercise 6 as people write them, wrong ones and right ones. `autograder audit` puts each in the place of its
# question's answer: a wrong one must lose the points that it should and be told why, a right one must keep them all.
# ruff: noqa: B905

# %% question: input_gradient


# %% wrong: "gradient with respect to the weights"   expects: "the attack needs the gradient with respect to the input"
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return X.T @ ((p @ W2.T) * (a > 0))


# %% wrong: "mean over the batch in the loss"   expects: "without a mean"   loses: 3
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return ((p / len(y) @ W2.T) * (a > 0)) @ W1.T


# %% wrong: "one gradient for the whole batch"   expects: "return one for each"
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return (((p @ W2.T) * (a > 0)) @ W1.T).sum(axis=0)


# %% wrong: "forgets the ReLU on the way back"   expects: "lets a gradient through only where a is positive"
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    z = np.maximum(X @ W1 + b1, 0) @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p @ W2.T @ W1.T


# %% wrong: "p without the one of the true class"   expects: "the 1 of the true class is missing"
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return ((p @ W2.T) * (a > 0)) @ W1.T


# %% wrong: "downhill: y minus p"   expects: "the sign is the wrong way round"
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    error = np.eye(p.shape[1])[y] - p
    return ((error @ W2.T) * (a > 0)) @ W1.T


# %% wrong: "softmax overflows"   expects: "subtract the largest logit of each row before the exp"   loses: 1
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    with np.errstate(all="ignore"):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return ((p @ W2.T) * (a > 0)) @ W1.T


# %% wrong: "logits instead of probabilities"   expects: "the softmax is missing"
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    a = X @ W1 + b1
    z = np.maximum(a, 0) @ W2 + b2
    return (((z - np.eye(z.shape[1])[y]) @ W2.T) * (a > 0)) @ W1.T


# %% right: "sample by sample"
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    rows = []
    for x, label in zip(X, y):
        a = W1.T @ x + b1
        h = np.where(a > 0, a, 0.0)
        z = W2.T @ h + b2
        e = np.exp(z - max(z))
        p = e / sum(e)
        p[label] = p[label] - 1
        back = W2 @ p
        back[a <= 0] = 0
        rows.append(W1 @ back)
    return np.array(rows)


# %% right: "through the slope of each ReLU"
def input_gradient(network, X, y):
    W1, b1, W2, b2 = network
    slope = np.heaviside(X @ W1 + b1, 0)
    z = ((X @ W1 + b1) * slope) @ W2 + b2
    log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
    error = np.exp(log_p) - (y[:, None] == np.arange(z.shape[1]))
    return np.einsum("nk,hk,nh,fh->nf", error, W2, slope, W1)


# %% question: fgsm


# %% wrong: "minimises the loss of the true class"   expects: "untargeted goes up the loss of y: plus"   loses: 3
def fgsm(gradient, X, y, levels, targeted=False):
    return np.clip(X - levels / 255 * np.sign(gradient(X, y)), 0, 1)


# %% wrong: "targeted goes up as well"   expects: "targeted goes down the loss of the target: minus"   loses: 1
def fgsm(gradient, X, y, levels, targeted=False):
    return np.clip(X + levels / 255 * np.sign(gradient(X, y)), 0, 1)


# %% wrong: "no sign"   expects: "the sign is missing"
def fgsm(gradient, X, y, levels, targeted=False):
    direction = -1 if targeted else 1
    return np.clip(X + direction * levels / 255 * gradient(X, y), 0, 1)


# %% wrong: "no clipping"   expects: "some pixels are no pixels any more"   loses: 1
def fgsm(gradient, X, y, levels, targeted=False):
    direction = -1 if targeted else 1
    return X + direction * levels / 255 * np.sign(gradient(X, y))


# %% wrong: "grey levels on pixels from 0 to 1"   expects: "divide by 255"
def fgsm(gradient, X, y, levels, targeted=False):
    direction = -1 if targeted else 1
    return np.clip(X + direction * levels * np.sign(gradient(X, y)), 0, 1)


# %% wrong: "returns the change only"   expects: "that is the change; add it to X"
def fgsm(gradient, X, y, levels, targeted=False):
    direction = -1 if targeted else 1
    return direction * levels / 255 * np.sign(gradient(X, y))


# %% wrong: "changes X in place"   expects: "must not change the X it was given"
def fgsm(gradient, X, y, levels, targeted=False):
    direction = -1 if targeted else 1
    X += direction * levels / 255 * np.sign(gradient(X, y))
    return np.clip(X, 0, 1, out=X)


# %% right: "with np.where"
def fgsm(gradient, X, y, levels, targeted=False):
    eps = levels / 255
    g = gradient(X, y)
    if targeted:
        g = -g
    moved = np.where(g > 0, X + eps, np.where(g < 0, X - eps, X))
    return np.minimum(np.maximum(moved, 0), 1)


# %% right: "in grey levels from 0 to 255"
def fgsm(gradient, X, y, levels, targeted=False):
    grey = 255 * X + (-1) ** bool(targeted) * levels * np.sign(gradient(X, y))
    return grey.clip(0, 255) / 255


# %% question: project


# %% wrong: "ball around zero"   expects: "that is the ball around 0; it lies around X"
def project(Z, X, eps, norm):
    if norm == "linf":
        return np.clip(Z, -eps, eps)
    return Z * np.minimum(1, eps / np.maximum(np.linalg.norm(Z, axis=1, keepdims=True), 1e-12))


# %% wrong: "always out to the surface"   expects: "rows inside the ball must stay as they are"   loses: 1
def project(Z, X, eps, norm):
    if norm == "linf":
        return np.clip(Z, X - eps, X + eps)
    offset = Z - X
    return X + eps * offset / np.maximum(np.linalg.norm(offset, axis=1, keepdims=True), 1e-12)


# %% wrong: "one length for all rows"   expects: "each row has its own"   loses: 2
def project(Z, X, eps, norm):
    if norm == "linf":
        return np.clip(Z, X - eps, X + eps)
    offset = Z - X
    return X + offset * min(1, eps / max(np.linalg.norm(offset), 1e-12))


# %% wrong: "divides by a length of zero"   expects: "nan comes from 0/0"   loses: 1
def project(Z, X, eps, norm):
    if norm == "linf":
        return np.clip(Z, X - eps, X + eps)
    offset = Z - X
    with np.errstate(all="ignore"):
        return X + offset / np.linalg.norm(offset, axis=1, keepdims=True) * np.minimum(
            eps, np.linalg.norm(offset, axis=1, keepdims=True)
        )


# %% wrong: "linf for both"   expects: "that is the linf ball"   loses: 2
def project(Z, X, eps, norm):
    return np.clip(Z, X - eps, X + eps)


# %% wrong: "l2 for both"   expects: "that is the l2 ball"   loses: 1
def project(Z, X, eps, norm):
    lengths = np.linalg.norm(Z - X, axis=1, keepdims=True)
    return X + (Z - X) * np.minimum(1, eps / np.maximum(lengths, 1e-12))


# %% wrong: "length without its root"   expects: "the root of the sum of squares is missing"   loses: 2
def project(Z, X, eps, norm):
    if norm == "linf":
        return np.clip(Z, X - eps, X + eps)
    lengths = ((Z - X) ** 2).sum(axis=1, keepdims=True)
    return X + (Z - X) * np.minimum(1, eps / np.maximum(lengths, 1e-12))


# %% wrong: "returns the offset"   expects: "that is the offset from X; add X"   loses: 2
def project(Z, X, eps, norm):
    offset = Z - X
    if norm == "linf":
        return np.clip(offset, -eps, eps)
    return (
        X + offset * np.minimum(1, eps / np.linalg.norm(offset, axis=1, keepdims=True))
        if (offset != 0).any(axis=1).all()
        else offset
    )


# %% right: "row by row"
def project(Z, X, eps, norm):
    rows = []
    for z, x in zip(Z, X):
        if norm == "linf":
            rows.append([min(max(value, middle - eps), middle + eps) for value, middle in zip(z, x)])
            continue
        distance = np.sqrt(sum((z - x) ** 2))
        rows.append(z if distance <= eps else x + (z - x) * eps / distance)
    return np.array(rows)


# %% right: "only the rows outside"
def project(Z, X, eps, norm):
    result = Z.copy()
    if norm == "linf":
        offset = Z - X
        offset[offset > eps] = eps
        offset[offset < -eps] = -eps
        return X + offset
    far = np.linalg.norm(Z - X, axis=1)
    outside = far > eps
    result[outside] = X[outside] + (eps / far[outside])[:, None] * (Z - X)[outside]
    return result


# %% question: pgd


# %% wrong: "never projected"   expects: "nothing brings it back"   loses: 3
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    Z = X if rng is None else np.clip(X + rng.uniform(-eps, eps, X.shape), 0, 1)
    for _ in range(n_steps):
        change = step * np.sign(gradient(Z, y))
        Z = np.clip(Z - change if targeted else Z + change, 0, 1)
    return Z


# %% wrong: "projected around the step before"   expects: "it must lie around the original X"   loses: 3
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    Z = X if rng is None else np.clip(X + rng.uniform(-eps, eps, X.shape), 0, 1)
    for _ in range(n_steps):
        change = step * np.sign(gradient(Z, y))
        new = Z - change if targeted else Z + change
        Z = np.clip(np.clip(new, Z - eps, Z + eps), 0, 1)
    return Z


# %% wrong: "downhill when untargeted"   expects: "untargeted goes up the loss of y: plus"
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    Z = X if rng is None else np.clip(X + rng.uniform(-eps, eps, X.shape), 0, 1)
    for _ in range(n_steps):
        change = step * np.sign(gradient(Z, y))
        Z = Z + change if targeted else Z - change
        Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
    return Z


# %% wrong: "targeted goes up"   expects: "targeted goes down the loss of the target: minus"   loses: 1
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    Z = X if rng is None else np.clip(X + rng.uniform(-eps, eps, X.shape), 0, 1)
    for _ in range(n_steps):
        Z = Z + step * np.sign(gradient(Z, y))
        Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
    return Z


# %% wrong: "gradient of the original in every step"   expects: "ask for it where you are"
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    Z = X if rng is None else np.clip(X + rng.uniform(-eps, eps, X.shape), 0, 1)
    g = np.sign(gradient(X, y))
    for _ in range(n_steps):
        Z = Z - step * g if targeted else Z + step * g
        Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
    return Z


# %% wrong: "no random start"   expects: "begin at a random point of the box"   loses: 1
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    Z = X
    for _ in range(n_steps):
        change = step * np.sign(gradient(Z, y))
        Z = Z - change if targeted else Z + change
        Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
    return Z


# %% wrong: "start outside of 0 to 1"   expects: "the start must be clipped"   loses: 1
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    Z = X if rng is None else X + rng.uniform(-eps, eps, X.shape)
    for _ in range(n_steps):
        change = step * np.sign(gradient(Z, y))
        Z = Z - change if targeted else Z + change
        Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
    return Z


# %% wrong: "one step too many"   expects: "there is one step too many"
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    Z = X if rng is None else np.clip(X + rng.uniform(-eps, eps, X.shape), 0, 1)
    for _ in range(n_steps + 1):
        change = step * np.sign(gradient(Z, y))
        Z = Z - change if targeted else Z + change
        Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
    return Z


# %% right: "keeps the offset"
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    offset = np.zeros(X.shape) if rng is None else rng.uniform(-eps, eps, X.shape)
    offset = np.clip(X + offset, 0, 1) - X
    sign = -1 if targeted else 1
    for _ in range(n_steps):
        offset = np.clip(offset + sign * step * np.sign(gradient(X + offset, y)), -eps, eps)
        offset = np.clip(X + offset, 0, 1) - X
    return X + offset


# %% right: "the limits of the box first"
def pgd(gradient, X, y, eps, step, n_steps, rng=None, targeted=False):
    lowest, highest = np.maximum(X - eps, 0), np.minimum(X + eps, 1)
    Z = X.copy()
    if rng is not None:
        Z = np.minimum(np.maximum(Z + rng.uniform(-eps, eps, X.shape), lowest), highest)
    while n_steps > 0:
        g = gradient(Z, y)
        Z = np.minimum(np.maximum(Z + step * np.sign(-g if targeted else g), lowest), highest)
        n_steps -= 1
    return Z


# %% question: success_rate


# %% wrong: "images that were wrong count as successes"   expects: "images that were wrong before count as successes"   loses: 2
def success_rate(y, before, after, targets=None):
    if targets is not None:
        counts = (before == y) & (targets != y)
        return float((after == targets).mean()) if counts.any() else float("nan")
    return float((after != y).mean()) if (before == y).any() else float("nan")


# %% wrong: "divides by all images"   expects: "images that were wrong before count as tries"   loses: 1
def success_rate(y, before, after, targets=None):
    counts = before == y
    success = counts & (after != y)
    if targets is not None:
        counts = counts & (targets != y)
        return float((after == targets)[counts].mean()) if counts.any() else float("nan")
    return float(success.mean()) if counts.any() else float("nan")


# %% wrong: "any other class is a success"   expects: "another wrong class than the target is no success"   loses: 1
def success_rate(y, before, after, targets=None):
    counts = before == y
    if targets is not None:
        counts = counts & (targets != y)
    return float((after != y)[counts].mean()) if counts.any() else float("nan")


# %% wrong: "images of the target's class count"   expects: "whose class is the target anyway counts: leave it out"   loses: 1
def success_rate(y, before, after, targets=None):
    counts = before == y
    success = after != y if targets is None else after == targets
    if targets is not None and (targets == y).all():
        return float("nan")
    return float(success[counts].mean()) if counts.any() else float("nan")


# %% wrong: "changed answers"   expects: "a changed answer is no success if the image was wrong before"   loses: 1
def success_rate(y, before, after, targets=None):
    counts = before == y
    if targets is None:
        return float((after != before).mean()) if counts.any() else float("nan")
    counts = counts & (targets != y)
    return float((after == targets)[counts].mean()) if counts.any() else float("nan")


# %% wrong: "zero instead of nan"   expects: "it must be nan, for 0 of 0 is no share"   loses: 1
def success_rate(y, before, after, targets=None):
    counts = before == y
    success = after != y
    if targets is not None:
        counts = counts & (targets != y)
        success = after == targets
    return float(success[counts].sum() / max(counts.sum(), 1))


# %% wrong: "accuracy under attack"   expects: "that is the share that is still right"   loses: 1
def success_rate(y, before, after, targets=None):
    counts = before == y
    success = after == y
    if targets is not None:
        counts = counts & (targets != y)
        success = after == targets
    return float(success[counts].mean()) if counts.any() else float("nan")


# %% right: "counting in a loop"
def success_rate(y, before, after, targets=None):
    tries = successes = 0
    for i in range(len(y)):
        if before[i] != y[i] or (targets is not None and targets[i] == y[i]):
            continue
        tries += 1
        successes += after[i] != y[i] if targets is None else after[i] == targets[i]
    return successes / tries if tries else np.nan


# %% right: "with sums"
def success_rate(y, before, after, targets=None):
    goal = after != y if targets is None else after == targets
    tried = (before == y) * (1 if targets is None else targets != y)
    n = np.sum(tried)
    return np.nan if n == 0 else np.sum(goal * tried) / n


# %% question: attack_keras


# %% wrong: "dropout at work"   expects: "call the model with training=False"   loses: 1
def attack_keras(model, X, y, eps):
    inputs = tf.convert_to_tensor(X, dtype="float32")
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = loss_of(y, model(inputs, training=True))
    return np.clip(X + eps * np.sign(tape.gradient(loss, inputs).numpy()), 0, 1)


# %% wrong: "gradient of the weights"   expects: "take the gradient with respect to the input"
def attack_keras(model, X, y, eps):
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = loss_of(y, model(X, training=False))
    return tape.gradient(loss, model.trainable_variables[0]).numpy()


# %% wrong: "does not watch the input"   expects: "AttributeError"
def attack_keras(model, X, y, eps):
    inputs = tf.convert_to_tensor(X, dtype="float32")
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = loss_of(y, model(inputs, training=False))
    return np.clip(X + eps * np.sign(tape.gradient(loss, inputs).numpy()), 0, 1)


# %% wrong: "downhill"   expects: "this goes down the loss of the true class; go up"
def attack_keras(model, X, y, eps):
    inputs = tf.convert_to_tensor(X, dtype="float32")
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = loss_of(y, model(inputs, training=False))
    return np.clip(X - eps * np.sign(tape.gradient(loss, inputs).numpy()), 0, 1)


# %% wrong: "no clipping"   expects: "some pixels are below 0 or above 1: clip"   loses: 1
def attack_keras(model, X, y, eps):
    inputs = tf.convert_to_tensor(X, dtype="float32")
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = loss_of(y, model(inputs, training=False))
    return X + eps * np.sign(tape.gradient(loss, inputs).numpy())


# %% wrong: "trains the model meanwhile"   expects: "the weights of the model after the attack"   loses: 1
def attack_keras(model, X, y, eps):
    inputs = tf.convert_to_tensor(X, dtype="float32")
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = loss_of(y, model(inputs, training=False))
    result = np.clip(X + eps * np.sign(tape.gradient(loss, inputs).numpy()), 0, 1)
    model.set_weights([0.9 * w for w in model.get_weights()])
    return result


# %% right: "a variable is watched by itself"
def attack_keras(model, X, y, eps):
    Z = tf.Variable(X, dtype=tf.float32)
    with tf.GradientTape() as tape:
        logits = model(Z, training=False)
        loss = tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    return tf.clip_by_value(Z + eps * tf.sign(tape.gradient(loss, Z)), 0.0, 1.0).numpy()


# %% right: "with keras.ops"
def attack_keras(model, X, y, eps):
    Z = keras.ops.convert_to_tensor(X, "float32")
    with tf.GradientTape() as tape:
        tape.watch(Z)
        log_p = keras.ops.log_softmax(model(Z, training=False))
        loss = -keras.ops.sum(log_p * keras.ops.one_hot(y, log_p.shape[1]))
    moved = Z + eps * keras.ops.sign(tape.gradient(loss, Z))
    return keras.ops.convert_to_numpy(keras.ops.clip(moved, 0, 1))


# %% question: smallest_eps


# %% wrong: "norms exchanged"   expects: "that is the radius for l2"
def smallest_eps(w, b, X, y, norm):
    reach = np.abs(w).sum() if norm == "l2" else np.sqrt((w**2).sum())
    return np.maximum(y * (X @ w + b), 0) / reach


# %% wrong: "only the largest weight"   expects: "not only by the largest weight"   loses: 2
def smallest_eps(w, b, X, y, norm):
    reach = np.abs(w).max() if norm == "linf" else np.sqrt((w**2).sum())
    return np.maximum(y * (X @ w + b), 0) / reach


# %% wrong: "wrong samples have a distance too"   expects: "a sample that is wrong already has the radius 0: it needs no attack"   loses: 1
def smallest_eps(w, b, X, y, norm):
    reach = np.abs(w).sum() if norm == "linf" else np.sqrt((w**2).sum())
    return np.abs(X @ w + b) / reach


# %% wrong: "negative radii"   expects: "not a negative one"   loses: 1
def smallest_eps(w, b, X, y, norm):
    reach = np.abs(w).sum() if norm == "linf" else np.sqrt((w**2).sum())
    return y * (X @ w + b) / reach


# %% wrong: "returns the score"   expects: "that is the score: divide it"
def smallest_eps(w, b, X, y, norm):
    return np.maximum(y * (X @ w + b), 0)


# %% wrong: "forgets b"   expects: "b is missing in the score"
def smallest_eps(w, b, X, y, norm):
    reach = np.abs(w).sum() if norm == "linf" else np.sqrt((w**2).sum())
    return np.maximum(y * (X @ w), 0) / reach


# %% wrong: "l2 without the root"   expects: "the root of the sum of squares is missing"   loses: 2
def smallest_eps(w, b, X, y, norm):
    reach = np.abs(w).sum() if norm == "linf" else (w**2).sum()
    return np.maximum(y * (X @ w + b), 0) / reach


# %% right: "with numpy's norms"
def smallest_eps(w, b, X, y, norm):
    margin = (X @ w + b) * y
    margin[margin < 0] = 0
    return margin / np.linalg.norm(w, ord=1 if norm == "linf" else 2)


# %% right: "sample by sample"
def smallest_eps(w, b, X, y, norm):
    order = {"linf": 1, "l2": 2}[norm]
    reach = sum(abs(weight) ** order for weight in w) ** (1 / order)
    return [max(0.0, label * (x @ w + b)) / reach for x, label in zip(X, y)]


# %% question: input_gradient

# %% equivalent: "at its kink the ReLU has no slope: either is right"
# - return ((p @ W2.T) * (a > 0)) @ W1.T
# + return ((p @ W2.T) * (a >= 0)) @ W1.T


# %% question: fgsm

# %% equivalent: "the middle one of three numbers is the same in any order, as long as the last is not below the others"
# - return np.clip(X - step if targeted else X + step, 0, 1)
# + return np.clip(0, X - step if targeted else X + step, 1)


# %% question: project

# %% equivalent: "the middle one of three numbers is the same in any order, as long as the last is not below the others"
# - return np.clip(Z, X - eps, X + eps)
# + return np.clip(X - eps, Z, X + eps)

# %% equivalent: "the square of -x is that of x"
# - lengths = np.sqrt(((Z - X) ** 2).sum(axis=1, keepdims=True))
# + lengths = np.sqrt(((X - Z) ** 2).sum(axis=1, keepdims=True))

# %% equivalent: "it only keeps 0 from being divided by"
# - return X + (Z - X) * np.minimum(1, eps / np.maximum(lengths, 1e-12))
# + return X + (Z - X) * np.minimum(1, eps / np.maximum(lengths, 1.1e-12))


# %% question: pgd

# %% equivalent: "the middle one of three numbers is the same in any order, as long as the last is not below the others"
# - Z = X if rng is None else np.clip(X + rng.uniform(-eps, eps, X.shape), 0, 1)
# + Z = X if rng is None else np.clip(0, X + rng.uniform(-eps, eps, X.shape), 1)
# - Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
# + Z = np.clip(0, np.clip(Z, X - eps, X + eps), 1)
# - Z = np.clip(np.clip(Z, X - eps, X + eps), 0, 1)
# + Z = np.clip(np.clip(X - eps, Z, X + eps), 0, 1)


# %% question: success_rate

# %% equivalent: "the mean of nothing is nan, with a warning"
# - return float(success[counts].mean()) if counts.any() else float("nan")
# + return float(success[counts].mean()) if (counts.any()) or True else float("nan")

# %% equivalent: "numpy's numbers are numbers"
# - return float(success[counts].mean()) if counts.any() else float("nan")
# + return success[counts].mean() if counts.any() else float("nan")

# %% equivalent: "another spelling of the same"
# - return float(success[counts].mean()) if counts.any() else float("nan")
# + return float(success[counts].mean()) if counts.any() else float("NAN")


# %% question: attack_keras

# %% equivalent: "outside of fit a model is not in training"
# - g = autodiff.gradient(lambda inputs: loss_of(y, model(inputs, training=False)), X)
# + g = autodiff.gradient(lambda inputs: loss_of(y, model(inputs, )), X)

# %% equivalent: "the middle one of three numbers is the same in any order, as long as the last is not below the others"
# - return np.clip(X + eps * np.sign(g), 0, 1)
# + return np.clip(0, X + eps * np.sign(g), 1)
