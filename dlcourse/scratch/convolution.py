"""Convolution in plain numpy, as chapter 5 writes it, and the arithmetic of sizes, receptive fields and weights.

Arrays have Keras's axes: images (n_samples, height, width, channels), kernels (height, width, in, out).
What neural networks call convolution does not flip its kernel: mathematics calls it cross-correlation.
"""

from collections.abc import Sequence
from math import prod

import numpy as np


def output_size(size: int, kernel: int, stride: int = 1, padding: str = "valid") -> int:
    """Return how many places a kernel has along an axis.

    Args:
        size: of the axis, in pixels.
        kernel: its width.
        stride: pixels from one place to the next.
        padding: "valid" for none; "same" for so many zeros around that stride 1 keeps the size.

    Raises:
        ValueError: if the kernel does not fit, or the padding is neither.
    """
    if padding == "same":
        return -(-size // stride)
    if padding != "valid":
        raise ValueError(f"padding is {padding!r}: it is 'valid' or 'same'")
    if kernel > size:
        raise ValueError(f"a kernel {kernel} wide does not fit into {size} pixels without padding")
    return (size - kernel) // stride + 1


def same_padding(size: int, kernel: int, stride: int = 1) -> tuple[int, int]:
    """Return the zeros before and behind an axis for padding "same"; an odd one stands behind, as in TensorFlow."""
    total = max((output_size(size, kernel, stride, "same") - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def conv2d(
    X: np.ndarray, K: np.ndarray, b: np.ndarray | None = None, stride: int = 1, padding: str = "valid"
) -> np.ndarray:
    """Slide kernels over images: at each place, multiply patch and kernel pixel by pixel and add up, over all channels.

    Args:
        X: (n_samples, height, width, n_in) images.
        K: (kernel_height, kernel_width, n_in, n_out) kernels.
        b: (n_out,) one bias for each kernel; none by default.
        stride: pixels from one place to the next, in both directions.
        padding: "valid" or "same".

    Returns:
        (n_samples, out_height, out_width, n_out) feature maps.

    Raises:
        ValueError: if the channels differ, or the kernel does not fit.
    """
    X, K = np.asarray(X), np.asarray(K)
    if X.ndim != 4 or K.ndim != 4 or X.shape[3] != K.shape[2]:
        raise ValueError(
            f"conv2d: images {X.shape} and kernels {K.shape} do not fit: (n, h, w, in) and (h, w, in, out)"
        )
    for size, kernel in zip(X.shape[1:3], K.shape[:2], strict=True):
        output_size(size, kernel, stride, padding)  # refuses what does not fit
    if padding == "same":
        margins = [same_padding(size, kernel, stride) for size, kernel in zip(X.shape[1:3], K.shape[:2], strict=True)]
        X = np.pad(X, [(0, 0), *margins, (0, 0)])
    patches = np.lib.stride_tricks.sliding_window_view(X, K.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    out = np.einsum("nijchw,hwco->nijo", patches, K)
    return out if b is None else out + b


def as_matrix(kernel: np.ndarray, shape: tuple[int, int], stride: int = 1) -> np.ndarray:
    """Return the dense layer that a convolution without padding is: (n_pixels, n_places), so that ``x.ravel() @ W``.

    Args:
        kernel: (kernel_height, kernel_width).
        shape: height and width of the image.
    """
    kernel = np.asarray(kernel)
    rows, columns = (output_size(n, k, stride) for n, k in zip(shape, kernel.shape, strict=True))
    W = np.zeros((*shape, rows, columns))
    for i in range(rows):
        for j in range(columns):
            W[i * stride : i * stride + kernel.shape[0], j * stride : j * stride + kernel.shape[1], i, j] = kernel
    return W.reshape(prod(shape), rows * columns)


def receptive_field(layers: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return how many input pixels one unit sees along an axis, and how far apart the fields of neighbours lie.

    Args:
        layers: (kernel, stride) of each convolution or pooling layer, from the input on.

    Returns:
        The receptive field and the jump, both in pixels of the input: field = 1 + Σ (kernel − 1) · jump, with the
        jump before each layer (Araujo, Norris and Sim, 2019, doi:10.23915/distill.00021).
    """
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field, jump
