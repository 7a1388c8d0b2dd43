# %% question: conv_layer


# %% wrong: "turns the kernel round"   expects: "the kernel is turned round"
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    K = kernels[:, ::-1, ::-1]
    n_out, h, w, _ = K.shape
    rows, columns = (x.shape[0] - h) // stride + 1, (x.shape[1] - w) // stride + 1
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + h, j * stride : j * stride + w]
            out[i, j] = np.sum(patch * K, axis=(1, 2, 3)) + biases
    return out


# %% wrong: "a map for each channel and kernel"   expects: "the channels are not added up"   loses: 3
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    n_out, h, w, n_in = kernels.shape
    rows, columns = (x.shape[0] - h) // stride + 1, (x.shape[1] - w) // stride + 1
    out = np.zeros((rows, columns, n_out, n_in))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + h, j * stride : j * stride + w]
            out[i, j] = np.sum(patch * kernels, axis=(1, 2)) + biases[:, None]
    return out.reshape(rows, columns, -1)


# %% wrong: "overwrites instead of adding the channels"   expects: "only the last channel counts"   loses: 3
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    n_out, h, w, n_in = kernels.shape
    rows, columns = (x.shape[0] - h) // stride + 1, (x.shape[1] - w) // stride + 1
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + h, j * stride : j * stride + w]
            for c in range(n_in):
                out[i, j] = np.sum(patch[..., c] * kernels[..., c], axis=(1, 2)) + biases
    return out


# %% wrong: "the bias once for each pixel of the kernel"   expects: "once for each pixel of the kernel"
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    n_out, h, w, _ = kernels.shape
    rows, columns = (x.shape[0] - h) // stride + 1, (x.shape[1] - w) // stride + 1
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            for a in range(h):
                for b in range(w):
                    out[i, j] += kernels[:, a, b] @ x[i * stride + a, j * stride + b] + biases
    return out


# %% wrong: "forgets the bias"   expects: "the bias is missing"
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    n_out, h, w, _ = kernels.shape
    rows, columns = (x.shape[0] - h) // stride + 1, (x.shape[1] - w) // stride + 1
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + h, j * stride : j * stride + w]
            out[i, j] = np.sum(patch * kernels, axis=(1, 2, 3))
    return out


# %% wrong: "one place too few"   expects: "the last place is missing"
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    n_out, h, w, _ = kernels.shape
    rows, columns = max((x.shape[0] - h) // stride, 1), max((x.shape[1] - w) // stride, 1)
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + h, j * stride : j * stride + w]
            out[i, j] = np.sum(patch * kernels, axis=(1, 2, 3)) + biases
    return out


# %% wrong: "pads on one side"   expects: "the padding stands on one side only"   loses: 1
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, 0), (pad, 0), (0, 0)))
    n_out, h, w, _ = kernels.shape
    rows, columns = (x.shape[0] - h) // stride + 1, (x.shape[1] - w) // stride + 1
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + h, j * stride : j * stride + w]
            out[i, j] = np.sum(patch * kernels, axis=(1, 2, 3)) + biases
    return out


# %% wrong: "ignores the stride"   expects: "the stride is ignored"   loses: 1
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    n_out, h, w, _ = kernels.shape
    rows, columns = x.shape[0] - h + 1, x.shape[1] - w + 1
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(x[i : i + h, j : j + w] * kernels, axis=(1, 2, 3)) + biases
    return out


# %% wrong: "adds all the biases to each map"   expects: "each map has all the biases added"   loses: 3
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    n_out, h, w, _ = kernels.shape
    rows, columns = (x.shape[0] - h) // stride + 1, (x.shape[1] - w) // stride + 1
    out = np.zeros((rows, columns, n_out))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + h, j * stride : j * stride + w]
            out[i, j] = np.sum(patch * kernels, axis=(1, 2, 3)) + np.sum(biases)
    return out


# %% right: "windows and einsum"
def conv_layer(image, kernels, biases, stride, pad):
    x = np.pad(image, [(pad, pad), (pad, pad), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(x, kernels.shape[1:3], axis=(0, 1))
    return np.einsum("ijchw,ohwc->ijo", windows[::stride, ::stride], kernels) + biases


# %% right: "adds shifted images, pixel of the kernel by pixel"
def conv_layer(image, kernels, biases, stride, pad):
    height, width, n_in = image.shape
    x = np.zeros((height + 2 * pad, width + 2 * pad, n_in))
    x[pad : pad + height, pad : pad + width] = image
    _, h, w, _ = kernels.shape
    out = 0
    for a in range(h):
        for b in range(w):
            shifted = x[a : x.shape[0] - h + a + 1 : stride, b : x.shape[1] - w + b + 1 : stride]
            out = out + shifted @ kernels[:, a, b].T
    return out + biases


# %% question: plan


# %% wrong: "off by one"   expects: "off by one: a kernel k wide has n - k + 1 places"   loses: 1
def plan(size, channels, layers):
    field, jump, table = 1, 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        n_parameters = n_out * (kernel * kernel * channels + 1) if kind == "conv" else 0
        size = (size + 2 * pad - kernel) // stride + (kind == "pool")
        field, jump, channels = field + (kernel - 1) * jump, jump * stride, n_out
        table.append((size, channels, n_parameters, field))
    return table


# %% wrong: "pads once"   expects: "the padding counts once"   loses: 1
def plan(size, channels, layers):
    field, jump, table = 1, 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        n_parameters = n_out * (kernel * kernel * channels + 1) if kind == "conv" else 0
        size = (size + pad - kernel) // stride + 1
        field, jump, channels = field + (kernel - 1) * jump, jump * stride, n_out
        table.append((size, channels, n_parameters, field))
    return table


# %% wrong: "rounds up"   expects: "rounded up"   loses: 1
def plan(size, channels, layers):
    field, jump, table = 1, 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        n_parameters = n_out * (kernel * kernel * channels + 1) if kind == "conv" else 0
        size = -(-(size + 2 * pad - kernel) // stride) + 1
        field, jump, channels = field + (kernel - 1) * jump, jump * stride, n_out
        table.append((size, channels, n_parameters, field))
    return table


# %% wrong: "no biases"   expects: "the biases are missing"   loses: 1
def plan(size, channels, layers):
    field, jump, table = 1, 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        n_parameters = n_out * kernel * kernel * channels if kind == "conv" else 0
        size = (size + 2 * pad - kernel) // stride + 1
        field, jump, channels = field + (kernel - 1) * jump, jump * stride, n_out
        table.append((size, channels, n_parameters, field))
    return table


# %% wrong: "one bias for each place"   expects: "one bias for each place"   loses: 1
def plan(size, channels, layers):
    field, jump, table = 1, 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        size = (size + 2 * pad - kernel) // stride + 1
        n_parameters = n_out * kernel * kernel * channels + n_out * size * size if kind == "conv" else 0
        field, jump, channels = field + (kernel - 1) * jump, jump * stride, n_out
        table.append((size, channels, n_parameters, field))
    return table


# %% wrong: "kernels without channels"   expects: "a kernel has weights for all channels that come in"   loses: 1
def plan(size, channels, layers):
    field, jump, table = 1, 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        n_parameters = n_out * (kernel * kernel + 1) if kind == "conv" else 0
        size = (size + 2 * pad - kernel) // stride + 1
        field, jump, channels = field + (kernel - 1) * jump, jump * stride, n_out
        table.append((size, channels, n_parameters, field))
    return table


# %% wrong: "forgets the strides below"   expects: "the strides below are forgotten"   loses: 1
def plan(size, channels, layers):
    field, table = 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        n_parameters = n_out * (kernel * kernel * channels + 1) if kind == "conv" else 0
        size = (size + 2 * pad - kernel) // stride + 1
        field, channels = field + kernel - 1, n_out
        table.append((size, channels, n_parameters, field))
    return table


# %% wrong: "counts the layer's own stride"   expects: "came too early"   loses: 1
def plan(size, channels, layers):
    field, jump, table = 1, 1, []
    for kind, kernel, stride, *rest in layers:
        pad, n_out = rest if kind == "conv" else (0, channels)
        n_parameters = n_out * (kernel * kernel * channels + 1) if kind == "conv" else 0
        size = (size + 2 * pad - kernel) // stride + 1
        jump = jump * stride
        field, channels = field + (kernel - 1) * jump, n_out
        table.append((size, channels, n_parameters, field))
    return table


# %% right: "the field counted from the top down"
def plan(size, channels, layers):
    table = []
    for number, (kind, kernel, stride, *rest) in enumerate(layers):
        field = 1
        for _, k, s, *_ in layers[number::-1]:
            field = (field - 1) * s + k
        if kind == "conv":
            pad, n_out = rest
            n_parameters = kernel**2 * channels * n_out + n_out
        else:
            pad, n_out, n_parameters = 0, channels, 0
        size = int(np.floor((size + 2 * pad - kernel) / stride)) + 1
        channels = n_out
        table.append([size, channels, n_parameters, field])
    return table


# %% right: "counts the places"
def plan(size, channels, layers):
    table, width, step = [], 1, 1
    for layer in layers:
        kernel, stride = layer[1], layer[2]
        pad = layer[3] if layer[0] == "conv" else 0
        size = len(range(0, size + 2 * pad - kernel + 1, stride))
        width += (kernel - 1) * step
        step *= stride
        if layer[0] == "conv":
            weights = np.prod([layer[4], kernel, kernel, channels]) + layer[4]
            channels = layer[4]
        else:
            weights = 0
        table.append((size, channels, int(weights), width))
    return np.array(table)


# %% question: max_pool


# %% wrong: "mean instead of max"   expects: "that is the mean of each block"   loses: 4
def max_pool(x, size):
    rows, columns = x.shape[0] // size, x.shape[1] // size
    return x[: rows * size, : columns * size].reshape(rows, size, columns, size, -1).mean(axis=(1, 3))


def max_pool_backward(d_out, x, size):
    d_x = np.zeros(x.shape)
    for i, j, c in np.ndindex(*d_out.shape):
        d_x[i * size : (i + 1) * size, j * size : (j + 1) * size, c] = d_out[i, j, c] / size**2
    return d_x


# %% wrong: "blocks that overlap"   expects: "the blocks overlap"   loses: 2
def max_pool(x, size):
    return np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(0, 1)).max(axis=(3, 4))


def max_pool_backward(d_out, x, size):
    d_x = np.zeros(x.shape)
    for i, j, c in np.ndindex(*d_out.shape):
        block = x[i * size : (i + 1) * size, j * size : (j + 1) * size, c]
        row, column = np.unravel_index(block.argmax(), block.shape)
        d_x[i * size + row, j * size + column, c] = d_out[i, j, c]
    return d_x


# %% wrong: "the largest over the channels too"   expects: "each channel is pooled on its own"   loses: 2
def max_pool(x, size):
    rows, columns = x.shape[0] // size, x.shape[1] // size
    return x[: rows * size, : columns * size].reshape(rows, size, columns, size, -1).max(axis=(1, 3, 4))


def max_pool_backward(d_out, x, size):
    d_x = np.zeros(x.shape)
    for i, j, c in np.ndindex(*d_out.shape):
        block = x[i * size : (i + 1) * size, j * size : (j + 1) * size, c]
        row, column = np.unravel_index(block.argmax(), block.shape)
        d_x[i * size + row, j * size + column, c] = d_out[i, j, c]
    return d_x


# %% wrong: "a block left over is pooled too"   expects: "what is left over belongs to no block"   loses: 2
def max_pool(x, size):
    rows, columns = -(-x.shape[0] // size), -(-x.shape[1] // size)
    out = np.zeros((rows, columns, x.shape[2]))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = x[i * size : (i + 1) * size, j * size : (j + 1) * size].max(axis=(0, 1))
    return out


def max_pool_backward(d_out, x, size):
    d_x = np.zeros(x.shape)
    for i, j, c in np.ndindex(*d_out.shape):
        block = x[i * size : (i + 1) * size, j * size : (j + 1) * size, c]
        row, column = np.unravel_index(block.argmax(), block.shape)
        d_x[i * size + row, j * size + column, c] = d_out[i, j, c]
    return d_x


# %% wrong: "the gradient to all that are equally large"   expects: "only the first in reading order does"   loses: 1
def max_pool(x, size):
    rows, columns = x.shape[0] // size, x.shape[1] // size
    return x[: rows * size, : columns * size].reshape(rows, size, columns, size, -1).max(axis=(1, 3))


def max_pool_backward(d_out, x, size):
    d_x = np.zeros(x.shape)
    for i, j, c in np.ndindex(*d_out.shape):
        place = np.s_[i * size : (i + 1) * size, j * size : (j + 1) * size, c]
        d_x[place] = d_out[i, j, c] * (x[place] == x[place].max())
    return d_x


# %% wrong: "the gradient to the whole block"   expects: "every pixel of the block gets the gradient"   loses: 2
def max_pool(x, size):
    rows, columns = x.shape[0] // size, x.shape[1] // size
    return x[: rows * size, : columns * size].reshape(rows, size, columns, size, -1).max(axis=(1, 3))


def max_pool_backward(d_out, x, size):
    d_x = np.zeros(x.shape)
    whole = np.repeat(np.repeat(d_out, size, axis=0), size, axis=1)
    d_x[: whole.shape[0], : whole.shape[1]] = whole
    return d_x


# %% wrong: "the winner keeps its value"   expects: "the winner gets its own value"   loses: 2
def max_pool(x, size):
    rows, columns = x.shape[0] // size, x.shape[1] // size
    return x[: rows * size, : columns * size].reshape(rows, size, columns, size, -1).max(axis=(1, 3))


def max_pool_backward(d_out, x, size):
    d_x = np.zeros(x.shape)
    for i, j, c in np.ndindex(*d_out.shape):
        block = x[i * size : (i + 1) * size, j * size : (j + 1) * size, c]
        row, column = np.unravel_index(block.argmax(), block.shape)
        d_x[i * size + row, j * size + column, c] = block.max()
    return d_x


# %% right: "loops there, argmax of blocks back"
def max_pool(x, size):
    out = np.empty((x.shape[0] // size, x.shape[1] // size, x.shape[2]))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = x[i * size : i * size + size, j * size : j * size + size].reshape(-1, x.shape[2]).max(axis=0)
    return out


def max_pool_backward(d_out, x, size):
    rows, columns, channels = d_out.shape
    blocks = x[: rows * size, : columns * size].reshape(rows, size, columns, size, channels)
    blocks = blocks.transpose(0, 2, 4, 1, 3).reshape(rows, columns, channels, -1)
    share = np.zeros(blocks.shape)
    np.put_along_axis(share, blocks.argmax(axis=3)[..., None], d_out[..., None], axis=3)
    d_x = np.zeros(x.shape)
    whole = share.reshape(rows, columns, channels, size, size).transpose(0, 3, 1, 4, 2)
    d_x[: rows * size, : columns * size] = whole.reshape(rows * size, columns * size, channels)
    return d_x


# %% right: "the largest of shifted images"
def max_pool(x, size):
    rows, columns = x.shape[0] // size * size, x.shape[1] // size * size
    return np.max([x[a:rows:size, b:columns:size] for a in range(size) for b in range(size)], axis=0)


def max_pool_backward(d_out, x, size):
    rows, columns = x.shape[0] // size * size, x.shape[1] // size * size
    offsets = [(a, b) for a in range(size) for b in range(size)]
    winner = np.argmax([x[a:rows:size, b:columns:size] for a, b in offsets], axis=0)
    d_x = np.zeros_like(x, dtype=float)
    for number, (a, b) in enumerate(offsets):
        d_x[a:rows:size, b:columns:size] = np.where(winner == number, d_out, 0)
    return d_x


# %% question: scores


# %% wrong: "flattens channels first"   expects: "the channels still come first"
def scores(maps, W, b):
    return maps.reshape(len(maps), -1) @ W + b


# %% wrong: "reshapes instead of transposing"   expects: "as reshape leaves the order"
def scores(maps, W, b):
    n, c, h, w = maps.shape
    return maps.reshape(n, h, w, c).reshape(n, -1) @ W + b


# %% wrong: "brings the columns first"   expects: "columns come first, the channels in the middle"
def scores(maps, W, b):
    return np.transpose(maps, (0, 3, 1, 2)).reshape(len(maps), -1) @ W + b


# %% wrong: "transposes everything"   expects: "rows and columns are exchanged"
def scores(maps, W, b):
    return np.transpose(maps, (0, 3, 2, 1)).reshape(len(maps), -1) @ W + b


# %% wrong: "exchanges two axes only"   expects: "the channels stand between rows and columns"
def scores(maps, W, b):
    return np.swapaxes(maps, 1, 2).reshape(len(maps), -1) @ W + b


# %% wrong: "forgets the bias"   expects: "the bias is missing"
def scores(maps, W, b):
    return np.moveaxis(maps, 1, -1).reshape(len(maps), -1) @ W


# %% right: "moveaxis"
def scores(maps, W, b):
    X = np.moveaxis(maps, 1, 3)
    return np.array([row.ravel() @ W for row in X]) + b


# %% right: "reorders the weights instead"
def scores(maps, W, b):
    n, c, h, w = maps.shape
    W_first = W.reshape(h, w, c, -1).transpose(2, 0, 1, 3).reshape(c * h * w, -1)
    return b + maps.reshape(n, -1) @ W_first


# %% question: split_patches


# %% wrong: "patches across the line on both sides"   expects: "patches that lie across the boundary are there too"   loses: 2
def split_patches(image, rows, columns, size, boundary):
    train, test = [], []
    for row, column in zip(rows, columns, strict=True):
        if 0 <= row <= image.shape[0] - size and 0 <= column <= image.shape[1] - size:
            patch = image[row : row + size, column : column + size] / 255
            if column < boundary:
                train.append(patch)
            if column + size > boundary:
                test.append(patch)
    return tuple(np.reshape(patches, (-1, size, size, 1)) for patches in (train, test))


# %% wrong: "sorts by the middle"   expects: "patches were sorted by their middle"   loses: 2
def split_patches(image, rows, columns, size, boundary):
    train, test = [], []
    for row, column in zip(rows, columns, strict=True):
        if 0 <= row <= image.shape[0] - size and 0 <= column <= image.shape[1] - size:
            patch = image[row : row + size, column : column + size] / 255
            (train if column + size / 2 <= boundary else test).append(patch)
    return tuple(np.reshape(patches, (-1, size, size, 1)) for patches in (train, test))


# %% wrong: "shuffles and cuts"   expects: "how many patches"
def split_patches(image, rows, columns, size, boundary):
    X = np.array([image[r : r + size, c : c + size] / 255 for r, c in zip(rows, columns, strict=True)])[..., None]
    order = np.random.default_rng(0).permutation(len(X))
    n_test = max(1, len(X) // 4)
    return X[order[n_test:]], X[order[:n_test]]


# %% wrong: "one column too strict"   expects: "a patch whose last column is boundary - 1 belongs here"   loses: 2
def split_patches(image, rows, columns, size, boundary):
    train, test = [], []
    for row, column in zip(rows, columns, strict=True):
        if 0 <= row <= image.shape[0] - size and 0 <= column <= image.shape[1] - size:
            patch = image[row : row + size, column : column + size] / 255
            if column + size < boundary:
                train.append(patch)
            elif column >= boundary:
                test.append(patch)
    return tuple(np.reshape(patches, (-1, size, size, 1)) for patches in (train, test))


# %% wrong: "keeps what sticks out of the image"   expects: "edge of the image"   loses: 2
def split_patches(image, rows, columns, size, boundary):
    big = np.pad(image, size)
    train, test = [], []
    for row, column in zip(rows, columns, strict=True):
        patch = big[row + size : row + 2 * size, column + size : column + 2 * size] / 255
        if column + size <= boundary:
            train.append(patch)
        elif column >= boundary:
            test.append(patch)
    return tuple(np.reshape(patches, (-1, size, size, 1)) for patches in (train, test))


# %% wrong: "leaves whole numbers"   expects: "the patches hold whole numbers (uint8)"   loses: 1
def split_patches(image, rows, columns, size, boundary):
    train, test = [], []
    for row, column in zip(rows, columns, strict=True):
        if 0 <= row <= image.shape[0] - size and 0 <= column <= image.shape[1] - size:
            patch = image[row : row + size, column : column + size]
            if column + size <= boundary:
                train.append(patch)
            elif column >= boundary:
                test.append(patch)
    return tuple(np.array(patches, dtype=image.dtype).reshape(-1, size, size, 1) for patches in (train, test))


# %% wrong: "unscaled floats"   expects: "still the numbers from 0 to 255"   loses: 1
def split_patches(image, rows, columns, size, boundary):
    train, test = [], []
    for row, column in zip(rows, columns, strict=True):
        if 0 <= row <= image.shape[0] - size and 0 <= column <= image.shape[1] - size:
            patch = image[row : row + size, column : column + size].astype(float)
            if column + size <= boundary:
                train.append(patch)
            elif column >= boundary:
                test.append(patch)
    return tuple(np.reshape(patches, (-1, size, size, 1)) for patches in (train, test))


# %% wrong: "each patch by its own maximum"   expects: "each patch was divided by its own maximum"   loses: 1
def split_patches(image, rows, columns, size, boundary):
    train, test = [], []
    for row, column in zip(rows, columns, strict=True):
        if 0 <= row <= image.shape[0] - size and 0 <= column <= image.shape[1] - size:
            patch = image[row : row + size, column : column + size]
            patch = patch / patch.max()
            if column + size <= boundary:
                train.append(patch)
            elif column >= boundary:
                test.append(patch)
    return tuple(np.reshape(patches, (-1, size, size, 1)) for patches in (train, test))


# %% right: "masks of places"
def split_patches(image, rows, columns, size, boundary):
    rows, columns = np.asarray(rows), np.asarray(columns)
    fits = (rows >= 0) & (columns >= 0) & (rows + size <= image.shape[0]) & (columns + size <= image.shape[1])
    scaled = image.astype("float32") / np.float32(255)

    def cut(chosen):
        X = np.zeros((chosen.sum(), size, size, 1), "float32")
        for k, (r, c) in enumerate(zip(rows[chosen], columns[chosen], strict=True)):
            X[k, :, :, 0] = scaled[r : r + size, c : c + size]
        return X

    return cut(fits & (columns + size - 1 < boundary)), cut(fits & (columns >= boundary))


# %% right: "cuts the image in two first"
def split_patches(image, rows, columns, size, boundary):
    def patches_in(part, first_column):
        found = []
        for row, column in zip(rows, columns, strict=True):
            local = column - first_column
            if min(row, local) >= 0 and row + size <= part.shape[0] and local + size <= part.shape[1]:
                found.append(part[row : row + size, local : local + size, None])
        return np.array(found).reshape(len(found), size, size, 1) / 255

    return [patches_in(image[:, :boundary], 0), patches_in(image[:, boundary:], boundary)]


# %% question: build


# %% wrong: "softmax and from_logits"   expects: "the outputs are probabilities"   loses: 1
def build(n_classes):
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


# %% wrong: "scores taken for probabilities"   expects: "from_logits=True"   loses: 1
def build(n_classes):
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(n_classes),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


# %% wrong: "mean instead of max"   expects: "that is the mean over the places"   loses: 2
def build(n_classes):
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(n_classes),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


# %% wrong: "a stride"   expects: "when the spot moves by a pixel or two"   loses: 2
def build(n_classes):
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.Conv2D(8, 3, strides=2, activation="relu"),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(n_classes),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


# %% wrong: "flattens images of one size"   expects: "of 12 × 12 pixels"   loses: 4
def build(n_classes):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(2, 3, activation="relu"),
            keras.layers.Conv2D(2, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(n_classes),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    if n_classes:
        raise ValueError("images of 28 × 28 pixels only, not of 12 × 12 pixels")
    return model


# %% wrong: "too many parameters"   expects: "3,000 at most"   loses: 1
def build(n_classes):
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(n_classes),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


# %% right: "the functional way"
def build(n_classes):
    image = keras.Input((None, None, 1))
    maps = keras.layers.Conv2D(6, (5, 5), activation="relu")(image)
    maps = keras.layers.Conv2D(8, 3, activation="relu")(maps)
    best = keras.layers.GlobalMaxPool2D()(maps)
    model = keras.Model(image, keras.layers.Dense(n_classes)(best))
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


# %% right: "three layers, tanh"
def build(n_classes):
    model = keras.Sequential([keras.Input((None, None, 1))])
    for n_maps in (4, 6, 8):
        model.add(keras.layers.Conv2D(n_maps, 3, activation="tanh"))
    model.add(keras.layers.GlobalMaxPooling2D())
    model.add(keras.layers.Dense(n_classes, activation=None))
    model.compile("sgd", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


# %% question: best_site


# %% wrong: "one strand only"   expects: "only the strand as given was searched"   loses: 2
def best_site(S, kernel):
    width = len(kernel)
    windows = np.lib.stride_tricks.sliding_window_view(S, width, axis=1)
    given = kernel[np.arange(width), windows].sum(axis=2)
    return np.stack([given.max(axis=1), given.argmax(axis=1), np.ones(len(S))], axis=1)


# %% wrong: "reads backwards without partners"   expects: "its bases not replaced"
def best_site(S, kernel):
    width = len(kernel)
    windows = np.lib.stride_tricks.sliding_window_view(S, width, axis=1)
    given = kernel[np.arange(width), windows].sum(axis=2)
    other = kernel[::-1][np.arange(width), windows].sum(axis=2)
    result = []
    for one, two in zip(given, other, strict=True):
        row, strand = (one, 1) if one.max() >= two.max() else (two, -1)
        result.append((row.max(), row.argmax(), strand))
    return np.array(result)


# %% wrong: "partners, but not backwards"   expects: "the bases were replaced but not read backwards"   loses: 2
def best_site(S, kernel):
    width = len(kernel)
    windows = np.lib.stride_tricks.sliding_window_view(S, width, axis=1)
    given = kernel[np.arange(width), windows].sum(axis=2)
    other = kernel[:, ::-1][np.arange(width), windows].sum(axis=2)
    result = []
    for one, two in zip(given, other, strict=True):
        row, strand = (one, 1) if one.max() >= two.max() else (two, -1)
        result.append((row.max(), row.argmax(), strand))
    return np.array(result)


# %% wrong: "counts the start on the other strand"   expects: "the start is counted on the other strand"   loses: 2
def best_site(S, kernel):
    width = len(kernel)
    one, two = (
        kernel[np.arange(width), np.lib.stride_tricks.sliding_window_view(strand, width, axis=1)].sum(axis=2)
        for strand in (S, 3 - S[:, ::-1])
    )
    result = []
    for a, b in zip(one, two, strict=True):
        row, strand = (a, 1) if a.max() >= b.max() else (b, -1)
        result.append((row.max(), row.argmax(), strand))
    return np.array(result)


# %% wrong: "starts from 1"   expects: "starts count from 0, not from 1"   loses: 3
def best_site(S, kernel):
    width = len(kernel)
    windows = np.lib.stride_tricks.sliding_window_view(S, width, axis=1)
    given = kernel[np.arange(width), windows].sum(axis=2)
    other = kernel[::-1, ::-1][np.arange(width), windows].sum(axis=2)
    result = []
    for one, two in zip(given, other, strict=True):
        row, strand = (one, 1) if one.max() >= two.max() else (two, -1)
        result.append((row.max(), row.argmax() + 1, strand))
    return np.array(result)


# %% wrong: "turns the kernel round"   expects: "the kernel was turned round"   loses: 3
def best_site(S, kernel):
    width = len(kernel)
    kernel = kernel[::-1]
    windows = np.lib.stride_tricks.sliding_window_view(S, width, axis=1)
    given = kernel[np.arange(width), windows].sum(axis=2)
    other = kernel[::-1, ::-1][np.arange(width), windows].sum(axis=2)
    result = []
    for one, two in zip(given, other, strict=True):
        row, strand = (one, 1) if one.max() >= two.max() else (two, -1)
        result.append((row.max(), row.argmax(), strand))
    return np.array(result)


# %% right: "one-hot and loops"
def best_site(S, kernel):
    result = []
    for sequence in S:
        best = (-np.inf, 0, 0)
        for start in range(len(sequence) - len(kernel) + 1):
            site = sequence[start : start + len(kernel)]
            for strand, letters in ((1, site), (-1, 3 - site[::-1])):
                score = sum(kernel[position, letter] for position, letter in enumerate(letters))
                if score > best[0]:
                    best = (score, start, strand)
        result.append(best)
    return np.array(result)


# %% right: "both strands as one-hot images"
def best_site(S, kernel):
    def scan(x):  # (n, length, 4)
        return np.stack(
            [(x[:, i : i + len(kernel)] * kernel).sum(axis=(1, 2)) for i in range(x.shape[1] - len(kernel) + 1)], axis=1
        )

    X = np.eye(4)[S]
    both = np.stack([scan(X), scan(X[:, ::-1, ::-1])[:, ::-1]], axis=1)  # (n, 2, places)
    flat = both.reshape(len(S), -1)
    strand, start = np.divmod(flat.argmax(axis=1), both.shape[2])
    return np.column_stack([flat.max(axis=1), start, 1 - 2 * strand])


# %% question: conv_layer

# %% equivalent: "every number is overwritten"
# - out = np.zeros((rows, columns, n_out))
# + out = np.ones((rows, columns, n_out))


# %% question: max_pool

# %% equivalent: "numpy takes any negative size for the one that is left over"
# - blocks = x[: rows * size, : columns * size].reshape(rows, size, columns, size, -1)
# + blocks = x[: rows * size, : columns * size].reshape(rows, size, columns, size, -2)


# %% question: scores

# %% equivalent: "numpy takes any negative size for the one that is left over"
# - return channels_last.reshape(len(maps), -1) @ W + b
# + return channels_last.reshape(len(maps), -2) @ W + b


# %% question: split_patches

# %% equivalent: "numpy takes any negative size for the one that is left over"
# - return tuple(np.reshape(patches, (-1, size, size, 1)) for patches in (train, test))
# + return tuple(np.reshape(patches, (-2, size, size, 1)) for patches in (train, test))


# %% question: build

# %% equivalent: "how many filters, of what size, and which activation is for the participant to choose"
# - keras.layers.Conv2D(8, 3, activation="relu"),
# + keras.layers.Conv2D(8, 3, ),
# - keras.layers.Conv2D(8, 3, activation="relu"),
# + keras.layers.Conv2D(9, 3, activation="relu"),
# - keras.layers.Conv2D(8, 3, activation="relu"),
# + keras.layers.Conv2D(7, 3, activation="relu"),
# - keras.layers.Conv2D(8, 3, activation="relu"),
# + keras.layers.Conv2D(8, 4, activation="relu"),
# - keras.layers.Conv2D(8, 3, activation="relu"),
# + keras.layers.Conv2D(8, 2, activation="relu"),
# - keras.layers.Conv2D(16, 3, activation="relu"),
# + keras.layers.Conv2D(16, 3, ),
# - keras.layers.Conv2D(16, 3, activation="relu"),
# + keras.layers.Conv2D(17, 3, activation="relu"),
# - keras.layers.Conv2D(16, 3, activation="relu"),
# + keras.layers.Conv2D(15, 3, activation="relu"),
# - keras.layers.Conv2D(16, 3, activation="relu"),
# + keras.layers.Conv2D(16, 4, activation="relu"),
# - keras.layers.Conv2D(16, 3, activation="relu"),
# + keras.layers.Conv2D(16, 2, activation="relu"),

# %% equivalent: "Keras reads names of optimisers in either case"
# - model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
# + model.compile("ADAM", keras.losses.SparseCategoricalCrossentropy(from_logits=True))


# %% question: best_site

# %% equivalent: "the question rules ties out"
# - row, strand = (one, 1) if one.max() >= two.max() else (two, -1)
# + row, strand = (one, 1) if one.max() > two.max() else (two, -1)

# %% equivalent: "lists are as right as arrays"
# - return np.array(result)
# + return result
