"""The parser's events: libyaml's where PyYAML was built with it (all its wheels are), else PyYAML's own."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError


class Mark(Protocol):
    """A place: character, line and column, each from 0."""

    @property
    def index(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Event(Protocol):
    """What the parser saw, and from where to where."""

    @property
    def start_mark(self) -> Mark: ...
    @property
    def end_mark(self) -> Mark: ...


class NodeEvent(Event, Protocol):
    """The start of a node (`anchor` is its own), or an alias (`anchor` is what it names; it has no tag)."""

    @property
    def anchor(self) -> str | None: ...
    @property
    def tag(self) -> str | None: ...


class StartEvent(NodeEvent, Protocol):
    """The start of a list or mapping."""

    @property
    def flow_style(self) -> bool:
        """Whether it stands in brackets."""
        ...


class ValueEvent(NodeEvent, Protocol):
    """A scalar. `style` is empty or None for an unquoted one."""

    @property
    def value(self) -> str: ...
    @property
    def style(self) -> str | None: ...


class _PureParser(Reader, Scanner, Parser):
    """PyYAML's own parser: more than ten times slower, and stricter in one point (no tabs between brackets)."""

    def __init__(self, text: bytes) -> None:
        Reader.__init__(self, text.removeprefix(BOM_UTF8))  # it would count the mark as a character
        Scanner.__init__(self)
        Parser.__init__(self)

    def next_event(self) -> Event | None:
        """The next event. It refuses escapes for what is no character, as libyaml does."""
        try:
            # PyYAML's types do not cover its parser.
            event: Event | None = self.get_event()  # type: ignore[no-untyped-call]
        except (ValueError, OverflowError) as error:  # chr() of a number beyond U+10FFFF
            raise self._no_character() from error
        if isinstance(event, yaml.ScalarEvent) and re.search("[\ud800-\udfff]", event.value):
            raise self._no_character()
        return event

    def _no_character(self) -> ScannerError:
        mark = self.get_mark()
        return ScannerError(problem="found invalid Unicode character escape code", problem_mark=mark)


def events(text: bytes) -> Iterator[Event]:
    """All events of a text. Raises yaml.YAMLError, and UnicodeError for some malformed tags."""
    return iter(_source(text), None)


def _source(text: bytes) -> Callable[[], Any]:
    if yaml.__with_libyaml__:
        from yaml._yaml import CParser

        get: Callable[[], Any] = CParser(text).get_event
        return get
    return _PureParser(text).next_event
