# Makes a careless test end in something that is no number: an array, a complex number.
# %% answer: estimate
def estimate():
    return np.array([7.0, 7.0]) + 0j
