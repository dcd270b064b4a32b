"""The bytes and characters of a YAML file: whether they can be parsed at all, and where they end."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from attune_cli.yaml12 import codes
from attune_cli.yaml12.findings import Span
from attune_cli.yaml12.nodes import COLUMN_BITS, pack

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_TAG_DIRECTIVES: Final = 64
"""libyaml compares each `%TAG` directive with all before it, and each tag with all of them."""
MAX_TAG_DIRECTIVE_BYTES: Final = 4096
"""All `%TAG` lines together: every tag of the text may repeat one of them."""

BREAKS: Final = "\n\r\x85\u2028\u2029"
"""What ends a line in libyaml, and so in the platform's parser; fewer signs than for str.splitlines."""
# Compiled when it is needed: that takes 3 ms.
_FORBIDDEN: Final = "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_OTHER_ENCODINGS: Final = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


class Refusal(NamedTuple):
    """Why a text cannot be parsed, where, and what to do: what a finding is made of."""

    code: str
    message: str
    at: Span
    help: str


def end_of(text: str) -> int:
    """The packed place behind the last character."""
    lines = sum(text.count(sign) for sign in BREAKS) - text.count("\r\n")
    return pack(lines, len(text) - 1 - max(text.rfind(sign) for sign in BREAKS))


def end_of_bytes(text: bytes) -> int:
    """The same for the bytes of a file; a place behind all others when they end with a line break.

    The parser ends a text with a line of its own making, and so may lie behind the end of the text. With
    a line break at its end that line is there, and nobody needs to look through the text.
    """
    return 1 << 2 * COLUMN_BITS if text.endswith(b"\n") else end_of(decoded(text))


def decoded(text: bytes) -> str:
    """The characters of a file, its byte order mark left out as editors leave it out."""
    return text.decode("utf-8-sig", "replace")


def refuse_unread(text: bytes) -> Refusal | None:
    """The reason not even to try to parse the text, if there is one: its size or its encoding."""
    start = Span(0, 0)
    if len(text) > MAX_BYTES:
        message = f"the file has {len(text):,} bytes; at most {MAX_BYTES:,} are read"
        return Refusal(codes.TOO_LARGE, message, start, "split it into several files")
    encoding = _other_encoding(text[:4])
    if encoding:
        message = f"the file is {encoding}, and the platform reads only UTF-8"
        return Refusal(codes.ENCODING, message, start, "save it as UTF-8")
    if b"%TAG" in text and _tag_directives_explode(text):
        message = f"more than {MAX_TAG_DIRECTIVES} %TAG directives, or {MAX_TAG_DIRECTIVE_BYTES:,} bytes of them"
        return Refusal(codes.TOO_LARGE, message, start, "remove them: a pack needs no tags")
    return None


def refuse_characters(text: bytes) -> Refusal | None:
    """What the parser cannot have read: the first bytes that are not UTF-8, or the first forbidden character."""
    try:
        characters = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the byte 0x{error.object[error.start]:02X} here is not UTF-8"
        at = end_of(error.object[: error.start].decode())
        return Refusal(codes.ENCODING, message, Span(at, at + 1), "save the file as UTF-8")
    found = re.search(_FORBIDDEN, characters)
    if found is None:
        return None
    name = "NUL" if found[0] == "\0" else "control" if ord(found[0]) < 0xA0 else "special"
    message = f"the {name} character U+{ord(found[0]):04X} may not stand in YAML"
    at = end_of(characters[: found.start()])
    cure = f'remove it; in double quotes it may be written as "\\u{ord(found[0]):04x}"'
    return Refusal(codes.CONTROL_CHARACTER, message, Span(at, at + 1), cure)


def _other_encoding(head: bytes) -> str | None:
    if head.isascii() and b"\0" not in head:
        return None
    for mark, name in _OTHER_ENCODINGS:
        if head.startswith(mark):
            return name
    every_other = [byte == 0 for byte in head]
    return "UTF-16" if every_other in ([True, False] * 2, [False, True] * 2) else None


def _tag_directives_explode(text: bytes) -> bool:
    lines = re.findall(rb"%TAG[^\r\n]*", text)
    return len(lines) > MAX_TAG_DIRECTIVES or sum(map(len, lines)) > MAX_TAG_DIRECTIVE_BYTES
