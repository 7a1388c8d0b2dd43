"""What the small course is made of: an exercise with three tested questions and a written one, and its corpus."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course

REPOSITORY = Path(__file__).resolve().parents[2]
ASSIGNMENT = "01-numbers"

SETUP = "from dlcourse import checks"

ADD = "def add(a, b):\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION"
ADD_TEST = """\
checks.assert_close(add(1, 2), 3, "1 + 2", mistakes={"that is the difference": -1})
### BEGIN HIDDEN TESTS
checks.assert_close(add(20, 22), 42, "20 + 22")
### END HIDDEN TESTS"""

DOUBLE = (
    'def double(numbers):\n    """Return twice each number."""\n'
    "    ### BEGIN SOLUTION\n    return [2 * n for n in numbers]\n    ### END SOLUTION"
)
DOUBLE_TEST = """\
parts = checks.Parts(points=3)
given = [1, 2]
with parts("twice each number", points=2):
    checks.assert_close(double(given), [2, 4], "double([1, 2])")
with parts("the list stays as it was", points=1):
    double(given)
    checks.assert_unchanged(given, [1, 2], "double must not change its argument")
parts.score()"""

BIGGEST = "def biggest(numbers):\n    ### BEGIN SOLUTION\n    return max(numbers)\n    ### END SOLUTION"
BIGGEST_TEST = """\
assert biggest([3, 1]) == 3, "of 3 and 1"
assert biggest([-3, -1]) == -1, "of -3 and -1"
"""

WHY = "### BEGIN SOLUTION\nBecause numbers add up.\n### END SOLUTION"

CORPUS = '''\
"""Wrong and right solutions."""

# %% question: add
# %% wrong: "subtracts"   expects: "that is the difference"
def add(a, b):
    return a - b

# %% wrong: "forgets b"   expects: "1 + 2"
def add(a, b):
    return a

# %% wrong: "prints"   expects: "did you forget `return`?"
def add(a, b):
    print(a + b)

# %% wrong: "knows one sum"   expects: "20 + 22"
def add(a, b):
    return 3

# %% right: "by sum"
def add(a, b):
    return sum([a, b])

# %% right: "the other way round"
add = lambda a, b: b + a

# %% question: double
# %% wrong: "in place"   expects: "must not change its argument"   loses: 1
def double(numbers):
    for i, n in enumerate(numbers):
        numbers[i] = 2 * n
    return numbers

# %% wrong: "sorts in place"   expects: "double([1, 2])"
def double(numbers):
    numbers.sort(reverse=True)
    return numbers

# %% wrong: "repeats the list"   expects: "double([1, 2])"   loses: 2
def double(numbers):
    return 2 * numbers

# %% wrong: "squares"   expects: "double([1, 2])"   loses: 2
def double(numbers):
    return [n * n for n in numbers]

# %% right: "adds"
def double(numbers):
    return [n + n for n in numbers]

# %% right: "maps"
def double(numbers):
    return list(map((2).__mul__, numbers))

# %% question: biggest
# %% wrong: "begins at zero"   expects: "of -3 and -1"   loses: 1
def biggest(numbers):
    best = 0
    for n in numbers:
        best = n if n > best else best
    return best

# %% wrong: "the smallest"   expects: "of 3 and 1"
biggest = min

# %% wrong: "the last"   expects: "of 3 and 1"
def biggest(numbers):
    return numbers[-1]

# %% wrong: "the first"   expects: "of -3 and -1"
def biggest(numbers):
    return numbers[0]

# %% right: "sorts"
def biggest(numbers):
    return sorted(numbers)[-1]

# %% right: "the function itself"
biggest = max
'''


def cell(name: str, source: str, cell_type: str = "code", **nbgrader: object) -> NotebookNode:
    """A cell that nbgrader knows."""
    metadata = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    make = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    made = make(source, metadata={"nbgrader": {**metadata, "grade_id": name, **nbgrader}})
    made.id = name
    return made


def heading(text: str) -> NotebookNode:
    made = nbformat.v4.new_markdown_cell(text)
    made.id = "heading-" + text.strip("# ").lower()
    return made


def answer(name: str, source: str) -> NotebookNode:
    return cell(name, source, solution=True)


def graded(name: str, source: str, points: float) -> NotebookNode:
    return cell(name, source, grade=True, locked=True, points=points)


def notebook_of(*cells: NotebookNode) -> NotebookNode:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": kernel})


def make_solution() -> NotebookNode:
    return notebook_of(
        heading("# Numbers"),
        cell("setup", SETUP, locked=True),
        heading("## Add"),
        answer("add", ADD),
        graded("add_test", ADD_TEST, 2),
        heading("## Double"),
        answer("double", DOUBLE),
        graded("double_test", DOUBLE_TEST, 3),
        heading("## Biggest"),
        answer("biggest", BIGGEST),
        graded("biggest_test", BIGGEST_TEST, 1),
        cell("why", WHY, "markdown", grade=True, solution=True, points=2),
    )


def write_notebook(path: Path, notebook: NotebookNode) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def without_markers(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if "###" not in line)


def solved(course: Course) -> NotebookNode:
    """The exercise with every answer right."""
    notebook = nbformat.read(course.exercises / ASSIGNMENT / "numbers.ipynb", as_version=4)
    answers = {"add": ADD, "double": DOUBLE, "biggest": BIGGEST, "why": WHY}
    for name, source in answers.items():
        find(notebook, name).source = without_markers(source)
    return notebook


def submit(course: Course, student: str, change: Callable[[NotebookNode], None] = lambda notebook: None) -> Path:
    """Hand in the solved exercise, after something has been done to it."""
    notebook = solved(course)
    change(notebook)
    return write_notebook(course.submitted / student / ASSIGNMENT / "numbers.ipynb", notebook)


def find(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
