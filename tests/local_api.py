"""A local API to call, and the calls."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.keys import Key, KeyStore
from attune_cli.sensor.model import Event, RefusedCall, SensorRule, Trigger

SENSOR = "demo.watch"
OUTPUT = {
    "level": {"type": "integer", "required": True, "minimum": 0},
    "note": {"type": "string"},
    "tags": {"type": "array", "items": {"type": "string"}},
}
TRIGGERS = {
    "demo.alert": Trigger(
        id=7, ref="demo.alert", pack_ref="demo", label="Alert", output=ParameterSchema.from_data(OUTPUT)
    ),
    "demo.free": Trigger(id=8, ref="demo.free", pack_ref="demo"),
    "demo.foreign": Trigger(id=9, ref="demo.foreign", pack_ref="demo"),
}
DECLARED = frozenset(("demo.alert", "demo.free"))
RULES = (
    SensorRule(id=1, ref="demo.page", trigger_ref="demo.alert", config={"every": 5}, action_ref="demo.call"),
    SensorRule(id=2, ref="demo.log", trigger_ref="demo.free", action_ref="demo.write", action_params={"to": "log"}),
)
SECRET = "swordfish-9000"
GOOD = {"trigger_ref": "demo.alert", "payload": {"level": 3}}


@dataclass
class Heard:
    """What an API has told."""

    events: list[Event] = field(default_factory=list)
    refused: list[RefusedCall] = field(default_factory=list)


def local_api(
    heard: Heard | None = None, keys: KeyStore | None = None, on_event: Callable[[Event], None] | None = None
) -> LocalApi:
    """One that is not started yet."""
    heard = heard if heard is not None else Heard()
    if keys is None:
        keys = KeyStore([Key(ref="demo.token", value=SECRET, name="Token", created=1.5, updated=2.5)])
    return LocalApi(
        keys,
        TRIGGERS,
        RULES,
        SENSOR,
        DECLARED,
        on_event=on_event or heard.events.append,
        on_refused=heard.refused.append,
    )


@dataclass(frozen=True)
class Reply:
    """status, body as JSON, headers in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def data(self) -> Any:
        """What stands under `data`."""
        return self.body["data"]

    @property
    def error(self) -> str:
        """What stands under `error`, and nothing beside it."""
        assert list(self.body) == ["error"]
        assert isinstance(self.body["error"], str)
        return self.body["error"]


class Caller:
    """A kept-alive connection to an API. token: None: none is sent."""

    #: All that were made; `close_all` closes them.
    made: ClassVar[list[Caller]] = []

    def __init__(self, api: LocalApi, token: str | None = "") -> None:
        self.api = api
        self.token = api.token if token == "" else token
        self.connection = http.client.HTTPConnection("127.0.0.1", port(api), timeout=60)
        self.made.append(self)

    def __call__(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        """body: JSON data, or bytes as they are."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        authorization = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        self.connection.request(method, path, content, {**authorization, **(headers or {})})
        return reply(self.connection.getresponse())

    def event(self, body: object = GOOD, **headers: str) -> Reply:
        """Create an event."""
        return self("POST", "/api/v1/events", body, headers)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    @classmethod
    def close_all(cls) -> None:
        """Close the connections of all."""
        while cls.made:
            cls.made.pop().close()


def reply(response: http.client.HTTPResponse) -> Reply:
    """Read a response to its end."""
    content = response.read()
    headers = {name.lower(): value for name, value in response.getheaders()}
    assert headers["content-type"] == "application/json"
    return Reply(response.status, json.loads(content) if content else None, headers)


def port(api: LocalApi) -> int:
    """Where it listens."""
    return int(api.url.rpartition(":")[2])


def raw(api: LocalApi, *pieces: bytes) -> bytes:
    """Send bytes as they are, and read until the server closes."""
    with socket.create_connection(("127.0.0.1", port(api)), timeout=60) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while more := connection.recv(65536):
            answer += more
        return answer
