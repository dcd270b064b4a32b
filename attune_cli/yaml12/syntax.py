"""What the parser complains of, in words that say what to write.

libyaml and PyYAML's own parser speak of tokens and nodes, each in its own way. What they say is only
used to tell the cases apart; each case here is one row with a message and a cure of its own.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from yaml.error import MarkedYAMLError

from attune_cli.yaml12 import codes
from attune_cli.yaml12.events import Mark
from attune_cli.yaml12.findings import Span
from attune_cli.yaml12.nodes import unpack
from attune_cli.yaml12.source import BREAKS, Refusal, decoded, end_of, refuse_characters


class _Case(NamedTuple):
    """One row.

    pattern: searched in `context | problem | kind of place | the two characters there`, see `_kind`.
    message, help: `{opened}` is where the parser began what it could not end, `{sign}` the character there.
    at_opening: the finding stands where that began, not where the parser gave up.
    """

    pattern: str
    message: str
    help: str
    code: str = codes.SYNTAX
    at_opening: bool = False


_QUOTE_IT: Final = "put the whole value in quotes"
_CLOSE_QUOTE: Final = "close it with the same quote; a quote inside is written \\\" in double quotes, '' in single ones"
_ESCAPES: Final = 'use single quotes, or write the backslash twice: "\\\\"'

_CASES: Final = (
    _Case(
        r"found a tab|cannot start any token \| \w+ \| \t",
        "a tab stands here where YAML indents with spaces only",
        "replace the tab by spaces",
        codes.TAB,
    ),
    _Case(r"cannot start any token", 'no unquoted value begins with "{sign}"', _QUOTE_IT),
    _Case(
        r"mapping values are not allowed .*\| keyed ",
        'a second ": " stands in an unquoted value',
        _QUOTE_IT,
    ),
    _Case(
        r"mapping values are not allowed",
        "a key stands here inside the unquoted value above",
        'line the key up with the keys around it; a space belongs behind the ":" of the key above',
    ),
    _Case(
        r"could not find expected ':'",
        'a ":" is missing: this is neither a "key: value" nor part of the value above',
        'write "key: value", or indent the line to continue the value above',
        at_opening=True,
    ),
    _Case(
        r"sequence entries are not allowed",
        'a list item ("- ") cannot stand here',
        'begin the list on the line below its key, each "- item" on a line of its own',
    ),
    _Case(r"mapping keys are not allowed", 'no value begins with "? "', _QUOTE_IT),
    _Case(r"unexpected end of stream", "the quote opened here is never closed", _CLOSE_QUOTE, at_opening=True),
    _Case(
        r"unexpected document (indicator|separator)",
        "the document ends here, inside the quote opened at {opened}",
        _CLOSE_QUOTE,
    ),
    _Case(r"unknown escape", "the backslash begins an escape that YAML does not have", _ESCAPES),
    _Case(
        r"hexdecimal number|escape sequence of \d hexa|invalid Unicode character escape",
        r"\x, \u and \U want the 2, 4 or 8 hexadecimal digits of a character",
        _ESCAPES,
    ),
    _Case(
        r"scanning an alias",
        '"*" begins an alias, and no name follows',
        'to mean text, put it in quotes, as in "*.txt"',
        at_opening=True,
    ),
    _Case(
        r"scanning an anchor",
        '"&" begins an anchor, and no name follows',
        'to mean text, put it in quotes, as in "& more"',
        at_opening=True,
    ),
    _Case(
        r"scanning a block scalar",
        'only a digit from 1 to 9, "+" or "-" may follow "|" or ">" on its line',
        "begin the text on the next line; to mean the sign itself, put the value in quotes",
    ),
    _Case(
        r"directive|incompatible YAML",
        'a line that begins with "%" is a directive, and YAML 1.2 has no such',
        "remove the line, or put the text in quotes",
    ),
    _Case(
        r"(scanning|parsing) a tag|tag handle",
        '"!" begins a tag, and this is none',
        'to mean text that begins with "!", put it in quotes',
        at_opening=True,
    ),
    _Case(
        r"flow (sequence|mapping) .*\| end ",
        'the "{sign}" opened here is never closed',
        "close it, or put the text in quotes",
        at_opening=True,
    ),
    _Case(
        r"flow sequence",
        'a "," or the "]" of the list opened at {opened} is missing before this',
        'write "," between the items and "]" behind the last',
    ),
    _Case(
        r"flow mapping",
        'a "," or the "}}" of the mapping opened at {opened} is missing before this',
        'write "," between the entries and "}}" behind the last; text that begins with "{{" needs quotes',
    ),
    _Case(r"flow node .*\| end ", "the text ends inside a bracket that was opened above", "close the bracket"),
    _Case(r"\| [\]}]", 'a "{sign}" that nothing opened', "remove it, or put the text in quotes"),
    _Case(r"flow node", "a value is missing before this", "write the value, or remove the comma"),
    _Case(r"\| (inline|keyed) ", "this stands behind a value that is already complete", _QUOTE_IT),
    _Case(
        r"block mapping .*\| first \| -\s",
        "a list item stands among the keys of the mapping that begins at {opened}",
        "indent the list under its key",
    ),
    _Case(
        r"block mapping",
        "this line lines up with no key of the mapping that begins at {opened}",
        "indent it as far as the key it belongs beside",
    ),
    _Case(
        r"block collection",
        'this line lines up with no "- " of the list that begins at {opened}',
        'indent it as far as the item it belongs to, or begin it with "- "',
    ),
    _Case(r"document start", "this stands behind the end of the document", _QUOTE_IT),
)


def explain(error: Exception, text: bytes, last_place: int) -> Refusal:
    """Turns the parser's exception into a finding. `last_place` is used where the parser names none."""
    refusal = None if isinstance(error, MarkedYAMLError) else refuse_characters(text)
    if refusal is not None:
        return refusal
    characters = decoded(text)
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        return _explain_marked(error, error.problem_mark, characters)
    at = min(last_place, end_of(characters))
    return Refusal(codes.SYNTAX, "the text from here on is not YAML", Span(at, at), _QUOTE_IT)


def _explain_marked(error: MarkedYAMLError, mark: Mark, text: str) -> Refusal:
    opening = error.context_mark or mark
    signature = f"{error.context} | {error.problem} | {_kind(mark.index, text)} | {text[mark.index : mark.index + 2]}"
    for case in _CASES:
        if re.search(case.pattern, signature):
            index = opening.index if case.at_opening else mark.index
            words = {"opened": unpack(_span(opening.index, text).start), "sign": text[index : index + 1]}
            return Refusal(case.code, case.message.format(**words), _span(index, text), case.help.format(**words))
    return Refusal(codes.SYNTAX, f"this is not YAML: {error.problem}", _span(mark.index, text), _QUOTE_IT)


def _kind(index: int, text: str) -> str:
    """What stands before a character on its line: nothing (`first`), a key (`keyed`), something else
    (`inline`); `end` when there is no such character any more."""
    if index >= len(text):
        return "end"
    before = text[index - unpack(end_of(text[:index])).column + 1 : index].strip()
    return "first" if not before else "keyed" if ": " in before else "inline"


def _span(index: int, text: str) -> Span:
    """The place of one character; of nothing at the end of a line. Counted from the parser's index: its
    line may lie behind the end of the text."""
    place = end_of(text[:index])
    return Span(place, place if text[index : index + 1] in BREAKS else place + 1)
