"""Files that are no executables of a known format: scripts, texts, pointers, data.

What Linux makes of `#!`: https://man7.org/linux/man-pages/man2/execve.2.html and, to the letter,
https://github.com/torvalds/linux/blob/master/fs/binfmt_script.c
A Git LFS pointer: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

from __future__ import annotations

import codecs
import os
import re

from attune_cli.binary.model import Facts, Kind, Shebang
from attune_cli.binary.source import Source

#: The kernel reads as much of a file before it decides who loads it; the last byte is not looked at without a newline.
_BUFFER = 256
_BLANKS = b" \t"
_WORD = re.compile(rb"[^ \t\0]*")
_POINTER = b"version https://git-lfs.github.com/spec/"


def read(source: Source, depth: int) -> Facts:  # noqa: ARG001 - one signature for all formats
    """Of a file with none of the magic numbers of executables."""
    head = source.head
    if head.startswith(b"#!"):
        return _script(source)
    kind, problem = Kind.DATA, None
    if head.startswith(_POINTER):
        kind = Kind.LFS_POINTER
    elif _is_text(head):
        kind = Kind.TEXT
        if head.startswith(codecs.BOM_UTF8 + b"#!"):
            problem = "a byte order mark stands before #!"
    return Facts(path=source.path, kind=kind, size=source.size, mode=source.mode, problem=problem)


def _script(source: Source) -> Facts:
    shebang = take_apart(source.head)
    return Facts(
        path=source.path,
        kind=Kind.SCRIPT,
        size=source.size,
        mode=source.mode,
        shebang=shebang,
        interpreter=shebang.program or None,
        interpreter_argument=shebang.argument,
        problem=None if shebang.program else "its first line names no interpreter that Linux would read",
    )


def take_apart(head: bytes) -> Shebang:
    """What Linux makes of a file that begins with `#!`.

    Without a newline among the first 256 bytes the interpreter's path has to be there whole; its argument may be cut.
    """
    buffer = head[:_BUFFER].ljust(_BUFFER, b"\0")
    end = buffer.find(b"\n")
    line = buffer[2:end] if end >= 0 else buffer[2:-1]
    words = line.lstrip(_BLANKS)
    program = _word(words)
    if end < 0 and len(program) == len(words) and buffer[-1:] not in {b" ", b"\t", b"\0"}:
        program = b""  # cut
    behind = words[len(program) :]
    # Empty, not None: what a blank at the very end of a file without a newline leaves.
    rest = behind.strip(_BLANKS) if behind[:1] in (b" ", b"\t") else b""
    shown = line.partition(b"\0")[0]
    return Shebang(
        line=os.fsdecode(shown),
        program=os.fsdecode(program),
        argument=os.fsdecode(rest.partition(b"\0")[0]) if program and rest else None,
        crlf=end >= 0 and shown.endswith(b"\r"),
    )


def _word(text: bytes) -> bytes:
    found = _WORD.match(text)
    return found[0] if found else b""


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters that no text has; the last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not any(byte in head for byte in b"\0\1\2\3\4\5\6")
