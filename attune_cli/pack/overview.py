"""A pack, or one component of it, as it is told to somebody who wants to use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from attune_cli.diagnostics import Severity
from attune_cli.errors import AttuneError
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.parameter_schema import ParameterSchema, types
from attune_cli.yaml12 import Mapping as MappingNode
from attune_cli.yaml12 import Node, Scalar, Sequence, to_data

#: Keys at the top that say something in a word or a few, in the order in which they are told.
_FACTS: Final = (
    *("version", "enabled", "runner_type", "runtime_version", "entry_point", "workflow_file"),
    *("parameter_delivery", "parameter_format", "output_format", "type", "trigger_types", "trigger_type"),
    *("trigger_ref", "action_ref", "poll_interval", "runtime_deps", "dependencies", "tags"),
)
#: Keys under which schemas of values stand.
_SCHEMAS: Final = ("parameters", "conf_schema", "output", "output_schema", "result_schema")

#: Stands in place of the default of a secret.
_HIDDEN: Final = "***"


@dataclass(frozen=True, slots=True)
class Field:
    """One value that is asked for, or given. type: `string`, `integer or null`, `any`."""

    name: str
    type: str
    required: bool
    secret: bool
    default: object
    options: tuple[object, ...]
    description: str

    def to_document(self) -> dict[str, object]:
        """JSON data."""
        return {
            "name": self.name,
            "type": self.type,
            "required": self.required,
            "secret": self.secret,
            "default": self.default,
            "enum": list(self.options),
            "description": self.description,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """
    facts:      key → what stands there, in words.
    fields:     key (`parameters`, `output`, …) → the values that its schema describes.
    components: of a pack: (kind, ref, label) of each.
    """

    kind: str
    ref: str
    path: Path
    label: str
    description: str
    facts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    components: tuple[tuple[str, str, str], ...] = ()

    def to_document(self) -> dict[str, object]:
        """JSON data."""
        document: dict[str, object] = {
            "kind": self.kind,
            "ref": self.ref,
            "path": str(self.path),
            "label": self.label,
            "description": self.description,
            **self.facts,
            **{key: [each.to_document() for each in fields] for key, fields in self.fields.items()},
        }
        if self.kind == "pack":
            document["components"] = [
                dict(zip(("kind", "ref", "label"), each, strict=True)) for each in self.components
            ]
        return document


def pack_overview(tree: PackTree) -> Overview:
    """Of a whole pack. Raises AttuneError when its `pack.yaml` cannot be read."""
    components = tuple((each.kind, each.ref or each.path.stem, _text(each.get("label"))) for each in tree.components)
    return _overview(tree.pack, tree.ref, components)


def component_overview(component: Component) -> Overview:
    """Of one component. Raises AttuneError when its file cannot be read."""
    return _overview(component, component.ref or component.path.stem, ())


def _overview(component: Component, ref: str, components: tuple[tuple[str, str, str], ...]) -> Overview:
    _refuse_broken(component)
    return Overview(
        kind=component.kind,
        ref=ref,
        path=component.path,
        label=_text(component.get("label")) or _text(component.get("name")),
        description=_text(component.get("description")),
        facts={key: text for key in _FACTS if (text := _text(component.get(key)))},
        fields={key: fields for key in _SCHEMAS if (fields := tuple(_fields(component, key)))},
        components=components,
    )


def _refuse_broken(component: Component) -> None:
    errors = sorted(finding for finding in component.document.diagnostics if finding.severity is Severity.ERROR)
    if errors:
        raise AttuneError(errors[0].message, where=errors[0].where, help=errors[0].help)
    if component.root is None:
        raise AttuneError("the file does not hold a mapping of keys to values", where=component.shown)


def _text(node: Node | None) -> str:
    """A scalar as it is written, a list of such joined; nothing for anything else."""
    if isinstance(node, Sequence):
        return ", ".join(item.text for item in node.items if isinstance(item, Scalar))
    return node.text.strip() if isinstance(node, Scalar) else ""


def _fields(component: Component, key: str) -> Iterator[Field]:
    node = component.get(key)
    if not isinstance(node, MappingNode):
        return
    data = to_data(node)
    assert isinstance(data, dict)
    try:
        schema = ParameterSchema.from_data(data)
    except ValueError as error:
        where = f"{component.shown}:{node.start}"
        raise AttuneError(f"`{error}` in `{key}` has no schema that is a mapping", where=where) from error
    for name, spec in schema.properties.items():
        yield _field(name, spec, schema)


def _field(name: str, spec: Mapping[str, object], schema: ParameterSchema) -> Field:
    options = spec.get("enum")
    default = spec.get("default")
    return Field(
        name=name,
        type=" or ".join(types(spec)) or "any",
        required=name in schema.required,
        secret=name in schema.secrets,
        default=_HIDDEN if name in schema.secrets and default is not None else default,
        options=tuple(options) if isinstance(options, list) else (),
        description=" ".join(str(spec.get("description") or "").split()),
    )
