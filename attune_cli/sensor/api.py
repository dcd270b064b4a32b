"""The local Attune API: what a sensor or an action finds behind `ATTUNE_API_URL` while it runs here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from attune_cli.process import Secrets
from attune_cli.sensor.calls import Calls
from attune_cli.sensor.event_rules import Rules, Source
from attune_cli.sensor.events import Reception
from attune_cli.sensor.keys import KeyStore
from attune_cli.sensor.model import Event, RefusedCall, SensorRule, Triggers
from attune_cli.sensor.routes import Refused, Table
from attune_cli.sensor.server import LocalServer
from attune_cli.sensor.tokens import Tokens


@dataclass(eq=False, repr=False)
class LocalApi:
    """Serves from `with` to its end.

    keys:       what is read and written under `/api/v1/keys`.
    triggers:   all that exist here.
    rules:      the active ones; `set_rules` changes them while it serves.
    sensor_ref: who is served, a sensor or an action.
    declared:   the triggers of which events may be created; None: every one.
    on_event:   gets every event, taken or refused, in the thread of the server: it has to be quick.
                What it raises comes out of the `with`.
    on_refused: gets each request that came to no call, once, and at most a hundred.
    """

    keys: KeyStore
    triggers: Triggers
    rules: Iterable[SensorRule]
    sensor_ref: str
    declared: frozenset[str] | None
    on_event: Callable[[Event], None]
    on_refused: Callable[[RefusedCall], None]
    sensor_id: int = 1

    def __post_init__(self) -> None:
        self._tokens = Tokens()
        self._masking: tuple[int, Secrets] | None = None
        source = Source(self.sensor_ref, self.declared, self.sensor_id)
        self._reception = Reception(self.triggers, self.rules, source, self._mask)
        calls = Calls(self.keys, self.triggers, self._reception, self._tokens, self.on_event)
        self._table = Table(calls.all(), self._tokens, Refused(self.on_refused))
        self._server = LocalServer(self._table)
        self._url = ""

    def __repr__(self) -> str:
        return f"LocalApi({self._url or 'not started'})"

    def __enter__(self) -> Self:
        self._url = self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        if kind is None and self._table.failure is not None:
            raise self._table.failure

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, for `ATTUNE_API_URL`."""
        return self._url

    @property
    def token(self) -> str:
        """The token that was given out last: what a process that starts now gets."""
        return self._tokens.current

    @property
    def secrets(self) -> Secrets:
        """What has to be masked wherever something of this run is shown: tokens and encrypted keys."""
        version = self.keys.secrets_version
        if self._masking is None or self._masking[0] != version:
            self._masking = version, Secrets(self.secret_values)
        return self._masking[1]

    @property
    def secret_values(self) -> dict[str, object]:
        """The same by name, to be put together with other secrets."""
        tokens = {f"token {number}": token for number, token in enumerate(self._tokens.all)}
        return {**tokens, **self.keys.secrets()}

    def set_rules(self, rules: Iterable[SensorRule]) -> None:
        """Make these the active rules, from any thread."""
        self._reception.rules = Rules(rules)

    def _mask(self, text: str) -> str:
        return self.secrets.mask_text(text)
