"""What networks need beyond `fit` to say how sure they are: many members at once, and a loss on evidence.

    net = members.build(64, 32, 10, seeds=range(5))  # five networks as one Keras model
    members.train(net, X, y, n_epochs=40)
    members.outputs(net, X)  # (5, n_samples, 10)

    uncertainty.evidential_loss(y, evidence, kl_weight=0.1)  # Sensoy and others (2018), in `keras.ops`

Works on every Keras backend. Importing this imports none.
"""

from dlcourse.uncertainty.evidence import digamma, evidential_loss, kl_from_uniform, log_gamma
from dlcourse.uncertainty.members import cross_entropy

__all__ = ["cross_entropy", "digamma", "evidential_loss", "kl_from_uniform", "log_gamma"]
