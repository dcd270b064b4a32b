"""The platform's expressions, as conditions use them: `event.payload.count > 3 and not event.payload.silent`.

Read with Python's own parser, whose grammar has all of theirs, and evaluated here: nothing that is
not listed below means anything.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from keyword import kwlist
from typing import Any, Final

from attune_cli.execution.strict_json import text

#: Longer ones, and deeper ones, are refused before they are read.
_LONGEST = 4096

_LITERALS: Final = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
# A name behind a dot may be one of Python's own words: `event.payload.from`.
_KEYWORD_MEMBER = re.compile(rf"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\.\s*({"|".join(kwlist)})\b""")


class ExpressionError(Exception):
    """Goes on after the expression: `cannot be read: …`."""


def evaluate(written: str, variables: Mapping[str, object]) -> object:
    """The value, JSON data. Raises ExpressionError."""
    if len(written) > _LONGEST:
        raise ExpressionError(f"is longer than {_LONGEST} characters")
    try:
        tree = ast.parse(_KEYWORD_MEMBER.sub(_quoted_member, written), mode="eval")
        return _value(tree.body, variables)
    except SyntaxError as error:
        raise ExpressionError(f"cannot be read: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise ExpressionError("is nested too deep") from None
    except (ValueError, OverflowError, ZeroDivisionError, IndexError) as error:
        raise ExpressionError(f"cannot be evaluated: {error}") from None


def is_true(value: object) -> bool:
    """Null, false, 0 and what is empty are not."""
    return bool(value)


def _quoted_member(match: re.Match[str]) -> str:
    return match[1] or f'["{match[2]}"]'


def _value(node: ast.expr, variables: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON data
    handler = _NODES.get(type(node))
    if handler is None:
        raise ExpressionError(f"has `{ast.unparse(node)[:40]}`, which expressions do not know")
    return handler(node, variables)


def _constant(node: ast.Constant, _: Mapping[str, object]) -> object:
    if isinstance(node.value, str | int | float | bool | None):
        return node.value
    raise ExpressionError(f"has `{ast.unparse(node)[:40]}`, which expressions do not know")


def _name(node: ast.Name, variables: Mapping[str, object]) -> object:
    if node.id in _LITERALS:
        return _LITERALS[node.id]
    if node.id not in variables:
        raise ExpressionError(f"names `{node.id}`; there is {', '.join(variables)}")
    return variables[node.id]


def _member(node: ast.Attribute | ast.Subscript, variables: Mapping[str, object]) -> object:
    """What is not there is null."""
    whole = _value(node.value, variables)
    key = node.attr if isinstance(node, ast.Attribute) else _value(node.slice, variables)
    if isinstance(whole, Mapping):
        return whole.get(key) if isinstance(key, str) else None
    if isinstance(whole, list) and isinstance(key, int) and not isinstance(key, bool):
        return whole[key] if -len(whole) <= key < len(whole) else None
    if whole is None:
        return None
    raise ExpressionError(f"asks for `{key}` of what is no object or list")


def _either(node: ast.BoolOp, variables: Mapping[str, object]) -> bool:
    wanted = isinstance(node.op, ast.Or)
    return any(is_true(_value(each, variables)) == wanted for each in node.values) == wanted


def _unary(node: ast.UnaryOp, variables: Mapping[str, object]) -> object:
    value = _value(node.operand, variables)
    if isinstance(node.op, ast.Not):
        return not is_true(value)
    if isinstance(node.op, ast.USub):
        return -_number(value)
    raise ExpressionError("has an operator that expressions do not know")


def _comparison(node: ast.Compare, variables: Mapping[str, object]) -> bool:
    if len(node.ops) > 1:
        raise ExpressionError("compares more than two values at once: join the comparisons with `and`")
    left, right = _value(node.left, variables), _value(node.comparators[0], variables)
    compare = _COMPARISONS.get(type(node.ops[0]))
    if compare is None:
        raise ExpressionError("has a comparison that expressions do not know")
    return compare(left, right)


def _same(left: object, right: object) -> bool:
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    def ordered(left: object, right: object) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            return compare(left, right)
        return compare(_number(left), _number(right))

    return ordered


def _inside(left: object, right: object) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    if isinstance(right, list):
        return any(_same(left, item) for item in right)
    if isinstance(right, Mapping):
        return left in right
    raise ExpressionError("looks with `in` into what holds nothing")


def _arithmetic(node: ast.BinOp, variables: Mapping[str, object]) -> object:
    left, right = _value(node.left, variables), _value(node.right, variables)
    if isinstance(node.op, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return left + right
    compute = _ARITHMETIC.get(type(node.op))
    if compute is None:
        raise ExpressionError("has an operator that expressions do not know")
    return _whole(compute(_number(left), _number(right)))


def _whole(value: float) -> float:
    """10 / 5 is 2, and not 2.0."""
    return int(value) if abs(value) < 2**53 and int(value) == value else value


def _number(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ExpressionError("computes with, or puts in order, what is no number")


def _call(node: ast.Call, variables: Mapping[str, object]) -> object:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    function = _FUNCTIONS.get(name)
    if function is None or node.keywords:
        raise ExpressionError(f"calls `{ast.unparse(node.func)[:40]}`; attune knows {', '.join(_FUNCTIONS)}")
    try:
        return function(*(_value(each, variables) for each in node.args))
    except (TypeError, AttributeError):
        raise ExpressionError(f"gives `{name}` what it does not take") from None


def _length(value: str | list[object] | Mapping[str, object]) -> int:
    return len(value)


def _list(node: ast.List, variables: Mapping[str, object]) -> list[object]:
    return [_value(each, variables) for each in node.elts]


_COMPARISONS: Final[Mapping[type, Callable[[Any, Any], bool]]] = {
    ast.Eq: _same,
    ast.NotEq: lambda left, right: not _same(left, right),
    ast.Lt: _ordered(operator.lt),
    ast.LtE: _ordered(operator.le),
    ast.Gt: _ordered(operator.gt),
    ast.GtE: _ordered(operator.ge),
    ast.In: _inside,
    ast.NotIn: lambda left, right: not _inside(left, right),
}
_ARITHMETIC: Final[Mapping[type, Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: math.fmod,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "length": _length,
    "string": text,
    "number": float,
    "int": int,
    "bool": bool,
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": lambda whole, part: _inside(part, whole),
    "abs": abs,
    "min": min,
    "max": max,
    "keys": lambda whole: list(whole.keys()),
}
_NODES: Final[Mapping[type, Callable[[Any, Mapping[str, object]], object]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _member,
    ast.Subscript: _member,
    ast.BoolOp: _either,
    ast.UnaryOp: _unary,
    ast.Compare: _comparison,
    ast.BinOp: _arithmetic,
    ast.Call: _call,
    ast.List: _list,
}
