"""Whether values fit their schema, and if not, why.

Three judges with one verdict. Plain keywords are decided here, at once. jsonschema-rs decides the
rest; its engine for regular expressions is bounded. Only to explain a "no" is jsonschema loaded,
and no pattern from a schema ever reaches Python's own engine, which some patterns keep busy for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeGuard

from attune_cli.errors import AttuneError
from attune_cli.pack.parameter_schema import OWN_KEYS, ParameterSchema, types


class Misfit(NamedTuple):
    """One reason why values do not fit their schema.

    path:    where it is: the parameter's name, then keys and indexes; empty: the values as a whole.
    message: goes on after that place.
    """

    path: tuple[str | int, ...]
    message: str


class Hidden(NamedTuple):
    """What an explanation must not give away.

    names: parameters of whose values nothing is shown.  mask: takes secrets out of any other text.
    """

    names: frozenset[str]
    mask: Callable[[str], str]


_TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))

#: Keywords that say nothing about validity.
_ANNOTATIONS = frozenset(("$comment", "default", "deprecated", "description", "examples", "title")) | OWN_KEYS

Values = Mapping[str, object]


def misfits(schema: ParameterSchema, values: Values, hidden: Hidden, *, where: str) -> list[Misfit]:
    """Why values do not fit; empty when they do. Names that are missing are not looked for.

    Raises AttuneError, with `where`, when it is the schema that is wrong.
    """
    if is_plainly_valid(schema, values):
        return []
    whole = schema.to_json_schema()
    del whole["required"]
    if is_valid(whole, values, where=where):
        return []
    from attune_cli.pack.explanation import explain

    return explain(whole, values, hidden)


def is_plainly_valid(schema: ParameterSchema, values: Values) -> bool:
    """True: certainly valid. False: valid or not, the schema says more than is understood here."""
    if any(
        key not in _ANNOTATIONS and (key, value) != ("additionalProperties", False)
        for key, value in schema.extra.items()
    ):
        return False
    specs = schema.properties
    return all(name in specs and _fits(specs[name], value) for name, value in values.items())


def is_valid(schema: Mapping[str, object], values: object, *, where: str) -> bool:
    """The verdict of jsonschema-rs. Raises AttuneError when the schema is none."""
    import jsonschema_rs

    try:
        validator = jsonschema_rs.Draft202012Validator(dict(schema), offline=True)
    except jsonschema_rs.ValidationError as error:
        place = ".".join(map(str, error.instance_path))
        raise AttuneError(
            "the schema of the parameters is no JSON Schema", where=where, why=f"{place}: {_brief(error)}"
        ) from None
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        raise AttuneError("the schema of the parameters cannot be used", where=where, why=str(error)) from None
    try:
        return bool(validator.is_valid(values))
    except ValueError as error:
        raise AttuneError("the parameters cannot be checked", where=where, why=str(error)) from None


def _brief(error: Exception) -> str:
    return str(error).partition("\n")[0]


def json_type(value: object) -> str:
    """The JSON type of a value; 1.0 is an integer, as JSON Schema counts."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if isinstance(value, int) or value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def has_type(value: object, wanted: tuple[str, ...]) -> bool:
    """Whether a value has one of these types; no types: any."""
    kind = json_type(value)
    return not wanted or kind in wanted or (kind == "integer" and "number" in wanted)


def _fits(spec: Mapping[str, object], value: object) -> bool:
    wanted = types(spec)
    if not _TYPES.issuperset(wanted) or not has_type(value, wanted):
        return False
    return all(key == "type" or _says_nothing(key, limit) or _meets(key, limit, value) for key, limit in spec.items())


def _says_nothing(key: str, value: object) -> bool:
    return key in _ANNOTATIONS or (key == "required" and isinstance(value, bool))


def _meets(keyword: str, limit: object, value: object) -> bool:
    check = _PLAIN.get(keyword)
    return check is not None and check(value, limit)


def _at_least(value: object, limit: object) -> bool:
    return _is_integer(value) and _is_integer(limit) and value >= limit


def _at_most(value: object, limit: object) -> bool:
    return _is_integer(value) and _is_integer(limit) and value <= limit


def _one_of(value: object, options: object) -> bool:
    return isinstance(value, str) and isinstance(options, list) and value in options


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


#: The keywords that packs use most, for the values they use them on most.
_PLAIN: Mapping[str, Callable[[object, object], bool]] = {"enum": _one_of, "maximum": _at_most, "minimum": _at_least}
