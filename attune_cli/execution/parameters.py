"""From what was given to the values an action gets: typed, with defaults, checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from attune_cli.execution.problems import ParameterError, Problem
from attune_cli.execution.sources import Given, Sources, given_parameters, given_secrets
from attune_cli.execution.strict_json import MAX_DEPTH, depth

if TYPE_CHECKING:
    from attune_cli.pack.parameter_schema import ParameterSchema


class Parameters(NamedTuple):
    """The values for one run, JSON data all.

    values:     what may be seen, defaults included.
    secrets:    what may not: parameters that the schema calls secret, and whatever came as a secret.
    exposed:    names of secret parameters whose value stood on the command line.
    undeclared: names of secrets that are no parameters of the action.
    """

    values: Mapping[str, object] = MappingProxyType({})
    secrets: Mapping[str, object] = MappingProxyType({})
    exposed: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()

    @property
    def merged(self) -> dict[str, object]:
        """All of them, as the deliveries that make no difference write them."""
        return {**self.values, **self.secrets}

    def __repr__(self) -> str:
        return f"Parameters({', '.join(self.merged)})"


def resolve_parameters(sources: Sources, schema: ParameterSchema | None, *, subject: str, where: str) -> Parameters:
    """Read, type, complete and check.

    schema None: there is none, so every name is taken and text stays text.
    subject: the action's ref, for messages.  where: the file the schema is from.
    Raises ParameterError with every problem there is, UsageError for a source that cannot be read,
    and AttuneError for a schema that is none.
    """
    plain, hidden = given_parameters(sources), given_secrets(sources)
    if schema is None:
        return _undeclared(plain, hidden, subject)
    from attune_cli.execution.declared import declared_values, taken

    values, problems = declared_values(schema, plain, hidden, where=where)
    if problems:
        raise ParameterError(subject, sorted(problems), help=taken(schema))
    secret = schema.secrets | hidden.keys()
    return _parted(values, secret)._replace(
        exposed=tuple(sorted(name for name in secret - hidden.keys() if name in plain and plain[name].exposed)),
        undeclared=tuple(sorted(hidden.keys() - schema.properties.keys())),
    )


def _undeclared(plain: Mapping[str, Given], hidden: Mapping[str, Given], subject: str) -> Parameters:
    values = {name: one.value for name, one in {**plain, **hidden}.items()}
    if problems := unsendable(values):
        raise ParameterError(subject, sorted(problems))
    return _parted(values, frozenset(hidden))


def _parted(values: Mapping[str, object], secret: frozenset[str]) -> Parameters:
    return Parameters(
        {name: value for name, value in values.items() if name not in secret},
        {name: value for name, value in values.items() if name in secret},
    )


def unsendable(values: Mapping[str, object]) -> list[Problem]:
    """Values that no JSON document can hold."""
    too_deep = f"is nested more than {MAX_DEPTH} levels deep"
    found = [(name, too_deep if depth(value) > MAX_DEPTH else _no_json(value)) for name, value in values.items()]
    return [Problem(name, reason) for name, reason in found if reason]


def _no_json(value: object) -> str | None:
    """Why a value is none of JSON's; None when it is one."""
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number: NaN and Infinity are no JSON values"
    if isinstance(value, str):
        return None if value.isascii() or _is_text(value) else "is not valid UTF-8 text"
    inside: Iterable[object] = (*value, *value.values()) if isinstance(value, dict) else ()
    inside = value if isinstance(value, list) else inside
    return next(filter(None, map(_no_json, inside)), None)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
