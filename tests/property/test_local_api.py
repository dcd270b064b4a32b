"""Whatever a program sends to the local API: never a 500, always JSON that says what it is."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attune_cli.sensor.api import LocalApi
from tests.local_api import DECLARED, GOOD, RULES, TRIGGERS, Caller, Heard, local_api, port, reply

SETTINGS = settings(max_examples=150)


@pytest.fixture(scope="module")
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def api(heard: Heard) -> Iterator[LocalApi]:
    with local_api(heard) as serving:
        yield serving
    Caller.close_all()


@pytest.fixture(scope="module")
def call(api: LocalApi) -> Caller:
    return Caller(api)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
REFS = st.sampled_from([*TRIGGERS, *(rule.ref for rule in RULES), "demo.token", "demo.none", "rule_1", ""])
NAMES = st.sampled_from(
    [
        *("trigger_ref", "trigger_type", "payload", "config", "trigger_instance_id", "rule_ref", "source", "ref"),
        *("value", "name", "local_ref", "owner_type", "owner_pack_ref", "encrypted", "owner", "level", "tags"),
    ]
)
OBJECTS = st.dictionaries(NAMES, REFS | JSON, max_size=8)
BODIES = (
    st.none()
    | st.binary(max_size=60)
    | OBJECTS.map(lambda data: json.dumps(data).encode())
    | JSON.map(lambda data: json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    | st.builds(lambda data, at: json.dumps(data).encode()[:at], OBJECTS, st.integers(0, 60))
)
_HOMES = ["/", "/health", "/api/v1/events", "/api/v1/keys", "/api/v1/rules", "/api/v1/triggers", "/auth"]
_BEHIND = ["", "/", "//", "/demo.token", "/demo.alert", "/demo.alert/rules", "/%00", "/%2e%2e/x", "/%ff", "/%d0"]
_QUERIES = ["", "?", "?trigger_ref=demo.alert", "?page=1&page_size=1", "?page=-1", "?trigger_ref=%ff&=&&", "#x"]
PATHS = st.builds(
    "{}{}{}".format,
    st.sampled_from(_HOMES),
    st.sampled_from(_BEHIND) | st.text("abc./%-_~!*'();:@&=+$,[]1", max_size=12).map("/{}".format),
    st.sampled_from(_QUERIES),
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
HEADERS = st.dictionaries(
    st.sampled_from(["Accept", "Content-Type", "X-A", "Cookie", "Origin", "Expect", "X-Forwarded-For", "Range"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    max_size=3,
)


class Sent(NamedTuple):
    """A request."""

    method: str
    path: str
    body: bytes | None
    headers: dict[str, str]
    with_token: bool


@SETTINGS
@given(sent=st.builds(Sent, METHODS, PATHS, BODIES, HEADERS, st.booleans()))
def test_any_request(api: LocalApi, heard: Heard, sent: Sent) -> None:
    """An invalid request closes the connection, so each has one of its own."""
    caller = Caller(api, api.token if sent.with_token else None)
    before = len(heard.events)
    try:
        found = caller(sent.method, sent.path, sent.body, sent.headers)
    finally:
        caller.close()
    assert found.status < 500
    if sent.method != "HEAD":
        assert next(iter(found.body)) == ("data" if found.status < 300 else "error")
    if not sent.with_token:
        assert found.status >= 400 or sent.path.startswith("/health")
        assert len(heard.events) == before
    heard.events.clear()


@SETTINGS
@given(data=OBJECTS)
def test_any_event(call: Caller, heard: Heard, data: dict[str, object]) -> None:
    """One that is taken comes back as it was sent, and is told once; one that is not says why."""
    found = call.event(data)
    (event,) = heard.events
    heard.events.clear()
    assert event.status == found.status
    ref = data.get("trigger_ref", data.get("trigger_type"))
    if found.status == 201:
        assert ref in DECLARED
        assert found.data["payload"] == data.get("payload", {})
        assert found.data["config"] == data.get("config")
    else:
        assert found.error
        assert event.findings
        assert (found.status == 403) == (ref == "demo.foreign" and event.findings[0].code != "ATN140")


@SETTINGS
@given(value=JSON)
def test_any_value_is_kept_as_it_is(call: Caller, value: object) -> None:
    assert call("PUT", "/api/v1/keys/demo.token", {"value": value}).data["value"] == value
    assert call("GET", "/api/v1/keys/demo.token").data["value"] == value


@SETTINGS
@given(
    pieces=st.lists(
        st.binary(max_size=30)
        | st.sampled_from(
            [
                *(b"POST /api/v1/events HTTP/1.1\r\n", b"GET /health HTTP/1.1\r\n", b"GET * HTTP/1.1\r\n", b"\r\n"),
                *(b"Host: localhost\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"hello", b"0\r\n\r\n"),
                *(b"Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n", b"Connection: upgrade\r\nUpgrade: h2c\r\n"),
                *(b"CONNECT x:1 HTTP/1.1\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"Connection: close\r\n"),
            ]
        ),
        max_size=8,
    )
)
def test_any_bytes(api: LocalApi, call: Caller, pieces: list[bytes]) -> None:
    """Whatever becomes of the connection, the API goes on, and no answer on it is a 500."""
    with socket.create_connection(("127.0.0.1", port(api)), timeout=30) as connection:
        connection.sendall(b"".join(pieces))
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while more := connection.recv(65536):
                answer += more
        except ConnectionError:
            pass
    assert b"HTTP/1.1 5" not in answer
    assert call.event(GOOD).status == 201
    assert api._table.failure is None


def test_an_answer_without_a_body(call: Caller) -> None:
    call.connection.request("HEAD", "/health")
    assert reply(call.connection.getresponse()).body is None
