"""Texts of a file, within bounds. No rule itself.

Aliases can put one long text into a hundred thousand places: nothing here is longer than a name or path is.
"""

from __future__ import annotations

from typing import Final

from attune_cli.yaml12 import Node, Scalar

_LONGEST: Final = 1000
_SHOWN: Final = 80


def text_of(node: Node | None) -> str | None:
    """The text that a value is; None for another value, for the empty text, and for what is too long for a name."""
    value = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST else None


def short(text: str) -> str:
    """The text as it is put into a message."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
