"""What may be shown of a run: everything without its secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from attune_cli.execution.execution import SUCCEEDED
from attune_cli.execution.strict_json import compact
from attune_cli.process import Secrets
from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.environment import hidden_in
from attune_cli.sensor.model import Event, RefusedCall
from attune_cli.sensor.preparation import Prepared
from attune_cli.sensor.reactions import Reaction
from attune_cli.sensor.rules import LocalRule

#: Of what an action that went wrong wrote to standard error this much is kept, in characters.
_LAST_WORDS = 2000


class Masking:
    """Takes the secrets of one run out of what is shown of it: those known beforehand, and those of the API,
    where keys come and change while it runs."""

    def __init__(self, prepared: Prepared, api: LocalApi) -> None:
        self._api = api
        self._known = {**hidden_in(prepared.request.mq_url), **dict(_secret_values(prepared))}
        self._made: tuple[Secrets, Secrets] | None = None

    @property
    def secrets(self) -> Secrets:
        """What is masked from now on; the same object as long as nothing has changed."""
        base = self._api.secrets
        if not self._known:
            return base
        if self._made is None or self._made[0] is not base:
            self._made = base, Secrets({**self._api.secret_values, **self._known})
        return self._made[1]

    def event(self, event: Event) -> Event:
        secrets = self.secrets
        shown = f"{event.trigger_ref} {event.source} {compact([event.payload, event.config])}"
        if not secrets or secrets.mask_text(shown) == shown:
            return event
        return replace(
            event,
            trigger_ref=secrets.mask_text(event.trigger_ref),
            source=secrets.mask_text(event.source),
            payload=secrets.mask_data(event.payload),
            config=secrets.mask_data(event.config),
        )

    def reaction(self, reaction: Reaction) -> Reaction:
        """Also without what it need not keep: the output of an action that went well."""
        secrets, run = self.secrets, reaction.execution
        findings = tuple(each._replace(message=secrets.mask_text(each.message)) for each in reaction.findings)
        if run is None:
            return reaction._replace(findings=findings)
        return reaction._replace(
            findings=findings,
            execution=run._replace(
                stdout="",
                stderr="" if run.status == SUCCEEDED else secrets.mask_text(run.stderr[-_LAST_WORDS:]),
                result=secrets.mask_data(run.result),
                error=run.error and secrets.mask_text(run.error),
            ),
        )

    def rule(self, local: LocalRule) -> LocalRule:
        config = self.secrets.mask_data(dict(local.rule.config))
        return replace(local, rule=replace(local.rule, config=config if isinstance(config, Mapping) else {}))

    def call(self, call: RefusedCall) -> RefusedCall:
        path, reason = map(self.secrets.mask_text, (call.path, call.reason))
        return call._replace(path=path, reason=reason)


def _secret_values(prepared: Prepared) -> Iterator[tuple[str, object]]:
    """What rules and the sensor's own configuration hold that must not be seen, by a name for each."""
    sensor = prepared.sensor
    yield from _of("config", sensor.config, sensor.parameters.secrets)
    for each in prepared.rules:
        yield from _of(each.rule.ref, each.rule.config, prepared.triggers[each.rule.trigger_ref].parameters.secrets)


def _of(owner: str, values: Mapping[str, object], secret: frozenset[str]) -> Iterator[tuple[str, object]]:
    yield from ((f"{owner} {name}", values[name]) for name in secret if name in values)
