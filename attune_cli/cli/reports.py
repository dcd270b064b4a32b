"""Which reports are written where."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from attune_cli.cli.formats import OutputFormat
from attune_cli.errors import AttuneError, UsageError
from attune_cli.report.findings.formats import Format

OPTION = "--report"


class Destination(NamedTuple):
    """file: None: standard output."""

    format: Format
    file: str | None = None


def destinations(
    words: Sequence[str], output: OutputFormat | None, environ: Mapping[str, str] = os.environ
) -> tuple[Destination, ...]:
    """All reports that are wanted, the one on standard output last; there is exactly one.

    words: FORMAT or FORMAT=FILE.  output: what was asked for by --output, None: nothing was.
    Raises UsageError for words that mean nothing, and where two want the same place.
    """
    wanted = [_destination(word) for word in words]
    files = [one.file for one in wanted if one.file is not None]
    if twice := next((file for file in files if files.count(file) > 1), None):
        raise UsageError("two reports go to the same file", where=OPTION, why=twice)
    answers = [one for one in wanted if one.file is None]
    if len(answers) + (output is not None) > 1:
        raise UsageError(
            "more than one report goes to standard output",
            where=OPTION,
            help=f"give each but one a file: {OPTION} {(answers or wanted)[0].format}=FILE",
        )
    return (*(one for one in wanted if one.file is not None), *(answers or [Destination(_default(output, environ))]))


def _default(output: OutputFormat | None, environ: Mapping[str, str]) -> Format:
    if output is not None and output.is_document:
        return Format(output)
    return Format.GITHUB if output is None and environ.get("GITHUB_ACTIONS") == "true" else Format.TEXT


def _destination(word: str) -> Destination:
    name, sign, file = word.partition("=")
    if name not in list(Format):
        from difflib import get_close_matches

        near = get_close_matches(name, list(Format), 1)
        cure = f"did you mean {near[0]}?" if near else f"formats: {', '.join(Format)}"
        raise UsageError(f"there is no report `{name}`", where=OPTION, help=cure)
    if sign and not file:
        raise UsageError(f"`{word}` names no file", where=OPTION, help=f"{name} alone goes to standard output")
    return Destination(Format(name), None if file in {"", "-"} else file)


def write_report(file: str, text: str) -> None:
    """Raises AttuneError when it cannot be written. Folders that are missing are made."""
    path = Path(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise AttuneError("the report cannot be written", where=file, why=why) from error
