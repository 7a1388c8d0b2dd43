"""The exercise that is attacked: an ordinary nbgrader source notebook, with words that no student may ever see."""

import nbformat
from nbformat import NotebookNode

ASSIGNMENT, NOTEBOOK = "01-target", "target"

SETUP = "import numpy as np\n\nfrom dlcourse import checks"

SCALE = '''\
def scale(x, factor):
    """Return the numbers `x`, each times `factor`."""
    ### BEGIN SOLUTION
    return np.asarray(x) * factor  # {solution}
    ### END SOLUTION'''
SCALE_TEST = """\
checks.assert_close(scale([1.0, 2.0], 3.0), [3.0, 6.0], "scale([1, 2], 3)")
### BEGIN HIDDEN TESTS
# {hidden}
hidden_word = "{hidden}"
for hidden_factor in (0.5, -41.25, 1e6):
    hidden_numbers = np.array([7.5, -1.25, 0.0])
    checks.assert_close(scale(hidden_numbers, hidden_factor), hidden_numbers * hidden_factor, "other numbers")
    checks.assert_unchanged(hidden_numbers, [7.5, -1.25, 0.0], "scale must not change its argument")
### END HIDDEN TESTS"""

BIGGEST = '''\
def biggest(numbers):
    """Return the largest of `numbers`."""
    ### BEGIN SOLUTION
    return max(numbers)  # {solution}
    ### END SOLUTION'''
BIGGEST_TEST = """\
assert biggest([3, 1]) == 3, "of 3 and 1"
### BEGIN HIDDEN TESTS
hidden_word = "{hidden}"
assert biggest([-3, -1]) == -1, "of -3 and -1"
np.testing.assert_allclose(biggest([2.5, 17.25]), 17.25)
### END HIDDEN TESTS"""

COUNT = '''\
def count(text, letter):
    """Return how often `letter` stands in `text`."""
    ### BEGIN SOLUTION
    return text.count(letter)  # {solution}
    ### END SOLUTION'''
COUNT_TEST = """\
parts = checks.Parts(points=3)
with parts("the letter a in banana", points=2):
    checks.assert_close(count("banana", "a"), 3, "a in banana")
### BEGIN HIDDEN TESTS
hidden_text = "{argument}"
with parts("another text", points=1):
    checks.assert_close(count(hidden_text, "-"), hidden_text.count("-"), "- in another text")
### END HIDDEN TESTS
parts.score()"""

NETWORK = '''\
def network(n_inputs):
    """Return a compiled Keras model: `n_inputs` inputs, 3 relu units, 1 linear unit."""
    ### BEGIN SOLUTION
    import keras

    model = keras.Sequential(
        [keras.layers.Input((n_inputs,)), keras.layers.Dense(3, activation="relu"), keras.layers.Dense(1)]
    )
    model.compile("sgd", "mse")  # {solution}
    return model
    ### END SOLUTION'''
NETWORK_TEST = """\
model = network(4)
import keras

assert isinstance(model, keras.Model), "network must return a Keras model"
assert model.count_params() == 19, "the number of weights"
### BEGIN HIDDEN TESTS
hidden_word = "{hidden}"
model.set_weights([np.ones((4, 3)), np.array([0.0, 1.0, -9.0]), np.full((3, 1), 2.0), np.array([0.5])])
checks.assert_close(model(np.full((2, 4), 2.0)), [[34.5], [34.5]], "the output")
checks.assert_close(network(2).predict(np.zeros((5, 2)), verbose=0), np.zeros((5, 1)), "without training")
### END HIDDEN TESTS"""

COUNTDOWN = '''\
class Countdown:
    """Counts from `start` down to 1; `len` says how many numbers that are."""
    ### BEGIN SOLUTION

    def __init__(self, start):
        self.start = start  # {solution}

    def __iter__(self):
        yield from range(self.start, 0, -1)

    def __len__(self):
        return self.start

    ### END SOLUTION'''
COUNTDOWN_TEST = """\
assert list(Countdown(3)) == [3, 2, 1], "from 3"
### BEGIN HIDDEN TESTS
hidden_word = "{hidden}"
countdown = Countdown(5)
assert len(countdown) == 5 and countdown.start == 5, "from 5"
assert [2 * number for number in countdown] == [10, 8, 6, 4, 2], "from 5, doubled"
### END HIDDEN TESTS"""

APPLY = '''\
def apply(function, values):
    """Return `function` of each of `values`, as a list."""
    ### BEGIN SOLUTION
    return [function(value) for value in values]  # {solution}
    ### END SOLUTION'''
APPLY_TEST = """\
seen = []


def square(value):
    seen.append(value)
    return value**2


assert list(apply(square, [1, 2, 3])) == [1, 4, 9], "squares"
### BEGIN HIDDEN TESTS
hidden_word = "{hidden}"
assert list(apply(lambda value: len(hidden_word) + value, [5])) == [len(hidden_word) + 5], "other functions"
assert seen == [1, 2, 3], "once for each value"
### END HIDDEN TESTS"""

ESTIMATE = '''\
def estimate():
    """Return the number that was looked for; the nearer, the more points."""
    ### BEGIN SOLUTION
    return 7.0  # {solution}
    ### END SOLUTION'''
ESTIMATE_TEST = "2 - abs(estimate() - 7.0)"  # a careless test: far from 7 it ends in a number below 0

SUNNY = '''\
def sunny():
    """Return the word sun."""
    ### BEGIN SOLUTION
    return "sun"  # {solution}
    ### END SOLUTION'''
SUNNY_TEST = 'assert sunny() == "sun"'

QUESTIONS = {
    "scale": (SCALE, SCALE_TEST, 2),
    "biggest": (BIGGEST, BIGGEST_TEST, 2),
    "count": (COUNT, COUNT_TEST, 3),
    "network": (NETWORK, NETWORK_TEST, 2),
    "countdown": (COUNTDOWN, COUNTDOWN_TEST, 2),
    "apply": (APPLY, APPLY_TEST, 1),
    "estimate": (ESTIMATE, ESTIMATE_TEST, 2),
    "sunny": (SUNNY, SUNNY_TEST, 1),  # attacks leave it answered: what else goes wrong must not cost this point
}
TOTAL = sum(points for _, _, points in QUESTIONS.values())


def make_source(words: dict[str, str]) -> NotebookNode:
    """The solution notebook.

    Args:
        words: what stands for ``{hidden}``, ``{argument}`` and ``{solution}`` in it.
    """
    cells = [nbformat.v4.new_markdown_cell("# Target", id="heading"), _cell("setup", SETUP, locked=True)]
    for name, (answer, test, points) in QUESTIONS.items():
        for word, value in words.items():
            answer, test = answer.replace(f"{{{word}}}", value), test.replace(f"{{{word}}}", value)
        cells.append(_cell(name, answer, solution=True))
        cells.append(_cell(f"{name}_test", test, grade=True, locked=True, points=points))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def right_answer(name: str) -> str:
    """The answer to one question, as a student would write it."""
    return "\n".join(line for line in QUESTIONS[name][0].splitlines() if "###" not in line).replace(
        "  # {solution}", ""
    )


def _cell(name: str, source: str, **nbgrader: object) -> NotebookNode:
    metadata = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": {**metadata, "grade_id": name, **nbgrader}})
