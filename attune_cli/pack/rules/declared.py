"""The parameters that a file declares, in both spellings, as nodes. No rule itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from attune_cli.pack.components import Component
from attune_cli.pack.field_schemas import is_json_schema
from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.yaml12 import Mapping, Node, Scalar, Sequence, to_data


class Declared(NamedTuple):
    """One parameter.

    key:      the node of its name.
    spec:     its own schema.
    required: the node that says it is required; None when nothing does.
    """

    name: str
    key: Node
    spec: Mapping
    required: Node | None


def declared(component: Component, under: str = "parameters") -> Iterator[Declared]:
    """All parameters whose schema is a mapping."""
    node = component.root.by_name.get(under) if component.root is not None else None
    if not isinstance(node, Mapping) or not node.by_name:
        return
    named: Node | None = node
    listed: dict[str, Node] = {}
    if is_json_schema(node):
        named, listed = node.by_name.get("properties"), _listed(node.by_name.get("required"))
    if not isinstance(named, Mapping):
        return
    for key, (name, spec) in zip(named.keys, named.by_name.items(), strict=True):
        if isinstance(spec, Mapping):
            yield Declared(name, key, spec, listed.get(name) or _flag(spec))


def _listed(required: Node | None) -> dict[str, Node]:
    items = required.items if isinstance(required, Sequence) else ()
    return {item.value: item for item in items if isinstance(item, Scalar) and isinstance(item.value, str)}


def _flag(spec: Mapping) -> Node | None:
    required = spec.by_name.get("required")
    return required if isinstance(required, Scalar) and required.value is True else None


def schema_of(component: Component, under: str = "parameters") -> ParameterSchema | None:
    """The parameters as one schema; None when there are none, or what stands there is no schema."""
    node = component.get(under)
    data = to_data(node) if isinstance(node, Mapping) else None
    try:
        return ParameterSchema.from_data(data) if isinstance(data, dict) else None
    except ValueError:
        return None
