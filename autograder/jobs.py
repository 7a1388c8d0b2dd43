"""From a restored notebook to what the engine runs."""

import ast
from collections.abc import Collection, Mapping

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution

from autograder.engine.job import Cell, Job, Kind
from autograder.engine.limits import Limits
from autograder.notebook import cells_by_id, code_cells, grade_id, is_test
from autograder.syntax import parse


def job_from_notebook(
    restored: NotebookNode,
    release: NotebookNode,
    *,
    source: NotebookNode | None = None,
    files: Mapping[str, bytes] | None = None,
    given: Mapping[str, bytes] | None = None,
    seed: int = 0,
    limits: Limits | None = None,
    skip: Collection[str] = (),
) -> Job:
    """Make a job of a notebook's code cells, in order.

    A test is a cell with points that is no answer; set-up is what is locked and neither; all else is an answer.

    Args:
        restored: the submission, after `autograder.sanitize.restore`.
        release: what was handed out; it has the set-up cells as students may see them.
        source: the solution notebook; modules that it imports outside its set-up are not a student's to define.
        files: what the student handed in beside the notebook.
        given: what the exercise brings along.
        seed: for the generators of `random` and numpy.
        limits: what it may use.
        skip: names of tests whose results are known.
    """
    released = cells_by_id(release)
    cells = tuple(_cell(cell, released) for cell in code_cells(restored))
    return Job(
        cells=cells,
        files=dict(files or {}),
        given=dict(given or {}),
        seed=seed,
        limits=limits or Limits(),
        imports=tuple(imports_of(source if source is not None else release)),
        skip=frozenset(n for n, cell in enumerate(cells) if cell.kind is Kind.TEST and cell.name in skip),
    )


def _cell(cell: NotebookNode, released: Mapping[str, NotebookNode]) -> Cell:
    name = grade_id(cell) or ""
    if is_test(cell):
        return Cell(Kind.TEST, cell.source, name)
    if is_locked(cell) and not is_grade(cell) and not is_solution(cell):
        given = released[name].source if name in released else cell.source
        return Cell(Kind.SETUP, cell.source, name, None if given == cell.source else given)
    return Cell(Kind.ANSWER, cell.source, name)


def imports_of(notebook: NotebookNode) -> list[str]:
    """Return the import statements at the top level of a notebook's unlocked cells, but names that it defines anew."""
    statements: list[ast.Import | ast.ImportFrom] = []
    defined: set[str] = set()
    for cell in code_cells(notebook):
        if is_locked(cell):
            continue
        try:
            body = parse(cell.source).body
        except SyntaxError:  # a magic, for example
            continue
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                statements.append(node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                defined.add(node.name)
            else:
                names = (n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
                defined |= {name.id for name in names}
    kept = []
    for statement in statements:
        for alias in statement.names:
            if alias.name != "*" and (alias.asname or alias.name).split(".")[0] not in defined:
                one = ast.Import([alias])
                if isinstance(statement, ast.ImportFrom):
                    one = ast.ImportFrom(statement.module, [alias], statement.level)
                kept.append(ast.unparse(one))
    return list(dict.fromkeys(kept))


def independent(tests: Mapping[str, str]) -> set[str]:
    """Return the tests, by name, that use no name which another test defines: their results stand by themselves.

    Args:
        tests: the text of every test of a notebook, by name.
    """
    bound: dict[str, set[str]] = {}
    used: dict[str, set[str]] = {}
    for name, source in tests.items():
        try:
            tree = parse(source)
        except SyntaxError:  # a magic, for example: who knows what it uses
            return set()
        nodes = list(ast.walk(tree))
        bound[name] = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        bound[name] |= {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
        bound[name] |= {(a.asname or a.name).split(".")[0] for a in nodes if isinstance(a, ast.alias)}
        bound[name] |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        used[name] = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return {
        name for name in tests if not any((used[name] - bound[name]) & bound[other] for other in tests if other != name)
    }
