"""The runtime rows that a pack's `runtimes/*.yaml` ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from attune_cli.database.drift import digest
from attune_cli.database.generation import Generation
from attune_cli.database.runtimes import Json, Row, rows_of, seeds
from attune_cli.diagnostics import Severity
from attune_cli.errors import AttuneError, UsageError

#: Runtimes of the first generation are for actions or for sensors, and say so in their ref.
_TYPES = ("action", "sensor")
_TYPED = re.compile(rf"[^.]+\.({'|'.join(_TYPES)})\.[^.]+")


def pack_rows(path: Path, generation: Generation) -> tuple[Row, ...]:
    """The rows of the pack in a folder.

    For a database of the first generation each runtime becomes two, one for actions and one for sensors, unless
    its ref says which it is. Values that the core pack's seeds have are no drift. Raises UsageError where there
    is no pack or no runtime, AttuneError, with the place, for a file that is not right.
    """
    pack_ref, runtimes = _read(path)
    if generation is Generation.FIRST:
        runtimes = [one for runtime in runtimes for one in _typed(runtime)]
    ours = {row.key: row for row in seeds(generation)}
    return tuple(_with_past(row, ours.get(row.key)) for row in rows_of(pack_ref, runtimes, generation))


def _with_past(row: Row, ours: Row | None) -> Row:
    if ours is None:
        return row
    past = {
        name: [digest(value), *ours.past.get(name, ()), *ours.also.get(name, ())] for name, value in ours.values.items()
    }
    return replace(row, past=past)


def _read(path: Path) -> tuple[str, list[Mapping[str, Json]]]:
    """The pack's ref, and its runtimes as they are written."""
    # Imported here: seeds of the package need neither YAML nor a schema.
    from attune_cli.pack.components import discover, read_pack
    from attune_cli.pack.schema import check
    from attune_cli.yaml12 import to_data

    places = discover([path])
    if len(places) != 1:
        raise UsageError(f"{path} has {len(places)} packs", where="--from-pack", help="name one of them")
    tree = read_pack(places[0].root, places[0].shown)
    found: list[Mapping[str, Json]] = []
    for component in (tree.pack, *tree.by_kind["runtime"]):
        for finding in (*component.document.diagnostics, *check(component)):
            if finding.severity is Severity.ERROR:
                raise AttuneError(finding.message, where=finding.where, help=finding.help)
        data = to_data(component.root)
        if component is not tree.pack and isinstance(data, dict):
            found.append(data)
    if not found:
        why = f"there is nothing in {path}/runtimes/*.yaml"
        raise UsageError(f"the pack {tree.ref} declares no runtimes", where="--from-pack", why=why)
    return tree.ref, found


def _typed(runtime: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """As the first generation has it: `demo.deno` is `demo.action.deno` and `demo.sensor.deno`."""
    ref = str(runtime["ref"])
    if match := _TYPED.fullmatch(ref):
        yield {**runtime, "runtime_type": match[1]}
        return
    pack, _, name = ref.partition(".")
    for kind in _TYPES:
        yield {**runtime, "ref": f"{pack}.{kind}.{name}", "runtime_type": kind}
