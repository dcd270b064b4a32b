"""The keys of one run, from everything that was asked for to the state it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from attune_cli.sensor.key_files import given_keys
from attune_cli.sensor.key_state import KeyState
from attune_cli.sensor.keys import KeyStore


@contextmanager
def opened_keys(
    files: Sequence[str], pairs: Sequence[str], state: Path | None, environ: Mapping[str, str]
) -> Iterator[KeyStore]:
    """The keys of `--keys` and `--key`, then those that a run before this one left in `--state`.

    environ: where `env:` looks. Raises UsageError, and at the end AttuneError where the state could not be
    written.
    """
    kept = KeyState(state) if state else None
    found = (*given_keys(files, pairs, environ), *(kept.read() if kept else ()))
    yield KeyStore(found, kept.write if kept else None)
    if kept:
        kept.close()
