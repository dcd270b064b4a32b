"""What stands between clients and a server, message by message: to count them, or to be a pooler."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from tests.postgres_server import Server

#: All that PgBouncer takes at the start without having been told to (`ignore_startup_parameters`).
TAKEN = {"user", "database", "application_name", "client_encoding", "DateStyle", "TimeZone", "replication"}
FORGET = b"DISCARD ALL\0"
IDLE = b"Z\0\0\0\5I"
#: Of an address that leads here: what is passed on can be read.
PLAIN = "sslmode=disable gssencmode=disable"


class Relay:
    """One client's connection, and the server's that it is passed on to.

    answers: how many there were: every one ends with ReadyForQuery.
    """

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.answers = 0

    def serve(self) -> None:
        with suppress(ConnectionError, struct.error), self.client, self.server:
            if not self.begin():
                return
            upward = threading.Thread(target=self._pass_up)
            upward.start()
            self._pass_down()
            upward.join()

    def begin(self) -> bool:
        """Pass the client's first message on; False: it is refused."""
        return True

    def idle(self) -> None:
        """The server has answered outside of any transaction; its word of that is still to be passed on."""

    def _pass_up(self) -> None:
        with suppress(OSError):
            while data := self.client.recv(65536):
                self.server.sendall(data)
            self.server.shutdown(socket.SHUT_WR)

    def _pass_down(self) -> None:
        while message := message_of(self.server):
            self.answers += message[:1] == IDLE[:1]
            if message == IDLE:
                self.idle()
            self.client.sendall(message)
        with suppress(OSError):
            self.client.shutdown(socket.SHUT_RDWR)


class Pooler(Relay):
    """One that gives each transaction another session (PgBouncer's `pool_mode = transaction`), or as good as that:
    it refuses what PgBouncer refuses at the start, and after each transaction has the session forget all that it
    remembers, prepared statements included."""

    def begin(self) -> bool:
        size = struct.unpack("!i", exactly(self.client, 4))[0]
        start = exactly(self.client, size - 4)
        words = start[4:].rstrip(b"\0").split(b"\0")
        if refused := {name.decode() for name in words[::2]} - TAKEN:
            self.client.sendall(refusal(f"unsupported startup parameter: {', '.join(sorted(refused))}"))
            return False
        self.server.sendall(struct.pack("!i", size) + start)
        return True

    def idle(self) -> None:
        self.server.sendall(b"Q" + struct.pack("!i", 4 + len(FORGET)) + FORGET)
        while message_of(self.server) != IDLE:
            pass


AnyRelay = TypeVar("AnyRelay", bound=Relay)


@contextmanager
def relayed(server: Server, kind: type[AnyRelay]) -> Iterator[tuple[str, list[AnyRelay]]]:
    """An address that leads to the server through such a relay, but for the database; one for each client."""
    found: list[AnyRelay] = []
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    found.append(kind(client, _connected(server)))
                    threads.append(threading.Thread(target=found[-1].serve))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield f"host=127.0.0.1 port={listening.getsockname()[1]} user=postgres {PLAIN}", found
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join()


def _connected(server: Server) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(f"{server.folder}/.s.PGSQL.{server.port}")
    return connection


def message_of(connection: socket.socket) -> bytes:
    """The next one, whole; empty at the end."""
    head = exactly(connection, 5)
    return head + exactly(connection, struct.unpack("!i", head[1:])[0] - 4) if head else b""


def exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return data


def refusal(text: str, state: str = "08P01") -> bytes:
    """What a server sends before it hangs up."""
    fields = f"SFATAL\0VFATAL\0C{state}\0M{text}\0\0".encode()
    return b"E" + struct.pack("!i", 4 + len(fields)) + fields
