"""Adversarial examples: small changes of an input, found by looking at the model, that change what it says.

    X_adv = attacks.fgsm(model, X, y, eps=0.1)  # one step
    X_adv = attacks.pgd(model, X, y, eps=0.1, n_steps=40)  # many, kept within eps of the original
    X_adv = attacks.one_pixel(model, X, y)  # without gradients
    attacks.success_rate(model, X, y, X_adv)

Any Keras model that classifies, on the TensorFlow and the JAX backend. Dropout and batch normalisation work as in
prediction, the model's weights stay as they are, and pixels stay within `bounds`. Importing this imports no backend.
"""

from dlcourse.attacks.evaluate import smallest_eps, success_rate
from dlcourse.attacks.gradient import fgsm, input_gradient, pgd
from dlcourse.attacks.model import probabilities
from dlcourse.attacks.pixel import one_pixel

__all__ = [
    "fgsm",
    "input_gradient",
    "one_pixel",
    "pgd",
    "probabilities",
    "smallest_eps",
    "success_rate",
]
