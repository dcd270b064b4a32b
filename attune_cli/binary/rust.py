"""What tells a Rust program: the compiler's word in `.comment`, and what `cargo auditable` puts in.

https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md (compressed JSON, its schema beside it)
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

from attune_cli.binary.model import RustBuild
from attune_cli.binary.source import MOST, Source

_COMPILER = "rustc version "
#: The list of a large program's crates takes some 100 KB.
_MOST_TEXT = 8 << 20


def read(source: Source, compilers: Iterable[str], section: tuple[int, int] | None) -> RustBuild | None:
    """From what the compilers wrote and from the section of `cargo auditable`, (offset, size)."""
    versions = [text.removeprefix(_COMPILER).split(" ")[0] for text in compilers if text.startswith(_COMPILER)]
    packages, root = _audited(source, section)
    if not versions and not packages:
        return None
    return RustBuild(version=versions[-1] if versions else None, root=root, packages=packages)


def _audited(source: Source, section: tuple[int, int] | None) -> tuple[dict[str, str], str | None]:
    if section is None:
        return {}, None
    offset, size = section
    try:
        text = zlib.decompressobj().decompress(source.read(offset, min(size, MOST)), _MOST_TEXT)
        found = [each for each in json.loads(text)["packages"] if isinstance(each, dict)]
    except (zlib.error, ValueError, KeyError, TypeError, RecursionError):
        return {}, None
    packages = {str(each.get("name")): str(each.get("version")) for each in found}
    roots: list[Any] = [each.get("name") for each in found if each.get("root") is True]
    return packages, str(roots[0]) if roots else None
