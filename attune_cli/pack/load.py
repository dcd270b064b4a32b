"""From a file to a `Pack` or an `Action`: everything that running one relies on is checked here."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import NoReturn

from attune_cli.errors import AttuneError
from attune_cli.pack.fields import Fields, place, read_fields
from attune_cli.pack.keywords import DEFAULT_RUNNER_TYPE, DELIVERIES, FORMATS, OUTPUT_FORMATS, OUTPUT_KEYS
from attune_cli.pack.model import Action, Pack
from attune_cli.pack.parameter_schema import NO_PARAMETERS, ParameterSchema, is_json_schema
from attune_cli.pack.refs import PACK_FILE, enclosing_pack, split_ref
from attune_cli.yaml12 import Mapping, to_data

ACTIONS = "actions"


def load_pack(root: Path) -> Pack:
    """Read `pack.yaml` in a folder. Raises AttuneError with its place, NotFoundError when it is missing."""
    fields = read_fields(root / PACK_FILE)
    ref = fields.required("ref")
    label = fields.words("label") or ref
    return Pack(ref, absolute(root), label, fields.words("version") or "", absolute(root / PACK_FILE))


def load_action(path: Path) -> Action:
    """Read an action's YAML file.

    Raises AttuneError with `file:line:column` for what the platform would not take either, and
    NotFoundError when there is no such file. Whether the entry point is there is not looked at.
    """
    fields = read_fields(path)
    _refuse_others(fields)
    ref = fields.required("ref")
    parts = split_ref(ref)
    if parts is None:
        fields.refuse("ref", f"`{ref}` is no action's ref", why="it must be <pack>.<name>, in lower case")
    root, folder = _home(absolute(path))
    entry_point = fields.required("entry_point")
    delivery = fields.choice("parameter_delivery", DELIVERIES)
    return Action(
        ref=ref,
        pack_ref=parts[0],
        path=absolute(path),
        pack_root=root,
        label=fields.words("label") or fields.words("name") or ref,
        description=fields.words("description") or "",
        enabled=fields.flag("enabled", default=True),
        runner_type=fields.text("runner_type") or DEFAULT_RUNNER_TYPE,
        runtime_version=fields.words("runtime_version"),
        entry_point=entry_point,
        entry_path=_entry_path(fields, entry_point, root, folder),
        delivery=delivery or DELIVERIES[0],
        delivery_declared=delivery is not None,
        format=fields.choice("parameter_format", FORMATS) or FORMATS[0],
        output_format=fields.choice("output_format", OUTPUT_FORMATS),
        output_key=next((key for key in OUTPUT_KEYS if fields.node(key) is not None), None),
        parameters=_parameters(fields),
        timeout=fields.number("timeout"),
    )


def absolute(path: Path) -> Path:
    """Absolute, with links as they are: the names a person knows a folder by."""
    return Path(os.path.abspath(path))


def _refuse_others(fields: Fields) -> None:
    """Files that hold something else than an action with an entry point."""
    for key in ("trigger_types", "trigger_type"):
        if fields.node(key) is not None:
            fields.refuse(key, "this is a sensor, not an action", help="give the file of an action, or its ref")
    if fields.node("workflow_file") is not None and fields.node("entry_point") is None:
        fields.refuse("workflow_file", "this action is a workflow", why="only the platform itself runs workflows")


def _home(path: Path) -> tuple[Path, Path]:
    """The pack's root and the folder that entry points are looked up in.

    A file that lies in no pack is at home where it lies, so that a single action can be tried.
    """
    root = enclosing_pack(path.parent)
    if root is None and path.parent.name == ACTIONS:
        root = path.parent.parent
    return (root, root / ACTIONS) if root else (path.parent, path.parent)


def _entry_path(fields: Fields, entry_point: str, root: Path, folder: Path) -> Path:
    """The file an entry point names; it must not leave the pack, links followed."""
    written = PurePosixPath(entry_point)
    if written.is_absolute() or ".." in written.parts or "\0" in entry_point:
        why = f"it is looked up in {folder} and must be the path of a file below it"
        fields.refuse("entry_point", f"the entry point `{entry_point}` leaves the pack", why=why)
    path = folder / written
    try:
        target = path.resolve()
    except (OSError, RuntimeError) as error:
        fields.refuse("entry_point", f"the entry point `{entry_point}` cannot be followed", why=str(error))
    if not target.is_relative_to(root.resolve()):
        fields.refuse(
            "entry_point", f"the entry point `{entry_point}` leaves the pack", why=f"it is a link to {target}"
        )
    return path


def _parameters(fields: Fields) -> ParameterSchema:
    node = fields.node("parameters")
    if node is None:
        return NO_PARAMETERS
    if not isinstance(node, Mapping):
        fields.refuse("parameters", "`parameters` is not a mapping of names to schemas")
    data = to_data(node)
    assert isinstance(data, dict)
    try:
        return ParameterSchema.from_data(data)
    except ValueError as error:
        _refuse_parameter(fields, node, str(error), flat=not is_json_schema(data))


def _refuse_parameter(fields: Fields, node: Mapping, name: str, *, flat: bool) -> NoReturn:
    named = node if flat else node.get("properties")
    spec = named.get(name) if isinstance(named, Mapping) else named
    where = place(fields.path, spec or node)
    cure = f"write `{name}: {{type: string}}`" if isinstance(named, Mapping) else None
    raise AttuneError(f"the parameter `{name}` has no schema that is a mapping", where=where, help=cure)
