"""What a sensor has written into its keys, kept from one run to the next."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Final

from attune_cli.errors import AttuneError, UsageError
from attune_cli.execution.strict_json import loads
from attune_cli.sensor.key_files import misfitting
from attune_cli.sensor.keys import Key

SCHEMA: Final = "attune.keys/1"


class KeyState:
    """A file of the keys that were created or changed by what ran: mode 0600, replaced as a whole.

    What the author gives (`--keys`, `--key`) is not written into it, and a key that it holds has
    precedence over a given one: delete the file to start anew. Of two runs at once that share the
    file, the one that writes last wins.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._failure: OSError | None = None

    def read(self) -> tuple[Key, ...]:
        """The keys it holds; none when there is no such file. Raises UsageError."""
        try:
            data = loads(self._path.read_bytes().decode())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise UsageError("the state cannot be read", where=str(self._path), why=error.strerror) from error
        except ValueError as error:
            why = "it is not UTF-8 text" if isinstance(error, UnicodeError) else str(error)
            raise UsageError("the state is no JSON", where=str(self._path), why=why) from None
        if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("keys"), list):
            raise UsageError("the file holds no state of keys", where=str(self._path), help="name another one")
        return tuple(self._key(record) for record in data["keys"])

    def write(self, keys: tuple[Key, ...]) -> None:
        """Replace the file. What keeps it from being written is kept for `close`: a sensor goes on without."""
        records = [asdict(key) for key in keys if not key.given]
        try:
            self._replace(_encoded({"schema": SCHEMA, "keys": records}))
        except OSError as error:
            self._failure = error
        else:
            self._failure = None

    def close(self) -> None:
        """Raises AttuneError when the file is not as the keys were last."""
        if self._failure is not None:
            why = self._failure.strerror or str(self._failure)
            raise AttuneError("the state of the keys could not be written", where=str(self._path), why=why)

    def _replace(self, content: bytes) -> None:
        folder = self._path.parent
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f".{self._path.name}.{os.getpid()}.new"
        new.unlink(missing_ok=True)
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(descriptor, "wb") as file:
                file.write(content)
            new.replace(self._path)
        except OSError:
            new.unlink(missing_ok=True)
            raise

    def _key(self, record: object) -> Key:
        try:
            if isinstance(record, dict) and not misfitting(record):
                return Key(**{**record, "given": False})
        except TypeError:
            pass
        raise UsageError("the state holds a record that is no key", where=str(self._path), help="delete the file")


def _encoded(data: object) -> bytes:
    import json

    return json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
