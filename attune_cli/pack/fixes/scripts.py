"""Entry points without the execute bit, and scripts with Windows line endings."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from attune_cli.diagnostics import Diagnostic
from attune_cli.pack.fixes.change import Change
from attune_cli.pack.refs import enclosing_pack
from attune_cli.yaml12 import Mapping, Scalar, parse


def entry_point(finding: Diagnostic) -> str | None:
    """The file that the declaration in which a finding stands starts, as a path like the finding's.

    None when there is none inside the pack: what lies outside of it is never touched.
    """
    try:
        with open(finding.path, "rb") as file:
            root = parse(file.read(), finding.path).root
    except OSError:
        return None
    node = root.get("entry_point") if isinstance(root, Mapping) else None
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    path = os.path.join(os.path.dirname(finding.path), node.value)
    pack = enclosing_pack(Path(os.path.abspath(finding.path)).parent)
    return path if pack is not None and _is_below(path, str(pack)) else None


def _is_below(path: str, folder: str) -> bool:
    real, base = os.path.realpath(path), os.path.realpath(folder)
    return real.startswith(base.rstrip(os.sep) + os.sep)


def make_executable(change: Change) -> Change:
    """With the execute bit for everybody who may read it."""
    return replace(change, mode_after=change.mode_after | (change.mode_after & 0o444) >> 2)


def with_unix_lines(change: Change) -> Change:
    """Without carriage returns at the ends of lines; binaries stay as they are."""
    if b"\0" in change.after:
        return change
    return replace(change, after=change.after.replace(b"\r\n", b"\n"))
