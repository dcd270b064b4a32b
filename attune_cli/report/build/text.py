"""A build for people: a row for each executable, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.build.model import Built
from attune_cli.pack.places import joined
from attune_cli.quantities import format_duration, format_size
from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style

HEADER: Final = ("EXECUTABLE", "PLATFORM", "STATUS", "SIZE", "TOOLCHAIN", "SHA-256")
#: Of a digest in a table, as Git shows its own.
_SHOWN: Final = 12


def row(one: Built) -> tuple[str, ...]:
    """Its cells, by HEADER."""
    binary = one.binary
    status = f"built in {format_duration(one.seconds)}" if one.is_new else "unchanged"
    toolchain = f"{binary.toolchain} {binary.toolchain_version}"
    return binary.path, binary.platform, status, format_size(binary.size), toolchain, binary.sha256[:_SHOWN]


def warning_lines(one: Built) -> Iterator[str]:
    """What the compiler said although all went well."""
    if one.said:
        yield f"{one.source.inside}:"
        yield from (f"  {harmless(line)}" for line in one.said.splitlines())


def problem_lines(one: Built, pack: str, style: Style) -> Iterator[str]:
    """What would keep it from starting, or surprise. pack: its folder as the user gave it."""
    for problem in one.problems:
        severity = style(str(problem.rule.severity), "red" if problem.is_error else "yellow", "bold")
        place = style(harmless(joined(pack, one.binary.path)), "bold")
        yield f"{place}: {severity} {style(problem.rule.code, 'dim')} {harmless(problem.message)}"
        if problem.help:
            yield f"  {style('help:', 'green')} {harmless(problem.help)}"
