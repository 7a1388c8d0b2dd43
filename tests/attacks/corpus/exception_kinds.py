# Raises what is no ordinary exception: StopIteration, GeneratorExit, KeyboardInterrupt, SystemExit, one of its own.
# %% answer: countdown
class Countdown:
    def __init__(self, start):
        raise StopIteration([3, 2, 1])


# %% answer: apply
def apply(function, values):
    def steps():
        yield 1
        raise GeneratorExit

    return steps()


# %% answer: biggest
def biggest(numbers):
    raise KeyboardInterrupt


# %% answer: estimate
class Own(BaseException):
    pass


def estimate():
    raise Own


# %% answer: scale
def scale(x, factor):
    raise StopAsyncIteration


# %% answer: network
async def network(n_inputs):
    return None
