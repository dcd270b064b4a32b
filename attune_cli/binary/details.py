"""The names and types of the facts that are read only when they are asked for. For type checkers alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from attune_cli.binary.model import GoBuild, RustBuild


class Details(TypedDict, total=False):
    """Some fields of `Facts`."""

    symbol_versions: Mapping[str, tuple[str, ...]]
    weak_versions: Mapping[str, tuple[str, ...]]
    build_id: str | None
    stripped: bool | None
    compilers: tuple[str, ...]
    go: GoBuild | None
    rust: RustBuild | None
    capabilities: tuple[str, ...]
