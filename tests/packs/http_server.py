"""A real HTTP server on the loopback for tests of an HTTP client; it tells what it was sent."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

CERTIFICATE = Path(__file__).with_name("localhost.pem")

#: Body and content type, by path.
ANSWERS = {
    "latin1": ("café".encode("latin-1"), "text/plain; charset=iso-8859-1"),
    "unknown-charset": ("café".encode(), "text/plain; charset=no-such"),
    "broken-json": (b'{"a": NaN}', "application/json"),
    "problem": (b'"a string"', "application/problem+json"),
    "unlabelled-json": (b" [1, null]", "text/plain"),
    "binary": (b"\0\xff", "application/octet-stream"),
}


class Server(ThreadingHTTPServer):
    """The server; `released` lets the handlers go that keep their client waiting."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.released = threading.Event()
        self.scheme = "http"

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def use_tls(self) -> None:
        """From now on it speaks TLS with a certificate nobody trusts."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up or does not trust us is what the tests want."""


@contextmanager
def serving(*, tls: bool = False) -> Iterator[Server]:
    """A server that serves for as long as the block lasts."""
    with Server() as server:
        if tls:
            server.use_tls()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()


class Handler(BaseHTTPRequestHandler):
    """/echo tells the request; /status/N, /redirect/N (N hops), /to/N/URL; the others are in `special`."""

    server: Server
    protocol_version = "HTTP/1.1"

    def handle_request(self) -> None:
        name, _, argument = urlsplit(self.path).path.removeprefix("/").partition("/")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if name == "echo":
            self.echo(body)
        elif name == "status":
            self.answer(int(argument), b"status " + argument.encode())
        elif name == "redirect":
            hops = int(argument)
            self.redirect(302, f"/redirect/{hops - 1}" if hops > 1 else "/echo")
        elif name == "to":
            status, _, url = argument.partition("/")
            self.redirect(int(status), unquote(url))
        else:
            self.special(name)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_request

    def echo(self, body: bytes) -> None:
        request = {
            "method": self.command,
            "path": self.path,
            "query": parse_qsl(urlsplit(self.path).query, keep_blank_values=True),
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.decode(),
        }
        self.answer(200, json.dumps(request).encode(), "application/json")

    def redirect(self, status: int, location: str) -> None:
        self.send_response(status)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def special(self, name: str) -> None:
        if name in ANSWERS:
            self.answer(200, *ANSWERS[name])
        elif name == "two-cookies":
            self.answer(200, b"", "text/plain", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        elif name == "cut-off":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"only this")
            self.close_connection = True
        elif name == "silent":
            self.server.released.wait()
            self.close_connection = True
        elif name == "trickle":
            self.trickle()

    def trickle(self) -> None:
        """A byte every now and then, for ever: no single read ever times out."""
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            while not self.server.released.wait(0.1):
                self.wfile.write(b".")
                self.wfile.flush()
        self.close_connection = True

    def answer(
        self, status: int, body: bytes, kind: str = "text/plain", more: list[tuple[str, str]] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more or []:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
