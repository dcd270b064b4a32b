"""A seeding as one JSON document, `attune.seed-runtimes/1`; `report/schemas/seed-runtimes-1.json` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attune_cli.errors import AttuneError

if TYPE_CHECKING:
    from attune_cli.database.drift import Change
    from attune_cli.database.plan import Plan, Step
    from attune_cli.database.seeding import Seeding
    from attune_cli.database.verification import Trial

SCHEMA: Final = "attune.seed-runtimes/1"
_STATES: Final = ("create", "update", "drifted", "unchanged")


def seeding_document(seeding: Seeding) -> dict[str, Any]:
    """JSON data."""
    return {
        "schema": SCHEMA,
        "status": str(seeding.status),
        "error": None,
        "database": {
            "name": seeding.database,
            "schema": seeding.schema,
            "generation": int(seeding.plan.generation),
        },
        "summary": _summary(seeding.plan),
        "rows": [_row(step, seeding) for step in seeding.plan.steps],
        "patterns": [_pattern(trial) for trial in seeding.trials],
        "unlinked_packs": list(seeding.unlinked),
    }


def failure_document(error: AttuneError) -> dict[str, Any]:
    """The same where it could not go on."""
    told = {"what": error.what, "where": error.where, "why": error.why, "help": error.help}
    return {
        "schema": SCHEMA,
        "status": "failed",
        "error": told,
        "database": None,
        "summary": dict.fromkeys(_STATES, 0),
        "rows": [],
        "patterns": [],
        "unlinked_packs": [],
    }


def _summary(plan: Plan) -> dict[str, int]:
    return {name: sum(step.state == name for step in plan.steps) for name in _STATES}


def _row(step: Step, seeding: Seeding) -> dict[str, Any]:
    return {
        "table": step.key.table,
        "ref": step.key.ref,
        "version": step.key.version or None,
        "state": str(step.state),
        "changes": [_change(change) for change in step.changes],
        "altered_by_trigger": list(seeding.altered.get(step.key, ())),
    }


def _change(change: Change) -> dict[str, Any]:
    return {"field": change.field, "before": change.before, "after": change.after, "by_hand": change.by_hand}


def _pattern(trial: Trial) -> dict[str, Any]:
    return {
        "ref": trial.key.ref,
        "version": trial.key.version or None,
        "command": list(trial.command),
        "pattern": trial.pattern,
        "verdict": str(trial.verdict),
        "answer": trial.answer,
        "why": trial.why,
    }
