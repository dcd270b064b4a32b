"""Comments that take findings away.

    timeout: 30   # attune: ignore[ATN021]
    # attune: ignore-file[ATN021, ATN044]

The first takes away what is found on its line; the second, above the first key, what is found in the file.
Only a comment counts: the same characters inside a value are part of the value.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from attune_cli.diagnostics import Diagnostic, Position
from attune_cli.pack import schema_rules
from attune_cli.pack.components import Component
from attune_cli.yaml12 import Mapping, Node, Scalar, Sequence
from attune_cli.yaml12.source import BREAKS, decoded

MAX_WISHES: Final = 1_000
"""Of one file; comments after them are not read."""

_MARK: Final = b"attune:"
_BREAK: Final = f"\r\n|[{BREAKS}]"
_COMMENT: Final = r"(?:^|(?<=[ \t]))#[ \t]*attune:[ \t]*(ignore-file|ignore)\b[ \t]*(?:\[([^\]#]*)\])?"
_IDLE: Final = {
    "code": "`{code}` is not found on this line: the comment suppresses nothing",
    "file": "`{code}` is not found in this file: the comment suppresses nothing",
    "none": "the comment names no code, and suppresses nothing",
    "late": "`ignore-file` counts above the first key only: the comment suppresses nothing",
}
_CURES: Final = {
    "none": "write `# attune: ignore[ATN021]`, with the codes in question",
    "late": "move it to the top of the file, or write `ignore` on the line of the finding",
}


class Wish(NamedTuple):
    """One code of one comment.

    kind:  `code` or `file`: about its line or the file; `none` or `late`: it cannot be granted.
    code:  what is to be taken away.
    start, end: where it stands.
    """

    kind: str
    code: str
    start: Position
    end: Position

    @property
    def aim(self) -> tuple[str, int | None]:
        """The code, and the line that findings must stand on; None: any line of the file."""
        return self.code, self.start.line if self.kind == "code" else None


class Sifted(NamedTuple):
    """Findings after the comments: those that stay, and those that were taken away."""

    kept: list[Diagnostic]
    suppressed: list[Diagnostic]


def sift(findings: Iterable[Diagnostic], components: Iterable[Component]) -> Sifted:
    """Takes away what comments suppress, and adds a finding for every code that takes nothing away."""
    wishes = {each.shown: tuple(islice(wishes_of(each), MAX_WISHES)) for each in components if _MARK in each.text}
    if not wishes:
        return Sifted(list(findings), [])
    aims = {path: {wish.aim for wish in found if wish.kind in {"code", "file"}} for path, found in wishes.items()}
    used: set[tuple[str, str, int | None]] = set()
    sifted = Sifted([], [])
    for finding in findings:
        own = aims.get(finding.path, set())
        granted = {(finding.code, finding.start.line), (finding.code, None)} & own
        used |= {(finding.path, *aim) for aim in granted}
        (sifted.suppressed if granted else sifted.kept).append(finding)
    for path, found in wishes.items():
        sifted.kept.extend(_idle(path, wish) for wish in found if (path, *wish.aim) not in used)
    return sifted


def wishes_of(component: Component) -> Iterator[Wish]:
    """What the comments of a file ask for. None where the file is not YAML: who could tell a comment then?"""
    root = component.document.root
    if root is None:
        return
    literal: list[tuple[Position, Position]] | None = None
    for number, line in enumerate(re.split(_BREAK, decoded(component.text)), 1):
        if "attune:" not in line:
            continue
        literal = sorted(_literals(root)) if literal is None else literal
        for match in re.finditer(_COMMENT, line):
            if not _is_inside(literal, Position(number, match.start() + 1)):
                yield from _wishes(match, number, is_top=number < root.start.line)


def _wishes(match: re.Match[str], number: int, *, is_top: bool) -> Iterator[Wish]:
    whole = (Position(number, match.start() + 1), Position(number, match.end() + 1))
    of_file = match[1] == "ignore-file"
    codes = list(re.finditer(r"[^\s,]+", match[2] or ""))
    if not codes or (of_file and not is_top):
        yield Wish("late" if codes else "none", "", *whole)
        return
    for code in codes:
        start, end = (Position(number, match.start(2) + place + 1) for place in code.span())
        yield Wish("file" if of_file else "code", code[0].upper(), start, end)


def _literals(root: Node) -> Iterator[tuple[Position, Position]]:
    """Where the values stand in which "#" begins no comment."""
    waiting: list[Node] = [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            if node.style in {"|", ">"}:
                # The line of the sign itself may end in a comment.
                yield Position(node.start.line + 1, 1), node.end
            elif node.style:
                yield node.start, node.end
        elif id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Mapping):
                waiting += (*node.keys, *node.by_name.values())
            elif isinstance(node, Sequence):
                waiting += node.items


def _is_inside(spans: list[tuple[Position, Position]], at: Position) -> bool:
    index = bisect_right(spans, (at, Position(1 << 40, 1)))
    return index > 0 and at < spans[index - 1][1]


def _idle(path: str, wish: Wish) -> Diagnostic:
    rule = schema_rules.SUPPRESSION
    message = _IDLE[wish.kind].format(code=wish.code)
    cure = _CURES.get(wish.kind, "remove it")
    return Diagnostic(path, wish.start, rule.code, message, rule.severity, wish.end, cure)
