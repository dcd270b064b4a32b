"""The calls of the local API: which paths there are, which methods, and what each answers.

As the platform answers them: `{"data": …}`, errors as `{"error": "…"}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from starlette.routing import Route, Router

from attune_cli.sensor.guard import check_origin, check_token
from attune_cli.sensor.http import (
    App,
    Barred,
    Call,
    Gone,
    Handler,
    Receive,
    Refusal,
    Scope,
    Send,
    error,
    send_answer,
)
from attune_cli.sensor.model import RefusedCall
from attune_cli.sensor.tokens import Tokens

_MOST_TOLD: Final = 100
_LONGEST_PATH: Final = 200


class Refused:
    """Tells of requests that came to no call: of each once, and not of endlessly many.

    tell: gets it with its path cut where it is very long.
    """

    def __init__(self, tell: Callable[[RefusedCall], None]) -> None:
        self._tell = tell
        self._told: set[tuple[str, str, int]] = set()

    def __call__(self, scope: Scope, why: Barred) -> None:
        method, path = scope["method"], scope["path"]
        path = path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"
        call = method, path, why.status
        if call not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(call)
            self._tell(RefusedCall(*call, why.reason))


class Resource:
    """One path: its handlers by method, behind the token."""

    def __init__(self, tokens: Tokens | None, handlers: dict[str, Handler]) -> None:
        if "GET" in handlers:
            handlers = {**handlers, "HEAD": handlers["GET"]}
        self._tokens = tokens
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = self._handlers.get(scope["method"])
        if handler is None:
            allowed = ", ".join(self._handlers).encode()
            raise Barred(405, f"{scope['method']} is not possible here", ((b"allow", allowed),))
        if self._tokens is not None:
            check_token(scope, self._tokens)
        await send_answer(await handler(Call(scope, receive)), send)


class Table:
    """The paths of the API.

    calls: (path, method, handler) with `{ref}` in the path.
    """

    def __init__(self, calls: Iterator[tuple[str, str, Handler]], tokens: Tokens, refused: Refused) -> None:
        by_path: dict[str, dict[str, Handler]] = {}
        for path, method, handler in calls:
            by_path.setdefault(path, {})[method] = handler
        self._refused = refused
        #: The first exception that no call expects, of this program or of who was told of an event.
        self.failure: Exception | None = None
        self._router: App = Router(
            [Route(path, Resource(None if path in _OPEN else tokens, handlers)) for path, handlers in by_path.items()],
            redirect_slashes=False,
            default=_no_path,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        try:
            check_origin(scope)
            await self._router(scope, receive, send)
        except Refusal as refusal:
            if isinstance(refusal, Barred):
                self._refused(scope, refusal)
            await send_answer(error(refusal.status, refusal.reason, refusal.headers), send)
        except Gone:
            # There is nobody left to answer.
            pass
        except Exception as failure:  # noqa: BLE001 - the server would keep it to itself
            self.failure = self.failure or failure
            await send_answer(error(500, "the local API failed; attune tells why when it ends"), send)


async def _no_path(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - what ASGI calls it with
    raise Barred(404, f"the local API has no {scope['path'][:200]}")


_OPEN: Final = frozenset(("/health",))
"""Paths that need no token."""
