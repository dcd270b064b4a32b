"""Whether an event meets a rule's conditions."""

from __future__ import annotations

import time

import pytest

from attune_cli.sensor.conditions import met
from attune_cli.sensor.expression import ExpressionError, evaluate

EVENT = {
    "id": 3,
    "trigger": "demo.tick",
    "payload": {"n": 3, "s": "hello", "t": True, "o": {"a": 1}, "l": [1, 2], "from": "me", "none": None},
}


@pytest.mark.parametrize("conditions", [None, {}, [], ()])
def test_without_conditions_every_event_counts(conditions: object) -> None:
    assert met(conditions, EVENT) == (True, None)


def test_without_a_payload_every_event_counts() -> None:
    assert met([{"field": "n", "operator": "equals", "value": 4}], {"payload": None}).holds


@pytest.mark.parametrize(
    ("field", "operator", "value", "holds"),
    [
        ("n", "equals", 3, True),
        ("n", "equals", "3", False),
        ("n", "not_equals", 4, True),
        ("t", "equals", 1, False),
        ("o.a", "equals", 1, True),
        ("o", "equals", {"a": 1}, True),
        ("none", "equals", None, True),
        ("s", "contains", "ell", True),
        ("s", "contains", 1, False),
        ("l", "contains", 1, False),
    ],
)
def test_one_condition(field: str, operator: str, value: object, holds: bool) -> None:
    assert met([{"field": field, "operator": operator, "value": value}], EVENT) == (holds, None)


def test_all_of_a_list_must_hold() -> None:
    true, false = ({"field": "n", "operator": "equals", "value": value} for value in (3, 4))
    assert met([true, true], EVENT).holds
    assert not met([true, false], EVENT).holds


@pytest.mark.parametrize(
    ("conditions", "problem"),
    [
        ([{"field": "nope", "operator": "equals"}], "the payload has no `nope`"),
        ([{"field": "l.0", "operator": "equals"}], "the payload has no `l.0`"),
        ([{"field": "n", "operator": "is"}], "the operator `is` is none of equals, not_equals, contains"),
        ([{"operator": "equals"}], "a condition has no `field` or no `operator`"),
        (["n == 3"], "a condition is not a mapping of field, operator and value"),
        ({"all": []}, "`conditions` is neither a list nor has an `expression`: the rule never fires"),
        ({"expression": "event.payload.n >"}, "`event.payload.n >` cannot be read: invalid syntax"),
        ({"expression": "payload.n"}, "`payload.n` names `payload`; there is event"),
    ],
)
def test_what_cannot_be_decided(conditions: object, problem: str) -> None:
    assert met(conditions, EVENT) == (False, problem)


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("event.payload.n > 2", True),
        ("{{ event.payload.n > 2 }}", True),
        ("event.payload.n > 2 and event.payload.s == 'bye'", False),
        ("not event.payload.nope", True),
        ("event.payload.from == 'me'", True),
        ("'a' in event.payload.o", True),
        ("2 in event.payload.l and not (3 in event.payload.l)", True),
        ("event.payload['l'][1] == 2", True),
        ('event.trigger == "demo.tick"', True),
        ("event.payload.none", False),
        ("length(event.payload.l) == 2", True),
        ("lower('ABC') == 'abc' and starts_with(event.payload.s, 'he')", True),
        ("true == 1", False),
        ("null == null or false", True),
        ("event.payload.n in [1, 3]", True),
    ],
)
def test_expressions(written: str, holds: bool) -> None:
    assert met({"expression": written}, EVENT) == (holds, None)


@pytest.mark.parametrize(
    ("written", "value"),
    [("2 + 3 * 4", 14), ("10 / 5", 2), ("10 / 4", 2.5), ("-7 % 5", -2), ("'a' + 'b'", "ab"), ("1.5 + 1.5", 3)],
)
def test_arithmetic(written: str, value: object) -> None:
    found = evaluate(written, {})
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "written",
    [
        *("__import__('os')", "().__class__", "''.join", "[x for x in [1]]", "lambda: 1", "f'{1}'", "2 ** 9999"),
        *("1 < 2 < 3", "'a' * 3", "'a' + 1", "1 / 0", "5 % 0", "1 if 1 else 2", "a := 1", "1, 2", "b'x'", "...", "1j"),
        *("lower(1)", "length(5)", "number('x')", "min(1, 'a')", "upper(s='a')", "not_there(1)", "true.x", "x" * 5000),
        *("(" * 3000, "not " * 1000 + "1", "[" * 90 + "]" * 90 + ".a"),
    ],
)
def test_what_is_no_expression(written: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ExpressionError):
        evaluate(written, {})
    assert time.monotonic() - begun < 5
