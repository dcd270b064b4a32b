"""Whether an event meets the conditions of a rule, as the platform decides it.

    conditions: {}                                              every event counts
    conditions: {expression: "event.payload.count > 3"}         an expression: see `expression`
    conditions: [{field: kind, operator: equals, value: disk}]  all of them hold; `field` is a path in the payload

The operators of a list are `equals`, `not_equals` and `contains` (text in text).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from attune_cli.sensor.expression import ExpressionError, evaluate, is_true

_OPERATORS = ("equals", "not_equals", "contains")


class Met(NamedTuple):
    """holds: whether the rule fires.  problem: why that could not be decided; it does not fire then."""

    holds: bool
    problem: str | None = None


def met(conditions: object, event: Mapping[str, object]) -> Met:
    """event: as expressions see it, its `payload` among the rest."""
    payload = event.get("payload")
    if payload is None or not conditions:
        return Met(holds=True)
    if isinstance(conditions, Mapping) and isinstance(conditions.get("expression"), str):
        return _by_expression(str(conditions["expression"]), event)
    if not isinstance(conditions, list | tuple):
        return _undecided("`conditions` is neither a list nor has an `expression`: the rule never fires")
    for condition in conditions:
        result = _single(condition, payload)
        if not result.holds:
            return result
    return Met(holds=True)


def _by_expression(written: str, event: Mapping[str, object]) -> Met:
    bare = written.strip()
    if bare.startswith("{{") and bare.endswith("}}"):
        bare = bare[2:-2].strip()
    try:
        return Met(holds=is_true(evaluate(bare, {"event": event})))
    except ExpressionError as error:
        return _undecided(f"`{bare}` {error}")


def _single(condition: object, payload: object) -> Met:
    if not isinstance(condition, Mapping):
        return _undecided("a condition is not a mapping of field, operator and value")
    field, operator = condition.get("field"), condition.get("operator")
    if not isinstance(field, str) or not isinstance(operator, str):
        return _undecided("a condition has no `field` or no `operator`")
    if operator not in _OPERATORS:
        return _undecided(f"the operator `{operator}` is none of {', '.join(_OPERATORS)}")
    current = payload
    for part in field.split("."):
        if not isinstance(current, Mapping) or part not in current:
            return _undecided(f"the payload has no `{field}`")
        current = current[part]
    expected = condition.get("value")
    if operator == "contains":
        return Met(holds=isinstance(current, str) and isinstance(expected, str) and expected in current)
    return Met(holds=_same(current, expected) == (operator == "equals"))


def _undecided(problem: str) -> Met:
    return Met(holds=False, problem=problem)


def _same(one: object, other: object) -> bool:
    """As JSON: 1 is not true."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
