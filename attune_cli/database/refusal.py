"""Why a server has refused a connection, whatever language it speaks.

Of a refusal libpq tells the text alone, which the server writes in its own language (`lc_messages`). The SQLSTATE
comes beside it, and is seen in a trace of the protocol only: so the server is asked once more, with one.
"""

from __future__ import annotations

import os
import re
import select
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn

#: The fields stand in this order (https://www.postgresql.org/docs/current/protocol-error-fields.html).
_STATE: Final = re.compile(rb'ErrorResponse\t S "[^"]*"(?: V "[^"]*")? C "(\w{5})"')
#: More than a whole greeting takes, in bytes; as much as a pipe holds.
_BOUND: Final = 64 * 1024


def state_of_refusal(conninfo: str, seconds: float = 10.0) -> str | None:
    """The SQLSTATE with which the server refuses the connection; None: it is not told (libpq before 18), or it
    was no server that refused."""
    # The trace may hold a password: it is never more than in memory.
    reading, writing = os.pipe()
    try:
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        _trace(conninfo, writing, seconds)
        found = _STATE.findall(os.read(reading, _BOUND))
    except OSError:
        return None
    finally:
        os.close(reading)
        os.close(writing)
    return str(found[-1], "ascii") if found else None


def _trace(conninfo: str, file: int, seconds: float) -> None:
    from psycopg.pq import PGconn

    connection = PGconn.connect_start(conninfo.encode())
    try:
        connection.trace(file)
        _greet(connection, time.monotonic() + seconds)
        connection.untrace()
    finally:
        connection.finish()


def _greet(connection: PGconn, until: float) -> None:
    """Until the server has answered, or the time is over."""
    from psycopg.pq import PollingStatus

    while (left := until - time.monotonic()) > 0:
        status = connection.connect_poll()
        if status == PollingStatus.READING:
            select.select([connection.socket], [], [], left)
        elif status == PollingStatus.WRITING:
            select.select([], [connection.socket], [], left)
        else:
            return
