"""What a sensor works with, as values: triggers, rules, and the events it creates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from attune_cli.diagnostics import Diagnostic
from attune_cli.pack.parameter_schema import NO_PARAMETERS, ParameterSchema
from attune_cli.pack.sensor_model import DeclaredTrigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The contract of an event.

    id:         a number of its own in this run.
    parameters: what a rule configures.
    output:     what the payload of an event looks like; None: the trigger does not say.
    path:       its YAML file; None for one that lies in no file.
    """

    id: int
    ref: str
    pack_ref: str
    label: str = ""
    description: str = ""
    enabled: bool = True
    parameters: ParameterSchema = NO_PARAMETERS
    output: ParameterSchema | None = None
    path: Path | None = None


def as_trigger(number: int, declared: DeclaredTrigger) -> Trigger:
    """A trigger as its file declares it, with a number for this run."""
    return Trigger(
        id=number,
        ref=declared.ref,
        pack_ref=declared.pack_ref,
        label=declared.label,
        description=declared.description,
        enabled=declared.enabled,
        parameters=declared.parameters,
        output=declared.output,
        path=declared.path,
    )


CUT_OFF: Final = 0
"""The status of an event whose connection was closed before all of it had come."""


class RefusedCall(NamedTuple):
    """A request that came to no call of the local API.

    status: 404 or 405: there is no such call; 401, 403 or 421: it was not let in.
    reason: as it was answered; no secret is in it.
    """

    method: str
    path: str
    status: int
    reason: str

    @property
    def is_unknown(self) -> bool:
        """Whether the local API has no such call."""
        return self.status in {404, 405}


Triggers: TypeAlias = Mapping[str, Trigger]
"""Ref → trigger: all that exist here, whether the sensor declares them or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorRule:
    """An active rule: which events of a trigger it wants (`config`), and what it does about them.

    config:        the rule's `trigger_params`, with the trigger's defaults.
    action_ref:    None: it does nothing.
    action_params: as written, with templates such as `{{ event.payload.x }}`.
    conditions:    as written.
    """

    id: int
    ref: str
    trigger_ref: str
    config: Mapping[str, object] = field(default_factory=dict)
    action_ref: str | None = None
    action_params: Mapping[str, object] = field(default_factory=dict)
    conditions: tuple[object, ...] = ()

    def for_sensor(self) -> dict[str, object]:
        """As it stands in `ATTUNE_SENSOR_TRIGGERS`."""
        return {"id": self.id, "ref": self.ref, "trigger_ref": self.trigger_ref, "config": dict(self.config)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What one `POST /api/v1/events` brought, taken or refused.

    id:          counts from 1 in the order of arrival, refused ones too.
    status:      the HTTP status it was answered with; 201: it was taken; CUT_OFF: nobody waited for an answer.
    trigger_ref: as it was sent; empty when none could be read.
    rule_ref, rule_id: of the rule it was created for; None: for all rules of its trigger, or a rule nobody knows.
    payload, config: any JSON, None when there was none.
    source:      who created it: what was sent, or the sensor's ref.
    received:    Unix time, seconds.
    size:        bytes of the request's body.
    findings:    what is wrong with it; their position's line is the event's id.
    """

    id: int
    status: int
    trigger_ref: str
    rule_ref: str | None
    payload: object
    config: object
    source: str
    received: float
    size: int
    rule_id: int | None = None
    findings: tuple[Diagnostic, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the API took it: it may be taken and wrong."""
        return self.status == 201
