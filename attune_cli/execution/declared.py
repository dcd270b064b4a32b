"""What the schema of an action makes of the values that were given: types, defaults, a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attune_cli.execution.parameters import unsendable
from attune_cli.execution.problems import Problem
from attune_cli.execution.sources import Given
from attune_cli.execution.typed import typed
from attune_cli.pack.parameter_schema import ParameterSchema, types
from attune_cli.pack.validity import Hidden, Misfit, misfits
from attune_cli.process import Secrets


def declared_values(
    schema: ParameterSchema, plain: Mapping[str, Given], hidden: Mapping[str, Given], *, where: str
) -> tuple[dict[str, object], list[Problem]]:
    """Every value, defaults included, in the order of the schema; and all that is wrong with them.

    hidden: secrets; those that are no parameters are let through, since the platform hands out
    secrets whatever a schema says. Raises AttuneError, with `where`, for a schema that is none.
    """
    given = {**plain, **hidden}
    values, problems = _typed(given, schema)
    problems += unsendable(values)
    problems += [*_unknown(plain.keys() - hidden.keys(), schema), *_missing(schema, given)]
    values = _in_order(schema, schema.defaults() | values)
    settled = {problem.name for problem in problems} | (hidden.keys() - schema.properties.keys())
    unsettled = {name: value for name, value in values.items() if name not in settled}
    secret = schema.secrets | hidden.keys()
    masked = Secrets({name: value for name, value in values.items() if name in secret})
    found = misfits(schema, unsettled, Hidden(secret, masked.mask_text), where=where)
    return values, problems + [_problem(misfit, given) for misfit in found]


def taken(schema: ParameterSchema) -> str | None:
    """One line about what the action takes; None: nothing."""
    words = [
        f"{name} ({' or '.join(types(spec)) or 'any'}{', required' if name in schema.required else ''})"
        for name, spec in schema.properties.items()
    ]
    return f"it takes {', '.join(words)}" if words else None


def _typed(given: Mapping[str, Given], schema: ParameterSchema) -> tuple[dict[str, object], list[Problem]]:
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for name, one in given.items():
        try:
            # A name that the schema does not know is text too: a secret from elsewhere.
            is_text = one.is_text and isinstance(one.value, str)
            values[name] = typed(str(one.value), schema.properties.get(name)) if is_text else one.value
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    return values, problems


def _unknown(names: Iterable[str], schema: ParameterSchema) -> list[Problem]:
    if schema.takes_unknown:
        return []
    return [Problem(name, _not_known(name, schema)) for name in names if name not in schema.properties]


def _not_known(name: str, schema: ParameterSchema) -> str:
    if not schema.properties:
        return "is unknown: the action takes no parameters"
    from difflib import get_close_matches

    near = get_close_matches(name, schema.properties, n=1)
    return f"is unknown: did you mean {near[0]}?" if near else "is unknown"


def _missing(schema: ParameterSchema, given: Mapping[str, Given]) -> list[Problem]:
    absent = schema.required - given.keys() - schema.defaults().keys()
    return [Problem(name, "is required and has no value") for name in absent]


def _in_order(schema: ParameterSchema, values: Mapping[str, object]) -> dict[str, object]:
    """As the schema has them, the others behind: what an action gets does not hang on how it was called."""
    return {name: values[name] for name in (*schema.properties, *values) if name in values}


def _problem(misfit: Misfit, given: Mapping[str, Given]) -> Problem:
    """Tells apart the action's own defaults that do not fit."""
    name, *rest = misfit.path or ("the set of parameters",)
    inside = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
    own = misfit.path and name not in given
    return Problem(str(name), f"{misfit.message} (its default)" if own else misfit.message, inside)
