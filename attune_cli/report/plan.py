"""How a run that was only planned is shown."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attune_cli.report.execution import warning_lines
from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style

if TYPE_CHECKING:
    from attune_cli.execution.plan import Plan


def plan_document(plan: Plan) -> dict[str, Any]:
    """JSON data: what would be started, secrets masked.

    Of variables that are the caller's own only the names are in it: their values may be secrets
    that nobody has declared, and a plan is made to be shown and kept.
    """
    document: dict[str, Any] = plan.to_document()
    inherited = frozenset(document["inherited"])
    environment = {name: value for name, value in document["environment"].items() if name not in inherited}
    return {**document, "environment": environment}


def plan_lines(plan: Plan, style: Style, columns: int | None = None) -> Iterator[str]:
    """The same for a person; variables that are the caller's own are only counted."""
    document = plan_document(plan)
    for label, text in _facts(document):
        first, *rest = harmless(text).split("\n")
        yield f"{style(label.ljust(8), 'cyan')} {first}".rstrip()
        yield from (f"{' ' * 9}{line}".rstrip() for line in rest)
    for warning in plan.warnings:
        yield from warning_lines(warning, style, columns)


def _facts(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "action", document["action"]
    yield "runtime", document["runtime"] or ""
    yield "argv", shlex.join(document["argv"])
    yield "cwd", document["cwd"]
    yield from (("env", f"{name}={value}") for name, value in document["environment"].items())
    yield "", f"and {len(document['inherited'])} variables of your own environment"
    for label, key in (("stdin", "stdin"), ("file", "parameter_file"), ("content", "parameter_document")):
        if text := document[key]:
            yield label, text.removesuffix("\n")
