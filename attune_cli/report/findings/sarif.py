"""Findings as SARIF 2.1.0, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from attune_cli import __version__
from attune_cli.diagnostics import WHOLE_FILE, Diagnostic, Rule, Severity
from attune_cli.pack.baseline import Known, known
from attune_cli.report.findings.places import below
from attune_cli.report.findings.verdict import Verdict

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
#: The name by which services know the top of the repository.
_TOP: Final = "%SRCROOT%"
_FINGERPRINT: Final = "attuneFinding/v1"

Json = dict[str, object]


def sarif_document(verdict: Verdict, rules: Mapping[str, Rule], top: str) -> Json:
    """JSON data.

    rules: by code; a code that is not among them is only named.  top: the folder from which paths are written.
    """
    codes = sorted({finding.code for finding in verdict.findings})
    driver = {
        "name": "attune",
        "semanticVersion": __version__,
        "rules": [_rule(code, rules.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": int(verdict.failed)}],
        "columnKind": "unicodeCodePoints",
        "results": _results(verdict.findings, codes, top),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, rule: Rule | None) -> Json:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why or rule.title},
        "help": {"text": _help(rule, ""), "markdown": _help(rule, "```")},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _help(rule: Rule, fence: str) -> str:
    parts = [rule.why or rule.title]
    for title, example in (("Wrong:", rule.bad), ("Right:", rule.good)):
        if example:
            block = f"{fence}yaml\n{example.strip()}\n{fence}" if fence else example.strip()
            parts.append(f"{title}\n\n{block}")
    return "\n\n".join(parts)


def _results(findings: Sequence[Diagnostic], codes: Sequence[str], top: str) -> list[Json]:
    seen: Counter[Known] = Counter()
    results = []
    for finding in findings:
        place = {"artifactLocation": _location(finding.path, top)}
        if finding.start != WHOLE_FILE:
            place["region"] = _region(finding)
        # The same for the same finding when lines move.
        key = known(finding, Path(top, "-"))
        results.append(
            {
                "ruleId": finding.code,
                "ruleIndex": codes.index(finding.code),
                "level": _LEVELS[finding.severity],
                "message": {"text": f"{finding.message}\n{finding.help}" if finding.help else finding.message},
                "locations": [{"physicalLocation": place}],
                "partialFingerprints": {_FINGERPRINT: _fingerprint(key, seen[key])},
            }
        )
        seen[key] += 1
    return results


def _location(path: str, top: str) -> Json:
    """With the bytes of the path, whatever they are, as a URI has them."""
    from urllib.parse import quote

    relative = below(path, top)
    if relative is None:
        return {"uri": f"file://{quote(os.fsencode(os.path.abspath(path)))}"}
    return {"uri": quote(os.fsencode(relative)), "uriBaseId": _TOP}


def _region(finding: Diagnostic) -> Json:
    end = finding.end or finding.start
    return {
        "startLine": finding.start.line,
        "startColumn": finding.start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _fingerprint(key: Known, number: int) -> str:
    """number: how many of its kind came before."""
    from hashlib import sha256

    return sha256("\0".join((*key, str(number))).encode("utf-8", "surrogatepass")).hexdigest()
