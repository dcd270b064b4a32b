"""A pack or a component as it is shown to people."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style, width
from attune_cli.report.table import print_table

if TYPE_CHECKING:
    from attune_cli.pack.overview import Field, Overview

_WIDEST = 100
#: In less than this, a table's last column is too narrow to be read.
_LEAST_FOR_TABLES = 90
_HEADER = ("NAME", "TYPE", "REQUIRED", "DEFAULT", "MEANING")


def print_overview(overview: Overview, stream: TextIO = sys.stdout) -> None:
    """Print what it is, its facts, and its values as tables."""
    style = Style.of(stream)
    print("\n".join(_head(overview, style, width(stream))), file=stream)
    for key, fields in overview.fields.items():
        print(f"\n{style(key, 'bold', 'green')}", file=stream)
        columns = width(stream)
        if columns is None or columns >= _LEAST_FOR_TABLES:
            print_table(_HEADER, [_row(each) for each in fields], stream)
        else:
            print("\n".join(line for each in fields for line in _entry(each, style, columns)), file=stream)
    if overview.components:
        print(f"\n{style('components', 'bold', 'green')}", file=stream)
        print_table(("KIND", "REF", "LABEL"), overview.components, stream)


def _head(overview: Overview, style: Style, columns: int | None) -> Iterator[str]:
    yield f"{style(harmless(overview.ref), 'bold')}  {style(overview.kind.replace('_', ' '), 'dim')}"
    for text in (overview.label, overview.description):
        yield from textwrap.wrap(harmless(text), min(columns or _WIDEST, _WIDEST), break_long_words=False)
    yield ""
    facts = {"path": str(overview.path), **overview.facts}
    room = max(map(len, facts))
    for key, text in facts.items():
        yield f"{style(key.ljust(room), 'cyan')}  {harmless(text)}"


def _entry(each: Field, style: Style, columns: int) -> Iterator[str]:
    """The same as a table has, one below the other."""
    name, kind, needed, default, meaning = map(harmless, _row(each))
    facts = [kind, *(["required"] if needed == "yes" else []), *([f"default {default}"] if default else [])]
    yield f"{style(name, 'bold')}  {style(', '.join(facts), 'dim')}"
    if meaning:
        yield from hanging("", meaning, columns, indent=4)


def _row(each: Field) -> Sequence[str]:
    needed = "yes" if each.required else "no"
    meaning = each.description
    if each.options:
        meaning = f"{meaning} ({'one of' if meaning else 'One of'}: {', '.join(map(_shown, each.options))})".strip()
    kind = f"{each.type}, secret" if each.secret else each.type
    return (each.name, kind, needed, "" if each.default is None else _shown(each.default), meaning)


def _shown(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
