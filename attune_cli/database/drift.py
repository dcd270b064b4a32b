"""Whether a value that stands in a database is right, was right once, or is of somebody's own hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from attune_cli.database.runtimes import Json, Row


@dataclass(frozen=True, slots=True)
class Change:
    """A column whose value is not as it should be.

    by_hand: no version of the seeds ever had the value that is there.
    """

    field: str
    before: Json
    after: Json
    by_hand: bool


def change(row: Row, field: str, wanted: Json, present: Json) -> Change | None:
    """What has to be done about a column; None: its value is as good as the one that is wanted."""
    if same(wanted, present) or _is_among(present, row.also.get(field, ())):
        return None
    # A link is made when its pack comes after the runtime.
    is_known = (field == "pack" and present is None) or _is_among(present, row.past.get(field, ()))
    return Change(field, present, wanted, by_hand=not is_known)


def same(first: Json, second: Json) -> bool:
    """Whether two values are equal as JSON: key order does not matter, and `true` is not 1."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    return isinstance(first, bool) == isinstance(second, bool) and bool(first == second)


def _is_among(value: Json, digests: Sequence[str]) -> bool:
    return bool(digests) and digest(value) in digests


def digest(value: Json) -> str:
    """SHA-256 of the value as PostgreSQL writes a jsonb: the same is computed there, by scripts."""
    # Imported here: mostly there is nothing to compare with.
    import hashlib

    return hashlib.sha256(jsonb_text(value).encode()).hexdigest()


def jsonb_text(value: Json) -> str:
    """The value as PostgreSQL writes a jsonb: shorter keys first, then by their bytes."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (len(name.encode()), name.encode()))
        return "{" + ", ".join(f"{_text(name)}: {jsonb_text(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(jsonb_text, value)) + "]"
    return _text(value)


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
