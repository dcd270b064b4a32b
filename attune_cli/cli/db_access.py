"""The way into the database that a command means. Without Typer: the usual command lines are read without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attune_cli.errors import UsageError

if TYPE_CHECKING:
    from attune_cli.database.connection import Connected
    from attune_cli.database.dsn import Target


@dataclass(frozen=True, slots=True)
class Access:
    """The options as they were given."""

    dsn: str | None
    schema: str | None
    embedded: bool
    connect_timeout: str | None
    lock_timeout: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that is connected to. lock_timeout: seconds, for its transactions."""

    connection: Connected
    target: Target
    lock_timeout: float

    @property
    def schema(self) -> str:
        return self.target.schema


@contextmanager
def opened(access: Access) -> Iterator[Opened]:
    """Connect, after starting the embedded server where it is asked for."""
    from attune_cli.database.connection import connect

    connect_timeout = _seconds(access.connect_timeout, "--connect-timeout")
    lock_timeout = lock_seconds(access.lock_timeout)
    with _target(access) as target, connect(target, connect_timeout=connect_timeout) as connection:
        yield Opened(connection, target, lock_timeout)


@contextmanager
def _target(access: Access) -> Iterator[Target]:
    from attune_cli.database.dsn import resolve
    from attune_cli.settings import load_settings

    settings = load_settings({"database_schema": access.schema})
    if not access.embedded:
        yield resolve(access.dsn, settings=settings)
    elif access.dsn:
        raise UsageError("--embedded and --dsn name two databases", help="leave one of them out")
    else:
        from attune_cli.database.embedded import embedded

        with embedded(settings.database_schema) as target:
            yield target


def lock_seconds(text: str | None) -> float:
    """How long a lock is waited for, by the value of --lock-timeout."""
    from attune_cli.database.connection import LOCK_TIMEOUT

    found = _seconds(text, "--lock-timeout")
    return LOCK_TIMEOUT if found is None else found


def _seconds(text: str | None, option: str) -> float | None:
    """None: the option was not given."""
    from attune_cli.quantities import parse_duration

    return None if text is None else parse_duration(text, where=option)
