"""Bodies and headers that are too long, too slow, or not what they say."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator

import pytest

from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.bodies import MAX_BODY
from attune_cli.sensor.model import CUT_OFF
from attune_cli.sensor.server import MAX_DROPPED, MAX_HEAD
from tests.local_api import GOOD, Caller, Heard, port, raw, reply


def body_of(size: int) -> bytes:
    """An event of so many bytes."""
    start = b'{"trigger_ref": "demo.free", "payload": {"x": "'
    return start + b"x" * (size - len(start) - 3) + b'"}}'


def head(api: LocalApi, *headers: str) -> bytes:
    own = ("POST /api/v1/events HTTP/1.1", "Host: localhost", f"Authorization: Bearer {api.token}")
    return "\r\n".join((*own, *headers, "", "")).encode()


def test_the_longest_body(call: Caller, heard: Heard) -> None:
    assert call.event(body_of(MAX_BODY)).status == 201
    assert heard.events[0].size == MAX_BODY
    assert [each.code for each in heard.events[0].findings] == ["ATN147"]


@pytest.mark.parametrize("size", [MAX_BODY + 1, 2 * 1024 * 1024, 20 * 1024 * 1024])
def test_a_body_that_is_too_long_is_answered_although_it_is_still_being_sent(
    call: Caller, heard: Heard, size: int
) -> None:
    found = call.event(body_of(size))
    assert (found.status, "longer than 1048576 bytes (1 MiB)" in found.error) == (413, True)
    assert [each.code for each in heard.events[0].findings] == ["ATN140"]
    # The connection goes on behind it.
    assert call.event().status == 201
    assert call("PUT", "/api/v1/keys/demo.token", body_of(size)).status == 413


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // 65536):
        yield b"x" * 65536


def test_a_body_in_chunks(call: Caller, heard: Heard) -> None:
    call.connection.request(
        "POST",
        "/api/v1/events",
        iter([body_of(70_000)]),
        {"Authorization": f"Bearer {call.token}"},
        encode_chunked=True,
    )
    assert reply(call.connection.getresponse()).status == 201
    call.connection.request(
        "POST",
        "/api/v1/events",
        chunks(4 * 1024 * 1024),
        {"Authorization": f"Bearer {call.token}"},
        encode_chunked=True,
    )
    assert reply(call.connection.getresponse()).status == 413
    assert call.event().status == 201
    assert [event.status for event in heard.events] == [201, 413, 201]


def test_a_refused_body_without_end_is_cut_off(api: LocalApi) -> None:
    """What is read and thrown away has a bound as well."""
    sent = 0
    with socket.create_connection(("127.0.0.1", port(api)), timeout=60) as connection:
        connection.sendall(head(api, f"Content-Length: {10**12}"))
        piece = b"x" * 1024 * 1024
        with pytest.raises(ConnectionError):  # noqa: PT012 - it is any of these that fails
            while sent < 100 * MAX_DROPPED:
                connection.sendall(piece)
                sent += len(piece)
    assert MAX_DROPPED <= sent < 2 * MAX_DROPPED


def test_memory_stays_where_it_is_while_long_bodies_are_refused(call: Caller) -> None:
    def resident() -> int:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    long = body_of(20 * 1024 * 1024)
    call.event(long)
    before = resident()
    for _ in range(10):
        call.event(long)
    assert resident() - before < 30 * 1024 * 1024


def test_a_promise_that_is_too_long_is_refused_before_a_byte_of_it(api: LocalApi) -> None:
    with socket.create_connection(("127.0.0.1", port(api)), timeout=60) as connection:
        connection.sendall(head(api, "Content-Length: 1048577", "Expect: 100-continue"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_more_than_was_promised_is_no_second_request(api: LocalApi, heard: Heard) -> None:
    body = json.dumps(GOOD).encode()
    answer = raw(api, head(api, f"Content-Length: {len(body)}") + body + b"garbage\r\n\r\n")
    last = answer[answer.rindex(b"HTTP/1.1 ") :]
    assert last.startswith(b"HTTP/1.1 400 ")
    assert b'{"error": "Invalid HTTP request received"}' in last
    assert len(heard.events) <= 1


def test_less_than_was_promised_is_an_event_that_is_refused(api: LocalApi, heard: Heard, call: Caller) -> None:
    with socket.create_connection(("127.0.0.1", port(api)), timeout=60) as connection:
        connection.sendall(head(api, "Content-Length: 100") + b'{"trigger_ref"')
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    # One after the other, in one thread: what came before is settled by now.
    assert call.event().status == 201
    assert [event.status for event in heard.events] == [CUT_OFF, 201]
    assert "closed after 14 bytes" in heard.events[0].findings[0].message


@pytest.mark.parametrize(
    "request_", [b"garbage\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 10]
)
def test_what_is_no_http(api: LocalApi, request_: bytes) -> None:
    answer = raw(api, request_)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]


@pytest.mark.parametrize(
    "start", [b"GET /health HTTP/1.1\r\nX: ", b"GET /", b"GET /health HTTP/1.1\r\n" + b"A: b\r\n" * 10]
)
def test_headers_without_end(api: LocalApi, start: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port(api)), timeout=60) as connection:
        connection.sendall(start)
        answer = b""
        connection.settimeout(0.05)
        sent = 0
        while not answer and sent < 100 * MAX_HEAD:
            try:
                sent += connection.send(b"y" * 4096)
                answer = connection.recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                break
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert sent < 10 * MAX_HEAD


def test_a_body_that_comes_slowly_keeps_nobody_waiting(api: LocalApi, call: Caller) -> None:
    body = json.dumps(GOOD).encode()
    with socket.create_connection(("127.0.0.1", port(api)), timeout=60) as slow:
        slow.sendall(head(api, f"Content-Length: {len(body)}", "Connection: close"))
        for at in range(len(body)):
            slow.sendall(body[at : at + 1])
            if at % 10 == 0:
                assert call.event().status == 201
        response = http.client.HTTPResponse(slow)
        response.begin()
        assert reply(response).status == 201


def test_many_at_once(api: LocalApi, heard: Heard) -> None:
    def work() -> None:
        caller = Caller(api)
        statuses.extend(caller.event().status for _ in range(50))
        caller.close()

    statuses: list[int] = []
    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 800
    assert sorted(event.id for event in heard.events) == list(range(1, 801))


def test_requests_without_an_answer_in_between_are_answered_in_order(api: LocalApi) -> None:
    one = "HEAD /health HTTP/1.1\r\nHost: localhost\r\n"
    other = one.replace("HEAD /health", "GET /none")
    answer = raw(api, f"{one}\r\n{other}\r\n{one}\r\n{other}Connection: close\r\n\r\n".encode())
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"404"] * 2
    assert answer.count(b'{"error"') == 2
    assert answer.endswith(b'{"error":"the local API has no /none"}')


def test_several_requests_in_one_packet(api: LocalApi, heard: Heard) -> None:
    body = json.dumps(GOOD).encode()
    one = head(api, f"Content-Length: {len(body)}") + body
    last = head(api, f"Content-Length: {len(body)}", "Connection: close") + body
    assert raw(api, one * 20 + last).count(b"HTTP/1.1 201 ") == 21
    assert [event.id for event in heard.events] == list(range(1, 22))
