# Fills 10 GB with many small objects, and goes on when memory is out.
# points: 0..1
# %% answer: biggest
def biggest(numbers):
    kept = []
    while True:
        try:
            kept.append(bytes(10**6) + b"x")
        except MemoryError:
            continue
