"""A sensor, its triggers and its rules as values, once they have been read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from attune_cli.diagnostics import Position
from attune_cli.pack.parameter_schema import NO_PARAMETERS, ParameterSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """One sensor as its YAML file declares it.

    path, pack_root: its YAML file and the folder of its pack, absolute.
    runner_type:     as written; `native` when it is not.
    entry_path:      the file its entry point names, absolute; inside the pack, links followed. It may be missing.
    trigger_refs:    the triggers it creates events of, in the order in which they are written.
    parameters:      what the sensor as a whole can be told.
    config:          what it is told: the file's `config`, with the parameters' defaults.
    examples:        as written.
    """

    ref: str
    pack_ref: str
    path: Path
    pack_root: Path
    label: str
    enabled: bool
    runner_type: str
    runtime_version: str | None
    entry_point: str
    entry_path: Path
    trigger_refs: tuple[str, ...]
    parameters: ParameterSchema = NO_PARAMETERS
    config: Mapping[str, object] = field(default_factory=dict)
    examples: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredTrigger:
    """One trigger as its YAML file declares it. output: None: it does not say what its events look like."""

    ref: str
    pack_ref: str
    path: Path
    label: str
    description: str
    enabled: bool
    parameters: ParameterSchema = NO_PARAMETERS
    output: ParameterSchema | None = None
    examples: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRule:
    """One rule as its YAML file declares it. conditions: as written; None: there are none.

    places: where the values of its keys stand; the top of the file for a key that is not there.
    """

    ref: str
    path: Path
    enabled: bool
    trigger_ref: str
    action_ref: str | None
    trigger_params: Mapping[str, object] = field(default_factory=dict)
    action_params: Mapping[str, object] = field(default_factory=dict)
    conditions: object = None
    places: Mapping[str, Position] = field(default_factory=dict)

    def place(self, key: str) -> Position:
        """Where to point when something about this key is wrong."""
        return self.places.get(key) or self.places[""]
