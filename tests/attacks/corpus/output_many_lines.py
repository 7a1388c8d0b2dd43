# Prints lines without end.
# points: 0..1
# %% answer: biggest
def biggest(numbers):
    while True:
        print("all work and no play")
