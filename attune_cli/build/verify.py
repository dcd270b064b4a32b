"""Whether the executables of a pack are those that `binaries.lock` tells of, and as new as their sources."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from attune_cli.binary.read import sha256
from attune_cli.build.fingerprint import source_digest
from attune_cli.build.lock import LOCK_FILE, Lock, LockedBinary, read_lock
from attune_cli.build.sources import DIST, find_sources
from attune_cli.diagnostics import Diagnostic, Position, Rule
from attune_cli.errors import AttuneError
from attune_cli.pack.load import load_pack
from attune_cli.pack.lock_codes import DIFFERENT, MISSING, NOT_LOCKED, OTHER_VERSION, OUTDATED, UNREADABLE
from attune_cli.pack.places import joined

#: Of a digest in a message.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Verified:
    """files: how many executables were looked at."""

    diagnostics: tuple[Diagnostic, ...]
    files: int


def verify(root: Path, shown: str | None = None) -> Verified:
    """Compare the lock file of a pack with its executables, and these with their sources. Nothing is started.

    shown: the pack's folder as the user gave it. Raises AttuneError when `pack.yaml` or a source cannot be read.
    """
    judge = _Judge(root, str(root) if shown is None else shown)
    found = tuple(sorted(judge.findings()))
    return Verified(found, judge.files)


class _Judge:
    def __init__(self, root: Path, shown: str) -> None:
        self._root = root
        self._lock_shown = joined(shown, LOCK_FILE)
        self._version = load_pack(root).version
        self._sources = {source.name: source for source in find_sources(root)}
        # Without a slash it would be a ref.
        self._again = f"attune build {shown if '/' in shown or shown == '.' else f'./{shown}'}"
        self.files = 0

    def findings(self) -> Iterator[Diagnostic]:
        try:
            lock = read_lock(self._root)
        except AttuneError as error:
            yield self._unreadable(error)
            return
        digests = {name: source_digest(source) for name, source in self._sources.items()}
        for entry, line in zip(lock.entries, lock.lines, strict=True):
            self.files += 1
            yield from self._entry(entry, line, digests.get(entry.name))
        yield from self._unlocked(lock)

    def _entry(self, entry: LockedBinary, line: int, digest: str | None) -> Iterator[Diagnostic]:
        """digest: of its sources as they are now; None: the pack has them no longer."""
        if digest is None:
            message = f"`{entry.path}` was built from sources called {entry.name}, which the pack has no longer"
            cure = f"bring them back, or delete it: {self._again} forgets it then"
            yield self._at(OUTDATED, line, message, cure)
            return
        difference = self._difference(entry)
        if difference is None:
            yield self._at(MISSING, line, f"`{entry.path}` is not there", self._again_for(entry))
        elif difference:
            message = f"`{entry.path}` is not what was built: {difference}"
            yield self._at(DIFFERENT, line, message, self._again_for(entry))
        if digest != entry.source_digest:
            yield self._at(OUTDATED, line, f"`{entry.path}` is older than its source", self._again_for(entry))
        elif entry.version != self._version:
            message = f"`{entry.path}` was built for version {entry.version}, and the pack is {self._version}"
            yield self._at(OTHER_VERSION, line, message, self._again_for(entry))

    def _unlocked(self, lock: Lock) -> Iterator[Diagnostic]:
        """Executables that could have been built here, and were not by attune."""
        known = {entry.path for entry in lock.entries}
        places = [*(source.entry_point for source in self._sources.values()), *_files(self._root, DIST)]
        for inside in places:
            if inside not in known and (self._root / inside).is_file():
                self.files += 1
                message = f"`{inside}` is not in {LOCK_FILE}: it was not built by attune"
                yield self._at(NOT_LOCKED, 1, message, self._again)

    def _difference(self, entry: LockedBinary) -> str | None:
        """What is not as it was, empty when all is; None: the file is not there."""
        path = self._root / entry.path
        if not path.is_file():
            return None
        try:
            size = path.stat().st_size
            if size != entry.size:
                return f"it has {size:,} bytes, and had {entry.size:,}"
            digest = sha256(path)
        except OSError as error:
            raise AttuneError(f"{path} cannot be read", why=error.strerror) from error
        if digest == entry.sha256:
            return ""
        return f"its SHA-256 is {digest[:_SHOWN]}…, and was {entry.sha256[:_SHOWN]}…"

    def _again_for(self, entry: LockedBinary) -> str:
        return f"{self._again} --platform {entry.platform}" if entry.path.startswith(f"{DIST}/") else self._again

    def _at(self, rule: Rule, line: int, message: str, help_: str) -> Diagnostic:
        place = Position(line, 1)
        return Diagnostic(self._lock_shown, place, rule.code, message, rule.severity, place, help_)

    def _unreadable(self, error: AttuneError) -> Diagnostic:
        line = (error.where or "").rpartition(":")[2]
        message = f"{error.what}: {error.why}" if error.why else error.what
        return self._at(UNREADABLE, int(line) if line.isdigit() else 1, message, f"delete it, then {self._again}")


def _files(root: Path, inside: str) -> Sequence[str]:
    """The files two folders below that one: `native/dist/linux/amd64/digest`."""
    return sorted(os.path.relpath(path, root) for path in (root / inside).glob("*/*/*"))
