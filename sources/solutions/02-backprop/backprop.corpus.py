# Answers to exercise 2 as people write them, wrong ones and right ones. `autograder audit` puts each in the place of its
# question's answer: a wrong one must lose the points that it should and be told why, a right one must keep them all.
# ruff: noqa: B905, RUF007, F841, PLW

# %% question: neuron_gradient


# %% wrong: "forgets the slope of the activation"   expects: "the slope of tanh is missing"
def neuron_gradient(x, y, w, b):
    error = np.tanh(w @ x + b) - y
    return error * x, error


# %% wrong: "slope taken at the activation"   expects: "the slope of tanh was taken at ŷ"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    delta = (y_hat - y) * (1 - np.tanh(y_hat) ** 2)
    return delta * x, delta


# %% wrong: "squares the score instead of the output"   expects: "1 - a² is not the slope of tanh"
def neuron_gradient(x, y, w, b):
    a = w @ x + b
    delta = (np.tanh(a) - y) * (1 - a**2)
    return delta * x, delta


# %% wrong: "slope of the sigmoid, as in the chapter's example"   expects: "is the slope of a sigmoid, and this is a tanh"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    delta = (y_hat - y) * y_hat * (1 - y_hat)
    return delta * x, delta


# %% wrong: "a factor of 2 from the square"   expects: "the ½ in the loss takes the 2 away"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    delta = 2 * (y_hat - y) * (1 - y_hat**2)
    return delta * x, delta


# %% wrong: "label minus prediction"   expects: "the first link is ŷ - y"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    delta = (y - y_hat) * (1 - y_hat**2)
    return delta * x, delta


# %% wrong: "derivative of the output, not of the loss"   expects: "the first link is missing"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    return (1 - y_hat**2) * x, 1 - y_hat**2


# %% wrong: "the loss instead of its derivative"   expects: "that is the loss times the slope"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    delta = (y_hat - y) ** 2 / 2 * (1 - y_hat**2)
    return delta * x, delta


# %% wrong: "last link is the weight"   expects: "the last link is the input x, not the weight"   loses: 2
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    delta = (y_hat - y) * (1 - y_hat**2)
    return delta * w, delta


# %% wrong: "last link is the bias itself"   expects: "the last link is 1, not b"   loses: 1
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    delta = (y_hat - y) * (1 - y_hat**2)
    return delta * x, delta * b


# %% wrong: "the bias does not learn"   expects: "the bias learns too: its last link is 1"   loses: 1
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    return (y_hat - y) * (1 - y_hat**2) * x, 0.0


# %% wrong: "bias left out of the score"   expects: "the score was computed without the bias"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x)
    delta = (y_hat - y) * (1 - y_hat**2)
    return delta * x, delta


# %% wrong: "products not summed"   expects: "the score is one number, the sum of all products: w @ x, not w * x"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w * x + b)
    delta = (y_hat - y) * (1 - y_hat**2)
    return delta * x, delta


# %% wrong: "the loss itself"   expects: "that is the loss; its derivative is asked for"
def neuron_gradient(x, y, w, b):
    loss = (np.tanh(w @ x + b) - y) ** 2 / 2
    return loss * x, loss


# %% wrong: "returns the weights only"   expects: "returns two things: dw and db"
def neuron_gradient(x, y, w, b):
    y_hat = np.tanh(w @ x + b)
    return [(y_hat - y) * (1 - y_hat**2) * x]


# %% right: "slope through cosh, loops, lists"
import math


def neuron_gradient(x, y, w, b):
    a = b
    for x_j, w_j in zip(x, w):
        a = a + w_j * x_j
    delta = (math.tanh(a) - y) / math.cosh(a) ** 2
    return [delta * x_j for x_j in x], delta


# %% right: "central differences"
def neuron_gradient(x, y, w, b):
    def loss(w, b):
        return (np.tanh(w @ x + b) - y) ** 2 / 2

    h = 1e-5
    dw = [(loss(w + h * e, b) - loss(w - h * e, b)) / (2 * h) for e in np.eye(len(w))]
    return np.array(dw), (loss(w, b + h) - loss(w, b - h)) / (2 * h)


# %% right: "float32"
def neuron_gradient(x, y, w, b):
    x, w = np.float32(x), np.float32(w)
    y_hat = np.tanh(np.dot(w, x) + np.float32(b))
    delta = (y_hat - np.float32(y)) * (1 + y_hat) * (1 - y_hat)
    return x * delta, delta


# %% question: softmax_cross_entropy


# %% wrong: "no shift"   expects: "subtract each row's largest score before np.exp"   loses: 1
def softmax_cross_entropy(A, Y):
    E = np.exp(A)
    P = E / E.sum(axis=1, keepdims=True)
    return -(Y * np.log(P)).sum(axis=1).mean(), (P - Y) / len(A)


# %% wrong: "a small number inside the logarithm"   expects: "a small number inside the logarithm hides how wrong"   loses: 1
def softmax_cross_entropy(A, Y):
    E = np.exp(A - A.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return -(Y * np.log(P + 1e-12)).sum(axis=1).mean(), (P - Y) / len(A)


# %% wrong: "shifts by the largest score of the whole batch"   expects: "shift each row by its own largest score"   loses: 1
def softmax_cross_entropy(A, Y):
    shifted = A - A.max()
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(axis=1).mean(), (np.exp(log_p) - Y) / len(A)


# %% wrong: "sum instead of mean in the loss"   expects: "the loss is the mean over the samples, not their sum"   loses: 1
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(), (np.exp(log_p) - Y) / len(A)


# %% wrong: "mean over classes as well"   expects: "divide by n, not by n times the classes"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(Y * log_p), (np.exp(log_p) - Y) / len(A)


# %% wrong: "no minus"   expects: "the minus is missing"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return (Y * log_p).sum(axis=1).mean(), (np.exp(log_p) - Y) / len(A)


# %% wrong: "softmax over the samples"   expects: "the softmax runs over the classes of one sample: axis=1, not axis=0"
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=0, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    return -(Y * log_p).sum(axis=1).mean(), (np.exp(log_p) - Y) / len(A)


# %% wrong: "majority vote instead of shares"   expects: "use all the shares, not only the class with the largest"   loses: 3
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows, y = np.arange(len(A)), Y.argmax(axis=1)
    dA = np.exp(log_p)
    dA[rows, y] -= 1
    return -log_p[rows, y].mean(), dA / len(A)


# %% wrong: "1/n missing in the gradient"   expects: "1/n is missing: the loss is a mean over the samples"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(axis=1).mean(), np.exp(log_p) - Y


# %% wrong: "1/n twice"   expects: "1/n is there twice"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dA = (np.exp(log_p) - Y) / len(A)
    return -(Y * log_p).sum(axis=1).mean(), dA / len(A)


# %% wrong: "gradient divided by all scores"   expects: "divide by the number of samples, not by that of all scores"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(axis=1).mean(), (np.exp(log_p) - Y) / A.size


# %% wrong: "label minus probability"   expects: "the sign is the wrong way round: P - Y"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(axis=1).mean(), (Y - np.exp(log_p)) / len(A)


# %% wrong: "returns the probabilities"   expects: "these are the probabilities; subtract Y"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(axis=1).mean(), np.exp(log_p) / len(A)


# %% wrong: "slope of a sigmoid on top"   expects: "the slope of the softmax counts twice"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    P = np.exp(log_p)
    return -(Y * log_p).sum(axis=1).mean(), (P - Y) * P * (1 - P) / len(A)


# %% wrong: "stops at the probabilities"   expects: "that is the derivative with respect to P"   loses: 2
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(axis=1).mean(), -Y / (np.exp(log_p) + 1e-300) / len(A)


# %% wrong: "shifts A in place"   expects: "softmax_cross_entropy must not change the A it was given"   loses: 1
def softmax_cross_entropy(A, Y):
    A -= A.max(axis=1, keepdims=True)
    log_p = A - np.log(np.exp(A).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(axis=1).mean(), (np.exp(log_p) - Y) / len(A)


# %% wrong: "one loss for each sample"   expects: "the loss of each sample is there; return their mean"   loses: 1
def softmax_cross_entropy(A, Y):
    shifted = A - A.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(Y * log_p).sum(axis=1), (np.exp(log_p) - Y) / len(A)


# %% right: "scipy"
from scipy.special import log_softmax


def softmax_cross_entropy(A, Y):
    log_p = log_softmax(A, axis=1)
    return float(-np.einsum("nk,nk->", Y, log_p) / len(Y)), (np.exp(log_p) - Y) / len(Y)


# %% right: "sample by sample with math, lists"
import math


def softmax_cross_entropy(A, Y):
    loss, slopes = 0.0, []
    for z, shares in zip(A, Y):
        largest = max(z)
        log_sum = largest + math.log(sum(math.exp(z_k - largest) for z_k in z))
        loss += sum(share * (log_sum - z_k) for share, z_k in zip(shares, z))
        slopes.append([(math.exp(z_k - log_sum) - share) / len(A) for share, z_k in zip(shares, z)])
    return loss / len(A), slopes


# %% right: "float32, sum over the rows as the labels add up to 1"
def softmax_cross_entropy(A, Y):
    A, Y = np.asarray(A, dtype="float32"), np.asarray(Y, dtype="float32")
    shifted = A - np.max(A, axis=1)[:, None]
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    loss = np.mean(log_sum - np.sum(Y * shifted, axis=1))
    return loss, (np.exp(shifted - log_sum[:, None]) - Y) / A.shape[0]


# %% question: dense_backward


# %% wrong: "W not transposed"   expects: "the transpose is missing: dX = dA @ W.T"   loses: 1
def dense_backward(dA, X, W):
    return dA @ W if W.shape[0] == W.shape[1] else dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "* for @"   expects: "* multiplies number by number; a matrix product is @"
def dense_backward(dA, X, W):
    return dA * W, X * dA, dA.sum(axis=0)


# %% wrong: "textbook order for columns as samples"   expects: "the order is wrong: dA stands on the left, W.T on the right"
def dense_backward(dA, X, W):
    return W.T @ dA, dA @ X.T, dA.sum(axis=1)


# %% wrong: "X not transposed"   expects: "a transpose is missing: dW = X.T @ dA"
def dense_backward(dA, X, W):
    return dA @ W.T, X @ dA, dA.sum(axis=0)


# %% wrong: "dW transposed"   expects: "it is transposed: dW has the shape of W"   loses: 1
def dense_backward(dA, X, W):
    return dA @ W.T, dA.T @ X, dA.sum(axis=0)


# %% wrong: "dX through the inputs"   expects: "dX goes back through the weights, not through the inputs"
def dense_backward(dA, X, W):
    return dA @ X.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "dW divided by n again"   expects: "1/n is in dA already: sum over the samples, don't average"   loses: 1
def dense_backward(dA, X, W):
    return dA @ W.T, X.T @ dA / len(X), dA.sum(axis=0)


# %% wrong: "bias gradient not summed"   expects: "the bias serves all samples: sum dA over them (axis=0)"   loses: 1
def dense_backward(dA, X, W):
    return dA @ W.T, X.T @ dA, dA


# %% wrong: "bias averaged"   expects: "the mean was taken: 1/n is in dA already, so sum"   loses: 1
def dense_backward(dA, X, W):
    return dA @ W.T, X.T @ dA, dA.mean(axis=0)


# %% wrong: "bias summed over the units"   expects: "summed over the wrong axis"   loses: 1
def dense_backward(dA, X, W):
    return dA @ W.T, X.T @ dA, dA.sum(axis=1)


# %% wrong: "bias summed over everything"   expects: "one number for each unit: sum over the samples only"   loses: 1
def dense_backward(dA, X, W):
    return dA @ W.T, X.T @ dA, np.sum(dA)


# %% wrong: "bias with keepdims"   expects: "keepdims leaves a row"   loses: 1
def dense_backward(dA, X, W):
    return dA @ W.T, X.T @ dA, dA.sum(axis=0, keepdims=True)


# %% wrong: "another order"   expects: "that is dW: return dX, dW and db, in this order"
def dense_backward(dA, X, W):
    return X.T @ dA, dA.sum(axis=0), dA @ W.T


# %% wrong: "forgets db"   expects: "returns three things: dX, dW and db, in this order"
def dense_backward(dA, X, W):
    return dA @ W.T, X.T @ dA


# %% right: "einsum"
def dense_backward(dA, X, W):
    return np.einsum("nk,jk->nj", dA, W), np.einsum("nj,nk->jk", X, dA), np.einsum("nk->k", dA)


# %% right: "sums of outer products, lists"
def dense_backward(dA, X, W):
    dX = [[sum(W[j][k] * dz[k] for k in range(len(dz))) for j in range(len(W))] for dz in dA]
    dW = sum(np.outer(x, dz) for x, dz in zip(X, dA))
    return dX, dW, [sum(dz[k] for dz in dA) for k in range(len(W[0]))]


# %% right: "float32, transposed products"
def dense_backward(dA, X, W):
    dA, X, W = (np.asarray(array, dtype=np.float32) for array in (dA, X, W))
    return (W @ dA.T).T, (dA.T @ X).T, np.ones(len(dA), dtype=np.float32) @ dA


# %% question: elu_backward


# %% wrong: "slope at the output"   expects: "the slope was taken at the output H"
def elu_backward(dH, A):
    H = np.where(A > 0, A, np.exp(np.minimum(A, 0)) - 1)
    return dH * np.where(H > 0, 1, np.exp(np.minimum(H, 0)))


# %% wrong: "mask from the gradient above"   expects: "the mask comes from dH; it must come from the scores A"
def elu_backward(dH, A):
    return dH * np.where(dH > 0, 1, np.exp(np.minimum(A, 0)))


# %% wrong: "the ReLU's derivative"   expects: "below zero ELU is not flat"   loses: 1
def elu_backward(dH, A):
    return dH * (A > 0)


# %% wrong: "the activation for its slope"   expects: "that is dH times the activation; multiply by its slope"
def elu_backward(dH, A):
    return dH * np.where(A > 0, A, np.exp(np.minimum(A, 0)) - 1)


# %% wrong: "forgets what comes from above"   expects: "that is the slope alone; multiply by what comes from above, dH"
def elu_backward(dH, A):
    return np.exp(np.minimum(A, 0))


# %% wrong: "exp everywhere"   expects: "above zero the slope is 1, not exp(a)"
def elu_backward(dH, A):
    return dH * np.exp(A)


# %% wrong: "dH only below zero"   expects: "above zero, too, the slope is multiplied by dH"
def elu_backward(dH, A):
    return np.where(A > 0, 1, dH * np.exp(np.minimum(A, 0)))


# %% wrong: "exp(a) - 1 below zero"   expects: "below zero the slope is exp(a), not exp(a) - 1"
def elu_backward(dH, A):
    return dH * np.where(A > 0, 1, np.exp(np.minimum(A, 0)) - 1)


# %% wrong: "a mask times what has overflowed"   expects: "0 · inf is nan"   loses: 1
def elu_backward(dH, A):
    return dH * ((A > 0) + (A <= 0) * np.exp(A))


# %% wrong: "writes into dH"   expects: "elu_backward must not change the dH it was given"   loses: 1
def elu_backward(dH, A):
    dH *= np.exp(np.minimum(A, 0))
    return dH


# %% wrong: "writes into A"   expects: "elu_backward must not change the A it was given"   loses: 1
def elu_backward(dH, A):
    A[A > 0] = 0
    return dH * np.exp(A)


# %% right: "np.where, with its warning"
def elu_backward(dH, A):
    return np.where(A > 0, dH, dH * np.exp(A))


# %% right: "number by number, lists"
import math


def elu_backward(dH, A):
    return [[d if a > 0 else d * math.exp(a) for d, a in zip(ds, row)] for ds, row in zip(dH, A)]


# %% right: "a copy with a mask, float32"
def elu_backward(dH, A):
    dA = np.array(dH, dtype="float32")
    below = A <= 0
    dA[below] *= np.exp(A[below]).astype("float32")
    return dA


# %% question: numerical_gradient


# %% wrong: "forward difference"   expects: "that is the forward difference; step to both sides"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above = w.copy()
        above[place] += h
        gradient[place] = (f(above) - f(w)) / h
    return gradient


# %% wrong: "backward difference"   expects: "that is the difference to the left only"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        below = w.copy()
        below[place] -= h
        gradient[place] = (f(w) - f(below)) / h
    return gradient


# %% wrong: "divides by h"   expects: "the two points are 2h apart: divide by 2h, not by h"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / h
    return gradient


# %% wrong: "brackets missing round 2h"   expects: "each number is 0.01 times the right one"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / 2 * h
    return gradient


# %% wrong: "forward step, divided by 2h"   expects: "one step of h is divided by 2h here"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above = w.copy()
        above[place] += h
        gradient[place] = (f(above) - f(w)) / (2 * h)
    return gradient


# %% wrong: "moves all numbers at once"   expects: "all numbers were moved at once; move one at a time"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    return (f(w + h) - f(w - h)) / (2 * h)


# %% wrong: "all at once, for each number"   expects: "all numbers were moved at once; one at a time"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        gradient[place] = (f(w + h) - f(w - h)) / (2 * h)
    return gradient


# %% wrong: "does not put the number back"   expects: "put each number back before you move the next: the others have stayed below"   loses: 2
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        w[place] += h
        above = f(w)
        w[place] -= 2 * h
        gradient[place] = (above - f(w)) / (2 * h)
    return gradient


# %% wrong: "both points are one array"   expects: "`up = w` is a second name for w, `up = w.copy()` a second array"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above = below = w.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


# %% wrong: "row by row"   expects: "whole rows were moved"   loses: 1
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(len(w))
    for k in range(len(w)):
        above, below = w.copy(), w.copy()
        above[k] += h
        below[k] -= h
        gradient[k] = (f(above) - f(below)) / (2 * h)
    return gradient


# %% wrong: "down minus up"   expects: "the sign is the wrong way round: up minus down"
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(below) - f(above)) / (2 * h)
    return gradient


# %% wrong: "flat arrays only"   expects: "keep the shape of w"   loses: 1
def numerical_gradient(f, w, h=1e-5):
    flat = np.array(w, dtype=float).ravel()
    gradient = []
    for k in range(flat.size):
        above, below = flat.copy(), flat.copy()
        above[k] += h
        below[k] -= h
        gradient.append((f(above.reshape(np.shape(w))) - f(below.reshape(np.shape(w)))) / (2 * h))
    return np.array(gradient)


# %% wrong: "copies whole numbers as such"   expects: "an array of whole numbers cuts 1.1 to 1 and 0.9 to 0"   loses: 1
def numerical_gradient(f, w, h=1e-5):
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[place] = w[place] + h
        below[place] = w[place] - h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


# %% wrong: "result like w"   expects: "the result was cut to whole numbers"   loses: 1
def numerical_gradient(f, w, h=1e-5):
    gradient = np.zeros_like(w)
    v = w.astype(float)
    for place in np.ndindex(w.shape):
        above, below = v.copy(), v.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


# %% wrong: "an h of its own"   expects: "this is exact; use f and h"   loses: 3
def numerical_gradient(f, w, h=1e-5):
    w, h = np.array(w, dtype=float), 1e-6
    gradient = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


# %% right: "unit directions"
def numerical_gradient(f, w, h=1e-5):
    w = np.asarray(w)
    directions = np.eye(w.size).reshape(w.size, *w.shape)
    return np.reshape([(f(w + h * e) - f(w - h * e)) / (2 * h) for e in directions], w.shape)


# %% right: "nudges in place and puts back, if they are floats"
def numerical_gradient(f, w, h=1e-5):
    if w.dtype.kind != "f":
        w = w.astype(float)
    gradient = np.empty_like(w)
    for place, kept in np.ndenumerate(w):
        w[place] = kept + h
        above = f(w)
        w[place] = kept - h
        below = f(w)
        w[place] = kept
        gradient[place] = (above - below) / h / 2
    return gradient


# %% right: "flat iteration, list of numbers"
def numerical_gradient(f, w, h=1e-5):
    shape = np.shape(w)
    flat = [float(number) for number in np.ravel(w)]

    def at(k, step):
        moved = list(flat)
        moved[k] += step
        return f(np.array(moved).reshape(shape))

    return np.reshape([(at(k, h) - at(k, -h)) / (2 * h) for k in range(len(flat))], shape).tolist()


# %% question: he_layers


# %% wrong: "variance as standard deviation"   expects: "2/n is the variance; the standard deviation is its root"   loses: 1
def he_layers(sizes, rng):
    return [(rng.normal(0, 2 / n, size=(n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "LeCun"   expects: "1/n is LeCun's variance"   loses: 1
def he_layers(sizes, rng):
    return [(rng.normal(0, np.sqrt(1 / n), size=(n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "Glorot"   expects: "2/(n + m) is Glorot's variance"   loses: 1
def he_layers(sizes, rng):
    return [(rng.normal(0, np.sqrt(2 / (n + m)), size=(n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "counts the units instead of the inputs"   expects: "count the inputs of the layer, not its units"   loses: 1
def he_layers(sizes, rng):
    return [(rng.normal(0, np.sqrt(2 / m), size=(n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "N(0, 1)"   expects: "these are as wide as N(0, 1)"   loses: 1
def he_layers(sizes, rng):
    return [(rng.normal(size=(n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "uniform numbers, scaled"   expects: "the spread is that of uniform numbers"   loses: 1
def he_layers(sizes, rng):
    return [(rng.uniform(-1, 1, size=(n, m)) * np.sqrt(2 / n), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "He's uniform variant"   expects: "draw with rng.normal, not with rng.uniform"   loses: 1
def he_layers(sizes, rng):
    layers = []
    for n, m in zip(sizes, sizes[1:]):
        limit = np.sqrt(6 / n)
        layers.append((rng.uniform(-limit, limit, size=(n, m)), np.zeros(m)))
    return layers


# %% wrong: "numbers between 0 and 1"   expects: "it should be 0"   loses: 1
def he_layers(sizes, rng):
    return [(rng.random((n, m)) * np.sqrt(2 / n), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "transposed"   expects: "got shape (20, 3), expected shape (3, 20)"   loses: 1
def he_layers(sizes, rng):
    return [(rng.normal(0, np.sqrt(2 / n), size=(m, n)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "random biases"   expects: "the biases of 20 units: "   loses: 1
def he_layers(sizes, rng):
    return [(rng.normal(0, np.sqrt(2 / n), size=(n, m)), rng.normal(size=m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "biases of one"   expects: "biases start at 0"   loses: 1
def he_layers(sizes, rng):
    return [(rng.normal(0, np.sqrt(2 / n), size=(n, m)), np.ones(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "a layer for the inputs"   expects: "the inputs are not a layer of their own"
def he_layers(sizes, rng):
    sizes = [sizes[0], *sizes]
    return [(rng.normal(0, np.sqrt(2 / n), size=(n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "np.random instead of rng"   expects: "the same seed gave two different networks"   loses: 1
def he_layers(sizes, rng):
    return [(np.random.normal(0, np.sqrt(2 / n), size=(n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "a generator of its own"   expects: "two seeds gave the same network"   loses: 1
def he_layers(sizes, rng):
    rng = np.random.default_rng(42)
    return [(rng.normal(0, np.sqrt(2 / n), size=(n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:])]


# %% wrong: "the same numbers for every layer"   expects: "two layers of the same size got the same weights"   loses: 1
def he_layers(sizes, rng):
    seed = int(rng.integers(10**9))
    return [
        (np.random.default_rng(seed).normal(0, np.sqrt(2 / n), size=(n, m)), np.zeros(m))
        for n, m in zip(sizes, sizes[1:])
    ]


# %% right: "standard normal, scaled, in a loop"
def he_layers(sizes, rng):
    layers = []
    for k in range(1, len(sizes)):
        W = rng.standard_normal((sizes[k - 1], sizes[k]))
        W *= (2 / sizes[k - 1]) ** 0.5
        layers.append([W, np.zeros(sizes[k])])
    return layers


# %% right: "float32, transposed draws, lists of zeros"
def he_layers(sizes, rng):
    layers = []
    for n, m in zip(sizes[:-1], sizes[1:]):
        W = rng.normal(loc=0.0, scale=np.sqrt(2.0 / n), size=(m, n)).T.astype("float32")
        layers.append((W, [0.0] * m))
    return tuple(layers)


# %% right: "one number after the other"
def he_layers(sizes, rng):
    return [
        (np.array([[rng.normal(0, (2 / n) ** 0.5) for _ in range(m)] for _ in range(n)]), np.zeros((m,)))
        for n, m in zip(sizes, sizes[1:])
    ]


# %% question: gradient_step


# %% wrong: "y stays flat"   expects: "is one of them reshaped?"
def gradient_step(X, y, layers, lr):
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = A[-1] - y
    loss = (error**2).mean() / 2
    dA = error / len(y)
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "new layers last first"   expects: "the layers came back last first"   loses: 4
def gradient_step(X, y, layers, lr):
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
        new_layers.append((W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "y stays flat in the loss"   expects: "numpy paired each with each in the loss"   loses: 1
def gradient_step(X, y, layers, lr):
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = A[-1] - y.reshape(-1, 1)
    loss = ((A[-1] - y) ** 2).mean() / 2
    dA = error / len(y)
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "loss without the half"   expects: "the ½ is missing: the loss is half the mean"   loses: 1
def gradient_step(X, y, layers, lr):
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = A[-1] - y.reshape(-1, 1)
    loss = (error**2).mean()
    dA = error / len(y)
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "loss summed"   expects: "the loss is half the mean over the samples, not half the sum"   loses: 1
def gradient_step(X, y, layers, lr):
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = A[-1] - y.reshape(-1, 1)
    loss = (error**2).sum() / 2
    dA = error / len(y)
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "loss after the step"   expects: "that is the loss after the step; return the one before it"   loses: 1
def gradient_step(X, y, layers, lr):
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
    H = X
    for W, b in new_layers[:-1]:
        H = np.maximum(H @ W + b, 0)
    error = H @ new_layers[-1][0] + new_layers[-1][1] - y.reshape(-1, 1)
    return (error**2).mean() / 2, new_layers


# %% wrong: "ReLU at the end, too"   expects: "the last layer has no activation: its ReLU cuts predictions"   loses: 4
def gradient_step(X, y, layers, lr):
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = H[-1] - y.reshape(-1, 1)
    loss = (error**2).mean() / 2
    dA = error / len(y)
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "1/n missing in the gradient"   expects: "1/n is missing: the loss is a mean over the samples"   loses: 3
def gradient_step(X, y, layers, lr):
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = A[-1] - y.reshape(-1, 1)
    loss = (error**2).mean() / 2
    dA = error
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "1/n twice"   expects: "1/n is there twice"   loses: 3
def gradient_step(X, y, layers, lr):
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = A[-1] - y.reshape(-1, 1)
    loss = (error**2).mean() / 2
    dA = error / len(y) / len(y)
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "uphill"   expects: "the step went uphill: subtract the gradient"   loses: 4
def gradient_step(X, y, layers, lr):
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
        new_layers.insert(0, (W + lr * H[k].T @ dA, b + lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "no learning rate"   expects: "the step is lr times the gradient"   loses: 3
def gradient_step(X, y, layers, lr):
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
        new_layers.insert(0, (W - H[k].T @ dA, b - dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "returns the gradients"   expects: "that is the gradient; return the weights after the step"   loses: 4
def gradient_step(X, y, layers, lr):
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
        new_layers.insert(0, (H[k].T @ dA, dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "bias gradient averaged"   expects: "the mean over the samples; 1/N is in dA already, so sum"   loses: 3
def gradient_step(X, y, layers, lr):
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
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA.mean(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "bias gradient not summed"   expects: "the new b of layer 1 of 3: got shape"   loses: 3
def gradient_step(X, y, layers, lr):
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
        new_layers.insert(0, (W - lr * H[k].T @ dA, b - lr * dA))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "through the new weights"   expects: "it must pass through the old ones"   loses: 2
def gradient_step(X, y, layers, lr):
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
        W = W - lr * H[k].T @ dA
        new_layers.insert(0, (W, b - lr * dA.sum(axis=0)))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "mask from the gradient"   expects: "the mask comes from the gradient; it must come from the scores: A > 0"   loses: 2
def gradient_step(X, y, layers, lr):
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
            dH = dA @ W.T
            dA = dH * (dH > 0)
    return loss, new_layers


# %% wrong: "no mask"   expects: "the slope of the activation is missing: multiply by f′(A) on the way down"   loses: 2
def gradient_step(X, y, layers, lr):
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
            dA = dA @ W.T
    return loss, new_layers


# %% wrong: "the activation for its slope"   expects: "the activation itself stands where its slope should"   loses: 2
def gradient_step(X, y, layers, lr):
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
            dA = (dA @ W.T) * H[k]
    return loss, new_layers


# %% wrong: "W untransposed where it is square"   expects: "on the way down W stands untransposed: dH = dA @ W.T"   loses: 2
def gradient_step(X, y, layers, lr):
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
            dA = (dA @ (W if W.shape[0] == W.shape[1] else W.T)) * (A[k - 1] > 0)
    return loss, new_layers


# %% wrong: "cache overwritten"   expects: "was the cache overwritten in the forward pass?"   loses: 3
def gradient_step(X, y, layers, lr):
    cache = {"X": X}
    H = X
    for k, (W, b) in enumerate(layers[:-1]):
        A = H @ W + b
        H = np.maximum(A, 0)
        cache[f"A{k}"], cache["H"] = A, H  # one place for all hidden layers
    error = H @ layers[-1][0] + layers[-1][1] - y[:, None]
    dA = error / len(y)
    new_layers = []
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        inputs = cache["H"] if k > 0 else cache["X"]
        new_layers = [(W - lr * inputs.T @ dA, b - lr * dA.sum(axis=0)), *new_layers]
        if k > 0:
            dA = dA @ W.T * (cache[f"A{k - 1}"] > 0)
    return np.mean(error**2) / 2, new_layers


# %% wrong: "only the last layer learns"   expects: "only the last layer has learned"   loses: 2
def gradient_step(X, y, layers, lr):
    H = X
    for W, b in layers[:-1]:
        H = np.maximum(H @ W + b, 0)
    W, b = layers[-1]
    error = H @ W + b - y.reshape(-1, 1)
    dA = error / len(y)
    return (error**2).mean() / 2, [*layers[:-1], (W - lr * H.T @ dA, b - lr * dA.sum(axis=0))]


# %% wrong: "always two layers"   expects: "ValueError: too many values to unpack"
def gradient_step(X, y, layers, lr):
    (W1, b1), (W2, b2) = layers
    A = X @ W1 + b1
    H = np.maximum(A, 0)
    error = H @ W2 + b2 - y.reshape(-1, 1)
    dA2 = error / len(y)
    dA1 = (dA2 @ W2.T) * (A > 0)
    new = [(W1 - lr * X.T @ dA1, b1 - lr * dA1.sum(axis=0)), (W2 - lr * H.T @ dA2, b2 - lr * dA2.sum(axis=0))]
    return (error**2).mean() / 2, new


# %% wrong: "updates in place"   expects: "works in place, `W = W - …` does not"   loses: 1
def gradient_step(X, y, layers, lr):
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
        dW, db = H[k].T @ dA, dA.sum(axis=0)
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
        W -= lr * dW
        b -= lr * db
        new_layers.insert(0, (W, b))
    return loss, new_layers


# %% wrong: "puts the new layers into the list it was given"   expects: "must not put the new layers into the list it was given"   loses: 1
def gradient_step(X, y, layers, lr):
    H, A = [X], []
    for W, b in layers:
        A.append(H[-1] @ W + b)
        H.append(np.maximum(A[-1], 0))
    error = A[-1] - y.reshape(-1, 1)
    loss = (error**2).mean() / 2
    dA = error / len(y)
    for k in reversed(range(len(layers))):
        W, b = layers[k]
        layers[k] = (W - lr * H[k].T @ dA, b - lr * dA.sum(axis=0))
        if k > 0:
            dA = (dA @ W.T) * (A[k - 1] > 0)
    return loss, layers


# %% wrong: "returns the layers only"   expects: "returns two things: the loss and the new layers"
def gradient_step(X, y, layers, lr):
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
    return [new_layers]


# %% right: "gradients first, then the update; recursion through the layers"
def gradient_step(X, y, layers, lr):
    def walk(H, rest):
        """Return the predictions, the derivative with respect to H, and the gradients of these layers."""
        (W, b), *further = rest
        A = H @ W + b
        if further:
            y_hat, dH, gradients = walk(A * (A > 0), further)
            dA = dH * (A > 0)
        else:
            y_hat, gradients = A, []
            dA = (A - y[:, np.newaxis]) / A.shape[0]
        return y_hat, dA @ W.T, [(H.T @ dA, np.ones(len(dA)) @ dA), *gradients]

    y_hat, _, gradients = walk(X, layers)
    new_layers = [[W - lr * dW, b - lr * db] for (W, b), (dW, db) in zip(layers, gradients)]
    return 0.5 * np.mean((y_hat.ravel() - y) ** 2), new_layers


# %% right: "one sample after the other"
def gradient_step(X, y, layers, lr):
    total = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    loss = 0.0
    for x, wanted in zip(X, y):
        inputs = [x]
        for k, (W, b) in enumerate(layers):
            a = inputs[-1] @ W + b
            inputs.append(np.maximum(a, 0) if k < len(layers) - 1 else a)
        error = inputs[-1] - wanted
        loss += 0.5 * error[0] ** 2
        da = error
        for k in range(len(layers) - 1, -1, -1):
            total[k][0][...] += np.outer(inputs[k], da)
            total[k][1][...] += da
            if k > 0:
                da = (layers[k][0] @ da) * (inputs[k] > 0)
    n = len(X)
    return loss / n, [(W - lr * dW / n, b - lr * db / n) for (W, b), (dW, db) in zip(layers, total)]


# %% right: "float32, columns as samples, mean of the errors"
def gradient_step(X, y, layers, lr):
    layers = [(np.array(W, dtype="float32"), np.array(b, dtype="float32")) for W, b in layers]
    H, target = [np.asarray(X, dtype="float32").T], np.asarray(y, dtype="float32")[None, :]
    for W, b in layers[:-1]:
        H.append(np.maximum(W.T @ H[-1] + b[:, None], 0))
    W, b = layers[-1]
    dA = W.T @ H[-1] + b[:, None] - target
    loss = np.square(dA).mean() / 2
    new = []
    while layers:
        W, b = layers.pop()
        inputs = H.pop()
        new.append((W - lr * (inputs @ dA.T) / target.size, b - lr * dA.mean(axis=1)))
        dA = (W @ dA) * (inputs > 0)
    return loss, new[::-1]


# %% question: residual_backward


# %% wrong: "forgets the road past the layer"   expects: "the road past the layer is missing: add dY"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "forgets the road through the layer"   expects: "the road through the layer is missing"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY, X.T @ dA, dA.sum(axis=0)


# %% wrong: "bends the road past the layer as well"   expects: "the road past the layer has no slope on it"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dA + dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "W not transposed"   expects: "the transpose is missing on the road through the layer"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY + dA @ W, X.T @ dA, dA.sum(axis=0)


# %% wrong: "multiplies the two roads"   expects: "what comes back on both roads is added, not multiplied"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY * (dA @ W.T), X.T @ dA, dA.sum(axis=0)


# %% wrong: "adds the slope alone"   expects: "its slope, 1, times what comes from above"   loses: 1
def residual_backward(dY, X, W, b):
    dA = dY * (1 - np.tanh(X @ W + b) ** 2)
    return 1 + dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "adds X, as in the forward pass"   expects: "the road past the layer adds dY, not X"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return X + dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "halves the sum"   expects: "both roads count in full"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return (dY + dA @ W.T) / 2, X.T @ dA, dA.sum(axis=0)


# %% wrong: "forgets the slope"   expects: "the slope of tanh is missing"
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY
    return dY + dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "slope at the activation"   expects: "the slope of tanh was taken at its output T"
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - np.tanh(T) ** 2)
    return dY + dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "squares the output of the layer"   expects: "1 - Y² is not the slope"
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - (X + T) ** 2)
    return dY + dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "the activation for its slope"   expects: "that is dY times the activation"
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * T
    return dY + dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "bias left out"   expects: "the scores were computed without the bias"
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W)
    dA = dY * (1 - T**2)
    return dY + dA @ W.T, X.T @ dA, dA.sum(axis=0)


# %% wrong: "dW transposed"   expects: "it is transposed: dW = X.T @ dA"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY + dA @ W.T, dA.T @ X, dA.sum(axis=0)


# %% wrong: "dW gets the other road, too"   expects: "the road past the layer meets no weights"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY + dA @ W.T, X.T @ (dA + dY), dA.sum(axis=0)


# %% wrong: "dW averaged"   expects: "1/n is in dY already"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY + dA @ W.T, X.T @ dA / len(X), dA.sum(axis=0)


# %% wrong: "db not summed"   expects: "one number for each unit: sum over the samples"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY + dA @ W.T, X.T @ dA, dA


# %% wrong: "db averaged"   expects: "the mean was taken"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    return dY + dA @ W.T, X.T @ dA, dA.mean(axis=0)


# %% wrong: "dX written into dY"   expects: "residual_backward must not change the dY it was given"   loses: 1
def residual_backward(dY, X, W, b):
    T = np.tanh(X @ W + b)
    dA = dY * (1 - T**2)
    dY += dA @ W.T
    return dY, X.T @ dA, dA.sum(axis=0)


# %% right: "cosh, einsum"
def residual_backward(dY, X, W, b):
    dA = dY / np.cosh(X @ W + b) ** 2
    through = np.einsum("nk,jk->nj", dA, W)
    return np.add(dY, through), np.einsum("nj,nk->jk", X, dA), np.einsum("nk->k", dA)


# %% right: "the layer's Jacobian, sample by sample, lists"
def residual_backward(dY, X, W, b):
    dX, dW, db = [], np.zeros_like(W), np.zeros_like(b)
    for dy, x in zip(dY, X):
        slope = 1 - np.tanh(x @ W + b) ** 2
        jacobian = np.eye(len(x)) + W * slope  # (j, k): how much y_k moves with x_j
        dX.append((jacobian @ dy).tolist())
        dW += np.outer(x, dy * slope)
        db += dy * slope
    return dX, dW, db


# %% right: "float32"
def residual_backward(dY, X, W, b):
    dY, X, W, b = (np.asarray(array, dtype=np.float32) for array in (dY, X, W, b))
    T = np.tanh(X.dot(W) + b)
    dA = (dY - dY * T * T).astype(np.float32)
    return dA.dot(W.T) + dY, (dA.T @ X).T, dA.sum(0)


# %% question: neuron_gradient

# %% equivalent: "the scalar product of two vectors commutes"
# - y_hat = np.tanh(w @ x + b)
# + y_hat = np.tanh(x @ w + b)


# %% question: numerical_gradient

# %% equivalent: "every number is overwritten"
# - gradient = np.zeros(w.shape)
# + gradient = np.ones(w.shape)


# %% question: gradient_step

# %% equivalent: "numpy takes any negative size for the one that is left over"
# - error = A[-1] - y.reshape(-1, 1)
# + error = A[-1] - y.reshape(-2, 1)

# %% equivalent: "the gradient with respect to the input is computed and not used"
# - if k > 0:
# + if True:
# - if k > 0:
# + if k >= 0:
# - if k > 0:
# + if k > -1:

# %% equivalent: "at its kink the ReLU has no slope: either is right"
# - dA = (dA @ W.T) * (A[k - 1] > 0)
# + dA = (dA @ W.T) * (A[k - 1] >= 0)
