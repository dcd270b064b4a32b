"""All parameters as one document: JSON, dotenv or YAML, as an action asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attune_cli.execution.problems import Problem
from attune_cli.execution.strict_json import compact, text

Values = Mapping[str, object]

#: Characters that would end a dotenv name, or the line it stands in.
_BREAKS_NAMES = frozenset("='\"\0\n\r \t#")


def document(values: Values, form: str) -> str:
    """The text, without a line end at its end. form: json, dotenv or yaml."""
    if form == "json":
        return compact(values)
    if form == "yaml":
        from attune_cli.execution.block_yaml import block_yaml

        return block_yaml(values)
    return dotenv(values)


def dotenv(values: Values) -> str:
    """`name='value'`, sorted. Objects are flattened with dots and vanish when empty, arrays are
    JSON, null is empty, `'` is `'\\''`."""
    return "\n".join(sorted(f"{name}={_quoted(flat)}" for name, flat in _flat(values)))


def dotenv_problems(values: Values) -> list[Problem]:
    """What dotenv cannot say."""
    return [problem for name, value in values.items() for problem in _problems(name, value)] + _twice(values)


def _flat(values: Values, prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        name = prefix + key
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        else:
            yield name, "" if value is None else text(value)


def _quoted(flat: str) -> str:
    return "'" + flat.replace("'", "'\\''") + "'"


def _problems(parameter: str, value: object) -> Iterator[Problem]:
    for name, flat in _flat({parameter: value}):
        if not _BREAKS_NAMES.isdisjoint(name):
            yield Problem(parameter, "has a name, or a key inside, that dotenv cannot write: use another format")
        if "\0" in flat:
            yield Problem(parameter, "has a NUL byte, which dotenv cannot write: use another format")


def _twice(values: Values) -> list[Problem]:
    """Parameters that flatten to a name which another one has: `{a: {b: 1}}` and `{a.b: 2}`."""
    owners: dict[str, str] = {}
    found = []
    for parameter, value in values.items():
        for name, _ in _flat({parameter: value}):
            if name in owners:
                found.append(Problem(parameter, f"and {owners[name]} are both `{name}` in dotenv: use another format"))
            owners.setdefault(name, parameter)
    return found
