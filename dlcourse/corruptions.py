"""Images made worse in nine ways, each in five levels, to see how long people and networks still recognise them.

After Geirhos and others (2018), "Generalisation in humans and deep neural networks", on grey images of any size. Their
Eidolon, which scrambles an image locally, stands here as a smooth random displacement.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage


@dataclass(frozen=True)
class Corruption:
    """One way to spoil images.

    Attributes:
        name: of the corruption.
        shown: how a level is written, a format string.
        levels: five of them, from mild to severe.
        function: from images, level and random generator to spoilt images.
    """

    name: str
    shown: str
    levels: tuple[float, ...]
    function: Callable[[np.ndarray, float, np.random.Generator], np.ndarray]

    def label(self, level: float) -> str:
        """A level, with its unit."""
        return self.shown.format(level)

    def __call__(self, X: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
        """Spoil images.

        Args:
            X: (n_samples, height, width) or (n_samples, height, width, 1), from 0 to 1.
            level: how much; 0 changes nothing.
            rng: of all chance.

        Returns:
            A new array of the shape of X, 32-bit numbers from 0 to 1.

        Raises:
            ValueError: if X is not a stack of grey images from 0 to 1.
        """
        X = np.asarray(X, dtype=np.float64)
        if X.ndim not in (3, 4) or (X.ndim == 4 and X.shape[3] != 1):
            raise ValueError(f"{self.name}: X has shape {X.shape}; give grey images, (n_samples, height, width[, 1])")
        if X.size and (X.min() < 0 or X.max() > 1):
            raise ValueError(f"{self.name}: X goes from {X.min():g} to {X.max():g}; pixels must lie between 0 and 1")
        spoilt = self.function(X.reshape(X.shape[:3]), level, rng)
        return np.clip(spoilt, 0, 1).reshape(X.shape).astype(np.float32)


def uniform_noise(X: np.ndarray, width: float, rng: np.random.Generator) -> np.ndarray:
    """Add to each pixel a number drawn evenly from −width to +width."""
    return X + rng.uniform(-width, width, X.shape)


def salt_and_pepper(X: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Make a share of the pixels black or white, by the toss of a coin."""
    return np.where(rng.random(X.shape) < share, rng.integers(2, size=X.shape), X)


def low_contrast(X: np.ndarray, lost: float, rng: np.random.Generator) -> np.ndarray:
    """Draw all grey levels towards the middle, so that a share of the contrast is lost."""
    return 0.5 + (1 - lost) * (X - 0.5)


def low_pass(X: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Blur with a Gaussian, its standard deviation in pixels."""
    return ndimage.gaussian_filter(X, (0, sigma, sigma), mode="nearest")


def high_pass(X: np.ndarray, sharpness: float, rng: np.random.Generator) -> np.ndarray:
    """Take away what a Gaussian blur of 1/sharpness pixels would leave, and put each image's mean grey in its place."""
    if sharpness == 0:
        return X
    return X - low_pass(X, 1 / sharpness, rng) + X.mean(axis=(1, 2), keepdims=True)


def phase_noise(X: np.ndarray, degrees: float, rng: np.random.Generator) -> np.ndarray:
    """Turn the phase of each spatial frequency by up to ±degrees; how strong a frequency is stays as it is."""
    # The phases of a random image are random, and opposite for opposite frequencies, as a real image's must be.
    turn = np.angle(np.fft.fft2(rng.normal(size=X.shape))) / np.pi * np.deg2rad(degrees)
    turn[:, 0, 0] = 0  # the mean stays
    return np.fft.ifft2(np.fft.fft2(X) * np.exp(1j * turn)).real


def power_equalisation(X: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Give each frequency the strength that it has on average over all images (share 1), or go a part of the way."""
    spectrum = np.fft.fft2(X)
    strength = np.abs(spectrum)
    mean = strength.mean(axis=0)
    factor = np.divide(
        (1 - share) * strength + share * mean, strength, where=strength > 1e-9, out=np.ones_like(strength)
    )
    return np.fft.ifft2(spectrum * factor).real


def rotation(X: np.ndarray, degrees: float, rng: np.random.Generator) -> np.ndarray:
    """Turn counter-clockwise around the middle."""
    return ndimage.rotate(X, degrees, axes=(2, 1), reshape=False, order=1)


def scrambling(X: np.ndarray, reach: float, rng: np.random.Generator) -> np.ndarray:
    """Move each pixel by a smooth random field, the standard deviation of whose components is `reach` pixels."""
    n_samples, height, width = X.shape
    field = ndimage.gaussian_filter(rng.normal(size=(2, *X.shape)), (0, 0, 1, 1), mode="wrap")
    field *= reach / field.std()
    sample, row, column = np.meshgrid(np.arange(n_samples), np.arange(height), np.arange(width), indexing="ij")
    return ndimage.map_coordinates(X, [sample, row + field[0], column + field[1]], order=1, mode="constant")


CORRUPTIONS = (
    Corruption("uniform noise", "±{:g}", (0.2, 0.4, 0.6, 0.8, 1.0), uniform_noise),
    Corruption("salt and pepper", "{:.0%} of pixels", (0.1, 0.2, 0.3, 0.4, 0.5), salt_and_pepper),
    Corruption("low contrast", "{:.0%} lost", (0.3, 0.5, 0.7, 0.8, 0.9), low_contrast),
    Corruption("low pass (blur)", "σ = {:g} px", (0.5, 0.75, 1.0, 1.25, 1.5), low_pass),
    Corruption("high pass", "1/σ = {:g} per px", (0.5, 0.75, 1.0, 1.5, 2.0), high_pass),
    Corruption("phase noise", "±{:g}°", (30, 60, 90, 120, 150), phase_noise),
    Corruption("power equalisation", "{:.0%}", (0.2, 0.4, 0.6, 0.8, 1.0), power_equalisation),
    Corruption("rotation", "{:g}°", (15, 30, 45, 60, 90), rotation),
    Corruption("scrambling", "{:g} px", (0.3, 0.6, 0.9, 1.2, 1.5), scrambling),
)
