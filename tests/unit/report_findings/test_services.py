"""Findings for services that run checks: JUnit, and annotations of GitHub."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given

from attune_cli.diagnostics import Diagnostic
from attune_cli.report.findings.formats import PLAIN, Format, rendered
from tests.unit.report_findings.conftest import INFO, WARNING, Desk, finding, verdict
from tests.unit.report_findings.test_documents import findings

THREE = (
    finding("a.yaml", (2, 3), 'is <not> "right" & ]]>', end=(2, 7), help="do\nit"),
    finding("b.yaml", (1, 1), severity=WARNING),
    finding("b.yaml", (2, 1), severity=INFO),
)


def suites(text: str) -> ET.Element:
    return ET.fromstring(text.encode())


@pytest.mark.parametrize(("strict", "failures"), [(False, 1), (True, 2)])
def test_junit(strict: bool, failures: int) -> None:
    top = suites(rendered(Format.JUNIT, verdict(*THREE, strict=strict, seconds=0.25)))
    (suite,) = top
    assert (top.tag, suite.tag, suite.get("time")) == ("testsuites", "testsuite", "0.250")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", str(failures), "0")
    assert len(suite.findall("testcase/failure")) == failures
    assert len(suite.findall("testcase/system-out")) == 3 - failures
    case = suite[0]
    assert (case.get("classname"), case.get("name"), case.get("line")) == ("a.yaml", "ATN041 at 2:3", "2")
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == 'is <not> "right" & ]]>'
    assert failure.text == 'a.yaml:2:3: error ATN041 is <not> "right" & ]]>\nhelp: do\nit'


def test_junit_without_findings_has_a_test() -> None:
    (suite,) = suites(rendered(Format.JUNIT, verdict()))
    assert (suite.get("tests"), suite.get("failures"), len(suite)) == ("1", "0", 1)


@given(findings)
def test_any_finding_makes_xml(found: Diagnostic) -> None:
    for look in (PLAIN, PLAIN._replace(ascii=True)):
        text = rendered(Format.JUNIT, verdict(found), look)
        assert len(suites(text)[0]) == 1
        assert text.isascii() or not look.ascii


def test_annotations(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(desk.folder.parent))
    found = (
        finding("a,b: 100%.yaml", (2, 3), "one\ntwo: 50%, \x1b[0m", end=(2, 7), help="do"),
        finding("b.yaml", (1, 5), end=(3, 1), severity=WARNING),
        finding("/etc/c.yaml", (1, 5), severity=INFO),
    )
    name, text = desk.folder.name, "a,b: 100%25.yaml:2:3: ATN041 one%0Atwo: 50%25, ^[[0m%0Ahelp: do"
    assert rendered(Format.GITHUB, verdict(*found)).splitlines() == [
        "::notice file=/etc/c.yaml,line=1,col=5,endColumn=5,title=ATN041::/etc/c.yaml:1:5: ATN041 it is wrong",
        f"::error file={name}/a%2Cb%3A 100%25.yaml,line=2,col=3,endColumn=7,title=ATN041::{text}",
        f"::warning file={name}/b.yaml,line=1,endLine=3,title=ATN041::b.yaml:1:5: ATN041 it is wrong",
        "1 error, 1 warning, 1 info in 3 files, 0s",
    ]


@given(findings)
def test_an_annotation_is_one_line(found: Diagnostic) -> None:
    lines = rendered(Format.GITHUB, verdict(found), PLAIN._replace(total=False)).split("\n")
    assert len(lines) == 2
    assert lines[0].startswith(("::error file=", "::warning file=", "::notice file="))
    assert lines[1] == ""
