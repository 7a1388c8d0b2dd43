# Returns lists nested a hundred thousand deep, and lists that hold themselves.
# %% answer: biggest
def biggest(numbers):
    value = []
    for _ in range(10**5):
        value = [value]
    return value


# %% answer: apply
def apply(function, values):
    value = [1]
    value[0] = value
    value.append({"self": value})
    return value


# %% answer: count
def count(text, letter):
    value = {}
    value["a"] = value
    return value
