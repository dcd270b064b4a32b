"""Text from a command line, made a value of the type that the parameter's schema asks for."""

from __future__ import annotations

from collections.abc import Mapping

from attune_cli.execution.strict_json import loads
from attune_cli.pack.parameter_schema import types
from attune_cli.pack.validity import has_type

_BOOLEANS = {"true": True, "false": False}
_WANTED = {
    "integer": "must be a whole number",
    "number": "must be a number",
    "boolean": "must be true or false",
    "null": "must be null",
    "object": "must be a JSON object",
    "array": "must be a JSON array",
}


def typed(text: str, spec: Mapping[str, object] | None) -> object:
    """The value that `text` stands for.

    A string is taken as it is; numbers, booleans, objects and arrays are read as JSON. Where the
    type is open, text that is JSON counts as JSON and other text as a string. spec None: no schema,
    a string. Raises ValueError with what it must be, without the text.
    """
    if spec is None:
        return text
    wanted = types(spec)
    options = spec.get("enum")
    if wanted == ("string",) or (isinstance(options, list) and text in options and "string" in (wanted or ("string",))):
        return text
    if "boolean" in wanted and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    return _read(text, wanted)


def _read(text: str, wanted: tuple[str, ...]) -> object:
    takes_text = not wanted or "string" in wanted
    try:
        value = loads(text, unique=True)
    except ValueError as error:
        if takes_text:
            return text
        raise ValueError(_complaint(wanted, str(error))) from None
    if has_type(value, wanted):
        return value
    if takes_text:
        return text
    raise ValueError(_complaint(wanted))


def _complaint(wanted: tuple[str, ...], reason: str | None = None) -> str:
    asked = " or ".join(_WANTED.get(kind, f"must be of type {kind}") for kind in wanted).replace(" or must be", " or")
    detailed = reason if {"object", "array"} & set(wanted) else None
    return f"{asked} ({detailed})" if detailed else asked
