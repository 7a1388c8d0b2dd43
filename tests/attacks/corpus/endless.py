# Never ends: in an answer cell, in a function, in a generator.
# %% answer: biggest
def biggest(numbers):
    while True:
        pass


# %% answer: apply
def apply(function, values):
    while True:
        function(1)
