"""Convolution in numpy: against scipy and Keras, and the laws that it obeys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate2d

from dlcourse.scratch.convolution import as_matrix, conv2d, output_size, receptive_field, same_padding

PADDINGS = st.sampled_from(["valid", "same"])


def one_channel(image: np.ndarray, kernel: np.ndarray, **options: object) -> np.ndarray:
    return conv2d(image[None, :, :, None], kernel[:, :, None, None], **options)[0, :, :, 0]


@given(seed=st.integers(0, 1000), height=st.integers(3, 9), width=st.integers(3, 9))
def test_it_is_scipy_s_cross_correlation(seed: int, height: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=(height, width)), rng.normal(size=(3, 2))
    np.testing.assert_allclose(one_channel(image, kernel), correlate2d(image, kernel, mode="valid"), atol=1e-12)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [(3, 3), (4, 2), (1, 1)])
def test_it_is_keras_s_layer(padding: str, stride: int, kernel: tuple[int, int]) -> None:
    import keras

    rng = np.random.default_rng(0)
    X = rng.normal(size=(2, 11, 8, 3)).astype(np.float32)
    layer = keras.layers.Conv2D(4, kernel, strides=stride, padding=padding)
    layer.build(X.shape)
    layer.set_weights([rng.normal(size=(*kernel, 3, 4)), rng.normal(size=4)])
    out = conv2d(X, *layer.get_weights(), stride=stride, padding=padding)
    np.testing.assert_allclose(out, np.asarray(layer(X)), atol=1e-5)


@given(size=st.integers(1, 40), kernel=st.integers(1, 9), stride=st.integers(1, 5), padding=PADDINGS)
def test_output_size_counts_the_places(size: int, kernel: int, stride: int, padding: str) -> None:
    if padding == "valid" and kernel > size:
        with pytest.raises(ValueError, match="does not fit"):
            output_size(size, kernel, stride, padding)
        return
    padded = size + (sum(same_padding(size, kernel, stride)) if padding == "same" else 0)
    # with a stride wider than the kernel the last place may end before the image does
    assert output_size(size, kernel, stride, padding) == len(range(0, padded - kernel + 1, stride))


@given(seed=st.integers(0, 1000), stride=st.integers(1, 3))
def test_the_matrix_is_the_convolution(seed: int, stride: int) -> None:
    rng = np.random.default_rng(seed)
    image, kernel = rng.normal(size=(6, 7)), rng.normal(size=(3, 2))
    by_matrix = image.ravel() @ as_matrix(kernel, image.shape, stride)
    np.testing.assert_allclose(by_matrix, one_channel(image, kernel, stride=stride).ravel(), atol=1e-12)


@given(seed=st.integers(0, 1000), shift=st.integers(1, 3))
def test_moved_images_give_moved_maps(seed: int, shift: int) -> None:
    rng = np.random.default_rng(seed)
    image, kernel = np.zeros((12, 12)), rng.normal(size=(3, 3))
    image[3:7, 3:7] = rng.normal(size=(4, 4))
    moved = one_channel(np.roll(image, shift, axis=1), kernel)
    np.testing.assert_allclose(moved, np.roll(one_channel(image, kernel), shift, axis=1), atol=1e-12)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), min_size=1, max_size=4))
def test_receptive_fields_are_what_a_unit_sees(layers: list[tuple[int, int]]) -> None:
    field, jump = receptive_field(layers)
    # walk back from two neighbouring units: the pixels below each
    spans = [(0, 0), (1, 1)]
    for kernel, stride in reversed(layers):
        spans = [(first * stride, last * stride + kernel - 1) for first, last in spans]
    (first, last), (next_first, _) = spans
    assert (field, jump) == (last - first + 1, next_first - first)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        conv2d(np.zeros((1, 5, 5, 2)), np.zeros((3, 3, 3, 1)))
    with pytest.raises(ValueError, match="'valid' or 'same'"):
        output_size(5, 3, padding="full")
    with pytest.raises(ValueError, match="6 wide does not fit into 5 pixels"):
        conv2d(np.zeros((1, 5, 5, 1)), np.zeros((6, 6, 1, 1)))
