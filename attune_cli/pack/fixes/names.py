"""Files that are not called as their ref is."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from attune_cli.diagnostics import Diagnostic
from attune_cli.pack.fixes.change import Change
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.refs import enclosing_pack, split_ref
from attune_cli.yaml12 import Mapping, Scalar, parse

_NAME: Final = r"rename the file to `([^`/]+)`"


def rename(change: Change, findings: Sequence[Diagnostic]) -> tuple[Change, list[Diagnostic]]:
    """The file under the name that its ref asks for, where nothing has that name yet.

    Refs are what others go by, so it is the file's name that changes.
    """
    root = parse(change.after, change.shown).root
    ref = root.get("ref") if isinstance(root, Mapping) else None
    parts = split_ref(ref.value) if isinstance(ref, Scalar) and isinstance(ref.value, str) else None
    wanted = re.search(_NAME, findings[0].help or "")
    if parts is None or wanted is None or not wanted[1].startswith(f"{parts[1]}."):
        return change, []
    target = os.path.join(os.path.dirname(change.shown), wanted[1])
    if os.path.lexists(target) or os.path.islink(change.shown) or _is_named(change.shown):
        return change, []
    return replace(change, shown_after=target), list(findings)


def _is_named(path: str) -> bool:
    """Whether an action of the pack names the file, as `workflow_file` does."""
    file = Path(os.path.abspath(path))
    root = enclosing_pack(file.parent)
    names = (other for suffix in YAML_SUFFIXES for other in (root or file.parent).glob(f"actions/*{suffix}"))
    return any(os.fsencode(file.name) in _content(other) for other in names if other != file)


def _content(path: Path) -> bytes:
    """Of an ordinary file; nothing where there is none."""
    try:
        return Change.of(str(path)).before
    except OSError:
        return b""
