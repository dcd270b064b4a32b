"""Keys that are spelled otherwise than the key that is meant: `min_items`, `entryPoint`.

Only where nothing but the case and the signs between words differ: anything else is a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from attune_cli.diagnostics import Diagnostic, Position
from attune_cli.pack.fixes.change import Change
from attune_cli.yaml12 import Mapping as MappingNode
from attune_cli.yaml12 import Node, parse
from attune_cli.yaml12 import Sequence as SequenceNode
from attune_cli.yaml12.source import BREAKS

_BREAK: Final = f"\r\n|[{BREAKS}]"
_MEANT: Final = r"did you mean `([A-Za-z0-9_$]+)`\?"
_WRITTEN: Final = r"""(["']?)([A-Za-z0-9_.$-]+)\1"""
_MARK: Final = "\ufeff"

#: Where a key begins → the keys of its mapping.
Keys = Mapping[Position, set[str]]


def respell(change: Change, findings: Sequence[Diagnostic]) -> tuple[Change, list[Diagnostic]]:
    """The file with those keys spelled right that are sure, and the findings that are gone then."""
    try:
        text = change.after.decode()
    except UnicodeDecodeError:
        return change, []
    keys = dict(_keys(parse(change.after, change.shown).root, set()))
    starts = _line_starts(text)
    fixed = []
    # From the end on, so that what is done does not move what is still to be done.
    for finding in sorted(findings, reverse=True):
        after = _respelled(text, finding, keys.get(finding.start), starts)
        if after is not None:
            text = after
            fixed.append(finding)
    return replace(change, after=text.encode()), fixed


def _respelled(text: str, finding: Diagnostic, siblings: set[str] | None, starts: Sequence[int]) -> str | None:
    """siblings: of the key; None when no key stands there."""
    start, end = (starts[at.line - 1] + at.column - 1 for at in (finding.start, finding.end or finding.start))
    written = re.fullmatch(_WRITTEN, text[start:end])
    meant = re.search(_MEANT, finding.help or "")
    if written is None or meant is None or siblings is None or meant[1] in siblings:
        return None
    if _plain(written[2]) != _plain(meant[1]):
        return None
    siblings.add(meant[1])
    return f"{text[:start]}{written[1]}{meant[1]}{written[1]}{text[end:]}"


def _plain(key: str) -> str:
    return re.sub(r"[_.-]", "", key).lower()


def _line_starts(text: str) -> list[int]:
    """Where lines begin; behind the byte order mark, which positions leave out, and one line more than there are."""
    return [int(text.startswith(_MARK)), *(match.end() for match in re.finditer(_BREAK, text)), len(text)]


def _keys(node: Node | None, seen: set[int]) -> Iterator[tuple[Position, set[str]]]:
    """Of all mappings, each once however many aliases lead to it."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, MappingNode):
        names = set(node.by_name)
        yield from ((key.start, names) for key in node.keys)
        for value in node.by_name.values():
            yield from _keys(value, seen)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _keys(item, seen)
