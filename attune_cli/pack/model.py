"""A pack and its actions as values, once they have been read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from attune_cli.pack.keywords import DELIVERIES, FORMATS, OUTPUT_FORMATS, OUTPUT_KEYS
from attune_cli.pack.parameter_schema import ParameterSchema

__all__ = ["DELIVERIES", "FORMATS", "OUTPUT_FORMATS", "OUTPUT_KEYS", "Action", "Pack"]


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder with a `pack.yaml`.

    root: the folder, absolute.  path: its `pack.yaml`.
    """

    ref: str
    root: Path
    label: str
    version: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action as its YAML file declares it.

    ref, pack_ref:     `core.echo` and `core`.
    path, pack_root:   its YAML file and the folder of its pack, absolute.
    runner_type:       as written; `shell` when it is not.
    runtime_version:   a version constraint, as written.
    entry_point:       as written.
    entry_path:        the file it names, absolute; inside the pack, links followed. It may be missing.
    delivery:          one of `DELIVERIES`; `env` when not declared, and `delivery_declared` is False then.
    format:            one of `FORMATS`.
    output_format:     one of `OUTPUT_FORMATS`, or None when not declared.
    output_key:        which of `OUTPUT_KEYS` is there, or None.
    timeout:           seconds, as written. The platform does not read it.
    """

    ref: str
    pack_ref: str
    path: Path
    pack_root: Path
    label: str
    description: str
    enabled: bool
    runner_type: str
    runtime_version: str | None
    entry_point: str
    entry_path: Path
    delivery: str
    delivery_declared: bool
    format: str
    output_format: str | None
    output_key: str | None
    parameters: ParameterSchema
    timeout: float | None = None
