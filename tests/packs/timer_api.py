"""A small HTTP server for the timer sensor's tests and bench: it answers as it is told, and notes what it gets."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

TOKEN = "a-token-that-nobody-may-see"


@dataclass(frozen=True, slots=True)
class Request:
    """One POST. `arrived` is the time of the monotonic clock at which the last byte was there."""

    path: str
    token: str
    body: bytes
    arrived: float

    @property
    def event(self) -> dict[str, Any]:
        """The body."""
        found: dict[str, Any] = json.loads(self.body)
        return found


#: Status and body; None: no answer, ever.
Answer = tuple[int, object] | None


def accepting(request: Request) -> Answer:
    """What an API says that is content."""
    return (201, {"data": {"id": 1}}) if request.path == "/api/v1/events" else (404, {"error": "unknown path"})


class Api:
    """The server, in a thread of its own for as long as the block lasts. Speaks HTTP/1.1 and keeps connections."""

    def __init__(self, answer: Callable[[Request], Answer] = accepting, port: int = 0) -> None:
        self.answer = answer
        self.accepted: list[Request] = []
        self.refused: list[Request] = []
        self.connections = 0
        self._changed = threading.Condition()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: set[asyncio.Transport] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        serving = self._loop.create_server(lambda: _Connection(self, self._open), sock=self._socket)
        self._server = self._loop.run_until_complete(serving)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        for transport in self._open:
            transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))  # the transports close
        self._loop.close()

    def handle(self, request: Request) -> Answer:
        """Asked by a connection, in the server's thread."""
        answer = self.answer(request)
        with self._changed:
            (self.accepted if answer and answer[0] == 201 else self.refused).append(request)
            self._changed.notify_all()
        return answer

    def wait(self, enough: Callable[[], bool], seconds: float = 60) -> None:
        """Until it is so, looked at after each request."""
        with self._changed:
            assert self._changed.wait_for(enough, seconds), f"{len(self.accepted)} accepted, {self.refused[-3:]}"

    def wait_for(self, count: int, seconds: float = 60) -> None:
        """Until so many events were accepted."""
        self.wait(lambda: len(self.accepted) >= count, seconds)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The accepted events, in their order."""
        return [each.event for each in self.accepted]


class _Connection(asyncio.Protocol):
    """Parses what Go's client sends: a head with Content-Length, a body, again and again."""

    def __init__(self, api: Api, connections: set[asyncio.Transport]) -> None:
        self._api = api
        self._open = connections
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._api.connections += 1
        self._open.add(transport)

    def connection_lost(self, _error: Exception | None) -> None:
        self._open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            token = headers.get("authorization", "").removeprefix("Bearer ")
            self._reply(Request(first.split()[1], token, rest[:length], time.monotonic()))

    def _reply(self, request: Request) -> None:
        answer = self._api.handle(request)
        if answer is None:
            return
        status, content = answer
        text = json.dumps(content).encode()
        self._transport.write(b"HTTP/1.1 %d Some\r\nContent-Length: %d\r\n\r\n%b" % (status, len(text), text))
