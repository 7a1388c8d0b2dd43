# Never ends, and catches whatever is raised to stop it.
# points: 0..1
# %% answer: biggest
def biggest(numbers):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
