"""The version of a runtime that an action or sensor asks for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.errors import UsageError
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.entry_files import DEFAULT_RUNNER_TYPES
from attune_cli.pack.rules.texts import short
from attune_cli.pack.runner_types import runtime_name

MALFORMED: Final = Rule(
    code="ATN039",
    name="runtime-version",
    severity=Severity.ERROR,
    title="a `runtime_version` that the platform cannot read",
    why=(
        "`runtime_version` is a list of comparators, separated by commas: `>=3.12`, `~18.0`, `^20`, `3.12` (any 3.12), "
        "`>=3.9,<3.13`. With anything else the platform finds no version that fits, and starts nothing. The "
        "comparators `==` and `!=` are not among those it knows."
    ),
    good='# actions/greet.yaml\nref: demo.greet\nrunner_type: python\nruntime_version: ">=3.10,<3.14"\n',
    bad='# actions/greet.yaml\nref: demo.greet\nrunner_type: python\nruntime_version: "==3.12"\n',
)
UNUSED: Final = Rule(
    code="ATN040",
    name="runtime-version-unused",
    severity=Severity.WARNING,
    title="a `runtime_version` for a runtime that has no versions",
    why=(
        "Only runtimes with an interpreter of several versions, Python and Node.js, look at `runtime_version`. For "
        "native and shell entry points it is ignored."
    ),
    good='# actions/greet.yaml\nref: demo.greet\nrunner_type: nodejs\nruntime_version: ">=18"\n',
    bad='# actions/greet.yaml\nref: demo.greet\nrunner_type: shell\nruntime_version: ">=5"\n',
)
RULES: Final = (MALFORMED, UNUSED)
KINDS: Final = ("action", "sensor")


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """The constraint, when it is text: the schema tells of everything else."""
    constraint = component.string("runtime_version")
    if constraint is None:
        return
    at = component.get("runtime_version")
    problem = _problem(constraint)
    if problem is not None:
        yield component.finding(MALFORMED, at, *problem)
    runner_type = component.string("runner_type") or DEFAULT_RUNNER_TYPES[component.kind]
    runtime = runtime_name(runner_type)
    if runtime in {"native", "shell"}:
        message = f"the runtime {runtime} has no versions: `{short(constraint)}` is ignored"
        yield component.finding(UNUSED, at, message, "leave `runtime_version` out")


@lru_cache(maxsize=64)
def _problem(constraint: str) -> tuple[str, str | None] | None:
    """Message and help; all files of a pack tend to have the same constraint."""
    from attune_cli.pack.runtime_versions import parse_constraint

    try:
        unread = parse_constraint(constraint).unread
    except UsageError as error:
        return f"`{short(constraint)}` is no version constraint: {short(error.why or '')}", error.help
    if not unread:
        return None
    cure = "write for example `=3.12`" if unread[0].startswith("==") else "write a range, for example `>=3.9,<3.13`"
    return f"the platform does not know the comparator of `{short(unread[0])}`", cure
