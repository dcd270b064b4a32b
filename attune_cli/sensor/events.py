"""From the body of a `POST /api/v1/events` to an `Event`: read, judged, numbered, answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from attune_cli.diagnostics import Diagnostic, Position
from attune_cli.pack import event_codes as codes
from attune_cli.sensor.bodies import BodyError, read_object
from attune_cli.sensor.event_rules import Finding, Judge, Rules, Sent, Source
from attune_cli.sensor.model import Event, SensorRule, Triggers

_STATUS = {codes.UNKNOWN_TRIGGER.code: 404, codes.FOREIGN_TRIGGER.code: 403}


class Reception:
    """Makes events of requests. Belongs to one thread; only `rules` may be set from another.

    source: who creates them, and what their findings name as their place.
    """

    def __init__(
        self, triggers: Triggers, rules: Iterable[SensorRule], source: Source, mask: Callable[[str], str]
    ) -> None:
        self.source = source
        self.rules = Rules(rules)
        self._mask = mask
        self._judge = Judge(triggers, source, mask)
        self._count = 0
        self._received = 0.0

    def take(self, body: bytes) -> Event:
        """The event that a body holds; one that is refused has another status than 201."""
        self._received = time.time()
        try:
            sent = _sent(body)
        except BodyError as error:
            return self.refused(400, str(error), len(body))
        refusals = list(self._judge.trigger_findings(sent.trigger_ref))
        if refusals:
            return self._event(sent, _STATUS[refusals[0].rule.code], refusals)
        return self._event(sent, 201, self._judge.findings(sent, self.rules))

    def refused(self, status: int, reason: str, size: int) -> Event:
        """An event of which nothing could be read."""
        self._received = time.time()
        return self._event(Sent("", None, size=size), status, (Finding(codes.UNREADABLE, reason),))

    def _event(self, sent: Sent, status: int, findings: Iterable[Finding]) -> Event:
        rules = self.rules
        self._count += 1
        rule = rules.of_instance(sent.instance) if sent.instance else None
        rule = rule or (rules.of_ref(sent.rule_ref) if sent.rule_ref else None)
        return Event(
            id=self._count,
            status=status,
            trigger_ref=sent.trigger_ref,
            rule_ref=rule.ref if rule else None,
            rule_id=rule.id if rule else None,
            payload=sent.payload,
            config=sent.config,
            source=sent.source or self.source.ref,
            received=self._received,
            size=sent.size,
            findings=tuple(self._diagnostic(each) for each in findings),
        )

    def _diagnostic(self, finding: Finding) -> Diagnostic:
        rule, message, help_ = finding
        at = Position(self._count, 1)
        return Diagnostic(self.source.ref, at, rule.code, self._mask(message), rule.severity, None, help_)


def _sent(body: bytes) -> Sent:
    """Raises BodyError for what the platform would refuse before it looks at the trigger."""
    data, repeated = read_object(body)
    if "trigger_ref" in data and "trigger_type" in data:
        raise BodyError("the event has both `trigger_ref` and `trigger_type`, which is its other name")
    trigger = data.get("trigger_ref", data.get("trigger_type"))
    if trigger is None:
        raise BodyError("the event has no `trigger_ref`")
    if not isinstance(trigger, str):
        raise BodyError("`trigger_ref` must be a string")
    instance, rule_ref, source = (_text(data, name) for name in ("trigger_instance_id", "rule_ref", "source"))
    payload = data.get("payload", {})
    return Sent(trigger, payload, data.get("config"), instance, rule_ref, source, len(body), repeated)


def _text(data: dict[str, object], name: str) -> str | None:
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise BodyError(f"`{name}` must be a string")
    return value
