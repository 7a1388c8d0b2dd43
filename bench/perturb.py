"""Writing an answer as somebody else would: other names, comments and empty lines, and now and then a slip."""

import ast
import builtins
import io
import keyword
import random
import tokenize
from collections.abc import Callable, Mapping

from autograder.syntax import parse

_WORDS = ("mine", "step", "value", "part", "result", "temp", "one", "answer", "total", "new", "out", "helper")
_COMMENTS = (
    "as in the chapter",
    "see the formula above",
    "why does this work?",
    "could be faster, but works",
    "checked by hand",
    "tried it the other way round first",
    "shape: (n_samples, n_features)",
    "thanks to the tutorial on Thursday",
)
_SLIPS: tuple[Callable[[float], float], ...] = (
    lambda x: x + 1,
    lambda x: 2 * x,
    lambda x: -x,
    lambda x: x / 2,
)
_LARGEST = 10  # of a number in which one slips: more rounds of training would only take longer


def perturb(code: str, rng: random.Random) -> str:
    """Write an answer otherwise, so that it does the same: its own names, comments, empty lines.

    Args:
        code: valid Python.
        rng: decides on what and where.
    """
    names = sorted(own_names(code))
    chosen = rng.sample(names, rng.randint(0, len(names)))
    taken = {*names, *(token.string for token in _tokens(code)), *dir(builtins), *keyword.kwlist}
    renamed = {}
    for name in chosen:
        new = rng.choice(_WORDS)
        while new in taken:
            new += str(rng.randrange(10))
        taken.add(new)
        renamed[name] = new
    return _with_lines(rename(code, renamed), rng)


def slip(code: str, rng: random.Random) -> str:
    """Write one number of an answer wrong; an answer without a small number, or with a `while`, stays as it is."""
    tree = parse(code)
    if any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return code
    places = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and abs(node.value) <= _LARGEST
        if node.lineno == node.end_lineno and not _in_text(tree, node)
    ]
    if not places:
        return code
    node, change = rng.choice(places), rng.choice(_SLIPS)
    lines = code.encode().splitlines(keepends=True)  # positions in a syntax tree count bytes
    line = lines[node.lineno - 1]
    number = f"({change(node.value)!r})".encode()
    lines[node.lineno - 1] = line[: node.col_offset] + number + line[node.end_col_offset :]
    return b"".join(lines).decode()


def own_names(code: str) -> set[str]:
    """Return the names that may be exchanged: variables of functions that nothing outside can know."""
    tree = parse(code)
    fixed: set[str] = set()
    inside: set[str] = set()
    _collect(tree, inside, fixed, in_function=False)
    return inside - fixed


def rename(code: str, names: Mapping[str, str]) -> str:
    """Exchange names that `own_names` allows."""
    lines = code.splitlines(keepends=True)
    for token in reversed(_tokens(code)):
        if token.type == tokenize.NAME and token.string in names:
            (row, start), (_, end) = token.start, token.end
            line = lines[row - 1]
            before = line[:start].rstrip()
            if not before.endswith(".") or before.endswith("..."):
                lines[row - 1] = line[:start] + names[token.string] + line[end:]
    return "".join(lines)


def _collect(node: ast.AST, inside: set[str], fixed: set[str], *, in_function: bool) -> None:
    """Sort names: stored inside functions, and those that must stay as they are."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) if in_function:
            inside.add(name)
        case ast.Name(id=name, ctx=ast.Store()):
            fixed.add(name)
        case ast.arg(arg=name) | ast.keyword(arg=str(name)):
            fixed.add(name)
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            fixed.add(name)
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            fixed.update(names)
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            fixed.update((alias.asname or alias.name).partition(".")[0] for alias in aliases)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            fixed.add(name)
        case ast.JoinedStr():  # Python 3.11 reads an f-string as one token
            fixed.update(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
    is_function = isinstance(node, ast.FunctionDef | ast.Lambda)
    inner = is_function or (in_function and not isinstance(node, ast.ClassDef))
    for child in ast.iter_child_nodes(node):
        _collect(child, inside, fixed, in_function=inner)


def _with_lines(code: str, rng: random.Random) -> str:
    """Put comments and empty lines above some statements."""
    lines = code.splitlines()
    starts = {
        node.lineno: node.col_offset
        for node in ast.walk(parse(code))
        if isinstance(node, ast.stmt) and not lines[node.lineno - 1].encode()[: node.col_offset].strip()
    }
    written = []
    for number, line in enumerate(lines, start=1):
        if number in starts and rng.random() < 0.2:
            written.append("" if rng.random() < 0.4 else f"{' ' * starts[number]}# {rng.choice(_COMMENTS)}")
        written.append(line)
    return "\n".join([*written, f"# {rng.choice(_COMMENTS)} ({rng.randrange(10**4)})"])


def _in_text(tree: ast.AST, node: ast.AST) -> bool:
    return any(node in ast.walk(text) for text in ast.walk(tree) if isinstance(text, ast.JoinedStr))


def _tokens(code: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(code).readline))
