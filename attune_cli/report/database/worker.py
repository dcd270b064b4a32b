"""A worker's row, told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style

if TYPE_CHECKING:
    from attune_cli.database.worker import Worker


def worker_document(worker: Worker) -> dict[str, Any]:
    """JSON data: the row, and whether it is new."""
    return {"schema": "attune.worker/1", "created": worker.is_new, "worker": dict(worker.values)}


def worker_line(worker: Worker, style: Style) -> str:
    """The same for a person."""
    capabilities = worker.values.get("capabilities") or {}
    runtimes = ", ".join(map(str, capabilities.get("runtimes") or ()))
    mark = style(style.sign("✓"), "green")
    name = style(harmless(str(worker.values["name"])), "bold")
    what = "registered" if worker.is_new else "brought up to date"
    id_, most = worker.values["id"], capabilities.get("max_concurrent_executions")
    return f"{mark} worker {name} {what}  " + style(f"id {id_}, runs {harmless(runtimes)}, {most} at once", "dim")
