"""Changes as a unified diff, in the form that `git apply` takes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style

if TYPE_CHECKING:
    from attune_cli.pack.fixes.change import Change

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def diff_bytes(changes: Iterable[Change]) -> bytes:
    """The diff with the very bytes of the files: for pipes."""
    return b"".join(line for change in changes for line in (*_head(change), *_body(change)))


def diff_text(changes: Iterable[Change], style: Style) -> str:
    """The same for a terminal: coloured, and nothing in it is obeyed."""
    return "".join(f"{line}\n" for change in changes for line in _coloured(change, style))


def _coloured(change: Change, style: Style) -> Iterator[str]:
    for line in _head(change):
        yield style(_shown(line), "bold")
    for number, line in enumerate(_body(change)):
        text = _shown(line)
        # The first two name the file.
        colour = "bold" if number < 2 else _COLOURS.get(text[:1])
        yield style(text, colour) if colour else text


def _shown(line: bytes) -> str:
    return harmless(line.removesuffix(b"\n").decode("utf-8", "surrogateescape"))


def _head(change: Change) -> list[bytes]:
    """What git says of a file whose mode or name changes."""
    lines = [f"diff --git a/{change.shown} b/{change.shown_after}"]
    if change.mode_before != change.mode_after:
        lines += [f"old mode {_git_mode(change.mode_before)}", f"new mode {_git_mode(change.mode_after)}"]
    if change.is_rename:
        lines += [f"rename from {change.shown}", f"rename to {change.shown_after}"]
    return [os.fsencode(line) + b"\n" for line in lines]


def _git_mode(mode: int) -> str:
    """Git knows two."""
    return "100755" if mode & 0o100 else "100644"


def _body(change: Change) -> Iterator[bytes]:
    import difflib

    names = (os.fsencode(f"a/{change.shown}"), os.fsencode(f"b/{change.shown_after}"))
    before, after = _split(change.before), _split(change.after)
    for line in difflib.diff_bytes(difflib.unified_diff, before, after, *names):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _split(content: bytes) -> list[bytes]:
    """Lines with their ends; a carriage return is no end."""
    *lines, last = content.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])
