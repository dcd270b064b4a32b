"""Findings as one JSON document, `attune.findings/1`; `report/schemas/findings-1.json` describes it."""

from __future__ import annotations

from typing import Final

from attune_cli.diagnostics import WHOLE_FILE, Diagnostic, Position
from attune_cli.errors import AttuneError
from attune_cli.report.findings.verdict import Counts, Verdict

SCHEMA: Final = "attune.findings/1"

NOTHING: Final = Verdict(findings=(), counts=Counts(), files=0)


def findings_document(verdict: Verdict) -> dict[str, object]:
    """JSON data."""
    return _document("findings" if verdict.failed else "clean", None, verdict)


def failure_document(error: AttuneError) -> dict[str, object]:
    """The same where nothing could be validated."""
    told = {"what": error.what, "where": error.where, "why": error.why, "help": error.help}
    return _document("not_validated", told, NOTHING)


def _document(status: str, error: object, verdict: Verdict) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "status": status,
        "error": error,
        "summary": {
            "files": verdict.files,
            "errors": verdict.counts.errors,
            "warnings": verdict.counts.warnings,
            "infos": verdict.counts.infos,
            "suppressed": verdict.suppressed,
            "known": verdict.known,
            "strict": verdict.strict,
            "duration_ms": round(verdict.seconds * 1000),
        },
        "findings": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Diagnostic) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "help": finding.help,
        "path": finding.path,
        "start": _place(finding.start),
        "end": _place(finding.end or finding.start),
    }


def _place(position: Position) -> dict[str, int] | None:
    return None if position == WHOLE_FILE else {"line": position.line, "column": position.column}
