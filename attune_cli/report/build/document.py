"""A build as one JSON document, `attune.build/1`; `report/schemas/build-1.json` describes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attune_cli.build.model import Built
from attune_cli.errors import AttuneError

SCHEMA: Final = "attune.build/1"


def build_document(root: Path, built: Sequence[Built]) -> dict[str, object]:
    """JSON data. root: the pack's folder."""
    would_fail = any(problem.is_error for one in built for problem in one.problems)
    return {
        "schema": SCHEMA,
        "status": "findings" if would_fail else "built",
        "error": None,
        "pack": str(root),
        "executables": [_executable(one) for one in built],
    }


def failure_document(error: AttuneError) -> dict[str, object]:
    """The same where something could not be built."""
    told = {"what": error.what, "where": error.where, "why": error.why, "help": error.help}
    return {"schema": SCHEMA, "status": "not_built", "error": told, "pack": None, "executables": []}


def _executable(one: Built) -> dict[str, object]:
    return {
        **one.binary.to_data(),
        "refs": list(one.source.refs),
        "status": "built" if one.is_new else "unchanged",
        "duration_ms": round(one.seconds * 1000),
        "compiler_output": one.said,
        "findings": [
            {
                "code": problem.rule.code,
                "severity": str(problem.rule.severity),
                "message": problem.message,
                "help": problem.help,
            }
            for problem in one.problems
        ],
    }
