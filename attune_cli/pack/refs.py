"""Refs: what they look like, and which one a file holds, told without parsing it where that is safe."""

from __future__ import annotations

import re
from pathlib import Path

from attune_cli.pack.fields import read_fields

PACK_FILE = "pack.yaml"

_PART = r"[a-z][a-z0-9_-]*"
_REF = re.compile(rf"({_PART})\.({_PART})")
# The plain way to write it, which nearly every file has. Anything else is parsed.
_REF_LINE = re.compile(rb"""^ref:[ \t]+(["']?)([a-z][a-z0-9_.-]*)\1[ \t]*(?:#.*)?\r?$""", re.MULTILINE)


def split_ref(text: str) -> tuple[str, str] | None:
    """`pack.name` → (pack, name); None when it is no component's ref."""
    match = _REF.fullmatch(text)
    return (match[1], match[2]) if match else None


def read_ref(path: Path) -> str | None:
    """The `ref` a YAML file declares; None when it cannot be told."""
    try:
        text = path.read_bytes()
    except OSError:
        return None
    if len(found := _REF_LINE.findall(text)) == 1:
        return str(found[0][1], "ascii")
    from attune_cli.errors import AttuneError

    try:
        return read_fields(path).text("ref")
    except AttuneError:
        # A file that is no YAML has no ref; saying what is wrong with it is for whoever asks for it.
        return None


def enclosing_pack(start: Path) -> Path | None:
    """The nearest folder with a `pack.yaml`, from the absolute path `start` upward; None when there is none."""
    for folder in (start, *start.parents):
        if (folder / PACK_FILE).is_file():
            return folder
    return None
