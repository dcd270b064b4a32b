"""What was found in packs that have not changed since.

An entry is one file for one pack, named by the pack's fingerprint. It is written beside its place and moved
there, so that nobody reads half of one; one that is damaged counts as absent. No failure here is ever told:
without the cache everything is judged anew.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, Final, NamedTuple

from attune_cli.diagnostics import Diagnostic, Position, Severity
from attune_cli.errors import AttuneError
from attune_cli.paths import cache_dir, private

FOLDER: Final = "validate"
MAX_TOTAL: Final = 32 * 1024 * 1024
"""Bytes of all entries; beyond them the oldest go."""
MAX_ENTRY: Final = 4 * 1024 * 1024
"""Bytes of one; what has more findings is judged anew each time."""


Asked = tuple[tuple[tuple[str, ...], str], str]


class Judged(NamedTuple):
    """What was found in one pack.

    findings:   what counts, in no particular order.
    suppressed: what comments in the pack took away.
    files:      the pack's YAML files, by their paths inside it.
    fresh:      found just now, and not taken from the cache.
    asked:      what was asked of other packs, (kinds, ref), each with the mark of the answer.
    """

    findings: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...]
    files: tuple[str, ...]
    fresh: bool = True
    asked: tuple[Asked, ...] = ()


def load(key: str) -> Judged | None:
    """What was stored under the key; None when there is nothing, or nothing that can be read."""
    try:
        path = _path(key)
        with open(path, "rb") as file:
            stored = file.read(MAX_ENTRY + 1)
        head, _, body = stored.partition(b"\n")
        if head.decode() != _digest(body):
            return None
        data = json.loads(body)
        findings, suppressed = (tuple(map(_from_data, data[name])) for name in ("findings", "suppressed"))
        asked = tuple(((tuple(kinds), ref), mark) for (kinds, ref), mark in data["asked"])
        return Judged(findings, suppressed, tuple(data["files"]), fresh=False, asked=asked)
    except (OSError, ValueError, KeyError, TypeError, AttuneError):
        return None


def store(key: str, judged: Judged) -> None:
    """Keeps it, if that is possible and it is not too large."""
    data = {
        "findings": [_to_data(each) for each in judged.findings],
        "suppressed": [_to_data(each) for each in judged.suppressed],
        "files": judged.files,
        "asked": judged.asked,
    }
    body = json.dumps(data, separators=(",", ":")).encode()
    if len(body) > MAX_ENTRY:
        return
    with contextlib.suppress(OSError, AttuneError):
        path = _path(key)
        private(path.parent)
        scratch = path.with_name(f".{path.name}.{os.getpid()}")
        scratch.write_bytes(f"{_digest(body)}\n".encode() + body)
        scratch.replace(path)


def prune() -> None:
    """Removes the oldest entries where there are too many. Called after entries were stored."""
    with contextlib.suppress(OSError, AttuneError):
        with os.scandir(cache_dir() / FOLDER) as entries:
            found = sorted((entry.stat().st_mtime_ns, entry.stat().st_size, entry.path) for entry in entries)
        total = sum(size for _, size, _ in found)
        for _, size, path in found:
            if total <= MAX_TOTAL:
                return
            os.unlink(path)
            total -= size


def _path(key: str) -> Path:
    return cache_dir() / FOLDER / f"{key}.json"


def _digest(body: bytes) -> str:
    from hashlib import sha256

    return sha256(body).hexdigest()


def _to_data(finding: Diagnostic) -> list[object]:
    return [
        *(finding.path, *finding.start, finding.code, finding.message, int(finding.severity)),
        *(finding.end, finding.help),
    ]


def _from_data(data: list[Any]) -> Diagnostic:
    """Raises ValueError or TypeError for what is no finding."""
    path, line, column, code, message, severity, end, cure = data
    if not all(isinstance(text, str) for text in (path, code, message, cure or "")):
        raise TypeError("no finding")
    start, behind = Position(int(line), int(column)), None if end is None else Position(*map(int, end))
    return Diagnostic(path, start, code, message, Severity(severity), behind, cure)
