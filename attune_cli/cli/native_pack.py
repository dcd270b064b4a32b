"""Which pack, and what of it, is meant by a ref or a path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from attune_cli.errors import NotFoundError, UsageError
from attune_cli.pack.discover import list_packs, packs_dirs
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.refs import PACK_FILE, enclosing_pack, read_ref
from attune_cli.settings import load_settings


class NativePack(NamedTuple):
    """root: its folder, absolute.  shown: that folder as the user may give it.  names: what of it; empty: all."""

    root: Path
    shown: str
    names: tuple[str, ...] = ()


def find_native_pack(word: str | None, folders: Sequence[str]) -> NativePack:
    """The pack that a word means: its ref, its folder, or the ref or path of something in it.

    word: None: the pack around the current folder. folders: of --packs-dir. Raises UsageError or NotFoundError.
    """
    if word is None:
        return _around_here()
    if "/" in word or word.endswith(YAML_SUFFIXES) or word in {".", ".."}:
        return _at(Path(word))
    places = packs_dirs(load_settings({"packs_dir": folders or None}).packs_dirs)
    ref, _, name = word.partition(".")
    known: list[str] = []
    for root in list_packs(places):
        known.append(read_ref(root / PACK_FILE) or root.name)
        if known[-1] == ref:
            return NativePack(root, _shown(root), (word,) if name else ())
    if Path(word).exists():
        return _at(Path(word))
    raise _unknown(ref, known, places)


def _around_here() -> NativePack:
    root = enclosing_pack(Path(os.getcwd()))
    if root is None:
        why = f"there is no {PACK_FILE} in this folder, nor in any above it"
        raise UsageError("which pack?", why=why, help="give its ref or its folder")
    return NativePack(root, _shown(root))


def _at(path: Path) -> NativePack:
    absolute = Path(os.path.abspath(path))
    if not path.exists() and not absolute.parent.is_dir():
        raise NotFoundError("there is no such file or folder", where=str(path))
    root = enclosing_pack(absolute)
    if root is None:
        why = f"there is no {PACK_FILE} in it, nor in any folder above it"
        raise NotFoundError("this is part of no pack", where=str(path), why=why)
    if absolute in {root, root / PACK_FILE}:
        return NativePack(root, str(path if path.is_dir() else path.parent))
    if not path.exists() and not path.is_symlink() and not _is_entry_point(absolute, root):
        raise NotFoundError("there is no such file or folder", where=str(path))
    name = read_ref(absolute) if absolute.suffix in YAML_SUFFIXES else None
    return NativePack(root, _shown(root), (name or os.path.relpath(absolute, root),))


def _is_entry_point(path: Path, root: Path) -> bool:
    """An executable that has not been built yet may be named by its path."""
    return path.parent in {root / "actions", root / "sensors"}


def _shown(root: Path) -> str:
    """From the current folder on where the pack lies in it, else the whole path."""
    near = os.path.relpath(root)
    return str(root) if near.startswith("..") else near


def _unknown(ref: str, known: Sequence[str], places: Sequence[Path]) -> NotFoundError:
    from difflib import get_close_matches

    near = get_close_matches(ref, known, 2)
    cure = f"did you mean {' or '.join(near)}?" if near else "attune pack list shows those in reach"
    return NotFoundError(f"there is no pack `{ref}`", why=f"looked in {', '.join(map(str, places))}", help=cure)
