"""uvicorn in a thread of its own, on a free port of the loopback: silent, and stopped at once."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from functools import partial
from typing import Any, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from attune_cli.errors import AttuneError
from attune_cli.sensor.http import App

MAX_HEAD: Final = 64 * 1024
"""Bytes of a request's line and headers, together."""
MAX_DROPPED: Final = 64 * 1024 * 1024
"""Bytes of a refused body that are read and thrown away, so that whoever sends it gets to the answer."""

_CONTINUE: Final = b"HTTP/1.1 100 "
#: Longer than clients keep an idle connection: they close it, and never send into one being closed.
_KEEP_ALIVE: Final = 75
#: Seconds that calls on their way have when the server is stopped.
_LAST_CALLS: Final = 0.2
_SILENT: Final = logging.CRITICAL + 1


class LocalServer:
    """Serves an ASGI application on 127.0.0.1 from `start` to `stop`.

    Prints nothing, handles no signals, and leaves neither thread nor descriptor behind.
    """

    def __init__(self, app: App) -> None:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level=_SILENT,
            access_log=False,
            # Or a header could say where a request comes from.
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        self._server = _Server(config)
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._failure: OSError | None = None

    def start(self) -> str:
        """The URL. Raises AttuneError when there is no loopback to listen on, or no descriptor left."""
        try:
            self._socket = _listening()
        except OSError as error:
            raise _no_server(error) from error
        url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="attune-local-api", daemon=True)
        self._thread.start()
        self._server.ready.wait()
        if self._failure is not None:
            self.stop()
            raise _no_server(self._failure) from self._failure
        return url

    def stop(self) -> None:
        """Returns when nothing of it is left."""
        if self._thread is not None:
            self._server.leave()
            self._thread.join()
            self._thread = None

    def _serve(self) -> None:
        assert self._socket is not None
        try:
            asyncio.run(self._server.serve(sockets=[self._socket]))
        except OSError as error:
            self._failure = error
        finally:
            self._socket.close()
            self._server.ready.set()


class _Server(uvicorn.Server):
    """uvicorn's server, which waits to be stopped instead of looking ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left: asyncio.Event | None = None

    def leave(self) -> None:
        """From any thread."""
        if self._loop is not None and self._left is not None:
            self._loop.call_soon_threadsafe(self._left.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_ignore)
        self._left = asyncio.Event()
        self.ready.set()
        await self._left.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Idle connections are closed, calls on their way get their answer, the others are cut off."""
        for listening in sockets or ():
            asyncio.get_running_loop().remove_reader(listening)
        # From a connection that has been accepted to its call it takes some turns. asyncio loses those that are
        # on this way when the server is closed, and leaves their sockets open.
        await _turns()
        for server in self.servers:
            server.close()
        connections, tasks = self.server_state.connections, self.server_state.tasks
        for connection in list(connections):
            connection.shutdown()
        if tasks:
            await asyncio.wait(list(tasks), timeout=_LAST_CALLS)
        for connection in list(connections):
            connection.transport.abort()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # A transport closes its socket a turn after it is told to.
        await _turns()


async def _turns() -> None:
    """Let the loop go round a few times."""
    for _ in range(10):
        await asyncio.sleep(0)


def _no_server(error: OSError) -> AttuneError:
    return AttuneError("the local API cannot listen on 127.0.0.1", why=error.strerror or str(error))


def _listening() -> socket.socket:
    """A free port. asyncio turns Nagle's algorithm off only where the protocol is named; with it on, the two
    writes of every answer would wait for the client's delayed acknowledgement, 40 ms."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.bind(("127.0.0.1", 0))
        listening.listen(512)
    except OSError:
        listening.close()
        raise
    return listening


def _ignore(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A connection that broke is nothing to tell anybody."""


class _Joined:
    """Sends the head of an answer together with its body: a send is what costs most of a short one."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = b""

    def write(self, data: bytes) -> None:
        if self._held or data.startswith(_CONTINUE):
            self._transport.write(self._held + data)
            self._held = b""
        else:
            self._held = data

    def flush(self) -> None:
        """An answer to HEAD has no body."""
        if self._held:
            self._transport.write(self._held)
            self._held = b""

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()


class _Protocol(HttpToolsProtocol):
    """Answers in JSON what is no HTTP, bounds the headers, and what is thrown away of a refused body."""

    _steps = 0
    _in_body = False
    _pending = 0
    _dropped = 0

    def data_received(self, data: bytes) -> None:
        steps = self._steps
        super().data_received(data)
        if self._in_body or steps != self._steps:
            self._pending = 0
            return
        self._pending += len(data)
        if self._pending > MAX_HEAD:
            self._refuse(b"431 Request Header Fields Too Large", f"the headers are longer than {MAX_HEAD} bytes")

    def on_headers_complete(self) -> None:
        self._steps += 1
        self._in_body = True
        super().on_headers_complete()
        joined = _Joined(self.transport)
        self.cycle.transport = cast("asyncio.Transport", joined)
        self.cycle.on_response = partial(self._answered, joined)

    def on_body(self, body: bytes) -> None:
        if self.cycle.response_complete:
            self._dropped += len(body)
            if self._dropped > MAX_DROPPED:
                self.transport.abort()
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._steps += 1
        self._in_body = False
        self._dropped = 0
        super().on_message_complete()

    def _answered(self, joined: _Joined) -> None:
        joined.flush()
        self.on_response_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(b"400 Bad Request", msg.rstrip("."))

    def _refuse(self, status: bytes, reason: str) -> None:
        if self.transport.is_closing():
            return
        body = json.dumps({"error": reason}).encode()
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        self.transport.write(head % (status, len(body)) + body)
        self.transport.close()
