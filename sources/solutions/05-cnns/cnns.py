# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercise 5 · CNNs
#
# You write the parts of a convolutional network with your own hands: the layer, its arithmetic, pooling with its way
# back, the step from maps to a decision. Then you do what decides whether a result can be believed: you cut patches
# without a leak. At the end you search DNA on both strands.
#
# **You need** chapter 5. **Time:** 75 to 90 minutes. **Points:** 27.
#
# | | question | points | minutes |
# | --- | --- | --- | --- |
# | 1 | The layer | 4 | 15 |
# | 2 | How large, how many, how far | 3 | 12 |
# | 3 | Max pooling, there and back | 4 | 15 |
# | 4 | From another framework | 2 | 6 |
# | 5 | Patches without a leak | 4 | 12 |
# | 6 | A network that does not care where | 4 | 12 |
# | 7 | Both strands | 3 | 10 |
# | 8 | In your own words | 3 | 8 |
# | 9 | For the curious: pooling that moves with the picture | – | – |
#
# ## How to work
#
# - Replace each `raise NotImplementedError()` by your code. Keep the names of the functions and the order of their
#   arguments.
# - Below each answer stands a **test cell**. Run it as often as you like: it prints ✓ or ✗ for each part, and what went
#   wrong. It cannot be edited; try things out in cells of your own.
# - When your work is graded, more tests run, with other numbers and in the corners that the text mentions. So read the
#   text, not only the tests.
# - Each question is graded on its own: no test of a later question uses an earlier answer. For the same reason, don't
#   call the function of an earlier question in a later one.
# - Your functions must not change the arrays that they are given.
# - Question 8 is read by a person, who sees the rubric that you see.
# - Before you hand in: *Kernel → Restart Kernel and Run All Cells*, then **Validate** in the toolbar.
#
# Images have their channels last, as in Keras: (height, width, channels), or (n_samples, height, width, channels).
#
# Run this cell first.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import keras
import numpy as np

from dlcourse import checks, nuclei

# %% [markdown]
# ## 1 · The layer (4 points)
#
# Write `conv_layer(image, kernels, biases, stride, pad)` for *one* image, in numpy alone (no Keras, no scipy):
#
# $$\text{out}_{ijo} = b_o + \sum_{a}\sum_{b}\sum_{c} x_{si+a,\,sj+b,\,c}\; K_{oabc}$$
#
# - `image` is (height, width, n_in), `kernels` (n_out, k_height, k_width, n_in): **the number of the kernel comes
#   first** here. `biases` is (n_out,). Return (out_height, out_width, n_out).
# - Before that, `pad` rows and columns of zeros go on *each* of the four sides.
# - The kernel is not turned round: $x$ with a **plus** in its index.
# - Only places where the kernel fits count: $\lfloor (n + 2\,\text{pad} - k) / s \rfloor + 1$ along an axis of $n$ pixels.
#
# *Example:* one row $(1, 2, 4, 8)$ with one channel, kernel $(1, 10)$, bias 0.5, stride 1 and no padding gives
# $(21.5, 42.5, 84.5)$; with stride 2 it gives $(21.5, 84.5)$.
#
# *Reread:* [chapter 5, The layer: channels, padding, stride, bias](../../course/05-cnns.ipynb#The-layer:-channels,-padding,-stride,-bias)


# %% nbgrader={"grade": false, "grade_id": "conv_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_layer(image, kernels, biases, stride, pad):
    """Return the feature maps of one image, (out_height, out_width, n_out).

    image: (height, width, n_in). kernels: (n_out, k_height, k_width, n_in). biases: (n_out,). stride: at least 1.
    pad: zeros on each of the four sides.
    """
    ### BEGIN SOLUTION
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    n_out, h, w, _ = kernels.shape
    rows, columns = (x.shape[0] - h) // stride + 1, (x.shape[1] - w) // stride + 1
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + h, j * stride : j * stride + w]
            out[i, j] = np.sum(patch * kernels, axis=(1, 2, 3)) + biases
    return out
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_layer_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 1. Run it as often as you like.
parts = checks.Parts(points=4)


def layer_by_matrix(x, K, b, s, before, behind, *, sides=(True, True)):
    """The layer by another way, with so many zeros before and behind each axis (if that side is wanted)."""
    x = np.pad(x, [(before * side, behind * side) for side in sides] + [(0, 0)])
    patches = np.lib.stride_tricks.sliding_window_view(x, K.shape[1:3], axis=(0, 1))[::s, ::s]
    return np.einsum("ijchw,ohwc->ijo", patches, K) + b


def layer_slips(x, K, b, s, p):
    """What slips give, with the words that belong to them."""
    slips = {
        "the kernel is turned round: multiply x[i+a, j+b] with K[a, b], not with K[-a, -b]": (K[:, ::-1, ::-1], b),
        "the bias is missing: each map gets one number added": (K, 0 * b),
        "the biases are added once for each pixel of the kernel: add one number to each sum": (
            K,
            b * np.prod(K.shape[1:3]),
        ),
        "each map has all the biases added: kernel o has its own, biases[o]": (K, b.sum()),
        "only the first channel counts: sum over the channels too": (K * (np.arange(K.shape[3]) == 0), b),
        "only the last channel counts: add the channels up, do not overwrite": (
            K * (np.arange(K.shape[3]) == K.shape[3] - 1),
            b,
        ),
    }
    found = {words: layer_by_matrix(x, *wrong, s, p, p) for words, wrong in slips.items()}
    right = layer_by_matrix(x, K, b, s, p, p)
    if s > 1:
        found["the stride is ignored: the next place is `stride` pixels further on"] = layer_by_matrix(x, K, b, 1, p, p)
        found["the stride counts only downwards"] = layer_by_matrix(x, K, b, 1, p, p)[::s]
    if p and min(np.subtract(x.shape[:2], K.shape[1:3])) >= 0:
        found["the padding stands on one side only: pad zeros on each of the four sides"] = layer_by_matrix(
            x, K, b, s, p, 0
        )
        found["the padding stands behind only: pad zeros on each of the four sides"] = layer_by_matrix(x, K, b, s, 0, p)
        found["there is no padding"] = layer_by_matrix(x, K, b, s, 0, 0)
        found["the padding stands above and below only"] = layer_by_matrix(x, K, b, s, p, p, sides=(True, False))
    found["the last place is missing: there are (n + 2 pad - k) // stride + 1"] = right[:-1, :-1]
    found["the channels are not added up: one kernel makes one map"] = (
        np.stack(
            [layer_by_matrix(x[..., c : c + 1], K[..., c : c + 1], b, s, p, p) for c in range(x.shape[2])], axis=-1
        )
    ).reshape(*right.shape[:2], -1)
    return found


def check_layer(seed, size, kernel, n_in, n_out, stride, pad):
    rng = np.random.default_rng(seed)
    x, K, b = rng.normal(size=(*size, n_in)), rng.normal(size=(n_out, *kernel, n_in)), rng.uniform(1, 3, n_out)
    given = x.copy(), K.copy(), b.copy()
    out = conv_layer(*given, stride, pad)
    what = f"image {x.shape}, kernels {K.shape}, stride {stride}, pad {pad}"
    right = layer_by_matrix(x, K, b, stride, pad, pad)
    checks.assert_close(out, right, what, mistakes=layer_slips(x, K, b, stride, pad), rtol=1e-5, atol=1e-7)
    for array, before in zip(given, (x, K, b), strict=True):
        checks.assert_unchanged(array, before, "conv_layer must not change the arrays that it was given")


with parts("one channel: multiply and add up", points=1):
    row, tens = np.array([1.0, 2, 4, 8]).reshape(1, 4, 1), np.array([1.0, 10]).reshape(1, 1, 2, 1)
    checks.assert_close(
        conv_layer(row, tens, np.array([0.5]), 1, 0),
        np.reshape([21.5, 42.5, 84.5], (1, 3, 1)),
        "the example in the text",
        mistakes=layer_slips(row, tens, np.array([0.5]), 1, 0)
        | {
            "the last place is missing: there are n - k + 1, here 3": np.reshape([21.5, 42.5], (1, 2, 1)),
            "the kernel is turned round: multiply x[i+a, j+b] with K[a, b]": np.reshape([12.5, 24.5, 48.5], (1, 3, 1)),
        },
        rtol=1e-5,
    )
    check_layer(0, (5, 6), (3, 2), 1, 1, 1, 0)
    ### BEGIN HIDDEN TESTS
    for seed in range(3):
        check_layer(10 + seed, (6 + seed, 7), (2, 3), 1, 1, 1, 0)
    ### END HIDDEN TESTS

with parts("several channels and kernels", points=1):
    check_layer(1, (5, 6), (3, 2), 3, 4, 1, 0)
    ### BEGIN HIDDEN TESTS
    check_layer(11, (4, 4), (4, 4), 2, 5, 1, 0)
    check_layer(12, (7, 5), (1, 1), 4, 2, 1, 0)
    ### END HIDDEN TESTS

with parts("zeros on all four sides", points=1):
    check_layer(2, (5, 6), (3, 2), 2, 3, 1, 1)
    ### BEGIN HIDDEN TESTS
    check_layer(13, (3, 5), (3, 3), 2, 2, 1, 2)
    check_layer(14, (1, 1), (3, 3), 1, 1, 1, 1)
    ### END HIDDEN TESTS

with parts("stride", points=1):
    check_layer(3, (7, 8), (3, 2), 2, 3, 2, 0)
    ### BEGIN HIDDEN TESTS
    check_layer(15, (9, 11), (3, 3), 1, 2, 3, 0)
    check_layer(16, (6, 6), (2, 2), 2, 2, 4, 0)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 2 · How large, how many, how far (3 points)
#
# Before anyone trains a network, somebody should know its numbers. Write `plan(size, channels, layers)` for square images
# of `size` pixels a side. `layers` is a list of tuples, from the image on:
#
# - `("conv", kernel, stride, pad, n_out)`: square kernels with one bias each, `pad` zeros on each side;
# - `("pool", kernel, stride)`: max pooling, no padding.
#
# Return a list with one tuple `(size, channels, n_parameters, field)` for each layer: the side and the number of its
# maps, its weights and biases, and its **receptive field**: how many pixels *of the image* one of its units sees along
# an axis. Do not cut fields at the image's border.
#
# *Example:* `plan(24, 1, [("conv", 7, 1, 0, 8), ("pool", 2, 2), ("conv", 3, 1, 0, 16)])` is
# `[(18, 8, 400, 7), (9, 8, 0, 8), (7, 16, 1168, 12)]`.
#
# *Reread:* [chapter 5, The layer: channels, padding, stride, bias](../../course/05-cnns.ipynb#The-layer:-channels,-padding,-stride,-bias),
# [Pooling, and how far a unit sees](../../course/05-cnns.ipynb#Pooling,-and-how-far-a-unit-sees)


# %% nbgrader={"grade": false, "grade_id": "plan", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plan(size, channels, layers):
    """Return (size, channels, n_parameters, field) of each layer, as a list of tuples of integers."""
    ### BEGIN SOLUTION
    field, jump, table = 1, 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        n_parameters = n_out * (kernel * kernel * channels + 1) if kind == "conv" else 0
        size = (size + 2 * pad - kernel) // stride + 1
        field, jump, channels = field + (kernel - 1) * jump, jump * stride, n_out
        table.append((size, channels, n_parameters, field))
    return table
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "plan_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 2.
parts = checks.Parts(points=3)
plain = [("conv", 7, 1, 0, 8), ("pool", 2, 2), ("conv", 3, 1, 0, 16)]
strided = [("conv", 5, 2, 2, 6), ("conv", 3, 1, 1, 12), ("pool", 3, 2), ("conv", 3, 2, 0, 4)]


def numbers_of(column, size, channels, layers):
    """One column of the plan: 0 size, 1 channels, 2 parameters, 3 field."""
    rows = plan(size, channels, list(layers))
    checks.assert_shape(
        rows, (len(layers), 4), "the plan: one row (size, channels, n_parameters, field) for each layer"
    )
    return np.asarray(rows)[:, column]


with parts("size and channels of the maps", points=1):
    checks.assert_close(
        numbers_of(0, 24, 1, plain),
        [18, 9, 7],
        "sizes of the example",
        mistakes={
            "off by one: a kernel k wide has n - k + 1 places, not n - k": [17, 8, 5],
            "as if all layers were padded": [24, 12, 12],
        },
    )
    checks.assert_close(numbers_of(1, 24, 1, plain), [8, 8, 16], "channels of the example: pooling keeps them")
    checks.assert_close(
        numbers_of(0, 33, 3, strided),
        [17, 17, 8, 3],
        "sizes with strides and padding, 33 pixels",
        mistakes={
            "the padding counts once: it stands on both sides": [16, 15, 7, 3],
            "the stride is ignored": [33, 33, 31, 29],
            "rounded up: a place where the kernel does not fit wholly is none": [17, 17, 8, 4],
        },
    )
    ### BEGIN HIDDEN TESTS
    checks.assert_close(numbers_of(0, 28, 1, strided), [14, 14, 6, 2], "sizes with 28 pixels: round down")
    checks.assert_close(
        numbers_of(0, 10, 2, [("pool", 3, 3), ("conv", 1, 1, 0, 5)]), [3, 3], "sizes that do not divide"
    )
    checks.assert_close(numbers_of(1, 10, 2, [("pool", 3, 3), ("conv", 1, 1, 0, 5)]), [2, 5], "channels after pooling")
    ### END HIDDEN TESTS

with parts("weights and biases", points=1):
    checks.assert_close(
        numbers_of(2, 24, 1, plain),
        [400, 0, 1168],
        "parameters of the example",
        mistakes={
            "the biases are missing: each kernel has one": [392, 0, 1152],
            "a kernel has weights for all channels that come in": [400, 0, 160],
            "one bias for each place: a kernel has one, the same everywhere": [
                392 + 8 * 18 * 18,
                0,
                1152 + 16 * 7 * 7,
            ],
            "one bias for each layer: each kernel has its own": [393, 0, 1153],
            "a bias for each kernel and channel: one for each kernel": [400, 0, 16 * 8 * 10],
        },
    )
    ### BEGIN HIDDEN TESTS
    checks.assert_close(numbers_of(2, 33, 3, strided), [6 * 76, 12 * 55, 0, 4 * 109], "parameters with three channels")
    ### END HIDDEN TESTS

with parts("receptive field", points=1):
    checks.assert_close(
        numbers_of(3, 24, 1, plain),
        [7, 8, 12],
        "fields of the example",
        mistakes={
            "the strides below are forgotten: after pooling by 2 each step is two pixels of the image": [7, 8, 10],
            "that is the layer's own kernel: add up what lies below": [7, 2, 3],
            "the layer's own stride came too early: it counts for the layers above": [7, 9, 13],
            "add kernel - 1 for each layer, not kernel": [8, 10, 16],
        },
    )
    checks.assert_close(
        numbers_of(3, 33, 3, strided),
        [5, 9, 13, 21],
        "fields with strides",
        mistakes={"the strides below are forgotten": [5, 7, 9, 11]},
    )
    ### BEGIN HIDDEN TESTS
    deep = [("conv", 3, 2, 1, 4)] * 5
    checks.assert_close(numbers_of(3, 64, 1, deep), [3, 7, 15, 31, 63], "fields of five strided layers")
    checks.assert_close(numbers_of(3, 9, 1, [("conv", 1, 1, 0, 2), ("pool", 9, 9)]), [1, 9], "fields of 1 and 9")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 3 · Max pooling, there and back (4 points)
#
# Write `max_pool(x, size)` and `max_pool_backward(d_out, x, size)` for one image `x` (height, width, channels).
#
# - **There:** cut the image into blocks of `size` × `size` pixels that do not overlap, from the top left corner on; rows
#   and columns left over at the end belong to no block. Return the largest number of each block and channel.
# - **Back:** given the gradient of the loss at the output, `d_out` (out_height, out_width, channels), return the
#   gradient at the input, of the shape of `x`. Only the largest of a block has a say: it gets the block's gradient, all
#   others get 0. If two are equally large, the first in reading order (left to right, top to bottom) gets it.
#
# *Example:* the block $\begin{pmatrix} 1 & 5 \\ 3 & 5 \end{pmatrix}$ gives 5, and a gradient of 2 comes back as
# $\begin{pmatrix} 0 & 2 \\ 0 & 0 \end{pmatrix}$.
#
# *Reread:* [chapter 5, Pooling, and how far a unit sees](../../course/05-cnns.ipynb#Pooling,-and-how-far-a-unit-sees)


# %% nbgrader={"grade": false, "grade_id": "max_pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool(x, size):
    """Return the largest number of each block, (height // size, width // size, channels)."""
    ### BEGIN SOLUTION
    rows, columns = x.shape[0] // size, x.shape[1] // size
    blocks = x[: rows * size, : columns * size].reshape(rows, size, columns, size, -1)
    return blocks.max(axis=(1, 3))
    ### END SOLUTION


def max_pool_backward(d_out, x, size):
    """Return the gradient at the input, of the shape of x. d_out: the gradient at the output of max_pool(x, size)."""
    ### BEGIN SOLUTION
    d_x = np.zeros(x.shape)
    for i, j, c in np.ndindex(*d_out.shape):
        block = x[i * size : (i + 1) * size, j * size : (j + 1) * size, c]
        row, column = np.unravel_index(block.argmax(), block.shape)
        d_x[i * size + row, j * size + column, c] = d_out[i, j, c]
    return d_x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 3.
parts = checks.Parts(points=4)


def blocks_of(x, size):
    """(rows, columns, channels, size²): the numbers of each block in reading order."""
    rows, columns, channels = x.shape[0] // size, x.shape[1] // size, x.shape[2]
    x = x[: rows * size, : columns * size].reshape(rows, size, columns, size, channels)
    return x.transpose(0, 2, 4, 1, 3).reshape(rows, columns, channels, size * size)


def back_to_image(blocks, x, size):
    rows, columns, channels, _ = blocks.shape
    image = np.zeros(x.shape)
    whole = blocks.reshape(rows, columns, channels, size, size).transpose(0, 3, 1, 4, 2)
    image[: rows * size, : columns * size] = whole.reshape(rows * size, columns * size, channels)
    return image


def check_pool(x, size, what):
    blocks = blocks_of(x, size)
    checks.assert_close(
        max_pool(x.copy(), size),
        blocks.max(axis=3),
        what,
        mistakes={
            "that is the mean of each block: take the largest": blocks.mean(axis=3),
            "that is the smallest of each block": blocks.min(axis=3),
            "the largest over the channels too: each channel is pooled on its own": blocks.max(axis=(2, 3)),
            "that is the largest distance from zero: take the largest number": np.abs(blocks).max(axis=3),
            "the blocks overlap: the next begins `size` pixels further on": np.lib.stride_tricks.sliding_window_view(
                x, (size, size), axis=(0, 1)
            ).max(axis=(3, 4)),
            "every `size`-th pixel is taken: look at the whole block": x[::size, ::size],
        },
        rtol=1e-5,
    )


def check_back(x, d_out, size, what):
    blocks = blocks_of(x, size)
    winner = np.eye(size * size)[blocks.argmax(axis=3)]
    tied = blocks == blocks.max(axis=3, keepdims=True)
    last = np.eye(size * size)[::-1][:, ::-1][size * size - 1 - blocks[..., ::-1].argmax(axis=3)]
    slips = {
        "the gradient is spread over the whole block, as for the mean: only the largest gets it": np.full(
            winner.shape, 1 / size**2
        ),
        "every pixel of the block gets the gradient: only the largest gets it": np.ones(winner.shape),
        "several equally large pixels get the gradient: only the first in reading order does": tied,
        "of two equally large ones the last got it: it is the first in reading order": last,
        "the winner gets its own value: it gets the gradient of its block": winner * blocks / d_out[..., None],
        "the winner gets 1: it gets the gradient of its block": winner / d_out[..., None],
    }
    given = x.copy()
    checks.assert_close(
        max_pool_backward(d_out.copy(), given, size),
        back_to_image(winner * d_out[..., None], x, size),
        what,
        mistakes={words: back_to_image(share * d_out[..., None], x, size) for words, share in slips.items()},
        rtol=1e-5,
    )
    checks.assert_unchanged(given, x, "max_pool_backward must not change x")


rng = np.random.default_rng(0)
with parts("there", points=2):
    check_pool(np.array([[1.0, 5], [3, 5]])[..., None], 2, "the block of the example")
    check_pool(rng.normal(size=(4, 6, 3)), 2, "an image (4, 6, 3), size 2")
    check_pool(rng.normal(size=(7, 5, 2)), 2, "an image (7, 5, 2), size 2: what is left over belongs to no block")
    ### BEGIN HIDDEN TESTS
    check_pool(rng.normal(size=(9, 9, 2)), 3, "size 3")
    check_pool(rng.normal(size=(4, 5, 1)) - 9, 4, "size 4, all numbers negative")
    check_pool(rng.normal(size=(3, 2, 2)), 1, "size 1")
    ### END HIDDEN TESTS

with parts("back, to the largest", points=1):
    check_back(rng.normal(size=(4, 6, 2)), rng.normal(size=(2, 3, 2)) + 3, 2, "the gradient at an image (4, 6, 2)")
    ### BEGIN HIDDEN TESTS
    check_back(rng.normal(size=(6, 6, 1)) - 5, rng.normal(size=(2, 2, 1)) + 3, 3, "the gradient, all numbers negative")
    ### END HIDDEN TESTS

with parts("back, with a tie and with pixels left over", points=1):
    check_back(np.array([[1.0, 5], [3, 5]])[..., None], np.full((1, 1, 1), 2.0), 2, "the block of the example")
    ### BEGIN HIDDEN TESTS
    check_back(np.zeros((5, 4, 2)), rng.normal(size=(2, 2, 2)) + 3, 2, "an image of zeros, one row left over")
    check_back(rng.integers(0, 2, size=(7, 7, 3)) * 1.0, rng.normal(size=(2, 2, 3)) + 3, 3, "zeros and ones, size 3")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 4 · From another framework (2 points)
#
# A colleague computed feature maps in PyTorch, which has its channels **first**: `maps` is (n_samples, channels, height,
# width). Your dense layer was trained in Keras, on maps with channels **last** that `Flatten` had lined up: row by row,
# in a row pixel by pixel, in a pixel channel by channel. Write `scores(maps, W, b)`, which returns what your layer says,
# (n_samples, n_classes).
#
# `W` is (height · width · channels, n_classes), `b` (n_classes,).
#
# *Beware:* `reshape` changes how numbers are grouped, never their order. `transpose` changes their order.
#
# *Reread:* [chapter 5, The layer: channels, padding, stride, bias](../../course/05-cnns.ipynb#The-layer:-channels,-padding,-stride,-bias)


# %% nbgrader={"grade": false, "grade_id": "scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scores(maps, W, b):
    """Return the scores (n_samples, n_classes) of maps (n_samples, channels, height, width)."""
    ### BEGIN SOLUTION
    channels_last = np.transpose(maps, (0, 2, 3, 1))
    return channels_last.reshape(len(maps), -1) @ W + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "scores_test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 4.
def check_scores(shape, seed):
    rng = np.random.default_rng(seed)
    maps, W, b = rng.normal(size=shape), rng.normal(size=(np.prod(shape[1:]), 3)), rng.normal(size=3)
    n, c, h, w = shape
    orders = {
        "the channels still come first: bring them last with transpose, as reshape leaves the order": maps,
        "rows and columns are exchanged: the axes are (0, 2, 3, 1)": maps.transpose(0, 3, 2, 1),
        "the channels stand between rows and columns": maps.transpose(0, 2, 1, 3),
        "columns come first, the channels in the middle": maps.transpose(0, 3, 1, 2),
    }
    right = np.einsum("nchw,hwck->nk", maps, W.reshape(h, w, c, 3)) + b
    mistakes = {words: wrong.reshape(n, -1) @ W + b for words, wrong in orders.items()}
    mistakes |= {"the bias is missing": right - b}
    given = maps.copy()
    what = f"the scores of maps {shape}"
    checks.assert_close(scores(given, W, b), right, what, mistakes=mistakes, rtol=1e-5, atol=1e-7)
    checks.assert_unchanged(given, maps, "scores must not change the maps")


check_scores((4, 3, 2, 5), seed=0)
### BEGIN HIDDEN TESTS
check_scores((1, 4, 3, 3), seed=1)
check_scores((6, 2, 5, 4), seed=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Patches without a leak (4 points)
#
# A microscope image, places to cut patches at, and a line down the image: left of it we learn, right of it we test.
# Write `split_patches(image, rows, columns, size, boundary)`.
#
# - `image` is (height, width) with whole numbers from 0 to 255 (`uint8`); `rows` and `columns` are the places: each is
#   the patch's **top left corner**; `size` is its side.
# - Leave out patches that do not lie wholly inside the image.
# - A patch is for **training** if *all* its pixels lie in columns below `boundary`, for **testing** if all lie in columns
#   `boundary` or above. One that lies across is neither: it would share pixels with both sides.
# - Scale to numbers from 0 to 1, so that 255 becomes 1. Beware: whole numbers of 8 bits cannot do that.
# - Return `X_train, X_test`, both float arrays of shape (n_patches, size, size, 1), in the order of the places.
#
# *Example:* with `size=4` and `boundary=10`, a patch at column 6 is for training (columns 6 to 9), at column 7 it lies
# across, at column 10 it is for testing.
#
# *Reread:* [chapter 5, Which way do these cells lie?](../../course/05-cnns.ipynb#Which-way-do-these-cells-lie?),
# [The contest](../../course/05-cnns.ipynb#The-contest)


# %% nbgrader={"grade": false, "grade_id": "split_patches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split_patches(image, rows, columns, size, boundary):
    """Return (X_train, X_test), each (n_patches, size, size, 1), from 0 to 1."""
    ### BEGIN SOLUTION
    train, test = [], []
    for row, column in zip(rows, columns, strict=True):
        inside = 0 <= row <= image.shape[0] - size and 0 <= column <= image.shape[1] - size
        patch = image[row : row + size, column : column + size] / 255
        if inside and column + size <= boundary:
            train.append(patch)
        elif inside and column >= boundary:
            test.append(patch)
    return tuple(np.reshape(patches, (-1, size, size, 1)) for patches in (train, test))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "split_patches_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 5.
parts = checks.Parts(points=4)
photo = nuclei.load().image[:40, :60].astype(np.uint8)
photo[0, 0] = 255


def both(image, places, size, boundary):
    """Call split_patches; return both sets as arrays."""
    rows, columns = np.array(places).T
    given = image.copy()
    result = split_patches(given, rows, columns, size, boundary)
    assert result is not None, "split_patches returned None: did you forget `return`?"
    assert len(result) == 2, f"split_patches returns X_train and X_test, two arrays; got {len(result)}"
    checks.assert_unchanged(given, image, "split_patches must not change the image")
    for name, X in zip(("X_train", "X_test"), result, strict=True):
        checks.assert_shape(X, (None, size, size, 1), name)
    return [np.asarray(X) for X in result]


def cut(image, places, size):
    patches = [image[r : r + size, c : c + size] for r, c in places]
    return np.reshape(patches, (-1, size, size, 1)).astype(float)


def check_set(X, image, places, size, what, wrong=None):
    right = cut(image, places, size)
    for words, others in (wrong or {}).items():
        assert len(others) == len(places) or len(X) != len(others), f"{what}: {words}"
    checks.assert_close(len(X), len(places), f"{what}: how many patches")
    # each patch up to a factor of its own: another part looks at the scale
    tops = [np.max(patches, axis=(1, 2, 3), keepdims=True, initial=0) + 1e-12 for patches in (X, right)]
    checks.assert_close(X / tops[0] * tops[1], right, f"{what}, apart from the scale", rtol=1e-4, atol=1e-3)


with parts("patches from their top left corners, in order", points=1):
    left, right = [(3, 2), (0, 0), (20, 12)], [(5, 40), (30, 33)]
    X_train, X_test = both(photo, [left[0], right[0], left[1], right[1], left[2]], 8, 30)
    check_set(X_train, photo, left, 8, "training patches")
    check_set(X_test, photo, right, 8, "test patches")

with parts("no pixel on both sides", points=2):
    across = [(1, c) for c in range(20, 40)]
    X_train, X_test = both(photo, across, 8, 30)
    wholly_left, wholly_right = across[:3], across[10:]
    wrong = {
        "patches that lie across the boundary are there too: all their columns must lie below it": across[:10],
        "a patch whose last column is boundary - 1 belongs here: column + size <= boundary": across[:2],
        "a patch that reaches one column across the boundary is there": across[:4],
        "patches were sorted by their middle: all their columns must lie below the boundary": across[:6],
        "patches were sorted by their middle, give or take one": across[:7],
    }
    check_set(X_train, photo, wholly_left, 8, "training patches near the boundary", wrong)
    wrong = {
        "patches that lie across the boundary are there too: all their columns must lie beyond it": across[3:],
        "a patch that begins in column `boundary` belongs here": across[11:],
        "patches were sorted by their middle: all their columns must lie beyond the boundary": across[6:],
        "patches were sorted by their middle, give or take one": across[7:],
    }
    check_set(X_test, photo, wholly_right, 8, "test patches near the boundary", wrong)
    ### BEGIN HIDDEN TESTS
    for size in (1, 5, 12):
        many = [(2, c) for c in range(48)]
        X_train, X_test = both(photo, many, size, 25)
        check_set(X_train, photo, many[: 25 - size + 1], size, f"training patches of size {size}")
        check_set(X_test, photo, many[25 : 60 - size + 1], size, f"test patches of size {size}")
    at_edge = [(-1, 3), (3, -1), (32, 3), (33, 3), (3, 52), (3, 53), (-1, 45), (39, 59)]
    X_train, X_test = both(photo, at_edge, 8, 30)
    check_set(X_train, photo, [(32, 3)], 8, "training patches at the edge of the image: only those wholly inside")
    check_set(X_test, photo, [(3, 52)], 8, "test patches at the edge of the image: only those wholly inside")
    ### END HIDDEN TESTS

with parts("from 0 to 1", points=1):
    X_train, X_test = both(photo, [(0, 0), (5, 40)], 8, 30)
    assert X_train.dtype.kind == "f", (
        f"the patches hold whole numbers ({X_train.dtype}): divide by 255, which gives floats"
    )
    largest = cut(photo, [(0, 0)], 8).max()
    checks.assert_close(
        X_train.max(),
        largest / 255,
        "the brightest pixel of a training patch",
        mistakes={
            "these are still the numbers from 0 to 255: divide by 255": largest,
            "256 is one too many: 255 must become 1": largest / 256,
        },
        rtol=1e-5,
    )
    dim = cut(photo, [(5, 40)], 8).max()
    checks.assert_close(
        X_test.max(),
        dim / 255,
        "the brightest pixel of a test patch",
        mistakes={
            "each patch was divided by its own maximum: all patches get the same scale, 255": 1.0,
            "only the training patches are scaled": dim,
            "divided by the maximum of all patches: the scale is 255, whatever the patches hold": dim / largest,
        },
        rtol=1e-5,
    )
    ### BEGIN HIDDEN TESTS
    X_train, _ = both(np.minimum(photo, 100), [(0, 0), (5, 40)], 8, 30)
    checks.assert_close(X_train.max(), 100 / 255, "the brightest pixel of a dim image", rtol=1e-5)
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 6 · A network that does not care where (4 points)
#
# Write `build(n_classes)`, which returns a **compiled** Keras model for grey images of *any* size, `(None, None, 1)`:
#
# - at least two `Conv2D` layers, all with stride 1, and no pooling between them;
# - then the **largest** value of each map over all places (a *global* pooling), then one `Dense` layer;
# - its output are **scores** (logits), not probabilities, and the loss is the sparse categorical cross entropy that
#   knows it;
# - at most 3,000 parameters.
#
# Move a spot that lies on black, away from the border, by any number of pixels: the scores of your network stay as they
# are, even untrained. That is what the tests look for; they train nothing.
#
# *Reread:* [chapter 5, The contest](../../course/05-cnns.ipynb#The-contest)


# %% nbgrader={"grade": false, "grade_id": "build", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build(n_classes):
    """Return a compiled Keras model from (n_samples, height, width, 1) to scores (n_samples, n_classes)."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(n_classes),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "build_test", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 6.
parts = checks.Parts(points=4)


def spot_at(row, column, size=20):
    """A slanting spot on black, (1, size, size, 1)."""
    image = np.zeros((1, size, size, 1), "float32")
    image[0, row : row + 3, column : column + 3, 0] = [[0, 1, 3], [1, 3, 1], [3, 1, 0]]
    return image


model = None
with parts("a model for images of any size", points=1):
    model = build(4)
    assert model is not None, "build returned None: did you forget `return`?"
    for size in (12, 20):
        checks.assert_shape(model(spot_at(4, 4, size)), (1, 4), f"the scores of an image of {size} × {size} pixels")
    n_parameters = int(model.count_params())
    assert n_parameters <= 3000, f"the model has {n_parameters:,} parameters: 3,000 at most"
    ### BEGIN HIDDEN TESTS
    checks.assert_shape(build(2)(spot_at(4, 4, 16)), (1, 2), "the scores of build(2)")
    ### END HIDDEN TESTS

with parts("the same scores wherever the spot lies", points=2):
    assert model is not None, "there is no model to look at"
    places = np.concatenate([spot_at(8, 8), spot_at(8, 9), spot_at(7, 8), spot_at(10, 6), 2 * spot_at(8, 8)])
    answers = np.asarray(model(places))
    assert np.abs(answers[4] - answers[0]).max() > 1e-5, (
        "a spot twice as bright gets the same scores: the network does not look at its input"
    )
    moved = np.abs(answers[1:4] - answers[0]).max()
    assert moved < 1e-4, (
        f"the scores change by up to {moved:.3g} when the spot moves by a pixel or two: pool over *all* places "
        "(GlobalMaxPooling2D), with no stride and no pooling before"
    )
    # A second spot, fainter and far away, must not change what the largest value is by much; a mean or sum would.
    wide = np.concatenate([spot_at(8, 8, 20), np.zeros((1, 20, 20, 1), "float32")])
    larger = np.concatenate([spot_at(8, 8, 40), np.zeros((1, 40, 40, 1), "float32")])
    narrow, broad = (np.asarray(model(images)) for images in (wide, larger))
    assert np.abs(narrow - broad).max() < 1e-4, (
        "the scores change when more black surrounds the spot: that is the mean over the places, take the largest "
        "(GlobalMaxPooling2D)"
    )

with parts("scores and their loss", points=1):
    assert model is not None, "there is no model to look at"
    images, labels = np.concatenate([spot_at(8, 8), 5 * spot_at(3, 9), -9 * spot_at(5, 5)]), np.array([0, 2, 1])
    out = np.asarray(model(images), dtype=np.float64)
    probabilities = out.min() >= 0 and np.allclose(out.sum(axis=1), 1, atol=1e-4)
    assert not probabilities, (
        "the outputs are probabilities (they add up to 1): return scores, without softmax; the loss takes the softmax itself"
    )
    log_p = out - out.max(axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    expected = -log_p[np.arange(3), labels].mean()
    assert model.compiled, "the model has no loss yet: model.compile(optimizer, loss)"
    loss = float(np.asarray(model.compute_loss(y=labels, y_pred=out.astype("float32"))))
    with np.errstate(all="ignore"):
        as_p = np.clip(out / out.sum(axis=1, keepdims=True), 1e-7, 1 - 1e-7)[np.arange(3), labels]
    checks.assert_close(
        loss,
        expected,
        "the loss of three pictures, as from_logits=True finds it from scores",
        mistakes={
            "the scores are taken for probabilities: SparseCategoricalCrossentropy(from_logits=True)": -np.log(
                as_p
            ).mean()
        },
        rtol=1e-2,
        atol=1e-3,
    )

parts.score()

# %% [markdown]
# ## 7 · Both strands (3 points)
#
# A protein binds DNA on either strand. `S` holds sequences as numbers, (n_samples, length): A = 0, C = 1, G = 2, T = 3. The
# `kernel` (width, 4) gives a weight for each base at each of its positions. The other strand reads backwards, and each
# base is replaced by its partner: A ↔ T, C ↔ G. (With these numbers, that is $3 - x$.)
#
# Write `best_site(S, kernel)`. For each sequence, slide the kernel along both strands and return the best place, an array
# (n_samples, 3) with the columns
#
# - the score: the sum of the weights of the bases under the kernel;
# - the start: the **leftmost** position that the kernel covers, *counted on the sequence as given*, from 0;
# - the strand: 1 as given, −1 for the other.
#
# (The tests have no ties.) *Example:* the kernel gives 1 to each letter of `AAC` in order, else 0. In `GGTTAG` the best is
# `GTT`, which the other strand reads as `AAC`: score 3, start 1, strand −1.
#
# *Reread:* [chapter 5, One dimension: the motif that the filter found](../../course/05-cnns.ipynb#One-dimension:-the-motif-that-the-filter-found)


# %% nbgrader={"grade": false, "grade_id": "best_site", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_site(S, kernel):
    """Return (n_samples, 3): score, start on the given strand, and strand (1 or -1) of the best place."""
    ### BEGIN SOLUTION
    width = len(kernel)
    windows = np.lib.stride_tricks.sliding_window_view(S, width, axis=1)  # (n, places, width)
    given = kernel[np.arange(width), windows].sum(axis=2)
    other = kernel[::-1, ::-1][np.arange(width), windows].sum(axis=2)  # the kernel turned round and paired
    result = []
    for one, two in zip(given, other, strict=True):
        row, strand = (one, 1) if one.max() >= two.max() else (two, -1)
        result.append((row.max(), row.argmax(), strand))
    return np.array(result)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "best_site_test", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Test cell of question 7.
parts = checks.Parts(points=3)


def as_numbers(*words):
    return np.array([["ACGT".index(letter) for letter in word] for word in words])


def kernel_of(word):
    return np.eye(4)[as_numbers(word)[0]]


def strand_scores(S, kernel):
    """(n, places): the scores of all places, as given."""
    return np.stack(
        [
            kernel[np.arange(len(kernel)), S[:, i : i + len(kernel)]].sum(axis=1)
            for i in range(S.shape[1] - len(kernel) + 1)
        ],
        axis=1,
    )


def sites(S, kernel, *, turn=lambda S: 3 - S[:, ::-1], map_back=True):
    one, two = strand_scores(S, kernel), strand_scores(turn(S), kernel)
    if map_back:
        two = two[:, ::-1]
    best = np.where(one.max(axis=1) >= two.max(axis=1), 1, -1)
    chosen = np.where(best[:, None] == 1, one, two)
    return np.stack([chosen.max(axis=1), chosen.argmax(axis=1), best], axis=1)


def check_sites(S, kernel, what, columns=(0, 1, 2)):
    before = S.copy()
    answer = best_site(S, kernel)
    checks.assert_shape(answer, (len(S), 3), "the sites: score, start and strand of each sequence")
    right = sites(S, kernel)
    given = strand_scores(S, kernel)
    slips = {
        "only the strand as given was searched": np.stack(
            [given.max(axis=1), given.argmax(axis=1), np.ones(len(S))], axis=1
        ),
        "the other strand was read backwards but its bases not replaced: A ↔ T, C ↔ G": sites(
            S, kernel, turn=lambda S: S[:, ::-1]
        ),
        "the bases were replaced but not read backwards": sites(S, kernel, turn=lambda S: 3 - S, map_back=False),
        "the start is counted on the other strand: count it on the sequence as given": sites(S, kernel, map_back=False),
        "the start on the other strand is off by one": right - np.array([0, 1, 0]) * (right[:, 2:] < 0),
        "the start on the other strand is off by one, to the right": right + np.array([0, 1, 0]) * (right[:, 2:] < 0),
        "on the other strand that is the rightmost position that the kernel covers": right
        + np.array([0, len(kernel) - 1, 0]) * (right[:, 2:] < 0),
        "starts count from 0, not from 1": right + np.array([0, 1, 0]),
        "the kernel was turned round: position 0 of the kernel lies on the left": sites(S, kernel[::-1]),
        "the strand is 1 or -1, not 1 or 0": right * np.array([1, 1, 0]) + np.array([0, 0, 1]) * (right[:, 2:] > 0),
    }
    answer = np.asarray(answer, dtype=float)[:, list(columns)]
    mistakes = {words: wrong[:, list(columns)] for words, wrong in slips.items()}
    checks.assert_close(answer, right[:, list(columns)], what, mistakes=mistakes, rtol=1e-5, atol=1e-7)
    checks.assert_unchanged(S, before, "best_site must not change S")


rng = np.random.default_rng(0)
with parts("as given", points=1):
    plus = as_numbers("GGAACGGG", "AACGGGGG", "GGGGGAAC")
    check_sites(plus, kernel_of("AAC"), "sites of AAC on the strand as given")
    ### BEGIN HIDDEN TESTS
    plus = rng.integers(0, 2, size=(6, 12))
    strong = np.column_stack([rng.normal(size=(4, 2)) + 9, rng.normal(size=(4, 2)) - 9])
    check_sites(plus, strong, "sites of a kernel that likes A and C, in sequences of A and C")
    ### END HIDDEN TESTS

with parts("both strands", points=2):
    check_sites(
        as_numbers("GGTTAGCC", "CCAACGCC", "CCCCCGTT", "GTTCCCCC"), kernel_of("AAC"), "sites of AAC on both strands"
    )
    check_sites(as_numbers("GGTTAG"), kernel_of("AAC"), "the example in the text")
    ### BEGIN HIDDEN TESTS
    for width in (5, 9):
        check_sites(rng.integers(0, 4, size=(20, 15)), rng.normal(size=(width, 4)), f"sites of a kernel {width} wide")
    check_sites(rng.integers(0, 4, size=(5, 7)), rng.normal(size=(7, 4)), "sites of a kernel as long as the sequence")
    ### END HIDDEN TESTS

parts.score()

# %% [markdown]
# ## 8 · In your own words (3 points, graded by hand)
#
# A group has ten slides of ten patients, half of them ill. They cut 2,000 patches out of each slide, shuffle all 20,000,
# keep a fifth for testing, and train a CNN: it tells ill from healthy in 99 % of the test patches. "And Grad-CAM shows
# that it looks at the nuclei."
#
# 1. Why does the 99 % not tell how well the network will do on an eleventh patient? (1 point)
# 2. How should they have split, how large is their test set then, really, and which baseline would you like to see beside
#    it? (1 point)
# 3. What would you do before you believe the Grad-CAM pictures? (1 point)
#
# | rubric | 1 point | ½ point |
# | --- | --- | --- |
# | 1 | patches of one slide are on both sides of the split, **and** so the slide (patient, stain) can be recognised instead of the illness | one of the two |
# | 2 | split by patient, **and** ten independent cases, **and** a plain baseline (mean colour; guessing: half) | two of the three |
# | 3 | a control (random weights, the other class, covering the nuclei), **and** what it would show | a control |
#
# *Reread:* [chapter 5, Key points](../../course/05-cnns.ipynb#Key-points)

# %% [markdown] nbgrader={"grade": true, "grade_id": "own_words", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. Patches of one slide resemble each other: same patient, same stain, same scanner, and neighbours even share tissue. As
#    the patches were shuffled, each slide is on both sides. To be right the network needs to recognise which of ten
#    slides a patch is from; that says nothing about an eleventh.
# 2. By patient: train on some, test on others, and repeat (for example leave one patient of each kind out). However many
#    patches, there are ten independent cases, so the uncertainty is large: say so. Beside it a simple baseline: the mean
#    colour of a patch in a logistic regression. If that is as good, the network has found the stain.
# 3. Run the sanity check: the same maps with random weights, and for the other class. If they also light up on the nuclei,
#    the maps show the picture, not the network's reasons. Then cover the nuclei and see whether the score changes.
# ### END SOLUTION

# %% [markdown]
# ## 9 · For the curious: pooling that moves with the picture (no points)
#
# Chapter 5 measured that max pooling by 2 does not move along with a shift of one pixel. Richard Zhang (2019) found a
# remedy: take the maximum of each 2 × 2 window *without* stride, blur the result with the kernel
# $\tfrac14 (1, 2, 1)$ along both axes, and only then keep every second pixel. Write it, measure how much the output changes
# when the picture moves by one pixel, and compare. What does it cost?

# %% nbgrader={"grade": false, "grade_id": "blur_pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
from scipy.ndimage import convolve1d, maximum_filter


def plain_pool(x):
    return maximum_filter(x, size=2, mode="wrap")[::2, ::2]


def blur_pool(x):
    largest = maximum_filter(x, size=2, mode="wrap")
    for axis in (0, 1):
        largest = convolve1d(largest, [0.25, 0.5, 0.25], axis=axis, mode="wrap")
    return largest[::2, ::2]


def relative_change(pool):
    """Change of the output when the picture moves by a pixel, over the spread of the output."""
    x = nuclei.load().image[:128, :128]
    return np.abs(pool(np.roll(x, 1, axis=1)) - pool(x)).mean() / pool(x).std()


{pool.__name__: relative_change(pool).round(3) for pool in (plain_pool, blur_pool)}
### END SOLUTION
