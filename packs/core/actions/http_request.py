#!/usr/bin/env python3
"""core.http_request: sends one HTTP request; parameters as JSON on stdin, the answer as JSON on stdout.

Exit status 0 means that there was an answer, whatever its status; 1 that there was none, and `error` says why.
Needs Python 3.8 and nothing beside its standard library. No message holds a header's value or a credential.
"""

from __future__ import annotations

import base64
import http.client
import json
import signal
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

CREDENTIALS = ("authorization", "cookie", "proxy-authorization")
REDIRECTS = (301, 302, 303, 307, 308)
MAY_STAND_IN_A_URL = "%/:=&?~#+!$,;'@()*[]"


class NoAnswerError(Exception):
    """There is no answer to report; the text says why."""


@dataclass(frozen=True)
class Request:
    """One request as it goes out; header names in lower case."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    def redirected(self, status: int, location: str) -> Request:
        """The request that follows a redirect: as browsers and curl do it, and with no credentials for strangers."""
        url = checked_url(urllib.parse.urljoin(self.url, location))
        dropped = set() if origin(url) == origin(self.url) else set(CREDENTIALS)
        following = self
        if (status == 303 and self.method != "HEAD") or (status in (301, 302) and self.method == "POST"):
            dropped |= {"content-type", "content-length"}
            following = replace(self, method="GET", body=None)
        kept = {name: value for name, value in self.headers.items() if name not in dropped}
        return replace(following, url=url, headers=kept)


# ── From parameters to a request ──


def build_request(parameters: Mapping[str, Any]) -> Request:
    """The request that the parameters describe. Raises NoAnswerError where they make no sense."""
    if not isinstance(parameters.get("url"), str) or not parameters["url"]:
        raise NoAnswerError("url parameter is required")
    body, content_type = build_body(parameters)
    headers = {"user-agent": "attune-core-http-request"}
    if content_type:
        headers["content-type"] = content_type
    headers.update(given_headers(parameters.get("headers") or {}))
    headers.update(authorization(parameters))
    url = with_query(checked_url(parameters["url"]), parameters.get("query_params") or {})
    return Request(url, (parameters.get("method") or "GET").upper(), headers, body)


def build_body(parameters: Mapping[str, Any]) -> tuple[bytes | None, str | None]:
    """The body and the content type to send it with, unless the headers name one."""
    text, data = parameters.get("body"), parameters.get("json_body")
    if text is not None and data is not None:
        raise NoAnswerError("body and json_body exclude each other")
    if data is not None:
        return json.dumps(data).encode(), "application/json"
    # A text of unknown kind goes out as curl sends it.
    return (None, None) if text is None else (text.encode(), "application/x-www-form-urlencoded")


def given_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    """The caller's headers. What HTTP cannot carry, or what would smuggle in a second header, is refused unshown."""
    texts = {name.lower(): as_text(value) for name, value in headers.items()}
    for name, text in texts.items():
        if any(character in "\r\n\0" or character > "\xff" for character in text):
            raise NoAnswerError(f"header {name!r} holds a character that a header cannot carry")
    return texts


def authorization(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The header for auth_type basic or bearer; nothing for none."""
    kind = parameters.get("auth_type") or "none"
    user, password, token = (parameters.get(f"auth_{name}") or "" for name in ("username", "password", "token"))
    if kind == "bearer" and not token:
        raise NoAnswerError("auth_type bearer needs auth_token")
    if kind == "basic" and not user:
        raise NoAnswerError("auth_type basic needs auth_username")
    if kind == "bearer":
        credentials = given_headers({"authorization": f"Bearer {token}"})
    elif kind == "basic":
        credentials = {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
    else:
        credentials = {}
    return credentials


def with_query(url: str, parameters: Mapping[str, Any]) -> str:
    """The URL with the parameters added to its query; a list gives one for each of its values."""
    pairs = [
        (name, as_text(value))
        for name, values in parameters.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    parts = urllib.parse.urlsplit(url)
    query = "&".join(filter(None, (parts.query, urllib.parse.urlencode(pairs))))
    return urllib.parse.urlunsplit(parts._replace(query=query))


def as_text(value: object) -> str:
    """A JSON value as it is written in a header or a query: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def checked_url(url: str) -> str:
    """The URL, percent-encoded where it must be. Only http and https are spoken, and never with a password inside."""
    parts = urllib.parse.urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NoAnswerError("url must start with http:// or https:// and a host")
    if "@" in parts.netloc:
        raise NoAnswerError("credentials belong in auth_username and auth_password, not in the URL")
    host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    path, query = (urllib.parse.quote(part, safe=MAY_STAND_IN_A_URL) for part in (parts.path, parts.query))
    return urllib.parse.urlunsplit((parts.scheme, host, path, query, ""))


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: those who share them may see one another's credentials."""
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


# ── From a request to an answer ──


class AnswersAsTheyAre(urllib.request.HTTPErrorProcessor):
    """Hands every answer back, redirects and errors too."""

    def http_response(
        self,
        request: urllib.request.Request,  # noqa: ARG002  # the signature is urllib's
        response: http.client.HTTPResponse,
    ) -> http.client.HTTPResponse:
        return response

    https_response = http_response


def opener(*, verify_ssl: bool) -> urllib.request.OpenerDirector:
    """What opens a connection: proxies as the environment names them, certificates checked unless told otherwise."""
    context = ssl.create_default_context()
    if not verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return urllib.request.build_opener(AnswersAsTheyAre, urllib.request.HTTPSHandler(context=context))


def exchange(request: Request, parameters: Mapping[str, Any]) -> tuple[str, http.client.HTTPResponse]:
    """Sends the request and follows redirects; gives the URL that answered and its answer, not yet read."""
    connect = opener(verify_ssl=parameters.get("verify_ssl") is not False)
    follow = parameters.get("follow_redirects") is not False
    left = limit = whole_number(parameters, "max_redirects", 10)
    while True:
        answer = connect.open(
            urllib.request.Request(request.url, request.body, dict(request.headers), method=request.method)
        )
        location = answer.headers.get("location")
        if not follow or answer.status not in REDIRECTS or not location:
            return request.url, answer
        if left == 0:
            raise NoAnswerError(f"more than {limit} redirects")
        answer.close()
        left -= 1
        request = request.redirected(answer.status, location)


def whole_number(parameters: Mapping[str, Any], name: str, default: int) -> int:
    """A parameter that must be a whole number, or its default."""
    value = parameters.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NoAnswerError(f"{name} must be a whole number, 0 or more")
    return value


def describe(url: str, answer: http.client.HTTPResponse) -> dict[str, Any]:
    """Reads the answer to its end and gives what the action reports of it."""
    body = decode(answer.read(), answer.headers.get_content_charset())
    headers: dict[str, str] = {}
    for name, value in answer.headers.items():
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return {
        "status_code": answer.status,
        "headers": headers,
        "body": body,
        "json": parse(body, answer.headers.get_content_type()),
        "url": url,
        "success": 200 <= answer.status <= 299,
    }


def decode(body: bytes, charset: str | None) -> str:
    """The body as text; what is no text in its charset is replaced."""
    try:
        return body.decode(charset or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def parse(body: str, content_type: str) -> object:
    """The body's JSON, if its type says JSON or it looks like it; None otherwise."""
    if not content_type.endswith(("/json", "+json")) and not body.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(body, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        return None


def refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


# ── The action ──


def main() -> int:
    """Runs the action; gives its exit status."""
    started = time.monotonic()
    given: Mapping[str, Any] = {}
    try:
        given = read_parameters()
        result = run(given)
    except (NoAnswerError, OSError, http.client.HTTPException, ValueError) as error:
        result = no_answer(str(given.get("url") or ""), error)
    result["elapsed_ms"] = int((time.monotonic() - started) * 1000)
    print(json.dumps(result))
    return 1 if "error" in result else 0


def read_parameters() -> dict[str, Any]:
    """The JSON object on stdin; nothing at all stands for an empty one."""
    data = json.loads(sys.stdin.read() or "{}")
    if not isinstance(data, dict):
        raise NoAnswerError("parameters must be a JSON object")
    return data


def run(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """One exchange, within its time. Raises NoAnswerError and what urllib raises."""
    limit_time(whole_number(parameters, "timeout", 30))
    try:
        url, answer = exchange(build_request(parameters), parameters)
        with answer:
            return describe(url, answer)
    finally:
        signal.alarm(0)


def limit_time(seconds: int) -> None:
    """Gives up after so many seconds on the whole: a socket's own timeout starts anew with every byte."""

    def give_up(*_: object) -> None:
        raise NoAnswerError(f"no complete answer within {seconds} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)


def no_answer(url: str, error: Exception) -> dict[str, Any]:
    """What the action reports where there is no answer."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return {
        "status_code": 0,
        "headers": {},
        "body": "",
        "json": None,
        "url": "" if "@" in url else url,  # a refused URL may hold a password
        "success": False,
        "error": str(reason) or type(reason).__name__,
    }


if __name__ == "__main__":
    sys.exit(main())
