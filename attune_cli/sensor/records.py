"""How the API writes keys, events, rules and triggers: field by field as the platform does."""

from __future__ import annotations

from datetime import UTC, datetime

from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.sensor.keys import Key
from attune_cli.sensor.model import Event, SensorRule, Trigger


def moment(seconds: float) -> str:
    """A time as the API writes it, in UTC to the microsecond."""
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat(timespec='microseconds')[:-6]}Z"


def event_record(event: Event, trigger: Trigger, sensor_id: int) -> dict[str, object]:
    """An event that was taken."""
    return {
        "id": event.id,
        "trigger": trigger.id,
        "trigger_ref": event.trigger_ref,
        "payload": event.payload,
        "config": event.config,
        "source": sensor_id,
        "source_ref": event.source,
        "rule": event.rule_id,
        "rule_ref": event.rule_ref,
        "created": moment(event.received),
    }


def key_record(key: Key) -> dict[str, object]:
    """A key with its value. `local_ref` is its ref within what its owner has."""
    return {
        "id": key.id,
        "ref": key.ref,
        "local_ref": key.ref.removeprefix(f"{key.owner or key.owner_type}."),
        "owner_type": key.owner_type,
        "owner": key.owner,
        "owner_identity": key.owner_identity,
        "owner_pack": key.owner_pack,
        "owner_pack_ref": key.owner_pack_ref,
        "owner_action": key.owner_action,
        "owner_action_ref": key.owner_action_ref,
        "owner_sensor": key.owner_sensor,
        "owner_sensor_ref": key.owner_sensor_ref,
        "name": key.name,
        "encrypted": key.encrypted,
        "value": key.value,
        "created": moment(key.created),
        "updated": moment(key.updated),
    }


def rule_record(rule: SensorRule, since: float) -> dict[str, object]:
    """An active rule. since: when it came to be, a Unix time."""
    return {
        "id": rule.id,
        "ref": rule.ref,
        "pack_ref": rule.ref.partition(".")[0],
        "label": rule.ref,
        "description": None,
        "trigger_ref": rule.trigger_ref,
        "trigger_params": dict(rule.config),
        "action_ref": rule.action_ref or "",
        "action_params": dict(rule.action_params),
        "conditions": list(rule.conditions),
        "enabled": True,
        "sensor_worker_selector": {},
        "sensor_worker_affinity": {},
        "sensor_worker_tolerations": [],
        "created": moment(since),
        "updated": moment(since),
    }


def trigger_record(trigger: Trigger, since: float) -> dict[str, object]:
    """A trigger with its schemas as they are written."""
    return {
        "id": trigger.id,
        "ref": trigger.ref,
        "pack_ref": trigger.pack_ref,
        "label": trigger.label or trigger.ref,
        "description": trigger.description,
        "enabled": trigger.enabled,
        "param_schema": _schema(trigger.parameters),
        "out_schema": _schema(trigger.output) if trigger.output is not None else None,
        "reference_visibility": "public",
        "is_adhoc": False,
        "webhook_enabled": False,
        "created": moment(since),
        "updated": moment(since),
    }


def _schema(schema: ParameterSchema) -> dict[str, object]:
    if schema.flat:
        return dict(schema.properties)
    return {
        "type": "object",
        **schema.extra,
        "properties": dict(schema.properties),
        "required": sorted(schema.required),
    }
