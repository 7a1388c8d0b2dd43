# Fills an array of 10 GB.
# points: 0..1
# %% answer: biggest
def biggest(numbers):
    return np.ones(10 * 2**30 // 8).max()
