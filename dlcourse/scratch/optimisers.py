"""Optimisers in numpy, as chapter 3 writes them out: each is a rule that turns a gradient into a step.

A rule is a function ``rule(memory, g, lr) -> step``; the step is added to the parameters. `memory` is a dict, empty
before the first step, in which the rule keeps what it has to remember; `g` is the gradient and has any shape. Defaults
and details are those of `keras.optimizers`, so that both take the same steps: AdaGrad's sum of squares starts at 0.1,
and eps stands inside the root for AdaGrad and RMSProp, outside for Adam and Nadam.
"""

from collections.abc import Callable

import numpy as np

Rule = Callable[[dict, np.ndarray, float], np.ndarray]
Gradient = Callable[..., np.ndarray]


def sgd(memory: dict, g: np.ndarray, lr: float) -> np.ndarray:
    """Plain gradient descent: against the gradient."""
    return -lr * g


def momentum(memory: dict, g: np.ndarray, lr: float, beta: float = 0.9) -> np.ndarray:
    """Heavy ball (Polyak 1964): a step is `beta` times the last one, plus plain descent."""
    m = memory["m"] = beta * memory.get("m", 0) - lr * g
    return m


def nesterov(memory: dict, g: np.ndarray, lr: float, beta: float = 0.9) -> np.ndarray:
    """Nesterov (1983) in the form that Keras uses: the parameters are the point that is looked ahead to."""
    m = memory["m"] = beta * memory.get("m", 0) - lr * g
    return beta * m - lr * g


def adagrad(memory: dict, g: np.ndarray, lr: float, eps: float = 1e-7) -> np.ndarray:
    """AdaGrad (Duchi et al. 2011): each parameter's step shrinks with the squares of all its gradients so far."""
    v = memory["v"] = memory.get("v", 0.1) + g**2
    return -lr * g / np.sqrt(v + eps)


def rmsprop(memory: dict, g: np.ndarray, lr: float, rho: float = 0.9, eps: float = 1e-7) -> np.ndarray:
    """RMSProp (Hinton 2012): like AdaGrad, with a running mean of the squares, so that old ones fade."""
    v = memory["v"] = rho * memory.get("v", 0) + (1 - rho) * g**2
    return -lr * g / np.sqrt(v + eps)


def adam(
    memory: dict, g: np.ndarray, lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-7
) -> np.ndarray:
    """Adam (Kingma and Ba 2015): running means of the gradient and of its square, both corrected for their start at 0.

    Like Keras, it adds `eps` before the correction of the square ("epsilon hat" in the paper).
    """
    t = memory["t"] = memory.get("t", 0) + 1
    m = memory["m"] = beta1 * memory.get("m", 0) + (1 - beta1) * g
    v = memory["v"] = beta2 * memory.get("v", 0) + (1 - beta2) * g**2
    return -lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)


def adam_in_place(
    memory: dict, g: np.ndarray, lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-7
) -> np.ndarray:
    """`adam` for large arrays: no new ones are made after the first step, which halves the time of a small training.

    The step that it returns is overwritten by the next one: add it at once, or copy it.
    """
    if not memory:
        memory |= {"t": 0} | {name: np.zeros_like(g) for name in ("m", "v", "step")}
    t = memory["t"] = memory["t"] + 1
    m, v, step = memory["m"], memory["v"], memory["step"]
    m *= beta1
    m += np.multiply(g, 1 - beta1, out=step)
    np.multiply(g, g, out=step)
    step *= 1 - beta2
    v *= beta2
    v += step
    np.sqrt(v, out=step)
    step += eps
    np.divide(m, step, out=step)
    step *= -lr * float(np.sqrt(1 - beta2**t) / (1 - beta1**t))
    return step


def nadam(
    memory: dict, g: np.ndarray, lr: float, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-7
) -> np.ndarray:
    """Nadam (Dozat 2016): Adam that looks ahead as Nesterov does, with his warm-up of beta1."""
    t = memory["t"] = memory.get("t", 0) + 1
    now, ahead = (beta1 * (1 - 0.5 * 0.96**k) for k in (t, t + 1))
    product = memory["product"] = memory.get("product", 1) * now
    m = memory["m"] = beta1 * memory.get("m", 0) + (1 - beta1) * g
    v = memory["v"] = beta2 * memory.get("v", 0) + (1 - beta2) * g**2
    m_hat = ahead * m / (1 - product * ahead) + (1 - now) * g / (1 - product)
    return -lr * m_hat / (np.sqrt(v / (1 - beta2**t)) + eps)


RULES: dict[str, Rule] = {
    "SGD": sgd,
    "momentum": momentum,
    "Nesterov": nesterov,
    "AdaGrad": adagrad,
    "RMSProp": rmsprop,
    "Adam": adam,
    "Nadam": nadam,
}


def descend(rule: Rule, gradient: Gradient, theta: np.ndarray, lr: float, n_steps: int) -> np.ndarray:
    """Walk downhill and return the whole way.

    Args:
        rule: see the module.
        gradient: from (n_parameters,) to (n_parameters,).
        theta: (n_parameters,) where to start.
        lr: learning rate.
        n_steps: how many steps. A walk that overflows goes on as inf and nan, without warnings.

    Returns:
        (n_steps + 1, n_parameters): the start, then the place after each step.
    """
    theta, memory = np.asarray(theta, dtype=np.float64), {}
    path = [theta]
    with np.errstate(all="ignore"):
        for _ in range(n_steps):
            theta = theta + rule(memory, gradient(theta), lr)
            path.append(theta)
    return np.array(path)
