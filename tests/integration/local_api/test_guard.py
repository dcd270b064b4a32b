"""Only programs on this machine that address it as such are answered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from attune_cli.sensor.api import LocalApi
from tests.local_api import GOOD, Caller, Heard, local_api, port, raw


def test_it_listens_on_the_loopback_alone(api: LocalApi) -> None:
    listening = api._server._socket
    assert listening is not None
    assert listening.getsockname()[0] == "127.0.0.1"
    assert api.url == f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost:1", "[::1]:80", "127.0.0.1:{}"])
def test_hosts_that_are_this_machine(api: LocalApi, call: Caller, host: str) -> None:
    assert call.event(GOOD, Host=host.format(port(api))).status == 201


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{}", "127.0.0.1.evil.example", "127.0.0.1:x", "0.0.0.0", "", "[::1"]
)
def test_a_name_that_was_made_to_lead_here_is_refused(api: LocalApi, call: Caller, heard: Heard, host: str) -> None:
    found = call.event(GOOD, Host=host.format(port(api)))
    assert (found.status, "another host" in found.error) == (421, True)
    assert call("GET", "/health", headers={"Host": host}).status == 421
    assert heard.events == []
    assert [(each.path, each.status) for each in heard.refused] == [("/api/v1/events", 421), ("/health", 421)]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "x"])
def test_a_web_page_is_refused(call: Caller, heard: Heard, origin: str) -> None:
    found = call.event(GOOD, Origin=origin)
    assert (found.status, "web page" in found.error) == (403, True)
    assert "access-control-allow-origin" not in found.headers
    assert heard.events == []


def test_a_second_host_does_not_slip_through(api: LocalApi) -> None:
    head = f"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nAuthorization: Bearer {api.token}"
    answer = raw(api, head.encode() + b"\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
    assert answer.startswith((b"HTTP/1.1 421 ", b"HTTP/1.1 400 "))


def test_a_header_cannot_say_where_a_request_comes_from(call: Caller, heard: Heard) -> None:
    """Neither make it local, as the next test shows, nor foreign: the connection alone counts."""
    assert call.event(GOOD, **{"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}).status == 201
    assert len(heard.events) == 1


@pytest.mark.parametrize("client", [("10.0.0.1", 5), ("192.168.1.2", 5), ("fe80::1", 5), ("x", 5), None])
@pytest.mark.parametrize("path", ["/health", "/api/v1/events"])
def test_a_connection_from_elsewhere_is_refused(client: tuple[str, int] | None, path: str) -> None:
    """The socket takes none; should one come about all the same, the application does not answer it."""
    heard = Heard()
    api = local_api(heard)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [
        (b"host", b"127.0.0.1"),
        (b"x-forwarded-for", b"127.0.0.1"),
        (b"authorization", f"Bearer {api.token}".encode()),
    ]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers, "client": client}
    asyncio.run(api._table(scope, receive, send))
    assert sent[0]["status"] == 403
    assert b"only on this machine" in sent[1]["body"]
    assert heard.events == []
