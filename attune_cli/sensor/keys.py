"""Keys: values that actions and sensors read, and may write, under a ref. Credentials, mostly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from attune_cli.errors import UsageError
from attune_cli.execution.strict_json import compact

OWNER_TYPES: Final = ("system", "identity", "pack", "action", "sensor")

MAX_KEYS: Final = 10_000
MAX_BYTES: Final = 64 * 1024 * 1024
"""Of all values together, as compact JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key. Its value is in no repr.

    value:            any JSON.
    encrypted:        the platform keeps it encrypted: it is a secret, and masked in what is shown.
    owner_…:          whose it is; ids only where somebody gave them.
    created, updated: Unix times in seconds.
    given:            it is as the author gave it; nothing that runs has created or changed it.
    """

    ref: str
    value: object = field(repr=False)
    name: str = ""
    encrypted: bool = True
    owner_type: str = "system"
    owner: str | None = None
    owner_identity: int | None = None
    owner_pack: int | None = None
    owner_pack_ref: str | None = None
    owner_action: int | None = None
    owner_action_ref: str | None = None
    owner_sensor: int | None = None
    owner_sensor_ref: str | None = None
    id: int = 0
    created: float = 0.0
    updated: float = 0.0
    given: bool = True


class KeysFull(Exception):  # noqa: N818 - the caller says what it means
    """There are too many keys, or they are too large together."""


class KeyStore:
    """The keys of one run, for any thread.

    changed: called, with a lock held, after each change by what runs, with all keys in the order of
    their ids.
    Raises UsageError when there are too many to begin with.
    """

    def __init__(self, keys: Iterable[Key] = (), changed: Callable[[tuple[Key, ...]], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, Key] = {}
        self._bytes = 0
        #: Grows with every change of what `secrets` gives.
        self.secrets_version = 0
        self._changed = changed
        try:
            for key in keys:
                self._put(replace(key, id=self._keys[key.ref].id if key.ref in self._keys else len(self._keys) + 1))
        except KeysFull:
            room = f"there is room for {MAX_KEYS}, of {MAX_BYTES // 1024 // 1024} MiB together"
            raise UsageError("there are too many keys", where="--keys", why=room) from None

    def __repr__(self) -> str:
        return f"KeyStore({len(self._keys)} keys)"

    def __len__(self) -> int:
        return len(self._keys)

    def get(self, ref: str) -> Key | None:
        """The key, or None."""
        return self._keys.get(ref)

    def create(self, key: Key) -> Key | None:
        """Add a key; None when there is one of that ref already. Raises KeysFull."""
        with self._lock:
            if key.ref in self._keys:
                return None
            return self._changed_to(replace(key, id=len(self._keys) + 1, given=False))

    def update(self, ref: str, change: Callable[[Key], Key]) -> Key | None:
        """Change a key; None when there is none of that ref. Raises KeysFull."""
        with self._lock:
            key = self._keys.get(ref)
            return self._changed_to(replace(change(key), ref=ref, id=key.id, given=False)) if key else None

    def secrets(self) -> Mapping[str, object]:
        """What must not be shown: `key REF` → the value of each encrypted key."""
        with self._lock:
            return {f"key {key.ref}": key.value for key in self._keys.values() if key.encrypted}

    def _changed_to(self, key: Key) -> Key:
        self._put(key)
        if self._changed:
            self._changed(tuple(self._keys.values()))
        return key

    def _put(self, key: Key) -> None:
        before = self._keys.get(key.ref)
        grown = self._bytes + _size(key) - (_size(before) if before else 0)
        if grown > MAX_BYTES or (len(self._keys) >= MAX_KEYS and not before):
            raise KeysFull
        self._bytes = grown
        self.secrets_version += key.encrypted or (before is not None and before.encrypted)
        self._keys[key.ref] = key


def _size(key: Key) -> int:
    return len(compact(key.value))
