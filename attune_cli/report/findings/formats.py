"""The formats by name; what a format needs is imported when it is asked for."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import NamedTuple

from attune_cli.report.findings.verdict import Verdict
from attune_cli.report.style import Style


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"


class Look(NamedTuple):
    """What it is written to.

    style:   colours and signs.
    columns: of the terminal; None: it is none.
    total:   whether the last line says how many there are.
    ascii:   documents are to hold nothing beyond ASCII.
    """

    style: Style
    columns: int | None = None
    total: bool = True
    ascii: bool = False


#: For files.
PLAIN = Look(Style(colour=False))


def rendered(wanted: Format, verdict: Verdict, look: Look = PLAIN) -> str:
    """The findings in that format, every line with its end."""
    match wanted:
        case Format.TEXT:
            return _told(verdict, look)
        case Format.GITHUB:
            return _annotated(verdict, look)
        case Format.SARIF:
            return _json(_sarif(verdict), look)
        case Format.JUNIT:
            from attune_cli.report.findings.junit import junit_text

            text = junit_text(verdict)
            return text.encode("ascii", "xmlcharrefreplace").decode() if look.ascii else text
        case Format.JSON | Format.YAML:
            from attune_cli.report.findings.document import findings_document

            return written(findings_document(verdict), look, as_yaml=wanted is Format.YAML)


def written(document: dict[str, object], look: Look, *, as_yaml: bool) -> str:
    """A document as JSON or YAML."""
    if not as_yaml:
        return _json(document, look)
    from attune_cli.execution.block_yaml import block_yaml

    return f"{block_yaml(document)}\n"


def _json(document: object, look: Look) -> str:
    text = json.dumps(document, ensure_ascii=look.ascii, indent=2, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Bytes of a file's name that are no UTF-8: the same document in ASCII.
        text = json.dumps(document, indent=2, allow_nan=False)
    return f"{text}\n"


def _sarif(verdict: Verdict) -> dict[str, object]:
    from attune_cli.pack.catalogue import RULES
    from attune_cli.report.findings.places import top_folder
    from attune_cli.report.findings.sarif import sarif_document

    return sarif_document(verdict, RULES, top_folder())


def _annotated(verdict: Verdict, look: Look) -> str:
    from attune_cli.report.findings.github import annotation_lines
    from attune_cli.report.findings.places import top_folder
    from attune_cli.report.findings.text import total_line

    lines = list(annotation_lines(verdict, top_folder()))
    return _lines([*lines, *([total_line(verdict, look.style)] if look.total else [])])


def _told(verdict: Verdict, look: Look) -> str:
    from attune_cli.report.findings.text import finding_lines, total_line

    lines = list(finding_lines(verdict, look.style, look.columns))
    total = [*([""] if lines else []), total_line(verdict, look.style)] if look.total else []
    return _lines([*lines, *total])


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
