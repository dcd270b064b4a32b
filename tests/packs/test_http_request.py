"""core.http_request against a real server."""

from __future__ import annotations

import base64
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.packs.core import PACK, http_request, start
from tests.packs.http_server import Server, serving

Answer = dict[str, Any]
Send = Callable[..., Answer]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def stranger() -> Iterator[Server]:
    """A second server: another origin."""
    with serving() as running:
        yield running


@pytest.fixture
def send(server: Server) -> Send:
    """Sends a request to a path of the server (or to a URL), which must be answered; gives the action's result."""

    def request(path: str = "/echo", **parameters: object) -> Answer:
        outcome = http_request({"url": path if "://" in path else server.url + path, **parameters})
        assert (outcome.returncode, outcome.stderr) == (0, b"")
        answer: Answer = json.loads(outcome.stdout)
        assert "error" not in answer
        return answer

    return request


def refused(parameters: object) -> Answer:
    """The result of a request that is not answered."""
    outcome = http_request(parameters)
    assert (outcome.returncode, outcome.stderr) == (1, b"")
    answer: Answer = json.loads(outcome.stdout)
    expected = {"status_code": 0, "headers": {}, "body": "", "json": None, "success": False}
    assert {name: answer[name] for name in expected} == expected
    assert answer["elapsed_ms"] >= 0
    return answer


# ── What is sent ──


def test_a_plain_request(send: Send, server: Server) -> None:
    answer = send()
    assert (answer["status_code"], answer["success"], answer["url"]) == (200, True, f"{server.url}/echo")
    assert answer["json"] == json.loads(answer["body"])
    assert (answer["json"]["method"], answer["json"]["body"]) == ("GET", "")
    assert "authorization" not in answer["json"]["headers"]
    assert answer["headers"]["Content-Type"] == "application/json"
    assert isinstance(answer["elapsed_ms"], int)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_methods(send: Send, method: str) -> None:
    assert send(method=method)["json"]["method"] == method


def test_head_has_no_body(send: Send) -> None:
    answer = send(method="HEAD")
    assert (answer["status_code"], answer["body"], answer["json"]) == (200, "", None)


def test_headers_reach_the_server(send: Send) -> None:
    sent = send(headers={"X-One": "1", "Accept": "text/x", "X-Number": 5, "User-Agent": "mine"})["json"]["headers"]
    assert {name: sent[name] for name in ("x-one", "accept", "x-number", "user-agent")} == {
        "x-one": "1",
        "accept": "text/x",
        "x-number": "5",
        "user-agent": "mine",
    }


def test_a_text_body(send: Send) -> None:
    sent = send(method="POST", body="naïve=1")["json"]
    assert (sent["body"], sent["headers"]["content-type"]) == ("naïve=1", "application/x-www-form-urlencoded")


def test_a_json_body(send: Send) -> None:
    sent = send(method="PUT", json_body={"a": [1, None, "é"]})["json"]
    assert json.loads(sent["body"]) == {"a": [1, None, "é"]}
    assert sent["headers"]["content-type"] == "application/json"


def test_a_content_type_of_ones_own(send: Send) -> None:
    sent = send(method="POST", json_body={}, headers={"content-TYPE": "application/x+json"})["json"]["headers"]
    assert sent["content-type"] == "application/x+json"


def test_query_parameters_are_added(send: Send) -> None:
    answer = send("/echo?first=1", query_params={"a b": "c&d", "list": [1, "two"], "flag": True, "empty": ""})
    expected = [["first", "1"], ["a b", "c&d"], ["list", "1"], ["list", "two"], ["flag", "true"], ["empty", ""]]
    assert answer["json"]["query"] == expected


def test_a_url_with_spaces_and_letters_of_its_own(send: Send) -> None:
    assert send("/echo/a b/é%20?q=ü x")["json"]["path"] == "/echo/a%20b/%C3%A9%20?q=%C3%BC%20x"


def test_nulls_are_as_good_as_absent(send: Send) -> None:
    names = ("method", "headers", "body", "json_body", "query_params", "timeout", "verify_ssl", "auth_type")
    assert send(**dict.fromkeys(names), follow_redirects=None, max_redirects=None)["json"]["method"] == "GET"


def test_basic_authentication(send: Send) -> None:
    sent = send(auth_type="basic", auth_username="mé", auth_password="p:w")["json"]["headers"]
    assert base64.b64decode(sent["authorization"].removeprefix("Basic ")).decode() == "mé:p:w"


def test_bearer_authentication(send: Send) -> None:
    assert send(auth_type="bearer", auth_token="t0ken")["json"]["headers"]["authorization"] == "Bearer t0ken"


def test_credentials_without_a_type_stay_here(send: Send) -> None:
    sent = send(auth_type="none", auth_username="me", auth_password="x", auth_token="y")["json"]["headers"]
    assert "authorization" not in sent


# ── What comes back ──


@pytest.mark.parametrize(
    ("status", "success"), [(201, True), (204, True), (299, True), (304, False), (404, False), (503, False)]
)
def test_every_answer_is_an_answer(send: Send, status: int, success: bool) -> None:
    answer = send(f"/status/{status}")
    assert (answer["status_code"], answer["success"]) == (status, success)


@pytest.mark.parametrize(
    ("path", "body", "parsed"),
    [
        ("/latin1", "café", None),
        ("/unknown-charset", "café", None),
        ("/binary", "\0\ufffd", None),
        ("/broken-json", '{"a": NaN}', None),
        ("/problem", '"a string"', "a string"),
        ("/unlabelled-json", " [1, null]", [1, None]),
    ],
)
def test_bodies(send: Send, path: str, body: str, parsed: object) -> None:
    answer = send(path)
    assert (answer["body"], answer["json"]) == (body, parsed)


def test_headers_of_one_name_are_joined(send: Send) -> None:
    assert send("/two-cookies")["headers"]["Set-Cookie"] == "a=1, b=2"


# ── Redirects ──


def test_redirects_are_followed_to_the_end(send: Send, server: Server) -> None:
    answer = send("/redirect/10")
    assert (answer["status_code"], answer["url"]) == (200, f"{server.url}/echo")


def test_redirects_have_a_limit(server: Server) -> None:
    assert refused({"url": f"{server.url}/redirect/3", "max_redirects": 2})["error"] == "more than 2 redirects"
    assert refused({"url": f"{server.url}/redirect/1", "max_redirects": 0})["error"] == "more than 0 redirects"


def test_redirects_need_not_be_followed(send: Send, server: Server) -> None:
    answer = send("/redirect/1", follow_redirects=False)
    assert (answer["status_code"], answer["success"], answer["headers"]["Location"]) == (302, False, "/echo")
    assert answer["url"] == f"{server.url}/redirect/1"


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "POST", "GET", ""),
        (302, "POST", "GET", ""),
        (302, "PUT", "PUT", "x"),
        (303, "PUT", "GET", ""),
        (307, "POST", "POST", "x"),
        (308, "PATCH", "PATCH", "x"),
    ],
)
def test_what_a_redirect_makes_of_a_request(send: Send, status: int, method: str, then: str, body: str) -> None:
    sent = send(f"/to/{status}/{quote('/echo', safe='')}", method=method, body="x")["json"]
    assert (sent["method"], sent["body"]) == (then, body)
    assert ("content-type" in sent["headers"]) == bool(body)


def test_credentials_go_to_their_own_host_only(send: Send, server: Server, stranger: Server) -> None:
    credentials: dict[str, Any] = {
        "auth_type": "bearer",
        "auth_token": "t",
        "headers": {"Cookie": "c", "X-Other": "o"},
    }
    there = send(f"/to/302/{quote(stranger.url + '/echo', safe='')}", **credentials)["json"]["headers"]
    assert (there.get("authorization"), there.get("cookie"), there["x-other"]) == (None, None, "o")
    here = send(f"/to/302/{quote(server.url + '/echo', safe='')}", **credentials)["json"]["headers"]
    assert (here["authorization"], here["cookie"]) == ("Bearer t", "c")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "https:///nowhere", "gopher:x"])
def test_a_redirect_leads_to_the_web_or_nowhere(server: Server, target: str) -> None:
    answer = refused({"url": f"{server.url}/to/302/{quote(target, safe='')}"})
    assert answer["error"] == "url must start with http:// or https:// and a host"


# ── No answer ──

WRONG: list[tuple[object, str]] = [
    ({}, "url parameter is required"),
    ([], "parameters must be a JSON object"),
    ({"url": "file:///etc/passwd"}, "url must start with http:// or https:// and a host"),
    ({"url": "example.org"}, "url must start with http:// or https:// and a host"),
    ({"url": "http://h/", "body": "a", "json_body": {}}, "body and json_body exclude each other"),
    ({"url": "http://h/", "auth_type": "basic"}, "auth_type basic needs auth_username"),
    ({"url": "http://h/", "auth_type": "bearer"}, "auth_type bearer needs auth_token"),
    ({"url": "http://h/", "headers": {"X": "€"}}, "header 'x' holds a character that a header cannot carry"),
    ({"url": "http://h/", "max_redirects": -1}, "max_redirects must be a whole number, 0 or more"),
    ({"url": "http://h/", "timeout": "5"}, "timeout must be a whole number, 0 or more"),
]


@pytest.mark.parametrize(("parameters", "error"), WRONG, ids=lambda value: str(value)[:50])
def test_parameters_that_make_no_sense(parameters: object, error: str) -> None:
    assert refused(parameters)["error"] == error


@pytest.mark.parametrize(
    "parameters",
    [
        {"url": "http://me:hunter2@h/"},
        {"url": "http://h/", "headers": {"X-Key": "hunter2\r\nX-More: 1"}},
        {"url": "http://h/", "headers": {"X-Key": "hunter2\u20ac"}},
        {"url": "http://h/", "auth_type": "bearer", "auth_token": "hunter2\n"},
    ],
    ids=["url", "line break", "beyond latin-1", "token"],
)
def test_a_refusal_does_not_show_the_secret(parameters: dict[str, object]) -> None:
    assert "hunter2" not in json.dumps(refused(parameters))


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        answer = refused({"url": url})
    assert "Connection refused" in answer["error"]
    assert answer["url"] == url


def test_an_answer_that_is_cut_off(server: Server) -> None:
    assert "IncompleteRead" in refused({"url": f"{server.url}/cut-off"})["error"]


@pytest.mark.parametrize("path", ["/silent", "/trickle"])
def test_the_timeout_holds_for_the_whole_exchange(server: Server, path: str) -> None:
    before = time.monotonic()
    answer = refused({"url": server.url + path, "timeout": 1})
    assert answer["error"] == "no complete answer within 1 s"
    assert 1000 <= answer["elapsed_ms"] < 5000
    assert time.monotonic() - before < 10


def test_certificates_are_checked_unless_told_otherwise() -> None:
    with serving(tls=True) as server:
        request = {"url": f"{server.url}/echo"}
        assert "CERTIFICATE_VERIFY_FAILED" in refused(request)["error"]
        outcome = http_request({**request, "verify_ssl": False})
    assert json.loads(outcome.stdout)["status_code"] == 200


def test_a_proxy_from_the_environment_is_used(server: Server) -> None:
    outcome = http_request({"url": "http://no-such-host.invalid/echo"}, env={"http_proxy": server.url})
    assert json.loads(outcome.stdout)["status_code"] == 200


def test_the_script_starts_by_itself() -> None:
    outcome = start(
        [PACK / "actions" / "http_request.py"], "", env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    )
    assert json.loads(outcome.stdout)["error"] == "url parameter is required"
