"""A made-up class: what so many students hand in of one exercise, as different and as odd as a real class's."""

import math
import random
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import nbformat
from nbformat import NotebookNode

from autograder.audit import Exercise
from autograder.corpus import Solution
from autograder.notebook import cells_by_id, grade_id, is_test
from autograder.sample import filled_in, to_bytes
from bench.perturb import perturb, slip
from bench.submissions import comes_to_an_end

DUE = datetime(2026, 3, 1, 22, 59)  # in UTC
FIRST = (
    "Ada Amara Anaïs Björn Chiara Chloé Dmitri Elif Emre Farid Fatou Giulia Greta Hana Hugo Ines Ivan Jan João "
    "Jonas Kaito Lea Linh Luca Malik Mei Mia Milan Nadia Nils Noor Olga Omar Pia Priya Quentin Rafael Rosa "
    "Sana Søren Tariq Teresa Uma Viktor Wanja Xenia Yara Yusuf Zeynep Zoë"
)
LAST = (
    "Abebe Ahmed Andersson Baumann Becker Bianchi Brunner Chen Costa Dubois Eriksen Fernández Fischer Frei "
    "García Gerber Haddad Hoffmann Huber Ito Jansen Keller Khan Kim Kovács Kowalski Kumar Lopes Lovelace Maier "
    "Martin Meyer Moretti Müller Nakamura Nguyễn Novák Okafor Osei Petrov Popescu Ricci Rossi Sato Schmid "
    "Schneider Silva Singh Suter Tanaka Torres Vogel Wagner Wang Weber Wolf Yılmaz Zimmermann"
)

# How many of a class: at least one where the exercise allows it, so that a small class has them too.
SHARES = {"attempts": 0.12, "late": 0.08, "unreadable": 0.01}
# Of a large class only.
RARE = {"copied": 0.02, "the same": 0.01, "test deleted": 0.01, "never ends": 0.002, "absent": 0.02}


@dataclass
class Student:
    """One of them, and what was handed in."""

    first: str
    last: str
    number: int
    """Moodle's, in this assignment."""
    student: str
    kinds: set[str] = field(default_factory=set)
    """What is odd about it, as in `SHARES` and `RARE`."""
    time: datetime = DUE
    """When it was handed in, in UTC."""
    attempts: list[bytes] = field(default_factory=list)
    """The files, the latest last; none of who is absent."""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def graded(self) -> bool:
        """Whether there is something to grade."""
        return bool(self.attempts) and "unreadable" not in self.kinds


def make_students(exercise: Exercise, n: int, seed: int = 0) -> list[Student]:
    """Make a class. The same exercise, number and seed give the same bytes.

    Each answer is right with a chance that the student's ability and the question's place decide: the solution's or
    another right one of the corpus; else one of the corpus's wrong ones, the first of them most often, one with a
    number wrong, or none. Then it is written otherwise.

    Args:
        exercise: with a corpus.
        n: how many students.
        seed: another one makes another class.
    """
    rng = random.Random(seed)
    names = rng.choices([(first, last) for first in FIRST.split() for last in LAST.split()], k=n)
    numbers = rng.sample(range(10**6, 10**7), n)
    students = [
        Student(first, last, number, f"2026{place:05}")
        for place, ((first, last), number) in enumerate(zip(names, numbers, strict=True))
    ]
    _choose_kinds(students, rng)
    for place, student in enumerate(students):
        minutes = rng.randint(5, 3000) if "late" in student.kinds else -int(rng.expovariate(1 / 2000)) - 1
        student.time = DUE + timedelta(minutes=minutes)
        others = [other for other in students[:place] if other.graded and not other.kinds & RARE.keys()]
        if "absent" not in student.kinds:
            student.attempts = _hand_in(exercise, student, others, rng)
    return students


def _choose_kinds(students: list[Student], rng: random.Random) -> None:
    """Decide who does what; who hands in nothing or a torn file does nothing else."""
    order = rng.sample(range(len(students)), len(students))
    for kind, share in {**SHARES, **RARE}.items():
        count = max(round(share * len(students)), 1 if kind in SHARES else 0)
        alone = kind in RARE or kind == "unreadable"
        for _ in range(count):
            if order:
                students[order[-1]].kinds.add(kind)
                order.pop() if alone else order.insert(0, order.pop())


def _hand_in(exercise: Exercise, student: Student, others: list[Student], rng: random.Random) -> list[bytes]:
    if others and "the same" in student.kinds:
        return [rng.choice(others).attempts[-1]]
    codes = _answers(exercise, rng)
    if others and "copied" in student.kinds:
        codes = _rewritten(exercise, rng.choice(others).attempts[-1], rng)
    last = exercise.tested[-1].name
    if "never ends" in student.kinds:
        codes[last] = "while True:\n    pass"
    notebook = _with_own_cell(filled_in(exercise, codes), rng)
    if "test deleted" in student.kinds:
        test = rng.choice([name for name, cell in cells_by_id(notebook).items() if is_test(cell)])
        notebook.cells = [cell for cell in notebook.cells if grade_id(cell) != test]
    content = to_bytes(notebook)
    if "unreadable" in student.kinds:
        return [content[: len(content) // 2]]
    if "attempts" not in student.kinds:
        return [content]
    earlier = filled_in(exercise, {**codes, last: f"# not done yet ({rng.randrange(10**4)})"})
    return [to_bytes(earlier), content]


def _answers(exercise: Exercise, rng: random.Random) -> dict[str, str]:
    """Answer the tested questions; what is not answered keeps the text that was handed out."""
    ability = rng.gauss(1.0, 1.2)
    blank, own = cells_by_id(exercise.release), cells_by_id(filled_in(exercise))
    codes = {}
    for place, question in enumerate(exercise.tested):
        name = question.name
        solutions = [s for s in exercise.corpus if s.question == name and comes_to_an_end(s)]
        wrong, right = ([s for s in solutions if s.wrong is kind] for kind in (True, False))
        difficulty = 2 * place / max(len(exercise.tested) - 1, 1) - 1
        if rng.random() < 1 / (1 + math.exp(difficulty - ability)):
            code = rng.choice(right).code if right and rng.random() < 0.3 else own[name].source
        elif (way := rng.choices(("wrong", "slip", "blank"), (5 * bool(wrong), 1, 1))[0]) == "blank":
            codes[name] = blank[name].source
            continue
        else:
            code = slip(own[name].source, rng) if way == "slip" else _common(wrong, rng)
        codes[name] = perturb(code, rng)
    return codes


def _common(wrong: list[Solution], rng: random.Random) -> str:
    return rng.choices(wrong, [1 / place for place in range(1, len(wrong) + 1)])[0].code


def _rewritten(exercise: Exercise, content: bytes, rng: random.Random) -> dict[str, str]:
    """Take somebody else's answers, and write them otherwise."""
    theirs = cells_by_id(nbformat.reads(content.decode(), as_version=4))
    return {q.name: perturb(theirs[q.name].source, rng) for q in exercise.tested if q.name in theirs}


def _with_own_cell(notebook: NotebookNode, rng: random.Random) -> NotebookNode:
    """Now and then, try something in a cell of one's own."""
    if rng.random() < 0.3:
        notebook = deepcopy(notebook)
        number = rng.randrange(10**6)
        notebook.cells.append(nbformat.v4.new_code_cell(f"sum(range({number % 100}))", id=f"own-{number}"))
    return notebook
