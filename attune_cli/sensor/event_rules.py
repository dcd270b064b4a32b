"""What is looked for in an event: each function takes one event and yields what it finds.

The codes are those of `attune_cli.pack.event_codes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from attune_cli.diagnostics import Rule
from attune_cli.errors import AttuneError
from attune_cli.pack import event_codes as codes
from attune_cli.pack.payload import PayloadSchema
from attune_cli.pack.validity import Hidden, json_type
from attune_cli.sensor.model import SensorRule, Trigger, Triggers

LARGE: Final = 64 * 1024
"""Bytes of a body from which on an event is called large."""

_MOST_MISFITS: Final = 10
_MOST_NAMES: Final = 5
_LONGEST_NAME: Final = 200


class Sent(NamedTuple):
    """An event as a sensor sent it, taken apart.

    payload:  an empty object when there is none.
    instance: `trigger_instance_id`.
    size:     bytes of the body.
    repeated: keys that an object in it has twice.
    """

    trigger_ref: str
    payload: object
    config: object = None
    instance: str | None = None
    rule_ref: str | None = None
    source: str | None = None
    size: int = 0
    repeated: tuple[str, ...] = ()


class Finding(NamedTuple):
    """One thing that is wrong with an event."""

    rule: Rule
    message: str
    help: str | None = None


class Rules:
    """The active rules of a run, by id and by ref."""

    def __init__(self, rules: Iterable[SensorRule] = ()) -> None:
        self.all = tuple(rules)
        self._by_id = {str(rule.id): rule for rule in self.all}
        self._by_ref = {rule.ref: rule for rule in self.all}

    def of_instance(self, instance: str) -> SensorRule | None:
        """The rule of `rule_<id or ref>`."""
        word = instance.removeprefix("rule_")
        return None if word == instance else self._by_id.get(word) or self._by_ref.get(word)

    def of_ref(self, ref: str) -> SensorRule | None:
        """The rule with that ref."""
        return self._by_ref.get(ref)


class Source(NamedTuple):
    """Who creates events.

    ref:      of the sensor, or of an action.
    declared: the triggers whose events it may create; None: all.
    id:       a sensor's number.
    """

    ref: str
    declared: frozenset[str] | None = None
    id: int = 1


class Judge:
    """Judges the events of one source; what a trigger declares is compiled when its first event comes.

    mask: takes secrets out of a message.
    """

    def __init__(self, triggers: Triggers, source: Source, mask: Callable[[str], str]) -> None:
        self._triggers = triggers
        self._source = source
        self._hidden = Hidden(frozenset(), mask)
        self._schemas: dict[str, PayloadSchema | AttuneError] = {}

    def trigger_findings(self, ref: str) -> Iterator[Finding]:
        """What keeps an event of this trigger from being taken."""
        if ref not in self._triggers:
            near = _nearest(ref, self._triggers)
            yield Finding(codes.UNKNOWN_TRIGGER, f"there is no trigger `{_short(ref)}`", near)
        elif self._source.declared is not None and ref not in self._source.declared:
            message = f"{self._source.ref} does not declare the trigger `{ref}`"
            yield Finding(codes.FOREIGN_TRIGGER, message, f"add `{ref}` to its `trigger_types`")

    def findings(self, sent: Sent, rules: Rules) -> Iterator[Finding]:
        """What is wrong with an event that is taken."""
        yield from self._payload_findings(sent)
        if sent.instance is not None or sent.rule_ref is not None:
            yield from _rule_findings(sent, rules)
        if sent.size > LARGE:
            yield Finding(codes.LARGE, f"the event has {sent.size} bytes, more than {LARGE}")
        if sent.repeated:
            yield Finding(codes.REPEATED_KEY, f"{_listed(sent.repeated)} is there twice; the last one counts")
        if sent.config is not None and not isinstance(sent.config, dict):
            yield Finding(codes.CONFIG, f"`config` must be an object, not {_a(sent.config)}")

    def _payload_findings(self, sent: Sent) -> Iterator[Finding]:
        schema = self._schema(sent.trigger_ref)
        if schema is None:
            return
        if isinstance(schema, AttuneError):
            yield Finding(codes.SCHEMA, f"the output of {sent.trigger_ref} is no schema: {schema.why}")
            return
        payload = sent.payload
        if not isinstance(payload, dict):
            yield Finding(codes.PAYLOAD, f"the payload must be an object, not {_a(payload)}")
            return
        if not schema.fits(payload):
            yield from self._misfits(schema, payload, quick=sent.size > LARGE)
        if undeclared := schema.undeclared(payload):
            yield Finding(codes.UNDECLARED, f"the output of {sent.trigger_ref} does not declare {_listed(undeclared)}")

    def _misfits(self, schema: PayloadSchema, payload: dict[str, object], *, quick: bool) -> Iterator[Finding]:
        """quick: the payload is large, and everybody else waits meanwhile."""
        found = schema.misfits(payload, self._hidden, most=_MOST_MISFITS + 1, quick=quick)
        for misfit in found[:_MOST_MISFITS]:
            place = ".".join(("payload", *map(str, misfit.path)))
            yield Finding(codes.PAYLOAD, f"`{_short(place)}` {misfit.message}")
        if len(found) > _MOST_MISFITS:
            yield Finding(codes.PAYLOAD, "the payload has more misfits than these")

    def _schema(self, ref: str) -> PayloadSchema | AttuneError | None:
        trigger: Trigger = self._triggers[ref]
        if trigger.output is None:
            return None
        if ref not in self._schemas:
            try:
                self._schemas[ref] = PayloadSchema(trigger.output, where=str(trigger.path or ref))
            except AttuneError as error:
                self._schemas[ref] = error
        return self._schemas[ref]


def _rule_findings(sent: Sent, rules: Rules) -> Iterator[Finding]:
    named: dict[str, SensorRule] = {}
    for key, word, rule in (
        ("trigger_instance_id", sent.instance, sent.instance and rules.of_instance(sent.instance)),
        ("rule_ref", sent.rule_ref, sent.rule_ref and rules.of_ref(sent.rule_ref)),
    ):
        if word is None:
            continue
        if not rule:
            form = "" if key == "rule_ref" or word.startswith("rule_") else "; it is `rule_` and a rule's id or ref"
            yield Finding(codes.UNKNOWN_RULE, f"no active rule has the {key} `{_short(word)}`{form}")
        else:
            named[rule.ref] = rule
    if len(named) > 1:
        first, second = named
        yield Finding(codes.RULE_MISMATCH, f"trigger_instance_id is the rule {first}, rule_ref is {second}")
    for rule in named.values():
        if rule.trigger_ref != sent.trigger_ref:
            message = f"the rule {rule.ref} waits for {rule.trigger_ref}, and the event is one of {sent.trigger_ref}"
            yield Finding(codes.RULE_MISMATCH, message)


def _nearest(ref: str, triggers: Mapping[str, object]) -> str | None:
    from difflib import get_close_matches

    near = get_close_matches(ref[:_LONGEST_NAME], triggers, 1)
    near = near or [each for each in triggers if each.partition(".")[2] == ref][:1]
    return f"did you mean `{near[0]}`?" if near else None


def _listed(names: Iterable[str]) -> str:
    shown = [f"`{_short(name)}`" for name in names]
    more = [f"{len(shown) - _MOST_NAMES} more"] if len(shown) > _MOST_NAMES else []
    return ", ".join([*shown[:_MOST_NAMES], *more])


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"


def _a(value: object) -> str:
    kind = json_type(value)
    return kind if kind == "null" else f"an {kind}" if kind[0] in "aio" else f"a {kind}"
