# Returns an array of 80 GB that takes no memory, because all its numbers are one.
# %% answer: scale
def scale(x, factor):
    return np.broadcast_to(np.float64(0), (10**5, 10**5))


# %% answer: biggest
def biggest(numbers):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (2**40,), (0,))


# %% answer: estimate
def estimate():
    return np.zeros((0, 2**62))
