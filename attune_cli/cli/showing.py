"""`attune pack list` and `attune pack show`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.errors import AttuneError, NotFoundError
from attune_cli.pack import discover
from attune_cli.pack.components import Component, PackTree, read_pack
from attune_cli.pack.keywords import YAML_SUFFIXES
from attune_cli.pack.load import load_pack
from attune_cli.pack.overview import Overview, component_overview, pack_overview
from attune_cli.pack.refs import PACK_FILE, enclosing_pack, read_ref
from attune_cli.report.document import print_document
from attune_cli.settings import Settings, load_settings


class Listed(NamedTuple):
    """hidden: by a pack of the same ref that comes first.  error: why it cannot be read."""

    ref: str
    version: str
    label: str
    actions: int
    sensors: int
    path: str
    hidden: bool
    error: str | None


def list_packs(packs_dirs: Sequence[str], output: OutputFormat | None, *, json: bool) -> None:
    """Print all packs in reach."""
    settings = _settings(packs_dirs)
    chosen = chosen_output(output, json=json, default=settings.output)
    found = list(_listed(discover.list_packs(discover.packs_dirs(settings.packs_dirs))))
    if chosen.is_document:
        print_document([each._asdict() for each in found], sys.stdout, as_yaml=chosen is OutputFormat.YAML)
        return
    # Imported here: documents do not need it.
    from attune_cli.report.table import print_table

    print_table(("PACK", "VERSION", "ACTIONS", "SENSORS", "LABEL", "PATH"), [_row(each) for each in found], sys.stdout)


def show(text: str, packs_dirs: Sequence[str], output: OutputFormat | None, *, json: bool) -> None:
    """Print one pack, or one component."""
    settings = _settings(packs_dirs)
    chosen = chosen_output(output, json=json, default=settings.output)
    found = _by_path(Path(text)) if _is_path(text) else _by_ref(text, discover.packs_dirs(settings.packs_dirs))
    if chosen.is_document:
        print_document(found.to_document(), sys.stdout, as_yaml=chosen is OutputFormat.YAML)
        return
    # Imported here: documents do not need it.
    from attune_cli.report.overview import print_overview

    print_overview(found, sys.stdout)


def _settings(packs_dirs: Sequence[str]) -> Settings:
    return load_settings({"packs_dir": packs_dirs or None})


def _listed(roots: Sequence[Path]) -> Iterator[Listed]:
    seen: set[str] = set()
    for root in roots:
        ref, version, label, error = read_ref(root / PACK_FILE) or root.name, "", "", None
        try:
            pack = load_pack(root)
            ref, version, label = pack.ref, pack.version, pack.label
        except AttuneError as problem:
            error = str(problem)
        yield Listed(
            ref=ref,
            version=version,
            label=label,
            actions=_count(root / "actions"),
            sensors=_count(root / "sensors"),
            path=str(root),
            hidden=ref in seen,
            error=error,
        )
        seen.add(ref)


def _count(folder: Path) -> int:
    try:
        return sum(name.endswith(YAML_SUFFIXES) for name in os.listdir(folder))
    except OSError:
        return 0


def _row(each: Listed) -> tuple[str, ...]:
    label = f"cannot be read: {each.error}" if each.error else each.label
    note = " (hidden by the one above)" if each.hidden else ""
    return each.ref, each.version, str(each.actions), str(each.sensors), label, each.path + note


def _is_path(text: str) -> bool:
    return "/" in text or text.endswith(YAML_SUFFIXES) or text in {".", ".."}


def _by_path(path: Path) -> Overview:
    absolute = Path(os.path.abspath(path))
    if not path.exists():
        raise NotFoundError("there is no such file or folder", where=str(path))
    root = absolute if (absolute / PACK_FILE).is_file() else enclosing_pack(absolute.parent)
    if root is None:
        raise NotFoundError("this is part of no pack", where=str(path), why=f"there is no {PACK_FILE} in or above it")
    tree = read_pack(root, str(root))
    if absolute in {root, tree.pack.path}:
        return pack_overview(tree)
    found = next((each for each in tree.components if each.path == absolute), None)
    if found is None:
        raise NotFoundError("this file declares no component", where=str(path), help=f"attune pack show {root}")
    return component_overview(found)


def _by_ref(text: str, places: Sequence[Path]) -> Overview:
    pack = text.partition(".")[0]
    roots = discover.list_packs(places)
    for root in roots:
        if (read_ref(root / PACK_FILE) or root.name) == pack:
            tree = read_pack(root, str(root))
            if text == pack:
                return pack_overview(tree)
            if found := tree.by_ref.get(text):
                return component_overview(found[0])
    raise NotFoundError(f"there is no `{text}`", why=_looked_in(places), help=_nearest(text, roots))


def _looked_in(places: Sequence[Path]) -> str:
    return f"looked in {', '.join(map(str, places))}"


def _nearest(text: str, roots: Sequence[Path]) -> str:
    from difflib import get_close_matches

    trees: list[PackTree] = [read_pack(root, str(root)) for root in roots]
    components: list[Component] = [each for tree in trees for each in tree.components]
    known = [*(tree.ref for tree in trees), *(each.ref for each in components if each.ref)]
    near = get_close_matches(text, known, 2)
    return f"did you mean {' or '.join(near)}?" if near else "attune pack list"
