# Answers to exercise 3 as people write them, wrong ones and right ones. `autograder audit` puts each in the place of its
# question's answer: a wrong one must lose the points that it should and be told why, a right one must keep them all.
# ruff: noqa: B007, B905

# %% question: minibatches


# %% wrong: "shuffles X without y"   expects: "use one order for X and for y"   loses: 2
def minibatches(X, y, batch_size, n_epochs, rng):
    for _ in range(n_epochs):
        shuffled = X[rng.permutation(len(X))]
        for start in range(0, len(X), batch_size):
            yield shuffled[start : start + batch_size], y[start : start + batch_size]


# %% wrong: "drops the last batch"   expects: "the last batch is dropped"   loses: 1
def minibatches(X, y, batch_size, n_epochs, rng):
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for i in range(len(X) // batch_size):
            batch = order[i * batch_size : (i + 1) * batch_size]
            yield X[batch], y[batch]


# %% wrong: "no reshuffle between epochs"   expects: "the second epoch has the order of the first"   loses: 1
def minibatches(X, y, batch_size, n_epochs, rng):
    order = rng.permutation(len(X))
    for _ in range(n_epochs):
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            yield X[batch], y[batch]


# %% wrong: "never shuffles"   expects: "in the order in which they stand in X"   loses: 1
def minibatches(X, y, batch_size, n_epochs, rng):
    for _ in range(n_epochs):
        for start in range(0, len(X), batch_size):
            yield X[start : start + batch_size], y[start : start + batch_size]


# %% wrong: "np.random instead of rng"   expects: "the same seed gave two different orders"   loses: 1
def minibatches(X, y, batch_size, n_epochs, rng):
    for _ in range(n_epochs):
        order = np.random.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            yield X[batch], y[batch]


# %% wrong: "a generator of its own"   expects: "three different rng gave the same order"   loses: 1
def minibatches(X, y, batch_size, n_epochs, rng):
    rng = np.random.default_rng(42)
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            yield X[batch], y[batch]


# %% wrong: "draws with replacement"   expects: "and another never"   loses: 2
def minibatches(X, y, batch_size, n_epochs, rng):
    for _ in range(n_epochs):
        order = rng.integers(len(X), size=len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            yield X[batch], y[batch]


# %% wrong: "one epoch only"   expects: "there was only one epoch: repeat for n_epochs"
def minibatches(X, y, batch_size, n_epochs, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]


# %% wrong: "batches run over the end of an epoch"   expects: "mixes the end of one epoch with the start of the next"   loses: 1
def minibatches(X, y, batch_size, n_epochs, rng):
    order = np.concatenate([rng.permutation(len(X)) for _ in range(n_epochs)])
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]


# %% wrong: "shuffles the caller's arrays"   expects: "minibatches must not reorder the X it was given"   loses: 1
def minibatches(X, y, batch_size, n_epochs, rng):
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for start in range(0, len(X), batch_size):
            yield X[start : start + batch_size].copy(), y[start : start + batch_size].copy()


# %% wrong: "prints the batches"   expects: "minibatches returned None"
def minibatches(X, y, batch_size, n_epochs, rng):
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            print(X[batch], y[batch])


# %% right: "a list instead of a generator"
def minibatches(X, y, batch_size, n_epochs, rng):
    batches = []
    for _ in range(n_epochs):
        order = list(range(len(X)))
        rng.shuffle(order)
        while order:
            batch, order = order[:batch_size], order[batch_size:]
            batches.append((X[batch], y[batch]))
    return batches


# %% right: "array_split at the boundaries"
def minibatches(X, y, batch_size, n_epochs, rng):
    cuts = np.arange(batch_size, len(X), batch_size)
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        yield from zip(np.split(X[order], cuts), np.split(y[order], cuts))


# %% right: "sorts by random keys"
def minibatches(X, y, batch_size, n_epochs, rng):
    epoch = 0
    while epoch < n_epochs:
        order = np.argsort(rng.random(len(X)))
        done = 0
        while done < len(X):
            batch = order[done : done + batch_size]
            done += len(batch)
            yield X[batch], y[batch]
        epoch += 1


# %% question: descend


# %% wrong: "ascent"   expects: "this walks uphill"   loses: 2
def descend(gradient, theta, lr, n_steps):
    trail = [theta]
    for _ in range(n_steps):
        theta = theta + lr * gradient(theta)
        trail.append(theta)
    return np.array(trail)


# %% wrong: "a trail of aliases"   expects: "every row of the trail is the last place"   loses: 1
def descend(gradient, theta, lr, n_steps):
    theta = theta.copy()
    trail = [theta]
    for _ in range(n_steps):
        theta -= lr * gradient(theta)
        trail.append(theta)
    return np.array(trail)


# %% wrong: "changes the theta it was given"   expects: "descend must not change the theta it was given"   loses: 1
def descend(gradient, theta, lr, n_steps):
    trail = [theta.copy()]
    for _ in range(n_steps):
        theta -= lr * gradient(theta)
        trail.append(theta.copy())
    return np.array(trail)


# %% wrong: "the gradient of the start"   expects: "ask for it anew where you stand"   loses: 2
def descend(gradient, theta, lr, n_steps):
    g = gradient(theta)
    trail = [theta]
    for _ in range(n_steps):
        theta = theta - lr * g
        trail.append(theta)
    return np.array(trail)


# %% wrong: "the start is missing"   expects: "row 0 is where you began"   loses: 1
def descend(gradient, theta, lr, n_steps):
    trail = []
    for _ in range(n_steps):
        theta = theta - lr * gradient(theta)
        trail.append(theta)
    return np.array(trail)


# %% wrong: "forgets the learning rate"   expects: "the learning rate is missing"   loses: 2
def descend(gradient, theta, lr, n_steps):
    trail = [theta]
    for _ in range(n_steps):
        theta = theta - gradient(theta)
        trail.append(theta)
    return np.array(trail)


# %% wrong: "returns the last place only"   expects: "not only one"
def descend(gradient, theta, lr, n_steps):
    for _ in range(n_steps):
        theta = theta - lr * gradient(theta)
    return theta


# %% wrong: "one step too many"   expects: "there is one step too many"
def descend(gradient, theta, lr, n_steps):
    trail = [theta]
    for _ in range(n_steps + 1):
        theta = theta - lr * gradient(theta)
        trail.append(theta)
    return np.array(trail)


# %% wrong: "no return"   expects: "did you forget `return`?"
def descend(gradient, theta, lr, n_steps):
    trail = [theta]
    for _ in range(n_steps):
        trail.append(trail[-1] - lr * gradient(trail[-1]))


# %% right: "fills an array"
def descend(gradient, theta, lr, n_steps):
    trail = np.empty((n_steps + 1, len(theta)))
    trail[0] = theta
    for i in range(n_steps):
        trail[i + 1] = trail[i] - lr * np.asarray(gradient(trail[i].copy()))
    return trail


# %% right: "in place on a copy, number by number"
def descend(gradient, theta, lr, n_steps):
    here = [float(number) for number in theta]
    trail = [list(here)]
    while len(trail) <= n_steps:
        g = gradient(np.array(here))
        for j in range(len(here)):
            here[j] -= lr * g[j]
        trail.append(list(here))
    return trail


# %% question: heavy_ball


# %% wrong: "the velocity is reset in each step"   expects: "the velocity is forgotten"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    trail = [theta]
    for _ in range(n_steps):
        m = np.zeros_like(theta)
        m = beta * m - lr * gradient(theta + beta * m if nesterov else theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "Nesterov's gradient taken at theta"   expects: "the gradient is taken at theta, as without Nesterov"   loses: 2
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = beta * m - lr * gradient(theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "looks ahead by all of m"   expects: "look ahead by beta · m, not by all of m"   loses: 2
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = beta * m - lr * gradient(theta + m if nesterov else theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "looks back"   expects: "that looks back"   loses: 2
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = beta * m - lr * gradient(theta - beta * m if nesterov else theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "theta itself moved ahead"   expects: "beta · m counts twice"   loses: 2
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = 0, [theta]
    for _ in range(n_steps):
        if nesterov:
            theta = theta + beta * m
        m = beta * m - lr * gradient(theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "Keras's points in the trail"   expects: "these are the points looked ahead to"   loses: 2
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        g = gradient(theta)
        m = beta * m - lr * g
        theta = theta + (beta * m - lr * g if nesterov else m)
        trail.append(theta)
    return np.array(trail)


# %% wrong: "a running mean of the gradient"   expects: "without a factor 1 - beta"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = beta * m - (1 - beta) * lr * gradient(theta + beta * m if nesterov else theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "uphill"   expects: "this walks uphill"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = beta * m + lr * gradient(theta + beta * m if nesterov else theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "the learning rate twice"   expects: "the learning rate is in m already"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = beta * m - lr * gradient(theta + beta * m if nesterov else theta)
        theta = theta + lr * m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "moves by the old velocity"   expects: "theta moves by the new m"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        g = gradient(theta + beta * m if nesterov else theta)
        theta = theta + m
        m = beta * m - lr * g
        trail.append(theta)
    return np.array(trail)


# %% wrong: "no beta"   expects: "nothing brakes m"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = m - lr * gradient(theta + beta * m if nesterov else theta)
        theta = theta + m
        trail.append(theta)
    return np.array(trail)


# %% wrong: "a trail of aliases"   expects: "every row is the last place"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    theta = theta.copy()
    m, trail = np.zeros_like(theta), [theta]
    for _ in range(n_steps):
        m = beta * m - lr * gradient(theta + beta * m if nesterov else theta)
        theta += m
        trail.append(theta)
    return np.array(trail)


# %% right: "collects the descent and subtracts it, as MBL writes it"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    delta = 0.0
    trail = [np.array(theta, dtype=float)]
    for _ in range(n_steps):
        here = trail[-1] - beta * delta if nesterov else trail[-1]
        delta = lr * np.asarray(gradient(here)) + beta * delta
        trail.append(trail[-1] - delta)
    return np.stack(trail)


# %% right: "velocity without the learning rate, in place on copies"
def heavy_ball(gradient, theta, lr, beta, n_steps, nesterov=False):
    theta = np.array(theta, dtype=float)
    velocity = np.zeros(len(theta))
    trail = [theta.copy()]
    for _ in range(n_steps):
        look = theta - lr * beta * velocity if nesterov else theta
        velocity *= beta
        velocity += gradient(look.copy())
        theta -= lr * velocity
        trail.append(theta.copy())
    return trail


# %% question: train_adam


# %% wrong: "no bias correction"   expects: "the bias correction is missing: divide m"   loses: 3
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(1, n_steps + 1):
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b**2 for a, b in zip(v, g)]
        weights = [w - lr * a / (np.sqrt(b) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% wrong: "epsilon inside the root"   expects: "epsilon stands inside the root"   loses: 1
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(1, n_steps + 1):
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b**2 for a, b in zip(v, g)]
        weights = [w - lr * a / (1 - beta1**t) / np.sqrt(b / (1 - beta2**t) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% wrong: "t is not counted up"   expects: "t stays 1"   loses: 1
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    t = 1
    for _ in range(n_steps):
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b**2 for a, b in zip(v, g)]
        weights = [w - lr * a / (1 - beta1**t) / (np.sqrt(b / (1 - beta2**t)) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% wrong: "t begins with 0"   expects: "t = 0 divides by zero"   loses: 3
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(n_steps):
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b**2 for a, b in zip(v, g)]
        c1, c2 = np.float64(1 - beta1**t), np.float64(1 - beta2**t)
        weights = [w - lr * (a / c1) / (np.sqrt(b / c2) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% wrong: "m and v start anew in each step"   expects: "they must outlive it"   loses: 1
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    for _ in range(n_steps):
        t = 1
        m = [0 * w for w in weights]
        v = [0 * w for w in weights]
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b**2 for a, b in zip(v, g)]
        weights = [w - lr * a / (1 - beta1**t) / (np.sqrt(b / (1 - beta2**t)) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% wrong: "one memory for all arrays"   expects: "the arrays disturb each other"   loses: 1
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    weights = list(weights)
    m, v = 0, 0
    for t in range(1, n_steps + 1):
        for i, g in enumerate(gradients(weights)):
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            weights[i] = weights[i] - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return weights


# %% wrong: "changes the weights it was given"   expects: "train_adam must not change the weights it was given"   loses: 1
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(1, n_steps + 1):
        for i, g in enumerate(gradients(weights)):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g**2
            weights[i][...] -= lr * m[i] / (1 - beta1**t) / (np.sqrt(v[i] / (1 - beta2**t)) + eps)
    return weights


# %% wrong: "the gradient is not squared"   expects: "v is the mean of the squares"   loses: 3
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(1, n_steps + 1):
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * np.abs(b) for a, b in zip(v, g)]
        weights = [w - lr * a / (1 - beta1**t) / (np.sqrt(b / (1 - beta2**t)) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% wrong: "only m is corrected"   expects: "v needs its own division by 1 - beta2^t"   loses: 3
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(1, n_steps + 1):
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b**2 for a, b in zip(v, g)]
        weights = [w - lr * a / (1 - beta1**t) / (np.sqrt(b) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% wrong: "Keras's epsilon"   expects: "epsilon is added before the correction of v"   loses: 1
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(1, n_steps + 1):
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b**2 for a, b in zip(v, g)]
        rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
        weights = [w - rate * a / (np.sqrt(b) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% wrong: "uphill"   expects: "this walks uphill"   loses: 3
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(1, n_steps + 1):
        g = gradients(weights)
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b**2 for a, b in zip(v, g)]
        weights = [w + lr * a / (1 - beta1**t) / (np.sqrt(b / (1 - beta2**t)) + eps) for w, a, b in zip(weights, m, v)]
    return weights


# %% right: "one loop over steps, one over arrays, running powers"
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    weights = [np.array(w, dtype=float) for w in weights]
    m = [np.zeros(w.shape) for w in weights]
    v = [np.zeros(w.shape) for w in weights]
    power1 = power2 = 1.0
    for _ in range(n_steps):
        power1, power2 = power1 * beta1, power2 * beta2
        slopes = gradients([w.copy() for w in weights])
        for w, g, a, b in zip(weights, slopes, m, v):
            a += (1 - beta1) * (g - a)
            b += (1 - beta2) * (g * g - b)
            w -= lr * (a / (1 - power1)) / ((b / (1 - power2)) ** 0.5 + eps)
    return weights


# %% right: "flattened into one vector"
def train_adam(gradients, weights, lr, n_steps, beta1=0.9, beta2=0.999, eps=1e-8):
    shapes = [np.shape(w) for w in weights]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]

    def unpack(flat):
        return [part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes)]

    theta = np.concatenate([np.ravel(w) for w in weights])
    m = v = np.zeros(theta.size)
    t = 0
    while t < n_steps:
        t += 1
        g = np.concatenate([np.ravel(part) for part in gradients(unpack(theta))])
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return unpack(theta)


# %% question: one_cycle


# %% wrong: "divides by n_steps"   expects: "divide by n_steps - 1"
def one_cycle(step, n_steps, lr_max):
    p = step / n_steps
    if p <= 0.3:
        u = p / 0.3
        return lr_max * (0.04 + 0.96 * u), 0.95 - 0.1 * u
    wave = (1 + np.cos(np.pi * (p - 0.3) / 0.7)) / 2
    return lr_max * (1e-4 + (1 - 1e-4) * wave), 0.95 - 0.1 * wave


# %% wrong: "falls on a straight line"   expects: "not on a straight line"   loses: 2
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return lr_max * (0.04 + 0.96 * u), 0.95 - 0.1 * u
    u = (p - 0.3) / 0.7
    return lr_max * (1 - u * (1 - 1e-4)), 0.95 - 0.1 * (1 + np.cos(np.pi * u)) / 2


# %% wrong: "the momentum goes with the learning rate"   expects: "it must do the opposite"   loses: 1
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return lr_max * (0.04 + 0.96 * u), 0.85 + 0.1 * u
    wave = (1 + np.cos(np.pi * (p - 0.3) / 0.7)) / 2
    return lr_max * (1e-4 + (1 - 1e-4) * wave), 0.85 + 0.1 * wave


# %% wrong: "a whole cosine"   expects: "with 2π it comes back up"   loses: 2
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return lr_max * (0.04 + 0.96 * u), 0.95 - 0.1 * u
    u = (p - 0.3) / 0.7
    wave = (1 + np.cos(2 * np.pi * u)) / 2
    return lr_max * (1e-4 + (1 - 1e-4) * wave), 0.95 - 0.1 * (1 + np.cos(np.pi * u)) / 2


# %% wrong: "adds all of lr_max"   expects: "add u times what is missing"   loses: 2
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return lr_max / 25 + u * lr_max, 0.95 - 0.1 * u
    wave = (1 + np.cos(np.pi * (p - 0.3) / 0.7)) / 2
    return lr_max * (1e-4 + (1 - 1e-4) * wave), 0.95 - 0.1 * wave


# %% wrong: "warms up from zero"   expects: "it begins at lr_max / 25, not at 0"   loses: 2
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return lr_max * u, 0.95 - 0.1 * u
    wave = (1 + np.cos(np.pi * (p - 0.3) / 0.7)) / 2
    return lr_max * (1e-4 + (1 - 1e-4) * wave), 0.95 - 0.1 * wave


# %% wrong: "ends at zero"   expects: "it ends at lr_max / 10,000, not at 0"   loses: 2
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return lr_max * (0.04 + 0.96 * u), 0.95 - 0.1 * u
    wave = (1 + np.cos(np.pi * (p - 0.3) / 0.7)) / 2
    return lr_max * wave, 0.95 - 0.1 * wave


# %% wrong: "the cosine counts from the first step"   expects: "after the top u counts from there"   loses: 2
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return lr_max * (0.04 + 0.96 * u), 0.95 - 0.1 * u
    wave = (1 + np.cos(np.pi * p)) / 2
    return lr_max * (1e-4 + (1 - 1e-4) * wave), 0.95 - 0.1 * (1 + np.cos(np.pi * (p - 0.3) / 0.7)) / 2


# %% wrong: "forgets lr_max"   expects: "lr_max is ignored"   loses: 2
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return 0.04 + 0.96 * u, 0.95 - 0.1 * u
    wave = (1 + np.cos(np.pi * (p - 0.3) / 0.7)) / 2
    return 1e-4 + (1 - 1e-4) * wave, 0.95 - 0.1 * wave


# %% wrong: "nothing after the top"   expects: "every step needs a pair"
def one_cycle(step, n_steps, lr_max):
    p = step / (n_steps - 1)
    if p <= 0.3:
        u = p / 0.3
        return lr_max * (0.04 + 0.96 * u), 0.95 - 0.1 * u


# %% right: "np.interp and an array"
def one_cycle(step, n_steps, lr_max):
    p = np.float64(step) / (n_steps - 1)
    up = np.interp(p, [0, 0.3], [0, 1])
    wave = np.cos(np.pi / 2 * max(p - 0.3, 0) / 0.7) ** 2  # the same as half of 1 + cos
    lr = lr_max / 25 + (lr_max - lr_max / 25) * up if p <= 0.3 else lr_max / 1e4 + (lr_max - lr_max / 1e4) * wave
    return np.array([lr, 0.95 - 0.1 * (up if p <= 0.3 else wave)])


# %% right: "a table of all steps, with math"
def one_cycle(step, n_steps, lr_max):
    import math

    def at(i):
        p = i / (n_steps - 1)
        if p > 0.3:
            height = 0.5 * (1 + math.cos(math.pi * (p - 0.3) / 0.7))
            low = lr_max / 10_000
        else:
            height, low = p / 0.3, lr_max / 25
        return [low + height * (lr_max - low), 0.85 + 0.1 * (1 - height)]

    return [at(i) for i in range(n_steps)][step]


# %% question: plateau


# %% wrong: "compares with the epoch before"   expects: "not with the epoch before"   loses: 1
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, previous, waited = [], np.inf, 0
    best = np.inf
    for loss in losses:
        # min_delta counts against the best, everything else against the epoch before
        if loss < best - min_delta or (loss < previous and min_delta == 0):
            waited = 0
            best = loss
        else:
            waited += 1
        previous = loss
        if waited == patience:
            lr, waited = lr * factor, 0
        lrs.append(lr)
        if lr < lr_min:
            break
    return np.array(lrs)


# %% wrong: "the first epoch counts as none"   expects: "the first epoch was not taken for an improvement"   loses: 2
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    best, waited, lrs = losses[0], 0, []
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
    return lrs


# %% wrong: "counts all epochs without improvement"   expects: "count epochs in a row"   loses: 1
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        if loss < best - min_delta:
            best = loss
        else:
            waited += 1
            if waited == patience:
                lr, waited = lr * factor, 0
        lrs.append(lr)
        if lr < lr_min:
            break
    return np.array(lrs)


# %% wrong: "the counter goes on after a cut"   expects: "after the rate has been cut the counter starts at zero again"   loses: 1
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            lr = lr * factor
        lrs.append(lr)
        if lr < lr_min:
            break
    return np.array(lrs)


# %% wrong: "one epoch too late"   expects: "one epoch too late"   loses: 2
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
        if waited > patience:
            lr, waited = lr * factor, 0
        lrs.append(lr)
        if lr < lr_min:
            break
    return np.array(lrs)


# %% wrong: "forgets min_delta"   expects: "min_delta is ignored"   loses: 1
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            lr, waited = lr * factor, 0
        lrs.append(lr)
        if lr < lr_min:
            break
    return np.array(lrs)


# %% wrong: "the best follows small gains"   expects: "the best so far follows gains too small to count"   loses: 1
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        waited = 0 if loss < best - min_delta else waited + 1
        best = min(best, loss)
        if waited == patience:
            lr, waited = lr * factor, 0
        lrs.append(lr)
        if lr < lr_min:
            break
    return np.array(lrs)


# %% wrong: "never stops"   expects: "it never stops"   loses: 1
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            lr, waited = max(lr * factor, lr_min), 0
        lrs.append(lr)
    return np.array(lrs)


# %% wrong: "stops before the last rate is noted"   expects: "before its last cut is written down"   loses: 1
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            lr, waited = lr * factor, 0
        if lr < lr_min:
            break
        lrs.append(lr)
    return np.array(lrs)


# %% wrong: "returns the rates before each epoch"   expects: "these are the rates before each epoch"   loses: 3
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, waited = [], np.inf, 0
    for loss in losses:
        lrs.append(lr)
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            lr, waited = lr * factor, 0
        if lr < lr_min:
            break
    return np.array(lrs)


# %% wrong: "cuts after every epoch"   expects: "the learning rate is multiplied after every epoch"   loses: 2
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs = []
    for loss in losses:
        lr = lr * factor
        lrs.append(lr)
        if lr < lr_min:
            break
    return np.array(lrs)


# %% right: "remembers when the last good epoch was"
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    lrs, best, since = [], losses[0], 0
    for epoch in range(len(losses)):
        if epoch == 0 or best - losses[epoch] > min_delta:
            best, since = losses[epoch], epoch
        if epoch - since == patience:
            lr = factor * lr
            since = epoch
        lrs.append(lr)
        if lr < lr_min:
            return lrs
    return lrs


# %% right: "counts down, in a while loop"
def plateau(losses, lr, factor, patience, min_delta, lr_min):
    losses = list(losses)
    best, left, lrs = float("inf"), patience, []
    while losses and lr >= lr_min:
        loss = losses.pop(0)
        if best - min_delta > loss:
            best, left = loss, patience
        else:
            left -= 1
        if left == 0:
            lr *= factor
            left = patience
        lrs.append(lr)
    return np.array(lrs, dtype="float64")


# %% question: fair_race


# %% wrong: "tunes on the test set"   expects: "the learning rates were chosen by test accuracy"   loses: 1
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    for rule in rules:
        scores = [np.mean([train(rule, lr, seed)[1] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.argmax(scores))]
        race = [train(rule, lr, seed)[1] for seed in race_seeds]
        result[rule] = (lr, np.mean(race), np.std(race, ddof=1))
    return result


# %% wrong: "one learning rate for all"   expects: "both have the learning rate of the first rule"   loses: 1
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    losses = [np.mean([train(rules[0], lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
    lr = lrs[int(np.nanargmin(losses))]
    for rule in rules:
        race = [train(rule, lr, seed)[1] for seed in race_seeds]
        result[rule] = (lr, np.mean(race), np.std(race, ddof=1))
    return result


# %% wrong: "the luckiest start decides"   expects: "one lucky start decided"   loses: 1
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    for rule in rules:
        losses = [np.nanmin([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.argmin(losses))]
        race = [train(rule, lr, seed)[1] for seed in race_seeds]
        result[rule] = (lr, np.mean(race), np.std(race, ddof=1))
    return result


# %% wrong: "nan is the smallest"   expects: "a learning rate that explodes from one seed was chosen"   loses: 1
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    for rule in rules:
        losses = [np.mean([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.argmin(losses))]  # argmin takes nan for the smallest number
        race = [train(rule, lr, seed)[1] for seed in race_seeds]
        result[rule] = (lr, np.mean(race), np.std(race, ddof=1))
    return result


# %% wrong: "races from the tuning seeds"   expects: "the race was run from the tuning seeds"   loses: 1
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    for rule in rules:
        losses = [np.mean([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.nanargmin(losses))]
        race = [train(rule, lr, seed)[1] for seed in tuning_seeds]
        result[rule] = (lr, np.mean(race), np.std([train(rule, lr, s)[1] for s in race_seeds], ddof=1))
    return result


# %% wrong: "reports the best seed"   expects: "that is the best seed"   loses: 1
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    for rule in rules:
        losses = [np.mean([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.nanargmin(losses))]
        race = [train(rule, lr, seed)[1] for seed in race_seeds]
        result[rule] = (lr, np.max(race), np.std(race, ddof=1))
    return result


# %% wrong: "divides by n"   expects: "a sample's standard deviation divides by n - 1"   loses: 1
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    for rule in rules:
        losses = [np.mean([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.nanargmin(losses))]
        race = [train(rule, lr, seed)[1] for seed in race_seeds]
        result[rule] = (lr, np.mean(race), np.std(race))
    return result


# %% wrong: "highest loss"   expects: "these have the highest validation loss"   loses: 1
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    for rule in rules:
        losses = [np.mean([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.nanargmax(losses))]
        race = [train(rule, lr, seed)[1] for seed in race_seeds]
        result[rule] = (lr, np.mean(race), np.std(race, ddof=1))
    return result


# %% wrong: "races by the validation loss"   expects: "report the test accuracy"   loses: 2
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    result = {}
    for rule in rules:
        losses = [np.mean([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
        lr = lrs[int(np.nanargmin(losses))]
        race = [train(rule, lr, seed)[0] for seed in race_seeds]
        result[rule] = (lr, np.mean(race), np.std(race, ddof=1))
    return result


# %% right: "plain Python and statistics"
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    import statistics

    result = {}
    for rule in rules:
        best_lr, lowest = None, float("inf")
        for lr in lrs:
            total = 0.0
            for seed in tuning_seeds:
                loss, _ = train(rule, lr, seed)
                total += loss
            if total < lowest:  # never true for nan
                best_lr, lowest = lr, total
        scores = []
        for seed in race_seeds:
            _, score = train(rule, best_lr, seed)
            scores.append(score)
        result[rule] = [best_lr, statistics.fmean(scores), statistics.stdev(scores)]
    return result


# %% right: "arrays, and min with a key"
def fair_race(train, rules, lrs, tuning_seeds, race_seeds):
    def tuned(rule):
        table = np.array([[train(rule, lr, seed)[0] for seed in tuning_seeds] for lr in lrs])
        table[np.isnan(table).any(axis=1)] = np.inf
        return lrs[table.mean(axis=1).argmin()]

    chosen = {rule: tuned(rule) for rule in rules}
    scores = {rule: np.array([train(rule, chosen[rule], seed)[1] for seed in race_seeds]) for rule in rules}
    return {
        rule: (chosen[rule], score.mean(), np.sqrt(((score - score.mean()) ** 2).sum() / (len(score) - 1)))
        for rule, score in scores.items()
    }


# %% question: descend

# %% equivalent: "lists are as right as arrays"
# - return np.array(trail)
# + return trail


# %% question: heavy_ball

# %% equivalent: "lists are as right as arrays"
# - return np.array(trail)
# + return trail


# %% question: train_adam

# %% equivalent: "the start is a list of arrays, and no step changes one in place"
# - weights = [np.asarray(w) for w in weights]
# + pass
# - weights = [np.asarray(w) for w in weights]
# + weights = [w for w in weights]


# %% question: one_cycle

# %% equivalent: "both formulas give lr_max and 0.85 there"
# - if progress <= 0.3:
# + if progress < 0.3:

# %% equivalent: "the cosine of -x is that of x"
# - wave = (1 + np.cos(np.pi * (progress - 0.3) / 0.7)) / 2
# + wave = (1 + np.cos(np.pi * (0.3 - progress) / 0.7)) / 2


# %% question: plateau

# %% equivalent: "the first epoch is an improvement and sets it to 0"
# - lrs, best, waited = [], np.inf, 0
# + lrs, best, waited = [], np.inf, 1
# - lrs, best, waited = [], np.inf, 0
# + lrs, best, waited = [], np.inf, -1

# %% equivalent: "lists are as right as arrays"
# - return np.array(lrs)
# + return lrs


# %% question: fair_race

# %% equivalent: "the lowest sum is that of the lowest mean: there are as many seeds for each"
# - losses = [np.mean([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]
# + losses = [np.sum([train(rule, lr, seed)[0] for seed in tuning_seeds]) for lr in lrs]

# %% equivalent: "a list takes numpy's whole numbers for an index"
# - lr = lrs[int(np.nanargmin(losses))]
# + lr = lrs[np.nanargmin(losses)]
