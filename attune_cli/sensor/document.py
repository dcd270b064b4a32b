"""A run, and each of its events, as JSON data: what the published schema `sensor-run` describes."""

from __future__ import annotations

from collections.abc import Mapping

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.execution.execution import SUCCEEDED
from attune_cli.sensor.journal import Count
from attune_cli.sensor.model import Event
from attune_cli.sensor.outcome import Reacted, SensorRun
from attune_cli.sensor.reactions import Reaction
from attune_cli.sensor.records import moment
from attune_cli.sensor.rules import LocalRule
from attune_cli.sensor.supervisor import Exit

SCHEMA = "attune.sensor-run/1"


def run_document(run: SensorRun) -> dict[str, object]:
    """JSON data, as the published schema has it."""
    journal = run.journal
    events, findings = journal.snapshot()
    return {
        "schema": SCHEMA,
        "sensor": run.sensor,
        "runtime": run.runtime,
        "status": run.status,
        "reason": run.reason and str(run.reason),
        "error": run.failure and str(run.failure),
        "started": moment(run.started) if run.started else None,
        "duration_ms": round(run.duration * 1000),
        "rules": [_rule(rule) for rule in run.rules],
        "notes": list(run.notes),
        "starts": run.course.starts,
        "exits": [_exit(each) for each in run.course.exits],
        "events": {"wanted": run.wanted, **_count(journal.total), "last": [*map(event_document, events)]},
        "triggers": {ref: _count(count) for ref, count in journal.triggers.items()},
        "findings": _findings(journal.severities, findings),
        "refused_calls": [call._asdict() for call in journal.refused_calls],
        "actions": run.reacted and _reacted(run.reacted),
        "usage": {
            "cpu_ms": round(run.course.cpu_seconds * 1000),
            "peak_memory_bytes": run.course.peak_memory_bytes,
        },
        "logs": {log.name: {"bytes": log.bytes, "tail": list(log.tail.lines)} for log in run.logs},
        "artifacts": run.artifacts and str(run.artifacts),
    }


def event_document(event: Event) -> dict[str, object]:
    """JSON data, as the published schema has it."""
    return {
        "id": event.id,
        "received": moment(event.received),
        "status": event.status,
        "trigger_ref": event.trigger_ref,
        "rule_ref": event.rule_ref,
        "source": event.source,
        "payload": event.payload,
        "config": event.config,
        "findings": [finding_document(finding) for finding in event.findings],
    }


def finding_document(finding: Diagnostic) -> dict[str, object]:
    """JSON data."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "help": finding.help,
        "where": finding.where,
    }


def _count(count: Count) -> dict[str, object]:
    return {"total": count.events, "accepted": count.accepted, "wrong": count.wrong}


def _rule(local: LocalRule) -> dict[str, object]:
    rule = local.rule
    return {
        "id": rule.id,
        "ref": rule.ref,
        "trigger_ref": rule.trigger_ref,
        "config": dict(rule.config),
        "action_ref": rule.action_ref,
        "origin": local.origin,
    }


def _exit(each: Exit) -> dict[str, object]:
    return {
        "pid": each.pid,
        "exit_code": each.exit_code,
        "signal": each.signal,
        "duration_ms": round(each.duration * 1000),
        "expected": each.expected,
        "killed": each.killed,
        "leftovers": [{"pid": member.pid, "name": member.name} for member in each.leftovers],
        "restart_after_ms": None if each.pause is None else round(each.pause * 1000),
    }


def _findings(counts: Mapping[Severity, int], first: tuple[Diagnostic, ...]) -> dict[str, object]:
    return {
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
        "first": [finding_document(finding) for finding in first],
    }


def _reacted(reacted: Reacted) -> dict[str, object]:
    return {
        "counts": {status: reacted.counts.get(status, 0) for status in sorted({*reacted.counts, SUCCEEDED})},
        "last": [_reaction(each) for each in reacted.last],
    }


def _reaction(each: Reaction) -> dict[str, object]:
    # Not `if run`: one that has failed is false.
    run = each.execution
    return {
        "event": each.event_id,
        "rule_ref": each.rule_ref,
        "action_ref": each.action_ref,
        "status": each.status,
        "exit_code": run.exit_code if run is not None else None,
        "signal": run.signal if run is not None else None,
        "duration_ms": run.duration_ms if run is not None else None,
        "result": run.result if run is not None else None,
        "error": run.error if run is not None else None,
    }
