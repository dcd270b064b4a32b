"""Why values do not fit their schema, in words, without the values of secrets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from attune_cli.pack.validity import Hidden, Misfit

if TYPE_CHECKING:
    import jsonschema_rs

#: How much of a value is shown, in characters.
_SHOWN = 60

_ARTICLES = {"array": "an array", "integer": "an integer", "object": "an object"}

#: Stands in place of the keyword `pattern` when matching was given up.
_TOO_MANY_STEPS = "pattern given up"

#: Keyword → what is asked for; `{}` stands for the keyword's value.
_ASKS = {
    "const": "must be {}",
    "exclusiveMaximum": "must be less than {}",
    "exclusiveMinimum": "must be greater than {}",
    "format": "must have the format {}",
    "maxItems": "must have at most {} items",
    "maxLength": "must have at most {} characters",
    "maxProperties": "must have at most {} keys",
    "maximum": "must be at most {}",
    "minItems": "must have at least {} items",
    "minLength": "must have at least {} characters",
    "minProperties": "must have at least {} keys",
    "minimum": "must be at least {}",
    "multipleOf": "must be a multiple of {}",
    "pattern": "must match the pattern {}",
    "uniqueItems": "must not have an item twice",
    "additionalProperties": "has keys that its schema does not allow",
    "anyOf": "fits none of the schemas it may have",
    "oneOf": "must fit exactly one of the schemas it may have",
    "dependentRequired": "lacks keys that others of it require",
    "required": "lacks keys that its schema requires",
    _TOO_MANY_STEPS: "has a pattern that takes too many steps to match: simplify it",
}


@dataclass(frozen=True, slots=True)
class _Failure:
    """One "no", from either judge. limit: the keyword's value."""

    path: tuple[str | int, ...]
    keyword: str
    limit: object
    value: object = field(repr=False)


def explain(
    schema: Mapping[str, Any],
    values: Mapping[str, object],
    hidden: Hidden,
    *,
    most: int | None = None,
    quick: bool = False,
) -> list[Misfit]:
    """The reasons why jsonschema-rs finds `values` invalid, in order of place.

    most:  how many are looked for; None: all.
    quick: the first one alone, for values of which there are so many that looking for more takes seconds.
    """
    if quick:
        failures = _first(schema, values)
    else:
        failures = _explained(schema, values, most) or list(islice(_decided(schema, values), most))
    return sorted(
        {_misfit(failure, hidden) for failure in failures}, key=lambda one: (list(map(str, one.path)), one.message)
    )


def _explained(schema: Mapping[str, Any], values: Mapping[str, object], most: int | None) -> list[_Failure]:
    """jsonschema's reasons; none where it would use a pattern itself, or sees no fault."""
    if '"patternProperties"' in json.dumps(schema):
        return []
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        # An empty registry: no reference ever reaches out to the network.
        found = list(islice(_bounded()(schema, registry=Registry()).iter_errors(values), most))
    except (RecursionError, Unresolvable):
        # A reference in a circle, or one that leads nowhere: the other judge has a reason as well.
        return []
    return [
        _Failure(tuple(each.absolute_path), str(each.validator), each.validator_value, each.instance) for each in found
    ]


@cache
def _bounded() -> Callable[..., Any]:
    """jsonschema's validator, whose patterns jsonschema-rs matches. Making it takes as long as many uses of it."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    # jsonschema's types leave this one out.
    made: Callable[..., Any] = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    return made


def _decided(schema: Mapping[str, Any], values: object) -> Iterator[_Failure]:
    """The reasons of jsonschema-rs, whose verdict it is."""
    import jsonschema_rs

    for error in jsonschema_rs.Draft202012Validator(dict(schema), offline=True).iter_errors(values):
        yield _failure(error, schema)


def _first(schema: Mapping[str, Any], values: object) -> list[_Failure]:
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator(dict(schema), offline=True).validate(values)
    except jsonschema_rs.ValidationError as error:
        return [_failure(error, schema)]
    return []


def _failure(error: jsonschema_rs.ValidationError, schema: object) -> _Failure:
    gave_up = type(error.kind).__name__ == "BacktrackLimitExceeded"
    keyword = _TOO_MANY_STEPS if gave_up else error.kind.name
    return _Failure(tuple(error.instance_path), keyword, _limit(schema, error.schema_path), error.instance)


def _pattern(_: object, pattern: str, instance: object, __: object) -> Iterator[Exception]:
    from jsonschema import ValidationError

    if isinstance(instance, str):
        for failure in _decided({"pattern": pattern}, instance):
            yield ValidationError("", validator=failure.keyword, validator_value=pattern)


def _limit(schema: object, path: Sequence[str | int]) -> object:
    for step in path:
        try:
            # What cannot be stepped into raises, which is caught.
            schema = schema[step]  # type: ignore[index]
        except (LookupError, TypeError):
            return None
    return schema


def _misfit(failure: _Failure, hidden: Hidden) -> Misfit:
    if failure.path and failure.path[0] not in hidden.names:
        return Misfit(failure.path, _message(failure, hidden))
    # The keys inside a secret are as secret as its values, and a secret may be among the whole.
    return Misfit(failure.path[:1], _asked(failure))


def _message(failure: _Failure, hidden: Hidden) -> str:
    if failure.keyword == "required" and isinstance(failure.limit, list) and isinstance(failure.value, Mapping):
        return f"lacks {', '.join(f'`{name}`' for name in failure.limit if name not in failure.value)}"
    asked = _asked(failure)
    if isinstance(failure.value, dict | list) or failure.keyword == _TOO_MANY_STEPS:
        return asked
    return f"{asked}, not {_shown(failure.value, hidden)}"


def _asked(failure: _Failure) -> str:
    if failure.keyword == "type":
        return f"must be {_types(failure.limit)}"
    if failure.keyword == "enum" and isinstance(failure.limit, list):
        return f"must be one of: {', '.join(map(_shown, failure.limit))}"
    return _ASKS.get(failure.keyword, f"does not satisfy `{failure.keyword}`").format(_shown(failure.limit))


def _types(limit: object) -> str:
    named = limit if isinstance(limit, list) else [limit]
    return " or ".join(_ARTICLES.get(name, "null" if name == "null" else f"a {name}") for name in map(str, named))


def _shown(value: object, hidden: Hidden | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # Masked before it is cut: half a secret would not be known for one.
    text = hidden.mask(text) if hidden else text
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
