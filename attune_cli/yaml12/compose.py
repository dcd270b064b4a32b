"""Parser events into positioned nodes, without recursion: depth costs no stack.

Every list and mapping that is still open stands on a stack of `_Subtree`; the children of the innermost
one gather in `_items`, the keys and values of a mapping in turn. One pass, one event at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from attune_cli.yaml12 import codes, core
from attune_cli.yaml12.events import Event, NodeEvent, ValueEvent
from attune_cli.yaml12.findings import Findings, Span
from attune_cli.yaml12.keys import index
from attune_cli.yaml12.nodes import COLUMN_BITS, Mapping, Node, Scalar, Sequence
from attune_cli.yaml12.values import SUSPECTS, read_scalar, refuse_tag

MAX_DEPTH: Final = 128
"""Lists and mappings inside one another, aliases followed; the platform's parser stops there too."""
MAX_EVENTS: Final = 600_000
"""Values and brackets of one file: about 6 MB of pack YAML, 150 MB as nodes."""
MAX_ALIASED: Final = 100_000
"""Values that aliases may add to a file when each is replaced by what it names."""

_BLOCK_STYLES: Final = frozenset("|>")
_NUMBER_STARTS: Final = core.NUMBER_STARTS


class StopComposing(Exception):  # noqa: N818 - nothing failed: the finding that says why is recorded
    """Reading on is of no use."""


class _Subtree:
    """A list or mapping while it is read, and what an anchor names afterwards.

    node:   None until its end is read: an alias to it before that is a cycle.
    weight: the nodes inside it, aliases followed.
    height: the levels of lists and mappings: inside it while it is read, then with itself.
    """

    __slots__ = ("height", "node", "siblings", "start", "weight")

    def __init__(self, start: int, siblings: list[Node], node: Node | None = None) -> None:
        self.start = start
        self.siblings = siblings
        self.node = node
        self.weight = 0
        self.height = 0


class Composer:
    """Composes the events of one text. `root` is the node of its first document."""

    def __init__(self, findings: Findings, text_end: int) -> None:
        """text_end: the packed place behind the last character; the parser's last places may lie further on."""
        self._findings = findings
        self._text_end = text_end
        self.last_end = 0
        self._documents = 0
        self._items: list[Node] = []
        self._open: list[_Subtree] = []
        self._anchors: dict[str, _Subtree] = {}
        self._aliased = 0

    @property
    def root(self) -> Node | None:
        """The root node; None as long as it is incomplete."""
        return self._items[0] if self._items and not self._open else None

    def compose(self, events: Iterable[Event]) -> None:
        """Reads all events. StopComposing, with a finding, where reading on is of no use."""
        handlers: dict[type, Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._start_mapping,
            MappingEndEvent: self._end_mapping,
            SequenceStartEvent: self._start_sequence,
            SequenceEndEvent: self._end_sequence,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }
        event = None
        for event in islice(events, MAX_EVENTS):
            handle = handlers.get(event.__class__)
            if handle is not None:
                handle(event)
        if event is not None and not isinstance(event, StreamEndEvent):
            message = f"more than {MAX_EVENTS:,} values and brackets in one file: it is read up to here only"
            self._stop(codes.TOO_LARGE, message, event, "split it into several files")

    def _scalar(self, event: ValueEvent) -> None:
        mark, end_mark = event.start_mark, event.end_mark  # packed here rather than by a call: the hottest lines
        start = (mark.line << COLUMN_BITS) + mark.column
        end = (end_mark.line << COLUMN_BITS) + end_mark.column
        text = event.value
        style = event.style
        if not text or style in _BLOCK_STYLES:
            start, end = min(start, self._text_end), min(end, self._text_end)
        if event.tag is None and (style or (text not in SUSPECTS and text[0] not in _NUMBER_STARTS)):
            node = Scalar(start, end, text, text, style or "")
        else:
            value = read_scalar(event.tag, text, style, Span(start, end), self._findings)
            node = Scalar(start, end, value, text, style or "")
        if event.anchor is not None:
            self._anchors[event.anchor] = _Subtree(start, self._items, node)
        self.last_end = end
        self._items.append(node)

    def _start_mapping(self, event: NodeEvent) -> None:
        self._start(event, core.MAPPING_TAG)

    def _start_sequence(self, event: NodeEvent) -> None:
        self._start(event, core.SEQUENCE_TAG)

    def _start(self, event: NodeEvent, own_tag: str) -> None:
        if len(self._open) == MAX_DEPTH:
            self._stop_too_deep(event)
        if event.tag is not None and event.tag not in {"!", own_tag}:
            refuse_tag(event.tag, _span(event), self._findings)
        mark = event.start_mark
        subtree = _Subtree((mark.line << COLUMN_BITS) + mark.column, self._items)
        if event.anchor is not None:
            self._anchors[event.anchor] = subtree
        self._open.append(subtree)
        self._items = []

    def _end_mapping(self, event: Event) -> None:
        keys, by_name = index(self._items[::2], self._items[1::2], self._findings)
        self._close(Mapping(self._open[-1].start, self._end(event), keys, by_name))

    def _end_sequence(self, event: Event) -> None:
        self._close(Sequence(self._open[-1].start, self._end(event), tuple(self._items)))

    def _end(self, event: Event) -> int:
        """Where the innermost collection ends. In block style that is the end of its last value:
        the parser's own end lies where the next key begins."""
        if event.start_mark.index != event.end_mark.index:
            self.last_end = _span(event).end
        return self.last_end

    def _close(self, node: Node) -> None:
        subtree = self._open.pop()
        subtree.node = node
        subtree.weight += len(self._items)
        subtree.height += 1
        self._items = subtree.siblings
        self._add(node, subtree)

    def _add(self, node: Node, subtree: _Subtree) -> None:
        self._items.append(node)
        if self._open:
            parent = self._open[-1]
            parent.weight += subtree.weight
            parent.height = max(parent.height, subtree.height)

    def _alias(self, event: NodeEvent) -> None:
        span = _span(event)
        self.last_end = span.end
        name = event.anchor or ""
        subtree = self._anchors.get(name)
        if subtree is None or subtree.node is None:
            self._refuse_alias(name, span, known=subtree is not None)
            self._items.append(Scalar(span.start, span.end, None, f"*{name}", ""))
            return
        if len(self._open) + subtree.height > MAX_DEPTH:
            self._stop_too_deep(event)
        self._aliased += subtree.weight + 1
        if self._aliased > MAX_ALIASED:
            message = f"the aliases up to here stand for more than {MAX_ALIASED:,} values"
            self._stop(codes.ALIAS_BOMB, message, event, "write the values out, or use fewer aliases of aliases")
        self._add(subtree.node, subtree)

    def _refuse_alias(self, name: str, at: Span, *, known: bool) -> None:
        if known:
            message = f"*{name} stands inside the very value that &{name} names: it would never end"
            self._findings.add(codes.RECURSIVE_ALIAS, message, at, "write the value out instead of the alias")
        else:
            message = f"*{name} names nothing: no &{name} stands above it"
            cure = f'to mean the text, write "*{name}" with the quotes'
            self._findings.add(codes.UNKNOWN_ALIAS, message, at, cure)

    def _document(self, event: Event) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "a second document begins here: a file holds one"
            self._stop(codes.SEVERAL_DOCUMENTS, message, event, 'remove the "---", or split the file')

    def _stop_too_deep(self, event: Event) -> None:
        message = f"more than {MAX_DEPTH} lists and mappings inside one another"
        self._stop(codes.TOO_DEEP, message, event, "flatten the value: the platform reads no deeper")

    def _stop(self, code: str, message: str, event: Event, help: str) -> None:
        start, end = _span(event)
        self._findings.add_last(code, message, Span(min(start, self._text_end), min(end, self._text_end)), help)
        raise StopComposing


def _span(event: Event) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span((start.line << COLUMN_BITS) + start.column, (end.line << COLUMN_BITS) + end.column)
