"""Breaking lines between words, where a terminal would break them anywhere."""

from __future__ import annotations

#: In less room than this, lines are left to the terminal.
_LEAST = 20


def hanging(label: str, text: str, columns: int | None, *, indent: int, shown: str | None = None) -> list[str]:
    """`label` and behind it `text`, whose further lines are moved in by `indent`.

    columns: of the terminal; None: only the line ends of the text itself break it.  A word too long
    for a line stays whole, so that it can be copied.  shown: the label with its colours.
    """
    lines = [part for line in text.split("\n") for part in _broken(line, columns, indent)]
    gap = " " * max(1, indent - len(label))
    return [f"{shown or label}{gap}{lines[0]}".rstrip(), *(f"{' ' * indent}{line}".rstrip() for line in lines[1:])]


def _broken(line: str, columns: int | None, indent: int) -> list[str]:
    if columns is None or columns - indent < _LEAST or len(line) <= columns - indent:
        return [line]
    import textwrap

    return textwrap.wrap(line, columns - indent, break_long_words=False, break_on_hyphens=False) or [""]
