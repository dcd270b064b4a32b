"""Connecting, and transactions that wait for nobody for ever.

Nothing here relies on what a session remembers from one transaction to the next, so that it all works
through a pooler that hands each transaction another session.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from attune_cli.database.dsn import Target, resolve
from attune_cli.database.translate import translated

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.sql import Identifier

    #: A connection as `connect` gives it.
    Connected: TypeAlias = Connection[tuple[Any, ...]]

__all__ = ["CONNECT_TIMEOUT", "LOCK_TIMEOUT", "Target", "connect", "milliseconds", "resolve", "table", "transaction"]

#: How long a server may take to answer, and how long a lock is waited for, in seconds.
CONNECT_TIMEOUT = 10.0
LOCK_TIMEOUT = 10.0
#: The longest that the server and libpq can count: an integer of C.
_MOST = 2**31 - 1


@contextmanager
def connect(target: Target, *, connect_timeout: float | None = None) -> Iterator[Connected]:
    """A connection in autocommit mode: a statement of its own is a transaction, others are made by `transaction`.

    connect_timeout: seconds, of which there are at least 2; 0: for ever. None: what the address says or
    PGCONNECT_TIMEOUT, else CONNECT_TIMEOUT.
    Whatever psycopg raises inside because of the server is raised as AttuneError.
    """
    from psycopg import Connection

    with translated(target):
        # No prepared statements: behind a pooler the next statement may meet a session that has none of them.
        connection = Connection.connect(_with_timeout(target, connect_timeout), autocommit=True, prepare_threshold=None)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def transaction(
    connection: Connected, *, lock_timeout: float = LOCK_TIMEOUT, read_only: bool = False
) -> Iterator[None]:
    """All or nothing; begun in one round trip. lock_timeout: seconds; 0: for ever."""
    from psycopg import Error

    mode = " READ ONLY" if read_only else ""
    # Whatever the role's default is: a snapshot older than a lock would show rows as they were before it.
    begin = f"BEGIN ISOLATION LEVEL READ COMMITTED{mode}"
    connection.execute(f"{begin}; SET LOCAL lock_timeout = {milliseconds(lock_timeout):d}".encode())
    try:
        yield
    except BaseException:
        # What has happened is told, and not that a lost connection cannot be rolled back any more.
        with suppress(Error):
            connection.rollback()
        raise
    connection.commit()


def table(schema: str, name: str) -> Identifier:
    """A qualified name: nothing is ever looked up along a search_path."""
    from psycopg.sql import Identifier

    return Identifier(schema, name)


def milliseconds(seconds: float) -> int:
    """As the server takes a time; only 0 is for ever."""
    return min(math.ceil(seconds * 1000), _MOST)


def _with_timeout(target: Target, seconds: float | None) -> str:
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    is_set = "connect_timeout" in conninfo_to_dict(target.conninfo) or os.environ.get("PGCONNECT_TIMEOUT")
    if seconds is None and is_set:
        return target.conninfo
    # What psycopg is told is for ever would be 130 seconds.
    wait = CONNECT_TIMEOUT if seconds is None else seconds or _MOST
    return make_conninfo(target.conninfo, connect_timeout=min(math.ceil(wait), _MOST))
