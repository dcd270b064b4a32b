"""The rows that runtimes have in a database: as the package's seeds have them, for either generation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from attune_cli.database.generation import Generation
from attune_cli.errors import UsageError
from attune_cli.pack.runner_types import ALIASES, runtime_name

#: A value of a column, as JSON has it.
Json = Any

RUNTIME: Final = "runtime"
VERSION: Final = "runtime_version"

#: The columns that a seed decides about, by table. `pack` and `runtime`, which are ids, are told by refs.
FIELDS: Final[Mapping[Generation, Mapping[str, tuple[str, ...]]]] = {
    Generation.FIRST: {
        RUNTIME: ("name", "description", "runtime_type", "distributions", "installation", "pack_ref", "pack")
    },
    Generation.SECOND: {
        RUNTIME: (
            *("name", "description", "aliases", "distributions", "installation", "execution_config"),
            *("pack_ref", "pack"),
        ),
        VERSION: (
            *("version_major", "version_minor", "version_patch", "is_default"),
            *("distributions", "execution_config", "meta", "runtime_ref"),
        ),
    },
}

_FILES: Final = {Generation.FIRST: "first.json", Generation.SECOND: "second.json"}
#: What a runtime has in the second generation where its file says nothing.
_EMPTY: Final[Mapping[str, Json]] = {"aliases": [], "execution_config": {}, "distributions": {}, "meta": {}}


#: The text of a row's key → column → digests.
Digests = Mapping[str, Mapping[str, Sequence[str]]]


class Key(NamedTuple):
    """Which row. ref: of the runtime. version: empty in the table of runtimes."""

    table: str
    ref: str
    version: str = ""

    def __str__(self) -> str:
        return f"{self.ref} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it should be.

    values: of all columns in `FIELDS` but `pack`, which is the id that the pack has in the database.
    past:   column → digests (`drift.digest`) of values that earlier versions of the seeds had, which are
            brought up to date.
    also:   column → digests of values that are as good as ours: the published core pack's own.
    """

    key: Key
    values: Mapping[str, Json]
    past: Mapping[str, Sequence[str]] = field(default_factory=dict)
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def pack_ref(self) -> str:
        """The pack that the runtime belongs to."""
        return str(self.values["pack_ref"]) if self.key.table == RUNTIME else self.key.ref.partition(".")[0]


def seeds(generation: Generation) -> tuple[Row, ...]:
    """The rows of the core pack's runtimes, in the order in which they are written."""
    data = json.loads(Path(__file__).with_name("seeds").joinpath(_FILES[generation]).read_text(encoding="utf-8"))
    return rows_of(data["pack_ref"], data["runtimes"], generation, past=data["past"], also=data["also"])


def rows_of(
    pack_ref: str,
    runtimes: Iterable[Mapping[str, Json]],
    generation: Generation,
    *,
    past: Digests | None = None,
    also: Digests | None = None,
) -> tuple[Row, ...]:
    """The rows of runtimes as seeds and packs declare them; those of their versions last, all sorted."""
    found = []
    for runtime in runtimes:
        found.append((Key(RUNTIME, runtime["ref"]), {**runtime, "pack_ref": pack_ref}))
        if generation is Generation.SECOND:
            found += [_version(runtime["ref"], version) for version in runtime.get("versions") or ()]
    past, also, fields = past or {}, also or {}, FIELDS[generation]
    rows = (
        Row(key, _values(fields[key.table], given), past.get(str(key), {}), also.get(str(key), {}))
        for key, given in sorted(found, key=lambda pair: pair[0])
    )
    return tuple(rows)


def _version(ref: str, given: Mapping[str, Json]) -> tuple[Key, dict[str, Json]]:
    numbers = [int(part) for part in str(given["version"]).split(".")[:3] if part.isdigit()]
    major, minor, patch = (*numbers, None, None, None)[:3]
    split = {"version_major": major, "version_minor": minor, "version_patch": patch}
    values = {"is_default": False, **given, **split, "runtime_ref": ref}
    return Key(VERSION, ref, str(given["version"])), values


def _values(fields: Sequence[str], given: Mapping[str, Json]) -> dict[str, Json]:
    return {name: given.get(name, _EMPTY.get(name)) for name in fields if name != "pack"}


def only(rows: Sequence[Row], names: Sequence[str]) -> tuple[Row, ...]:
    """The rows of the runtimes with one of these names: a ref, its last part, or an alias (`node` is nodejs).

    No names: all rows. Raises UsageError for a name that means none of them.
    """
    if not names:
        return tuple(rows)
    known = {row.key.ref: _names(row.key.ref) for row in rows}
    for name in names:
        if not any(name.lower() in mine for mine in known.values()):
            raise _unknown(name, known)
    wanted = {name.lower() for name in names}
    return tuple(row for row in rows if wanted & known[row.key.ref])


def kind_of(ref: str) -> str | None:
    """The runtime of attune that a row stands for (`core.action.python3` → python); None: attune has none such."""
    return runtime_name(ref.rpartition(".")[2])


def _names(ref: str) -> set[str]:
    last = ref.rpartition(".")[2]
    kind = runtime_name(last)
    return {ref, last, *([kind, *ALIASES[kind]] if kind else [])}


def _unknown(name: str, known: Mapping[str, set[str]]) -> UsageError:
    from difflib import get_close_matches

    lasts = dict.fromkeys(ref.rpartition(".")[2] for ref in known)
    near = get_close_matches(name, {each for mine in known.values() for each in mine}, 1)
    cure = f"did you mean {near[0]}?" if near else f"there are {', '.join(lasts) or 'none at all'}"
    return UsageError(f"no runtime is called {name!r}", where="--only", help=cure)
