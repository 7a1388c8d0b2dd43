"""How wide random weights are drawn at the start: the standard deviation for each scheme."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from dlcourse.scratch.mlp import Layers

# Standard deviation of a weight between n inputs and m units. Glorot & Bengio (AISTATS 2010, PMLR 9:249); He and others
# (ICCV 2015, arXiv:1502.01852); LeCun and others, "Efficient BackProp" (1998).
SCHEMES: Mapping[str, Callable[[int, int], float]] = MappingProxyType(
    {
        "N(0, 1)": lambda n, m: 1.0,
        "N(0, 0.01²)": lambda n, m: 0.01,
        "Glorot": lambda n, m: np.sqrt(2 / (n + m)),
        "He": lambda n, m: np.sqrt(2 / n),
        "LeCun": lambda n, m: np.sqrt(1 / n),
    }
)


def init_layers(sizes: Sequence[int], scheme: str, rng: np.random.Generator) -> Layers:
    """Draw normally distributed weights and set all biases to zero.

    Args:
        sizes: units of each layer, the inputs first; at least two numbers.
        scheme: a name in `SCHEMES`.
        rng: the only source of randomness.

    Raises:
        ValueError: no such scheme, or fewer than two sizes.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"no initialisation {scheme!r}; there are {', '.join(SCHEMES)}")
    if len(sizes) < 2:
        raise ValueError(f"a network needs inputs and at least one layer, so two sizes or more, not {list(sizes)}")
    deviation = SCHEMES[scheme]
    return [(rng.normal(0, deviation(n, m), size=(n, m)), np.zeros(m)) for n, m in itertools.pairwise(sizes)]
