# Raises an exception whose text never comes, and whose cause and notes go round in a circle.
# %% answer: biggest
class Endless(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__

    @property
    def args(self):
        while True:
            pass

    @property
    def __notes__(self):
        while True:
            pass


def biggest(numbers):
    error = Endless()
    other = ValueError(error)
    error.__cause__, other.__context__ = other, error
    raise error


# %% cell below: biggest_test
raise Endless
