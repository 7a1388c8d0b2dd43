# Prints 100 MB on one line.
# points: 0..1
# %% answer: biggest
print("x" * 10**8)


def biggest(numbers):
    print("y" * 10**8)
    return 0
