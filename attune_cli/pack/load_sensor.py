"""From files to a `Sensor`, a `DeclaredTrigger` or a `DeclaredRule`: all that running one relies on is checked here."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from attune_cli.diagnostics import Position
from attune_cli.pack.fields import Fields, read_fields
from attune_cli.pack.load import absolute
from attune_cli.pack.parameter_schema import NO_PARAMETERS, ParameterSchema
from attune_cli.pack.refs import enclosing_pack, split_ref
from attune_cli.pack.sensor_model import DeclaredRule, DeclaredTrigger, Sensor
from attune_cli.yaml12 import Mapping, Scalar, Sequence, to_data

SENSORS, TRIGGERS, RULES = "sensors", "triggers", "rules"

#: What starts a sensor that does not say.
DEFAULT_SENSOR_RUNNER_TYPE = "native"


def load_sensor(path: Path) -> Sensor:
    """Read a sensor's YAML file.

    Raises AttuneError with `file:line:column` for what the platform would not take either, and
    NotFoundError when there is no such file. Whether the entry point is there is not looked at.
    """
    fields = read_fields(path)
    triggers = _trigger_refs(fields)
    if not triggers and fields.node("trigger_ref") is not None:
        fields.refuse("trigger_ref", "this is a rule, not a sensor", help="give the file of a sensor, or its ref")
    if not triggers and any(fields.node(key) is not None for key in ("parameter_delivery", "output_format")):
        fields.refuse("ref", "this is an action, not a sensor", help=f"attune run action {path}")
    pack_ref = _own(fields, "sensor")
    ref = fields.required("ref")
    root, folder = _home(absolute(path), SENSORS)
    entry_point = fields.required("entry_point")
    parameters = _schema(fields, "parameters") or NO_PARAMETERS
    return Sensor(
        ref=ref,
        pack_ref=pack_ref,
        path=absolute(path),
        pack_root=root,
        label=fields.words("label") or fields.words("name") or ref,
        enabled=fields.flag("enabled", default=True),
        runner_type=fields.text("runner_type") or DEFAULT_SENSOR_RUNNER_TYPE,
        runtime_version=fields.words("runtime_version"),
        entry_point=entry_point,
        entry_path=_entry_path(fields, entry_point, root, folder),
        trigger_refs=triggers,
        parameters=parameters,
        config=parameters.defaults() | _values(fields, "config"),
        examples=_list(fields, "examples"),
    )


def load_trigger(path: Path) -> DeclaredTrigger:
    """Read a trigger's YAML file. Raises what `load_sensor` raises."""
    fields = read_fields(path)
    pack_ref = _own(fields, "trigger")
    ref = fields.required("ref")
    return DeclaredTrigger(
        ref=ref,
        pack_ref=pack_ref,
        path=absolute(path),
        label=fields.words("label") or fields.words("name") or ref,
        description=fields.words("description") or "",
        enabled=fields.flag("enabled", default=True),
        parameters=_schema(fields, "parameters") or NO_PARAMETERS,
        output=_schema(fields, "output"),
        examples=_list(fields, "examples"),
    )


def load_rule(path: Path) -> DeclaredRule:
    """Read a rule's YAML file. Raises what `load_sensor` raises.

    Refs that are written without a pack belong to the rule's own.
    """
    fields = read_fields(path)
    if fields.node("trigger_ref") is None and fields.node("entry_point") is not None:
        fields.refuse("entry_point", "this is no rule", help="a rule has a `trigger_ref` and an `action_ref`")
    pack = fields.words("pack_ref") or _pack_of(absolute(path)) or fields.required("ref").partition(".")[0]
    action = fields.text("action_ref")
    return DeclaredRule(
        ref=_qualified(fields.required("ref"), pack),
        path=path,
        enabled=fields.flag("enabled", default=True),
        trigger_ref=_qualified(fields.required("trigger_ref"), pack),
        action_ref=_qualified(action, pack) if action else None,
        trigger_params=_values(fields, "trigger_params"),
        action_params=_values(fields, "action_params"),
        conditions=_data(fields, "conditions"),
        places=_places(fields),
    )


def _own(fields: Fields, kind: str) -> str:
    """The ref's first part."""
    ref = fields.required("ref")
    parts = split_ref(ref)
    if parts is None:
        fields.refuse("ref", f"`{ref}` is no {kind}'s ref", why="it must be <pack>.<name>, in lower case")
    return parts[0]


def _trigger_refs(fields: Fields) -> tuple[str, ...]:
    """`trigger_types`, or the older `trigger_type`: a list, or one ref."""
    key = next((key for key in ("trigger_types", "trigger_type") if fields.node(key) is not None), None)
    if key is None:
        return ()
    node = fields.node(key)
    if isinstance(node, Scalar):
        return (fields.required(key),)
    items = node.items if isinstance(node, Sequence) else None
    if items is None or not all(isinstance(item, Scalar) and isinstance(item.value, str) for item in items):
        fields.refuse(key, f"`{key}` is not a list of refs")
    return tuple(dict.fromkeys(str(item.value) for item in items if isinstance(item, Scalar)))


def _home(path: Path, kind: str) -> tuple[Path, Path]:
    """The pack's root and the folder that entry points are looked up in. A file that lies in no pack
    is at home where it lies, so that it can be tried alone."""
    root = enclosing_pack(path.parent)
    if root is None and path.parent.name == kind:
        root = path.parent.parent
    return (root, root / kind) if root else (path.parent, path.parent)


def _pack_of(path: Path) -> str | None:
    from attune_cli.pack.refs import PACK_FILE, read_ref

    root = enclosing_pack(path.parent)
    return read_ref(root / PACK_FILE) if root else None


def _entry_path(fields: Fields, entry_point: str, root: Path, folder: Path) -> Path:
    """The file an entry point names; it must not leave the pack, links followed."""
    what = f"the entry point `{entry_point}` leaves the pack"
    written = PurePosixPath(entry_point)
    if written.is_absolute() or ".." in written.parts or "\0" in entry_point:
        fields.refuse("entry_point", what, why=f"it is looked up in {folder} and must be the path of a file below it")
    target = Path(os.path.realpath(folder / written))
    if not target.is_relative_to(root.resolve()):
        fields.refuse("entry_point", what, why=f"it is a link to {target}")
    return folder / written


def _schema(fields: Fields, key: str) -> ParameterSchema | None:
    """None: the key is not there."""
    node = fields.node(key)
    if node is None:
        return None
    data = to_data(node)
    if not isinstance(data, dict):
        fields.refuse(key, f"`{key}` is not a mapping of names to schemas")
    try:
        return ParameterSchema.from_data(data)
    except ValueError as error:
        fields.refuse(key, f"`{error}` in `{key}` has no schema that is a mapping")


def _values(fields: Fields, key: str) -> dict[str, object]:
    data = _data(fields, key)
    if data is not None and not isinstance(data, dict):
        fields.refuse(key, f"`{key}` is not a mapping of names to values")
    return {str(name): value for name, value in (data or {}).items()}


def _data(fields: Fields, key: str) -> object:
    node = fields.node(key)
    return None if node is None else to_data(node)


def _list(fields: Fields, key: str) -> tuple[object, ...]:
    """Of what is there for people, whatever is no list counts as nothing."""
    data = _data(fields, key)
    return tuple(data) if isinstance(data, list) else ()


def _qualified(ref: str, pack: str) -> str:
    return ref if "." in ref else f"{pack}.{ref}"


def _places(fields: Fields) -> dict[str, Position]:
    root: Mapping = fields.root
    found = {str(entry.key.value): entry.value.start for entry in root.entries if isinstance(entry.key, Scalar)}
    return {"": root.start, **found}
