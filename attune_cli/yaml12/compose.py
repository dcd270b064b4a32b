"""Parser events into positioned nodes, without recursion: depth costs no stack.

Every list and mapping that is still open waits on a stack; the children of the innermost one gather in
`_items`, the keys and values of a mapping in turn. One pass, one event at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final

from yaml.error import YAMLError
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
from attune_cli.yaml12.events import Event, NodeEvent, StartEvent, ValueEvent, events
from attune_cli.yaml12.findings import Findings, Span
from attune_cli.yaml12.keys import index
from attune_cli.yaml12.nodes import COLUMN_BITS, Mapping, Node, Scalar, Sequence
from attune_cli.yaml12.sizes import Sizes
from attune_cli.yaml12.source import end_of_bytes
from attune_cli.yaml12.values import HARMLESS, SUSPECTS, read_scalar, refuse_tag

MAX_DEPTH: Final = 128
"""Lists and mappings inside one another, aliases followed; the platform's parser stops there too."""
MAX_EVENTS: Final = 600_000
"""Values and brackets of one file: about 6 MB of pack YAML, 150 MB as nodes."""
MAX_ALIASED: Final = 100_000
"""Values that aliases may add to a file when each is replaced by what it names."""

_BLOCK_STYLES: Final = frozenset("|>")
_NUMBER_STARTS: Final = core.NUMBER_STARTS

_OWN_TAGS: Final[dict[type, str]] = {MappingStartEvent: core.MAPPING_TAG, SequenceStartEvent: core.SEQUENCE_TAG}

#: A list or mapping while it is read: where it begins; whether it stands in brackets, which end where they are
#: closed, or in block style, which ends with its last value (the parser says: where the next key begins); the
#: nodes before it in what holds it; its anchor.
_Open = tuple[int, bool, list[Node], str | None]


class StopComposing(Exception):  # noqa: N818 - nothing failed: the finding that says why is recorded
    """Reading on is of no use."""


def compose(text: bytes, findings: Findings) -> Node | None:
    """The root of a text; None when it is empty or cannot be read to its end, which is a finding then."""
    composer = Composer(findings, end_of_bytes(text))
    try:
        composer.compose(events(text))
    except StopComposing:
        return composer.root
    except (YAMLError, UnicodeError) as error:
        from attune_cli.yaml12.syntax import explain

        findings.add_last(*explain(error, text, composer.last_end))
        return None
    return composer.root


class Composer:
    """Composes the events of one text. `root` is the node of its first document."""

    def __init__(self, findings: Findings, text_end: int) -> None:
        """text_end: the packed place behind the last character; the parser's last places may lie further on."""
        self._findings = findings
        self._text_end = text_end
        self.last_end = 0
        self._documents = 0
        self._items: list[Node] = []
        self._open: list[_Open] = []
        #: What an anchor names; as long as that is open, an alias to it is a cycle.
        self._anchors: dict[str, Node | _Open] = {}
        self._sizes = Sizes()
        self._aliased = 0

    @property
    def root(self) -> Node | None:
        """The root node; None as long as it is incomplete."""
        return self._items[0] if self._items and not self._open else None

    def compose(self, events: Iterable[Any]) -> None:
        """Reads all events. StopComposing, with a finding, where reading on is of no use."""
        handlers: dict[type, Callable[[Any], None]] = {
            MappingStartEvent: self._start,
            MappingEndEvent: self._end_mapping,
            SequenceStartEvent: self._start,
            SequenceEndEvent: self._end_sequence,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }
        new = Scalar.__new__
        event = None
        for event in islice(events, MAX_EVENTS):
            kind = event.__class__
            if kind is not ScalarEvent:
                if kind in handlers:
                    handlers[kind](event)
                continue
            # Three of four events. What nothing has to be said of is made a node right here: a call would take
            # as long again.
            value = text = event.value
            style = event.style
            if event.tag is not None or not text or style in _BLOCK_STYLES:
                self._scalar(event)
                continue
            if not style and (text in SUSPECTS or text[0] in _NUMBER_STARTS):
                if text not in HARMLESS:
                    self._scalar(event)
                    continue
                value = HARMLESS[text]
            mark, end_mark = event.start_mark, event.end_mark
            node = new(Scalar)
            node.start_place = (mark.line << COLUMN_BITS) + mark.column
            node.end_place = self.last_end = (end_mark.line << COLUMN_BITS) + end_mark.column
            node.value = value
            node.text = text
            node.style = style or ""
            self._items.append(node)
            if event.anchor is not None:
                self._anchors[event.anchor] = node
        if event is not None and not isinstance(event, StreamEndEvent):
            message = f"more than {MAX_EVENTS:,} values and brackets in one file: it is read up to here only"
            self._stop(codes.TOO_LARGE, message, event, "split it into several files")

    def _scalar(self, event: ValueEvent) -> None:
        """One that is empty, a block, tagged, or that something may have to be said of."""
        start, end = _span(event)
        text, style = event.value, event.style or ""
        if not text or style in _BLOCK_STYLES:
            start, end = min(start, self._text_end), min(end, self._text_end)
        is_text = style and event.tag is None
        value = text if is_text else read_scalar(event.tag, text, style, Span(start, end), self._findings)
        node = Scalar(start, end, value, text, style)
        self.last_end = end
        self._items.append(node)
        if event.anchor is not None:
            self._anchors[event.anchor] = node

    def _start(self, event: StartEvent) -> None:
        if len(self._open) == MAX_DEPTH:
            self._stop_too_deep(event)
        if event.tag is not None and event.tag not in {"!", _OWN_TAGS[event.__class__]}:
            refuse_tag(event.tag, _span(event), self._findings)
        mark, anchor = event.start_mark, event.anchor
        opened = ((mark.line << COLUMN_BITS) + mark.column, event.flow_style, self._items, anchor)
        if anchor is not None:
            self._anchors[anchor] = opened
        self._open.append(opened)
        self._items = []

    def _end_mapping(self, event: Event) -> None:
        items, opened = self._items, self._open.pop()
        if opened[1]:
            self.last_end = _span(event).end
        keys, by_name = index(tuple(items[::2]), items[1::2], self._findings)
        self._close(Mapping(opened[0], self.last_end, keys, by_name), opened)

    def _end_sequence(self, event: Event) -> None:
        items, opened = self._items, self._open.pop()
        if opened[1]:
            self.last_end = _span(event).end
        self._close(Sequence(opened[0], self.last_end, tuple(items)), opened)

    def _close(self, node: Node, opened: _Open) -> None:
        _, _, self._items, anchor = opened
        self._items.append(node)
        # Inside of what it names, an anchor may have been given anew: then it is that which it goes on to name.
        if anchor is not None and self._anchors[anchor] is opened:
            self._anchors[anchor] = node

    def _alias(self, event: NodeEvent) -> None:
        span = _span(event)
        self.last_end = span.end
        name = event.anchor or ""
        node = self._anchors.get(name)
        if not isinstance(node, Node):
            self._refuse_alias(name, span, known=node is not None)
            self._items.append(Scalar(span.start, span.end, None, f"*{name}", ""))
            return
        size = self._sizes.of(node)
        if len(self._open) + size.height > MAX_DEPTH:
            self._stop_too_deep(event)
        self._aliased += size.inside + 1
        if self._aliased > MAX_ALIASED:
            message = f"the aliases up to here stand for more than {MAX_ALIASED:,} values"
            self._stop(codes.ALIAS_BOMB, message, event, "write the values out, or use fewer aliases of aliases")
        self._items.append(node)

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
