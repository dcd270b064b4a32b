"""The server beside what it serves: quick, silent, gone without a trace."""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

import pytest

from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.model import Event
from tests.installed import ROOT
from tests.local_api import Caller, Heard, local_api, port


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def test_started_and_stopped_fifty_times_it_leaves_nothing() -> None:
    with local_api() as api:
        Caller(api).event()
    threads, before = threading.active_count(), len(descriptors())
    for _ in range(50):
        with local_api() as api:
            caller = Caller(api)
            assert caller.event().status == 201
        caller.close()
    assert threading.active_count() == threads
    assert len(descriptors()) <= before


def test_it_stops_at_once_whoever_is_still_connected() -> None:
    with contextlib.ExitStack() as open_:
        with local_api() as api:
            idle = [Caller(api) for _ in range(8)]
            for caller in idle:
                assert caller.event().status == 201
            silent = socket.create_connection(("127.0.0.1", port(api)))
            half = socket.create_connection(("127.0.0.1", port(api)))
            head = f"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {api.token}\r\n"
            half.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
            for each in (silent, half):
                open_.enter_context(each)
            began = time.monotonic()
        assert time.monotonic() - began < 2
        assert half.recv(1) == b""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port(api)))


def test_connections_of_the_last_moment_are_closed_as_well() -> None:
    """Those that have just been accepted, asyncio would lose, and leave open."""
    for _ in range(20):
        before = len(descriptors())
        with contextlib.ExitStack() as open_, local_api() as api:
            for _ in range(10):
                open_.enter_context(socket.create_connection(("127.0.0.1", port(api)))).sendall(b"GET /")
        assert len(descriptors()) <= before


def test_a_call_takes_no_time_on_a_kept_connection(api: LocalApi) -> None:
    """With Nagle's algorithm on, the second half of each answer waits for 40 ms."""
    caller = Caller(api)
    taken: list[float] = []
    for _ in range(30):
        began = time.perf_counter()
        caller.event()
        taken.append(time.perf_counter() - began)
    caller.close()
    assert statistics.median(taken) < 0.03


#: Everything a server is likely to say something about. Run apart: within pytest nothing that is logged is printed.
NOISE = """
import signal, socket
from tests.local_api import Caller, local_api, port

signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
handlers = [signal.getsignal(number) for number in signals]
with local_api() as api:
    Caller(api).event(b"{")
    for request in (b"garbage", b"GET /health HTTP/1.1\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket"):
        with socket.create_connection(("127.0.0.1", port(api))) as connection:
            connection.sendall(request + b"\\r\\n\\r\\n")
            connection.recv(1000)
    # Closed with a reset in the middle of the answers.
    connection = socket.create_connection(("127.0.0.1", port(api)))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\\1\\0\\0\\0\\0\\0\\0\\0")
    connection.sendall(b"GET /health HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n" * 100)
    connection.close()
    # What goes wrong in a turn of the loop, such as accept(2) with no descriptor left.
    server = api._server._server
    server._loop.call_soon_threadsafe(lambda: 1 / 0)
    Caller(api).event()
    assert [signal.getsignal(number) for number in signals] == handlers
Caller.close_all()
try:
    with local_api() as api:
        api.on_event = lambda event: 1 / 0
        Caller(api).event()
except ZeroDivisionError:
    pass
Caller.close_all()
"""


def test_it_prints_nothing_and_leaves_signals_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", NOISE], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_an_observer_raises_comes_out_at_the_end() -> None:
    def broken(event: Event) -> None:
        raise LookupError(event.id)

    api = local_api(on_event=broken)
    api.__enter__()
    found = Caller(api).event()
    assert (found.status, "attune tells why" in found.error) == (500, True)
    assert Caller(api)("GET", "/health").status == 200
    with pytest.raises(LookupError):
        api.__exit__(None, None, None)


def test_two_beside_each_other_have_nothing_in_common() -> None:
    one, other = Heard(), Heard()
    with local_api(one) as first, local_api(other) as second:
        assert first.url != second.url
        assert Caller(first, second.token).event().status == 401
        assert Caller(second).event().status == 201
    assert (len(one.events), len(other.events)) == (0, 1)
