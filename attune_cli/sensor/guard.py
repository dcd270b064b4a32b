"""Who may call the local API: programs on this machine that address it as such, and have its token."""

from __future__ import annotations

import ipaddress
from typing import Final

from attune_cli.sensor.http import Barred, Scope
from attune_cli.sensor.tokens import Tokens

_LOCAL_NAMES: Final = frozenset((b"127.0.0.1", b"localhost", b"[::1]"))
_NO_TOKEN: Final = ((b"www-authenticate", b"Bearer"),)


def check_origin(scope: Scope) -> None:
    """Raises Barred for what does not come from this machine, or comes through a web page.

    A name that was made to lead to 127.0.0.1 shows in `Host`, a page in `Origin`.
    """
    client = scope.get("client")
    if client is None or not _is_loopback(client[0]):
        raise Barred(403, "the local API answers only on this machine")
    for name, value in scope["headers"]:
        if name == b"host" and _host(value) not in _LOCAL_NAMES:
            raise Barred(421, "the request is addressed to another host than 127.0.0.1 or localhost")
        if name == b"origin" and _host(value.partition(b"://")[2]) not in _LOCAL_NAMES:
            raise Barred(403, "the request comes from a web page of another host")


def check_token(scope: Scope, tokens: Tokens) -> None:
    """Raises Barred where the bearer token is missing, doubled or wrong."""
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        raise Barred(401, "the token is missing: send `Authorization: Bearer $ATTUNE_API_TOKEN`", _NO_TOKEN)
    scheme, _, token = given[0].partition(b" ")
    if len(given) > 1 or scheme.lower() != b"bearer" or not tokens.opens(token.strip()):
        raise Barred(401, "the token is wrong, or no longer good", _NO_TOKEN)


def _is_loopback(address: str) -> bool:
    if address == "127.0.0.1":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _host(value: bytes) -> bytes:
    """Without the port."""
    name, colon, port = value.strip().lower().rpartition(b":")
    return name if colon and port.isdigit() else value.strip().lower()
