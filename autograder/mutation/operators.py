"""What is changed in a solution: mutmut's operators, and those of array code that it has not.

An operator takes a node of libcst's syntax tree and yields what may stand in its place. Each makes a mistake that
people make: another axis, a sign, one element more or less, arguments in the wrong order, a line that was forgotten.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator

import libcst as cst
import libcst.matchers as m
from mutmut.mutation import mutators as mutmut

Operator = Callable[[cst.CSTNode], Iterable[cst.CSTNode]]

_OTHER_FUNCTION = {
    a: b
    for one, two in (
        ("all", "any"),
        ("argmax", "argmin"),
        ("ceil", "floor"),
        ("max", "min"),
        ("maximum", "minimum"),
        ("mean", "sum"),
        ("nanargmax", "nanargmin"),
        ("ones", "zeros"),
        ("ones_like", "zeros_like"),
        ("softmax", "log_softmax"),
        ("std", "var"),
    )
    for a, b in ((one, two), (two, one))
}
_SYMMETRIC = {"max", "min", "maximum", "minimum"}  # arguments in the other order give the same
_TRIVIAL = {"len", "range", "append"}  # without these, and with their argument left, nothing runs, or a line is missing
_REVERSED = {
    cst.LessThan: cst.GreaterThan,
    cst.GreaterThan: cst.LessThan,
    cst.LessThanEqual: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.LessThanEqual,
}
_TURNABLE = m.Subtract() | m.Divide() | m.MatrixMultiply() | m.Power() | m.FloorDivide() | m.Modulo()


def number(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Make a whole number one smaller (mutmut makes it larger), another one a tenth larger."""
    if isinstance(node, cst.Integer):
        less = node.evaluated_value - 1
        yield cst.Integer(str(less)) if less >= 0 else cst.UnaryOperation(cst.Minus(), cst.Integer(str(-less)))
    elif isinstance(node, cst.Float) and node.evaluated_value:
        yield cst.Float(repr(float(f"{node.evaluated_value * 1.1:.12g}")))


def order(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Exchange the sides of a difference, a quotient, a matrix product; take elements' product for the latter."""
    if m.matches(node, m.BinaryOperation(operator=_TURNABLE)):
        yield node.with_changes(left=_bracketed(node.right), right=_bracketed(node.left))
    if m.matches(node, m.BinaryOperation(operator=m.MatrixMultiply())):
        yield node.with_changes(operator=cst.Multiply())


def operand(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Leave out one side of a sum, a difference, a product or a quotient."""
    if m.matches(node, m.BinaryOperation(operator=m.Add() | m.Subtract() | m.Multiply() | m.Divide())):
        yield _bracketed(node.left)
        yield _bracketed(node.right)


def sign(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Turn a comparison round."""
    if isinstance(node, cst.ComparisonTarget) and type(node.operator) in _REVERSED:
        yield node.with_changes(operator=_REVERSED[type(node.operator)]())


def condition(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Take an `if` for always or never true."""
    if isinstance(node, cst.If):
        yield node.with_changes(test=cst.Name("True"), whitespace_before_test=cst.SimpleWhitespace(" "))
        yield node.with_changes(test=cst.Name("False"), whitespace_before_test=cst.SimpleWhitespace(" "))


def statement(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Leave out a statement."""
    if isinstance(node, cst.Assign | cst.AugAssign | cst.Expr | cst.Break | cst.Continue | cst.Return):
        yield cst.Pass()


def arguments(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Exchange two neighbouring arguments, or things that are returned."""
    if isinstance(node, cst.Call) and _name(node) not in _SYMMETRIC:
        yield from (node.with_changes(args=changed) for changed in _exchanged(node.args, m.Arg(keyword=None, star="")))
    if m.matches(node, m.Return(value=m.Tuple())):
        for changed in _exchanged(node.value.elements, m.Element()):
            yield node.with_deep_changes(node.value, elements=changed)


def axis(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Leave out one of several axes, the dimension that is kept, a transposition."""
    if m.matches(node, m.Arg(keyword=m.Name("axis"), value=m.Tuple())) and len(node.value.elements) > 1:
        for k in range(len(node.value.elements)):
            left = [e for n, e in enumerate(node.value.elements) if n != k]
            left[-1] = left[-1].with_changes(comma=cst.Comma() if len(left) == 1 else cst.MaybeSentinel.DEFAULT)
            yield node.with_deep_changes(node.value, elements=left)
    if m.matches(node, m.Attribute(attr=m.Name("T"))):
        yield node.value


def function(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Take the opposite of a function, or leave it out: `f(x)` becomes `x`."""
    if not isinstance(node, cst.Call):
        return
    name = _name(node)
    if name in _OTHER_FUNCTION:
        changed = cst.Name(_OTHER_FUNCTION[name])
        yield node.with_changes(
            func=changed if isinstance(node.func, cst.Name) else node.func.with_changes(attr=changed)
        )
    if name in _TRIVIAL:
        return
    if len(node.args) == 1 and m.matches(node.args[0], m.Arg(keyword=None, star="")):
        yield _bracketed(node.args[0].value)
    elif isinstance(node.func, cst.Attribute) and all(argument.keyword for argument in node.args):
        yield node.func.value


def piece(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Leave out where a slice begins, ends, or how far it goes at a time."""
    if isinstance(node, cst.Slice):
        if node.lower is not None:
            yield node.with_changes(lower=None)
        if node.upper is not None:
            yield node.with_changes(upper=None)
        if node.step is not None:
            yield node.with_changes(step=None, second_colon=cst.MaybeSentinel.DEFAULT)


def mutmuts(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Apply mutmut's operators. Those that put None somewhere are left out: it cannot run, whatever the tests are."""
    for kind, operator in mutmut.mutation_operators:
        if isinstance(node, kind) and operator is not mutmut.operator_assignment:
            yield from (made for made in operator(node) if _nones(made) <= _nones(node))


OPERATORS: tuple[Operator, ...] = (
    mutmuts,
    number,
    order,
    operand,
    sign,
    condition,
    statement,
    arguments,
    axis,
    function,
    piece,
)


def _nones(node: cst.CSTNode) -> int:
    return len(m.findall(node, m.Name("None")))


def _name(call: cst.Call) -> str:
    """The last part of a called function's name; "" if it has none."""
    match call.func:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
    return ""


def _exchanged(items: tuple[cst.CSTNode, ...], which: m.BaseMatcherNode) -> Iterator[list[cst.CSTNode]]:
    """Exchange the values of each two neighbours that match; commas and spaces stay."""
    for k, (one, two) in enumerate(itertools.pairwise(items)):
        if m.matches(one, which) and m.matches(two, which):
            yield [
                *items[:k],
                one.with_changes(value=two.value),
                two.with_changes(value=one.value),
                *items[k + 2 :],
            ]


def _bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    """Put brackets around what would otherwise mean something else where it goes to."""
    if node.lpar or not isinstance(
        node, cst.BinaryOperation | cst.UnaryOperation | cst.IfExp | cst.Comparison | cst.BooleanOperation | cst.Lambda
    ):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
