"""Requests and answers of the local API, on plain ASGI: no layer between the server and a call."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

from attune_cli.sensor.bodies import MAX_BODY

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """The request is answered with an error.

    headers: more of them, such as `Allow`.
    """

    def __init__(self, status: int, reason: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers


class Barred(Refusal):
    """It came to no call: there is none, or it was not let in. Whoever wrote the caller is told of it."""


class Answer(NamedTuple):
    """What is sent back. body: JSON."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Call(NamedTuple):
    """One request on its way through a handler."""

    scope: Scope
    receive: Receive

    @property
    def ref(self) -> str:
        """The ref in the path."""
        return str(self.scope["path_params"]["ref"])

    @property
    def query(self) -> dict[str, str]:
        """What stands behind `?`; of a name that is there twice the last one."""
        try:
            return dict(parse_qsl(self.scope["query_string"].decode("latin-1"), max_num_fields=100))
        except ValueError:
            raise Refusal(400, "the query has more than 100 fields") from None

    async def body(self) -> bytes:
        """The body, whole. Raises Refusal for one that is too long, and Gone when it never ends.

        One that says beforehand that it is too long is refused unread; of any other, no more than
        the bound is kept.
        """
        promised = header(self.scope, b"content-length")
        if promised is not None and promised.isdigit() and int(promised) > MAX_BODY:
            raise _too_long()
        message = await self.receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            return _bounded(message["body"])
        parts: list[bytes] = []
        size = 0
        while message["type"] == "http.request":
            size += len(message["body"])
            if size > MAX_BODY:
                raise _too_long()
            parts.append(message["body"])
            if not message.get("more_body"):
                return b"".join(parts)
            message = await self.receive()
        raise Gone(size)


class Gone(Exception):  # noqa: N818 - as above
    """The connection was closed within the body; `size` bytes of it had come."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the connection was closed after {size} bytes of the body")
        self.size = size


JSON: Final = (b"content-type", b"application/json")


async def send_answer(answer: Answer, send: Send) -> None:
    """Send an answer whole."""
    headers = [JSON, (b"content-length", b"%d" % len(answer.body)), *answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def data(status: int, value: object, **beside: object) -> Answer:
    """`{"data": …}`, and what else stands beside it."""
    return Answer(status, encoded({"data": value, **beside}))


def error(status: int, reason: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Answer:
    """`{"error": "…"}`."""
    return Answer(status, encoded({"error": reason}), headers)


def encoded(value: object) -> bytes:
    """Compact JSON. Half a surrogate pair, which a path may hold, becomes a question mark."""
    return _encode(value).encode("utf-8", "replace")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of that name, which is in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None


def _bounded(body: bytes) -> bytes:
    if len(body) > MAX_BODY:
        raise _too_long()
    return body


def _too_long() -> Refusal:
    return Refusal(413, f"the body is longer than {MAX_BODY} bytes (1 MiB)")


Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]
Handlers: TypeAlias = Mapping[str, Handler]
