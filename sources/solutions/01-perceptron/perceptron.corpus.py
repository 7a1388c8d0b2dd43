# Answers to exercise 1 as people write them, wrong ones and right ones. `autograder audit` puts each in the place of its
# question's answer: a wrong one must lose the points that it should and be told why, a right one must keep them all.
# ruff: noqa: B007, B905, I001

# %% question: predict

# %% wrong: "labels 0 and 1"   expects: "the labels here are -1 and +1, not 0 and 1"
def predict(X, w, b):
    return (X @ w + b > 0).astype(int)


# %% wrong: "forgets the bias"   expects: "the bias is missing"
def predict(X, w, b):
    return np.where(X @ w > 0, 1, -1)


# %% wrong: "subtracts the bias like a threshold"   expects: "the bias has the wrong sign"
def predict(X, w, b):
    return np.where(X @ w > b, 1, -1)


# %% wrong: "fires at zero"   expects: "ask for > 0, not >= 0"
def predict(X, w, b):
    return np.where(X @ w + b >= 0, 1, -1)


# %% wrong: "np.sign, which is 0 at 0"   expects: "np.sign would give 0"
def predict(X, w, b):
    return np.sign(X @ w + b)


# %% wrong: "labels swapped"   expects: "the labels are swapped"
def predict(X, w, b):
    return np.where(X @ w + b > 0, -1, 1)


# %% wrong: "returns the activations"   expects: "these are the activations"
def predict(X, w, b):
    return X @ w + b


# %% wrong: "returns after the first sample"   expects: "not one for the whole table"
def predict(X, w, b):
    for x in X:
        if x @ w + b > 0:
            return 1
        return -1


# %% wrong: "multiplies without summing"   expects: "X @ w, not X * w"
def predict(X, w, b):
    return np.where(X * w + b > 0, 1, -1)


# %% wrong: "prints instead of returning"   expects: "did you forget `return`?"
def predict(X, w, b):
    print(np.where(X @ w + b > 0, 1, -1))


# %% wrong: "assumes two features"   expects: "only the first two features are used"
def predict(X, w, b):
    return np.where(X[:, :2] @ w[:2] + b > 0, 1, -1)


# %% right: "loop, list of numbers"
def predict(X, w, b):
    answers = []
    for x in X:
        activation = b
        for x_j, w_j in zip(x, w):
            activation += x_j * w_j
        answers.append(1 if activation > 0 else -1)
    return answers


# %% right: "einsum, floats from a Boolean"
def predict(X, w, b):
    return 2.0 * (np.einsum("ij,j->i", X, w) + b > 0) - 1


# %% right: "float32, bias in the weights"
def predict(X, w, b):
    with_ones = np.column_stack([X, np.ones(len(X))]).astype("float32")
    answers = np.ones(len(X), dtype=np.int8)
    answers[with_ones @ np.append(w, b).astype("float32") <= 0] = -1
    return answers


# %% question: signed_distance


# %% wrong: "the activation"   expects: "divide them by the length of w"
def signed_distance(X, w, b):
    return X @ w + b


# %% wrong: "divided by the squared length"   expects: "divided by w·w"
def signed_distance(X, w, b):
    return (X @ w + b) / (w @ w)


# %% wrong: "sum of absolute weights"   expects: "divided by |w1| + |w2|"
def signed_distance(X, w, b):
    return (X @ w + b) / np.abs(w).sum()


# %% wrong: "absolute distance"   expects: "the sign is lost"
def signed_distance(X, w, b):
    return np.abs(X @ w + b) / np.linalg.norm(w)


# %% wrong: "only the bias divided: other brackets missing"   expects: "put brackets around w·x + b"
def signed_distance(X, w, b):
    return X @ w + b / np.linalg.norm(w)


# %% wrong: "number of features for the length"   expects: "that is divided by the number of features"
def signed_distance(X, w, b):
    return (X @ w + b) / len(w)


# %% wrong: "** 1/2 is no root"   expects: "write ** 0.5"
def signed_distance(X, w, b):
    return (X @ w + b) / (w @ w) ** 1 / 2


# %% wrong: "brackets missing"   expects: "b must be divided too"
def signed_distance(X, w, b):
    return X @ w / np.linalg.norm(w) + b


# %% wrong: "forgets the bias"   expects: "the bias is missing"
def signed_distance(X, w, b):
    return X @ w / np.linalg.norm(w)


# %% wrong: "the bias counts as a weight"   expects: "the bias does not count towards the length of w"
def signed_distance(X, w, b):
    return (X @ w + b) / np.sqrt(w @ w + b**2)


# %% wrong: "points away"   expects: "the sign is the wrong way round"
def signed_distance(X, w, b):
    return -(X @ w + b) / np.linalg.norm(w)


# %% wrong: "normalises the weights that it was given"   expects: "must not change the w it was given"
def signed_distance(X, w, b):
    length = np.linalg.norm(w)
    w /= length
    return X @ w + b / length


# %% wrong: "a column"   expects: "a column instead of a flat array"
def signed_distance(X, w, b):
    return (X @ w.reshape(-1, 1) + b) / np.linalg.norm(w)


# %% right: "loops and math"
def signed_distance(X, w, b):
    import math

    length = math.sqrt(sum(w_j**2 for w_j in w))
    return [(sum(x_j * w_j for x_j, w_j in zip(x, w)) + b) / length for x in X]


# %% right: "normalises a copy first"
def signed_distance(X, w, b):
    length = (w**2).sum() ** 0.5
    return np.einsum("ij,j->i", X, w / length) + b / length


# %% right: "float32"
def signed_distance(X, w, b):
    X, w = X.astype(np.float32), w.astype(np.float32)
    return (X.dot(w) + np.float32(b)) / np.linalg.norm(w)


# %% question: perceptron_step


# %% wrong: "updates on correct samples too"   expects: "already on its right side"   loses: 1
def perceptron_step(w, b, x, y):
    return w + y * x, b + y


# %% wrong: "changes w in place"   expects: "must not change the w it was given"   loses: 1
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) <= 0:
        w += y * x
        b += y
    return w, b


# %% wrong: "samples on the boundary count as right"   expects: "ask for <= 0, not < 0"   loses: 1
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) < 0:
        return w + y * x, b + y
    return w, b


# %% wrong: "asks predict, for which 0 means -1"   expects: "for label -1 too"   loses: 1
def perceptron_step(w, b, x, y):
    y_hat = 1 if w @ x + b > 0 else -1
    if y_hat != y:
        return w + y * x, b + y
    return w, b


# %% wrong: "wrong direction"   expects: "check the sign"
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) <= 0:
        return w - y * x, b - y
    return w, b


# %% wrong: "never learns: condition turned round"   expects: "nothing changed, although this sample lies on the wrong side"
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) > 0:
        return w + y * x, b + y
    return w, b


# %% wrong: "the rule for labels 0 and 1"   expects: "y - y_hat is ±2"
def perceptron_step(w, b, x, y):
    y_hat = 1 if w @ x + b > 0 else -1
    return w + (y - y_hat) * x, b + (y - y_hat)


# %% wrong: "predicts 0 where the label is -1"   expects: "y - y_hat is -2 here"
def perceptron_step(w, b, x, y):
    y_hat = 1 if w @ x + b > 0 else 0
    return w + (y - y_hat) * x, b + (y - y_hat)


# %% wrong: "brackets missing"   expects: "is it y * (w @ x + b), with brackets?"
def perceptron_step(w, b, x, y):
    if y * w @ x + b <= 0:
        return w + y * x, b + y
    return w, b


# %% wrong: "bias first"   expects: "return the pair w, b, in this order"
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) <= 0:
        return b + y, w + y * x
    return b, w


# %% wrong: "forgets the label"   expects: "for label -1 the step leads away from x"
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) <= 0:
        return w + x, b + 1
    return w, b


# %% wrong: "adds 1 to the bias"   expects: "add y, not 1"   loses: 3
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) <= 0:
        return w + y * x, b + 1
    return w, b


# %% wrong: "the bias does not learn"   expects: "the bias learns too"
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) <= 0:
        return w + y * x, b
    return w, b


# %% wrong: "replaces the weights"   expects: "it is not replaced by it"
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) <= 0:
        return y * x, y
    return w, b


# %% wrong: "leaves the bias out of the activation"   expects: "did you leave out b?"
def perceptron_step(w, b, x, y):
    if y * (w @ x) <= 0:
        return w + y * x, b + y
    return w, b


# %% wrong: "returns only after a mistake"   expects: "return w and b then, too"   loses: 1
def perceptron_step(w, b, x, y):
    if y * (w @ x + b) <= 0:
        return w + y * x, b + y


# %% right: "branch-free"
def perceptron_step(w, b, x, y):
    mistake = float(y * (np.dot(w, x) + b) <= 0)
    return w + mistake * y * x, b + mistake * y


# %% right: "loops, lists and a copy"
def perceptron_step(w, b, x, y):
    w = list(w)
    activation = b
    for j in range(len(w)):
        activation = activation + w[j] * x[j]
    if (y == 1 and activation <= 0) or (y == -1 and activation >= 0):
        for j in range(len(w)):
            w[j] = w[j] + y * x[j]
        b = b + y
    return [w, b]


# %% right: "float32, updates a copy in place"
def perceptron_step(w, b, x, y):
    w, x = np.array(w, dtype="float32"), np.array(x, dtype="float32")
    if y * (w @ x + np.float32(b)) <= 0:
        w += np.float32(y) * x
        b += y
    return w, np.float32(b)


# %% question: train_pocket


# %% wrong: "returns the last weights"   expects: "these are the weights of the last epoch, not of the best"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(int(np.sum(y * (X @ w + b) <= 0)))
    return w, b, mistakes


# %% wrong: "the pocket is an alias"   expects: "put w.copy() there"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], len(X) + 1
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w += y[i] * X[i]
                b += y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, best_w, best_b = mistakes[-1], w, b
    return best_w, best_b, mistakes


# %% wrong: "keeps the worst"   expects: "the pocket keeps the worst epoch"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, most = np.zeros(X.shape[1]), 0.0, [], -1
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] > most:
            most, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "never updates what is best, so the first epoch stays"   expects: "these are the weights of the first epoch"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, pocket = np.zeros(X.shape[1]), 0.0, [], None
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if pocket is None:
            pocket = (w, b)
    return *pocket, mistakes


# %% wrong: "counts updates while learning"   expects: "count after the epoch, not while learning"   loses: 2
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        updates = 0
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
                updates += 1
        mistakes.append(updates)
        if updates < fewest:
            fewest, pocket = updates, (w, b)
    return *pocket, mistakes


# %% wrong: "returns the best so far as history"   expects: "not the best so far"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        now = np.sum(y * (X @ w + b) <= 0)
        if now < fewest:
            fewest, pocket = now, (w, b)
        mistakes.append(fewest)
    return *pocket, mistakes


# %% wrong: "history also holds the start"   expects: "the start does not count"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, fewest = np.zeros(X.shape[1]), 0.0, np.inf
    mistakes = [len(X)]
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "the count never begins again"   expects: "begin each count at 0 again"   loses: 2
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest, n_wrong = np.zeros(X.shape[1]), 0.0, [], np.inf, 0
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        for i in range(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                n_wrong += 1
        mistakes.append(n_wrong)
        if n_wrong < fewest:
            fewest, pocket = n_wrong, (w, b)
    return *pocket, mistakes


# %% wrong: "returns after the first epoch"   expects: "does `return` stand inside the loop over the epochs?"   loses: 3
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        return w, b, mistakes


# %% wrong: "share instead of number"   expects: "write down how many there are, not their share"   loses: 2
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.mean(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "counts the samples that are right"   expects: "these samples are right; count the ones that are wrong"   loses: 2
def train_pocket(X, y, n_epochs, rng):
    w, b, right, most = np.zeros(X.shape[1]), 0.0, [], -1
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        right.append(np.sum(y * (X @ w + b) > 0))
        if right[-1] > most:
            most, pocket = right[-1], (w, b)
    return *pocket, right


# %% wrong: "never shuffles"   expects: "three different rng gave the same run"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        for x, label in zip(X, y):
            if label * (w @ x + b) <= 0:
                w, b = w + label * x, b + label
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "one order for all epochs"   expects: "draw a new order in every epoch, not one for all"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    order = rng.permutation(len(X))
    for _ in range(n_epochs):
        for i in order:
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "np.random instead of rng"   expects: "the same seed gave two different runs"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        for i in np.random.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "shuffles X without y"   expects: "does each sample keep its own label when you shuffle?"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        for x, label in zip(rng.permutation(X), y):
            if label * (w @ x + b) <= 0:
                w, b = w + label * x, b + label
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "shuffles the caller's arrays"   expects: "must not reorder or change the X it was given"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for x, label in zip(X, y):
            if label * (w @ x + b) <= 0:
                w, b = w + label * x, b + label
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "starts from zero in every epoch"   expects: "Set w and b to zero only once"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    mistakes, fewest = [], np.inf
    for _ in range(n_epochs):
        w, b = np.zeros(X.shape[1]), 0.0
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "wrong direction"   expects: "the step went away from the sample"   loses: 3
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w, b = w - y[i] * X[i], b - y[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "the bias does not learn"   expects: "the bias learns too"   loses: 1
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) <= 0:
                w = w + y[i] * X[i]
        mistakes.append(np.sum(y * (X @ w + b) <= 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% wrong: "samples on the boundary count as right, so nothing is ever learned"   expects: "nothing was learned"
def train_pocket(X, y, n_epochs, rng):
    w, b, mistakes, fewest = np.zeros(X.shape[1]), 0.0, [], np.inf
    for _ in range(n_epochs):
        for i in rng.permutation(len(X)):
            if y[i] * (w @ X[i] + b) < 0:
                w, b = w + y[i] * X[i], b + y[i]
        mistakes.append(np.sum(y * (X @ w + b) < 0))
        if mistakes[-1] < fewest:
            fewest, pocket = mistakes[-1], (w, b)
    return *pocket, mistakes


# %% right: "loops over lists, shuffled indices, predictions compared"
def train_pocket(X, y, n_epochs, rng):
    def activation(x):
        return sum(w_j * x_j for w_j, x_j in zip(w, x)) + b

    rows, labels = X.tolist(), y.tolist()
    w, b, mistakes, pocket = [0.0] * len(rows[0]), 0.0, [], None
    order = list(range(len(rows)))
    for _ in range(n_epochs):
        rng.shuffle(order)
        for i in order:
            if labels[i] * activation(rows[i]) <= 0:
                for j in range(len(w)):
                    w[j] += labels[i] * rows[i][j]
                b += labels[i]
        count = 0
        for x, label in zip(rows, labels):
            if (1 if activation(x) > 0 else -1) != label:
                count += 1
        if pocket is None or count < min(mistakes):
            pocket = (list(w), b)
        mistakes.append(count)
    return pocket[0], pocket[1], mistakes


# %% right: "bias as a weight, all epochs kept, best picked at the end"
def train_pocket(X, y, n_epochs, rng):
    samples = y[:, None] * np.column_stack([X, np.ones(len(X))])  # each row times its label
    weights, history = np.zeros(samples.shape[1]), []
    for _ in range(n_epochs):
        for sample in rng.permutation(samples, axis=0):
            weights = weights + (sample @ weights <= 0) * sample
        history.append(weights)
    mistakes = np.array([(samples @ weights <= 0).sum() for weights in history])
    best = history[int(np.argmin(mistakes))]
    return best[:-1], best[-1], mistakes


# %% right: "float32, copies in the pocket, order drawn by choice, ties replaced"
def train_pocket(X, y, n_epochs, rng):
    X, y = np.array(X, dtype=np.float32), np.array(y, dtype=np.float32)
    w, b, mistakes = np.zeros(X.shape[1], dtype=np.float32), np.float32(0), np.zeros(n_epochs)
    for epoch in range(n_epochs):
        for i in rng.choice(len(y), size=len(y), replace=False):
            if y[i] * (w @ X[i] + b) <= 0:
                w += y[i] * X[i]
                b += y[i]
        mistakes[epoch] = np.count_nonzero(y * (X @ w + b) <= 0)
        if mistakes[epoch] == mistakes[: epoch + 1].min():
            best_w, best_b = w.copy(), float(b)
    return best_w, best_b, mistakes


# %% question: singlet_network


# %% wrong: "any tag"   expects: "the second hidden neuron must speak against"   loses: 1
def singlet_network():
    return np.ones((4, 2)), np.array([-0.5, -1.5]), np.array([1.0, 1.0]), -0.5


# %% wrong: "thresholds on the counts, where a unit is still off"   expects: "two tags are kept, not one"   loses: 2
def singlet_network():
    return np.ones((4, 2)), np.array([-1.0, -2.0]), np.array([1.0, -1.0]), -0.5


# %% wrong: "thresholds with the wrong sign"   expects: "no droplet is kept: a unit fires above 0, not at 0"   loses: 2
def singlet_network():
    return np.ones((4, 2)), np.array([0.5, 1.5]), np.array([1.0, -1.0]), -0.5


# %% wrong: "the second neuron waits for three tags"   expects: "two tags are still kept"   loses: 1
def singlet_network():
    return np.ones((4, 2)), np.array([-0.5, -2.5]), np.array([1.0, -1.0]), -0.5


# %% wrong: "hidden neurons exchanged"   expects: "only several tags are kept"   loses: 2
def singlet_network():
    return np.ones((4, 2)), np.array([-0.5, -1.5]), np.array([-1.0, 2.0]), -0.5


# %% wrong: "output bias forgotten and veto too weak"   expects: "the empty droplet is kept"   loses: 2
def singlet_network():
    return np.ones((4, 2)), np.array([-0.5, -1.5]), np.array([1.0, -1.0]), 0.5


# %% wrong: "four detectors, as in the normal form"   expects: "this network has 4 hidden neurons"   loses: 1
def singlet_network():
    return 2 * np.eye(4) - 1, np.full(4, -0.5), np.ones(4), -0.5


# %% wrong: "W1 transposed"   expects: "W1 is transposed"
def singlet_network():
    return np.ones((2, 4)), np.array([-0.5, -1.5]), np.array([1.0, -1.0]), -0.5


# %% wrong: "XOR of two tags; the others are not connected"   expects: "the last tag is not connected"   loses: 2
def singlet_network():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    return W1, np.array([-0.5, -1.5]), np.array([1.0, -1.0]), -0.5


# %% wrong: "the second tag speaks for itself only"   expects: "a droplet with only tag 2 on is not kept"   loses: 1
def singlet_network():
    W1 = np.array([[1.0, 1.0], [0.2, 1.0], [1.0, 1.0], [1.0, 1.0]])
    return W1, np.array([-0.5, -1.5]), np.array([1.0, -1.0]), -0.5


# %% wrong: "the third tag does not count for the veto"   expects: "the droplet 0011 is kept"   loses: 1
def singlet_network():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return W1, np.array([-0.5, -1.5]), np.array([1.0, -1.0]), -0.5


# %% wrong: "output bias left out of the answer"   expects: "returns four parts"
def singlet_network():
    return np.ones((4, 2)), np.array([-0.5, -1.5]), np.array([1.0, -1.0])


# %% right: "nested lists and whole numbers"
def singlet_network():
    W1 = [[2, 2], [2, 2], [2, 2], [2, 2]]
    return W1, [-1, -3], [3, -7], -2


# %% right: "neurons for 'at most one' and 'none'"
def singlet_network():
    W1 = -np.ones((4, 2))
    b1 = np.array([1.5, 0.5])
    return W1, b1, np.array([1.0, -1.0]), np.float32(-0.5)


# %% right: "thresholds at zero allowed: at least one, at least two"
def singlet_network():
    W1 = np.column_stack([np.ones(4), np.ones(4)]).astype("float32")
    return [W1, np.array([0, -1]), np.array([1, -2]), 0]


# %% question: silu


# %% wrong: "sign of the exponent"   expects: "check the sign in the exponent"   loses: 2
def silu(a):
    return a / (1 + np.exp(a))


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s + a * s * (1 - s)


# %% wrong: "only the sigmoid"   expects: "that is the sigmoid; silu is"   loses: 2
def silu(a):
    return 1 / (1 + np.exp(-a))


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s + a * s * (1 - s)


# %% wrong: "ReLU and its slope"   expects: "that is the ReLU"
def silu(a):
    return np.maximum(a, 0)


def silu_derivative(a):
    return np.where(a > 0, 1.0, 0.0)


# %% wrong: "slope of the sigmoid"   expects: "that is the slope of the sigmoid; silu is"   loses: 2
def silu(a):
    return a / (1 + np.exp(-a))


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s * (1 - s)


# %% wrong: "product of the derivatives' parts: second term only"   expects: "(the slope of `a` is 1)"   loses: 2
def silu(a):
    return a / (1 + np.exp(-a))


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return a * s * (1 - s)


# %% wrong: "first term only"   expects: "the one with the slope of the sigmoid is missing"   loses: 2
def silu(a):
    return a / (1 + np.exp(-a))


def silu_derivative(a):
    return 1 / (1 + np.exp(-a))


# %% wrong: "forgets a in the second term"   expects: "the slope of the sigmoid was not multiplied"   loses: 2
def silu(a):
    return a / (1 + np.exp(-a))


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s + s * (1 - s)


# %% wrong: "subtracts as in the quotient rule"   expects: "are added, not subtracted"   loses: 2
def silu(a):
    return a / (1 + np.exp(-a))


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s - a * s * (1 - s)


# %% wrong: "overflows for large a"   expects: "inf/inf is nan: write the sigmoid as"   loses: 1
def silu(a):
    return a * np.exp(a) / (1 + np.exp(a))


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s + a * s * (1 - s)


# %% wrong: "slope by the quotient rule overflows for very negative a"   expects: "use s · (1 - s) with s = "   loses: 1
def silu(a):
    return a / (1 + np.exp(-a))


def silu_derivative(a):
    e = np.exp(-a)
    return (1 + e + a * e) / (1 + e) ** 2


# %% wrong: "whole numbers cut"   expects: "the results were cut to whole numbers"   loses: 1
def silu(a):
    result = np.zeros_like(a)
    for position in np.ndindex(a.shape):
        result[position] = a[position] / (1 + np.exp(-a[position]))
    return result


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s + a * s * (1 - s)


# %% wrong: "works in place"   expects: "silu must not change the array it was given"   loses: 2
def silu(a):
    a *= 1 / (1 + np.exp(-a))
    return a


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s + a * s * (1 - s)


# %% wrong: "only for flat arrays"   expects: "the result has the shape of the input"   loses: 1
def silu(a):
    return np.array([a_i / (1 + np.exp(-a_i)) for a_i in a.ravel()])


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return s + a * s * (1 - s)


# %% right: "stable sigmoid from scipy"
from scipy.special import expit


def silu(a):
    return a * expit(a)


def silu_derivative(a):
    return expit(a) * (1 + a * (1 - expit(a)))


# %% right: "plain formula, with its warning"
def silu(a):
    return a / (1 + np.exp(-a))


def silu_derivative(a):
    s = 1 / (1 + np.exp(-a))
    return silu(a) + s * (1 - silu(a))


# %% right: "element by element with math, lists"
import math


def _sigmoid(a):
    return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))


def silu(a):
    return np.reshape([a_i * _sigmoid(a_i) for a_i in np.ravel(a)], np.shape(a)).tolist()


def silu_derivative(a):
    return np.vectorize(lambda a_i: _sigmoid(a_i) * (1 + a_i * (1 - _sigmoid(a_i))), otypes=[float])(a)


# %% right: "float32 and the logistic as a tanh"
def silu(a):
    a = np.asarray(a, dtype=np.float32)
    return a * (1 + np.tanh(a / 2)) / 2


def silu_derivative(a):
    a = np.asarray(a, dtype=np.float32)
    s = (1 + np.tanh(a / 2)) / 2
    return s + a * s * (1 - s)


# %% right: "central difference instead of the product rule"
def silu(a):
    return a / (1 + np.exp(-a))


def silu_derivative(a, h=1e-5):
    return (silu(a + h) - silu(a - h)) / (2 * h)


# %% question: forward


# %% wrong: "ReLU after the last layer too"   expects: "the last layer has no activation"
def forward(X, layers):
    for W, b in layers:
        X = np.maximum(X @ W + b, 0)
    return X


# %% wrong: "no ReLU at all"   expects: "the ReLU after the hidden layer is missing"   loses: 2
def forward(X, layers):
    for W, b in layers:
        X = X @ W + b
    return X


# %% wrong: "forgets the biases"   expects: "the bias is missing"
def forward(X, layers):
    for W, _ in layers[:-1]:
        X = np.maximum(X @ W, 0)
    return X @ layers[-1][0]


# %% wrong: "weights transposed"   expects: "the weights are transposed"
def forward(X, layers):
    for W, b in layers[:-1]:
        X = np.maximum(X @ W.T + b, 0)
    W, b = layers[-1]
    return X @ W.T + b


# %% wrong: "ReLU before each layer"   expects: "not before the first one"
def forward(X, layers):
    for W, b in layers:
        X = np.maximum(X, 0) @ W + b
    return X


# %% wrong: "always two layers"   expects: "there may be more than two layers"   loses: 2
def forward(X, layers):
    W_1, b_1 = layers[0]
    hidden = np.maximum(X @ W_1 + b_1, 0)
    W_2, b_2 = layers[1]
    return hidden @ W_2 + b_2


# %% wrong: "only the first and the last layer"   expects: "a layer in the middle was skipped"   loses: 1
def forward(X, layers):
    if len(layers) > 1:
        W, b = layers[0]
        X = np.maximum(X @ W + b, 0)
    W, b = layers[-1]
    return X @ W + b


# %% wrong: "ReLU only after the first layer"   expects: "only the first hidden layer has its ReLU"   loses: 1
def forward(X, layers):
    for k, (W, b) in enumerate(layers):
        X = X @ W + b
        if k == 0 and len(layers) > 1:
            X = np.maximum(X, 0)
    return X


# %% wrong: "every layer gets X again"   expects: "takes what the layer before it gave"   loses: 1
def forward(X, layers):
    H = X
    for W, b in layers[:-1]:
        H = np.maximum(X @ W + b, 0)
    W, b = layers[-1]
    return H @ W + b


# %% wrong: "outputs flattened"   expects: "keep one row for each sample"
def forward(X, layers):
    for W, b in layers[:-1]:
        X = np.maximum(X @ W + b, 0)
    W, b = layers[-1]
    return np.squeeze(X @ W + b)


# %% wrong: "stops at the last hidden layer"   expects: "these are the outputs of the hidden layer"
def forward(X, layers):
    for W, b in layers[:-1]:
        X = np.maximum(X @ W + b, 0)
    return X


# %% wrong: "sigmoid in the hidden layers"   expects: "the hidden layer has a ReLU, not a sigmoid"   loses: 2
def forward(X, layers):
    for W, b in layers[:-1]:
        X = 1 / (1 + np.exp(-(X @ W + b)))
    W, b = layers[-1]
    return X @ W + b


# %% wrong: "absolute value"   expects: "it is not the absolute value"   loses: 2
def forward(X, layers):
    for W, b in layers[:-1]:
        X = np.abs(X @ W + b)
    W, b = layers[-1]
    return X @ W + b


# %% right: "one sample at a time, lists"
def forward(X, layers):
    outputs = []
    for x in X:
        for k, (W, b) in enumerate(layers):
            a = [sum(x[i] * W[i][j] for i in range(len(x))) + b[j] for j in range(len(b))]
            x = [max(a_j, 0) for a_j in a] if k < len(layers) - 1 else a
        outputs.append(x)
    return outputs


# %% wrong: "takes the layers off the list it was given"   expects: "must not change the list of layers"   loses: 1
def forward(X, layers):
    W_out, b_out = layers.pop()
    while layers:
        W, b = layers.pop(0)
        X = np.maximum(X @ W + b, 0)
    return X @ W_out + b_out


# %% wrong: "turns the list round, to begin at the last layer"   expects: "must not change the weights"   loses: 1
def forward(X, layers):
    layers.reverse()
    W_out, b_out = layers[0]
    for W, b in layers[:0:-1]:
        X = np.maximum(X @ W + b, 0)
    return X @ W_out + b_out


# %% right: "takes the layers off a copy of the list"
def forward(X, layers):
    layers = list(layers)
    W_out, b_out = layers.pop()
    while layers:
        W, b = layers.pop(0)
        X = np.clip(X @ W + b, 0, None)
    return X @ W_out + b_out


# %% right: "recursion and einsum"
def forward(X, layers):
    W, b = layers[0]
    a = np.einsum("ni,ij->nj", X, W) + b
    return a if len(layers) == 1 else forward(a * (a > 0), layers[1:])


# %% right: "float32, columns as samples"
def forward(X, layers):
    a = np.asarray(X, dtype="float32").T
    for k in range(len(layers)):
        if k > 0:
            a = np.where(a > 0, a, 0)
        W, b = (np.asarray(array, dtype="float32") for array in layers[k])
        a = W.T @ a + b[:, None]
    return a.T


# %% question: keras_twin

# %% wrong: "weights never set"   expects: "a new layer draws random ones"   loses: 1
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.add(keras.layers.Dense(layers[-1][0].shape[1]))
    return model


# %% wrong: "ReLU after the last layer too"   expects: "the last layer has no activation"   loses: 1
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, b in layers:
        layer = keras.layers.Dense(W.shape[1], activation="relu")
        model.add(layer)
        layer.set_weights([W, b])
    return model


# %% wrong: "no activation in the hidden layers"   expects: "the hidden layers need activation='relu'"   loses: 1
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, b in layers:
        layer = keras.layers.Dense(W.shape[1])
        model.add(layer)
        layer.set_weights([W, b])
    return model


# %% wrong: "softmax at the end"   expects: "softmax turned the raw numbers into probabilities"   loses: 1
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.add(keras.layers.Dense(layers[-1][0].shape[1], activation="softmax"))
    model.set_weights([array for layer in layers for array in layer])
    return model


# %% wrong: "sigmoid at the end"   expects: "the last layer has no sigmoid"   loses: 1
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.add(keras.layers.Dense(layers[-1][0].shape[1], activation="sigmoid"))
    model.set_weights([array for layer in layers for array in layer])
    return model


# %% wrong: "kernels transposed where that fits"   expects: "the kernel is transposed"   loses: 1
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.add(keras.layers.Dense(layers[-1][0].shape[1]))
    for layer, (W, b) in zip(model.layers, layers):
        layer.set_weights([W.T if W.shape[0] == W.shape[1] else W, b])
    return model


# %% wrong: "kernels transposed as in the textbook"   expects: "is not compatible with provided weight shape (3, 2)"
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.add(keras.layers.Dense(layers[-1][0].shape[1]))
    for layer, (W, b) in zip(model.layers, layers):
        layer.set_weights([W.T, b])
    return model


# %% wrong: "no biases"   expects: "the layers have no biases"
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu", use_bias=False))
    model.add(keras.layers.Dense(layers[-1][0].shape[1], use_bias=False))
    model.set_weights([W for W, _ in layers])
    return model


# %% wrong: "biases stay zero"   expects: "the weights were set, the biases were not"   loses: 1
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.add(keras.layers.Dense(layers[-1][0].shape[1]))
    for layer, (W, _) in zip(model.layers, layers):
        layer.kernel.assign(W)
    return model


# %% wrong: "never built"   expects: "the model is not built"
import keras


def keras_twin(layers):
    model = keras.Sequential()
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.add(keras.layers.Dense(layers[-1][0].shape[1]))
    return model


# %% wrong: "a Dense layer for the inputs"   expects: "keras.Input takes the inputs in"
import keras


def keras_twin(layers):
    n_inputs = len(layers[0][0])
    model = keras.Sequential([keras.Input(shape=(n_inputs,)), keras.layers.Dense(n_inputs, activation="relu")])
    for W, _ in layers[:-1]:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.add(keras.layers.Dense(layers[-1][0].shape[1]))
    for layer, (W, b) in zip(model.layers[1:], layers):
        layer.set_weights([W, b])
    return model


# %% wrong: "forgets the last layer"   expects: "the last layer of the list is missing"
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, b in layers[:-1]:
        layer = keras.layers.Dense(W.shape[1], activation="relu")
        model.add(layer)
        layer.set_weights([W, b])
    return model


# %% wrong: "returns nothing"   expects: "did you forget `return model`?"
import keras


def keras_twin(layers):
    model = keras.Sequential([keras.Input(shape=(len(layers[0][0]),))])
    for W, b in layers:
        model.add(keras.layers.Dense(W.shape[1], activation="relu"))
    model.set_weights([array for layer in layers for array in layer])


# %% right: "functional, activations as layers"
import keras


def keras_twin(layers):
    inputs = keras.Input((layers[0][0].shape[0],))
    outputs = inputs
    for k, (W, b) in enumerate(layers):
        dense = keras.layers.Dense(len(b))
        outputs = dense(outputs)
        dense.set_weights([W, b])
        if k < len(layers) - 1:
            outputs = keras.layers.ReLU()(outputs)
    return keras.Model(inputs, outputs)


# %% right: "built late, variables assigned, activations as strings"
from keras import Sequential, layers as kl


def keras_twin(layers):
    activations = ["relu"] * (len(layers) - 1) + ["linear"]
    model = Sequential([kl.Dense(W.shape[1], activation=name) for (W, _), name in zip(layers, activations)])
    model.build((None, layers[0][0].shape[0]))
    for layer, (W, b) in zip(model.layers, layers):
        layer.kernel.assign(np.asarray(W, dtype="float32"))
        layer.bias.assign(np.asarray(b, dtype="float32"))
    return model


# %% right: "compiled, in double precision, Activation layers"
import keras


def keras_twin(layers):
    model = keras.Sequential(name="twin")
    model.add(keras.layers.Input(shape=(layers[0][0].shape[0],)))
    weights = []
    for k, (W, b) in enumerate(layers):
        model.add(keras.layers.Dense(b.size, dtype="float64"))
        if k + 1 < len(layers):
            model.add(keras.layers.Activation("relu", dtype="float64"))
        weights.extend((W, b))
    model.set_weights(weights)
    model.compile(optimizer="sgd", loss="mse")
    return model


# %% question: perceptron_step

# %% equivalent: "the scalar product of two vectors commutes"
# - if y * (w @ x + b) > 0:
# + if y * (x @ w + b) > 0:


# %% question: train_pocket

# %% equivalent: "the scalar product of two vectors commutes"
# - if y[i] * (w @ X[i] + b) <= 0:
# + if y[i] * (X[i] @ w + b) <= 0:

# %% equivalent: "of two epochs with equally few mistakes either is the best"
# - if mistakes[-1] < fewest:
# + if mistakes[-1] <= fewest:

# %% equivalent: "lists are as right as arrays"
# - return *pocket, np.array(mistakes)
# + return *pocket, mistakes


# %% question: singlet_network

# %% equivalent: "lists are as right as arrays"
# - b1 = np.array([-0.5, -1.5])  # … and fire at one or more, and at two or more
# + b1 = [-0.5, -1.5]  # … and fire at one or more, and at two or more
# - w2 = np.array([1.0, -1.0])  # at least one, but not two
# + w2 = [1.0, -1.0]  # at least one, but not two

# %% equivalent: "another network that answers alike"
# - b1 = np.array([-0.5, -1.5])  # … and fire at one or more, and at two or more
# + b1 = np.array([-0.55, -1.5])  # … and fire at one or more, and at two or more
# - b1 = np.array([-0.5, -1.5])  # … and fire at one or more, and at two or more
# + b1 = np.array([-0.5, -1.65])  # … and fire at one or more, and at two or more
# - w2 = np.array([1.0, -1.0])  # at least one, but not two
# + w2 = np.array([1.1, -1.0])  # at least one, but not two
# - w2 = np.array([1.0, -1.0])  # at least one, but not two
# + w2 = np.array([1.0, -2.0])  # at least one, but not two
# - w2 = np.array([1.0, -1.0])  # at least one, but not two
# + w2 = np.array([1.0, -1.1])  # at least one, but not two
# - b2 = -0.5
# + b2 = -0.55
