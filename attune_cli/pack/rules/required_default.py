"""A parameter is required, or it has a default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.declared import declared
from attune_cli.pack.rules.texts import short
from attune_cli.yaml12 import Scalar

RULE: Final = Rule(
    code="ATN066",
    name="required-with-default",
    severity=Severity.INFO,
    title="a parameter that is required and has a default",
    why=(
        "A parameter with a default always has a value, so that nobody has to give one: `required` says nothing more. "
        "Who reads the file takes it for a value that has to be given."
    ),
    good="# actions/sleep.yaml\nref: demo.sleep\nparameters:\n  seconds: {type: integer, default: 1}\n",
    bad="# actions/sleep.yaml\nref: demo.sleep\nparameters:\n  seconds: {type: integer, required: true, default: 1}\n",
)
KINDS: Final = ("action", "sensor", "trigger", "workflow")


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """A default of null is none."""
    for parameter in declared(component):
        default = parameter.spec.by_name.get("default") if parameter.required is not None else None
        if default is not None and not (isinstance(default, Scalar) and default.value is None):
            message = f"`{short(parameter.name)}` is required and has a default: it never has to be given"
            yield component.finding(RULE, parameter.required, message, "leave one of the two out")
