# Returns 100 MB of text, whole numbers with a million digits, ranges and lists that are enormous.
# %% answer: count
def count(text, letter):
    return "a" * 10**8


# %% answer: biggest
def biggest(numbers):
    return 10**1000000


# %% answer: estimate
def estimate():
    return range(10**15)


# %% answer: apply
def apply(function, values):
    shared = [0] * 1000
    return [[shared] * 1000] * 1000
