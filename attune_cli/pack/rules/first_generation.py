"""Keys of the first generation in a pack of the second."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.field_schemas import is_json_schema
from attune_cli.pack.keywords import DELIVERIES
from attune_cli.pack.rules.references import is_sound
from attune_cli.pack.rules.texts import short
from attune_cli.yaml12 import Mapping

RULE: Final = Rule(
    code="ATN072",
    name="first-generation-key",
    severity=Severity.WARNING,
    title="a way of the first generation in a pack of the second",
    why=(
        "Packs are written in one of two ways. In the second, actions declare their `parameter_delivery`, and each "
        "parameter says itself whether it is required. An action among them that declares none still gets environment "
        "variables; parameters spelled as one JSON Schema, and `name` in place of `label`, are rests of the first way "
        "that the platform's own check of a pack no longer takes."
    ),
    good=(
        "# actions/add.yaml\nref: demo.add\nparameter_delivery: stdin\nparameters:\n  a: {type: integer}\n"
        "# actions/negate.yaml\nref: demo.negate\nparameter_delivery: stdin\nparameters:\n  a: {type: integer}\n"
    ),
    bad=(
        "# actions/add.yaml\nref: demo.add\nparameter_delivery: stdin\nparameters:\n  a: {type: integer}\n"
        "# actions/negate.yaml\nref: demo.negate\nparameters:\n  type: object\n  properties:\n    a: {type: integer}\n"
    ),
)

_DOCUMENTS: Final = frozenset(DELIVERIES[1:])
_DELIVERY: Final = b"parameter_delivery"
_FIRST_HINTS: Final = (b"name", b'"name', b"'name", b"{")
_NAMED: Final = ("action", "sensor", "trigger", "rule")
_WITH_PARAMETERS: Final = ("action", "sensor", "trigger")


def check_pack(tree: PackTree) -> Iterator[Diagnostic]:
    """Nothing, unless an action declares a delivery that the first generation does not have."""
    model = next(filter(_declares_document, tree.by_kind["action"]), None)
    if model is None:
        return
    for kind in _NAMED:
        for component in tree.by_kind[kind]:
            if _may_be_of_the_first(component) and is_sound(component):
                yield from _check(component, model)


def _declares_document(action: Component) -> bool:
    return _DELIVERY in action.text and action.string("parameter_delivery") in _DOCUMENTS


def _may_be_of_the_first(component: Component) -> bool:
    """Whether `name` can be at its top, or a JSON Schema in it, as the text tells: the nodes of a large pack are
    read anew each time they are looked at."""
    text = component.text
    if component.kind == "action" and _DELIVERY not in text:
        return True
    return (
        b"\nname" in text
        or b"properties" in text
        or b'\n"name' in text
        or b"\n'name" in text
        or b"\n{" in text
        or text.startswith(_FIRST_HINTS)
    )


def _check(component: Component, model: Component) -> Iterator[Diagnostic]:
    parameters = component.get("parameters")
    if component.kind in _WITH_PARAMETERS and isinstance(parameters, Mapping) and is_json_schema(parameters):
        message = "the parameters are spelled as one JSON Schema, and the pack is of the second generation"
        cure = "write each parameter as `name: {type: …, required: true}`, right below `parameters`"
        yield component.finding(RULE, component.key("parameters"), message, cure)
    if _lacks_delivery(component):
        message = f"there is no `parameter_delivery`, which means `env`; {short(model.ref or model.shown)} declares one"
        cure = f"write `parameter_delivery: {model.string('parameter_delivery')}`, or `env` if it is meant"
        yield component.finding(RULE, component.key("parameters"), message, cure)
    if component.get("name") is not None:
        cure = "write `label`" if component.get("label") is None else "remove it: there is `label` as well"
        yield component.finding(RULE, component.key("name"), "`name` is a key of the first generation", cure)


def _lacks_delivery(component: Component) -> bool:
    """Only where it makes a difference: an action without parameters gets none in any way."""
    parameters = component.get("parameters")
    return (
        component.kind == "action"
        and isinstance(parameters, Mapping)
        and bool(parameters.by_name)
        and component.get("parameter_delivery") is None
        and component.get("workflow_file") is None
    )
