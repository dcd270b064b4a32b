"""Findings as a JUnit report, in the form that CI services have in common: a test for each finding.

There is no standard; https://github.com/testmoapp/junitxml gathers what is read where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attune_cli.diagnostics import WHOLE_FILE, Diagnostic
from attune_cli.report.findings.verdict import Verdict
from attune_cli.report.harmless import harmless

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def junit_text(verdict: Verdict) -> str:
    """The XML. A finding that does not make the validation fail is a test that passes and says so."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    failures = sum(map(verdict.counts_against, verdict.findings))
    numbers = {
        "name": verdict.command,
        "tests": str(len(verdict.findings) or 1),
        "failures": str(failures),
        "errors": "0",
        "time": f"{verdict.seconds:.3f}",
    }
    suites = Element("testsuites", numbers)
    suite = SubElement(suites, "testsuite", {**numbers, "skipped": "0"})
    for finding in verdict.findings:
        suite.append(_case(finding, failed=verdict.counts_against(finding)))
    if not verdict.findings:
        # A report without any test is taken for a run that went wrong.
        SubElement(suite, "testcase", classname=verdict.command, name="no findings", time="0")
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _case(finding: Diagnostic, *, failed: bool) -> Element:
    from xml.etree.ElementTree import Element, SubElement

    path, message = harmless(finding.path), harmless(finding.message)
    place = {} if finding.start == WHOLE_FILE else {"line": str(finding.start.line)}
    name = f"{finding.code} at {finding.start}" if place else f"{finding.code} {message}"
    case = Element("testcase", {"classname": path, "name": name, "file": path, **place, "time": "0"})
    whole = f"{harmless(finding.where)}: {finding.severity} {finding.code} {message}"
    text = f"{whole}\nhelp: {harmless(finding.help)}" if finding.help else whole
    if failed:
        SubElement(case, "failure", type=str(finding.severity), message=message).text = text
    else:
        SubElement(case, "system-out").text = text
    return case
