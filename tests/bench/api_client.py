"""Run in a process of its own: creates events over several kept-alive connections, as fast as they are taken.

    python -S tests/bench/api_client.py PORT TOKEN CONNECTIONS EVENTS

Prints seconds, and the latencies' median, 99th percentile and maximum in milliseconds. As lean as Python can
be: the two cores are shared with the server.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time

_EVENT = {
    "trigger_ref": "core.intervaltimer",
    "payload": {
        "type": "interval",
        "interval_seconds": 1,
        "fired_at": "2026-01-01T00:00:00Z",
        "execution_count": 17,
        "sensor_ref": "core.interval_timer_sensor",
    },
    "trigger_instance_id": "rule_1",
    "source": "core.interval_timer_sensor",
}


class Connection:
    """One connection and the event that is on its way."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._answer = b""
        self._sent = 0.0

    def send(self) -> None:
        """Send an event."""
        self._sent = time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self) -> float | None:
        """Take what has come: the seconds it took when that is all, None when there is more to come."""
        self._answer += self.socket.recv(65536)
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            return None
        if not head.startswith(b"HTTP/1.1 201 "):
            sys.exit(f"an event was refused: {self._answer!r}")
        self._answer = b""
        return time.perf_counter() - self._sent


def main(port: int, token: str, connections: int, events: int) -> None:
    body = json.dumps(_EVENT).encode()
    head = f"POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
    request = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    waiting = selectors.DefaultSelector()
    began = time.perf_counter()
    left = events
    for _ in range(connections):
        connection = Connection(port, request)
        waiting.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send()
        left -= 1
    taken: list[float] = []
    while len(taken) < events:
        for key, _ in waiting.select():
            seconds = key.data.receive()
            if seconds is None:
                continue
            taken.append(seconds)
            if left > 0:
                key.data.send()
                left -= 1
    total = time.perf_counter() - began
    taken.sort()
    print(total, *(taken[int(part * (events - 1))] * 1e3 for part in (0.5, 0.99, 1.0)))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
