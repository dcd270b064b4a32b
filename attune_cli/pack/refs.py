"""Refs: what they look like, and which one a file holds, told without parsing it where that is safe."""

from __future__ import annotations

import re
from pathlib import Path

PACK_FILE = "pack.yaml"

_PART = r"[a-z][a-z0-9_-]*"
_REF = rf"({_PART})\.({_PART})"
# The plain way to write it, which nearly every file has. Anything else is parsed. Compiled when it is needed: that
# takes a millisecond.
_REF_LINE = rb"""(?m)^ref:[ \t]+(["']?)([a-z][a-z0-9_.-]*)\1[ \t]*(?:#.*)?\r?$"""


def split_ref(text: str) -> tuple[str, str] | None:
    """`pack.name` → (pack, name); None when it is no component's ref."""
    match = re.fullmatch(_REF, text)
    return (match[1], match[2]) if match else None


def read_ref(path: Path) -> str | None:
    """The `ref` a YAML file declares; None when it cannot be told."""
    try:
        return ref_in(path.read_bytes())
    except OSError:
        return None


def ref_in(text: bytes) -> str | None:
    """The `ref` that the text of a YAML file declares; None when it cannot be told.

    A text that is no YAML has no ref; saying what is wrong with it is for whoever asks for the file.
    """
    if len(found := re.findall(_REF_LINE, text)) == 1:
        return str(found[0][1], "ascii")
    from attune_cli.diagnostics import Severity
    from attune_cli.yaml12 import Mapping, Scalar, parse

    document = parse(text, "")
    if not isinstance(document.root, Mapping) or any(each.severity is Severity.ERROR for each in document.diagnostics):
        return None
    ref = document.root.get("ref")
    return ref.value if isinstance(ref, Scalar) and isinstance(ref.value, str) and ref.value else None


def enclosing_pack(start: Path) -> Path | None:
    """The nearest folder with a `pack.yaml`, from the absolute path `start` upward; None when there is none."""
    for folder in (start, *start.parents):
        if (folder / PACK_FILE).is_file():
            return folder
    return None
