# Awaits what never comes, in a cell and in what a test calls.
# %% answer: biggest
async def biggest(numbers):
    return max(numbers)


class Never:
    def __await__(self):
        while True:
            yield

    __anext__ = __aenter__ = __await__


def apply(function, values):
    return Never()


# %% cell below: biggest_test
import asyncio

await asyncio.Event().wait()
