"""What can be wrong with an event that a sensor creates. An example shows the trigger, and behind
`# event` what the sensor sends."""

from __future__ import annotations

from typing import Final

from attune_cli.diagnostics import Rule, Severity

_TRIGGER: Final = (
    "# triggers/alert.yaml\nref: demo.alert\nlabel: Alert\noutput:\n  level: {type: integer, required: true}\n"
)
_RULE: Final = "# rules/page.yaml\nref: demo.page\ntrigger_ref: demo.alert\naction_ref: demo.call\n"
_GOOD: Final = f"{_TRIGGER}# event\ntrigger_ref: demo.alert\npayload: {{level: 3}}\n"
_GOOD_RULE: Final = f"{_TRIGGER}{_RULE}# event\ntrigger_ref: demo.alert\npayload: {{level: 3}}\nrule_ref: demo.page\n"

UNREADABLE: Final = Rule(
    code="ATN140",
    name="event-unreadable",
    severity=Severity.ERROR,
    title="an event that cannot be read",
    why=(
        "The body of an event is one JSON object with a `trigger_ref`. What is no JSON, has a key twice at its top, "
        "or is longer than 1 MiB is answered with the status 400 or 413, and the event is lost."
    ),
    good=_GOOD,
    bad=f"{_TRIGGER}# event\npayload: {{level: 3}}\n",
)
UNKNOWN_TRIGGER: Final = Rule(
    code="ATN141",
    name="event-trigger-unknown",
    severity=Severity.ERROR,
    title="an event of a trigger that does not exist",
    why=(
        "The platform answers with the status 404 when no trigger has the ref that the event names. The event is lost. "
        "`trigger_ref` is the full ref, `pack.name`."
    ),
    good=_GOOD,
    bad=f"{_TRIGGER}# event\ntrigger_ref: alert\npayload: {{level: 3}}\n",
)
FOREIGN_TRIGGER: Final = Rule(
    code="ATN142",
    name="event-trigger-undeclared",
    severity=Severity.ERROR,
    title="an event of a trigger that the sensor does not declare",
    why=(
        "A sensor may create events only of the triggers in its `trigger_types`; for any other the platform answers "
        "with the status 403, and the event is lost."
    ),
    good="# sensors/watch.yaml\nref: demo.watch\ntrigger_types: [demo.alert]\n" + _GOOD,
    bad="# sensors/watch.yaml\nref: demo.watch\ntrigger_types: [demo.other]\n"
    "# triggers/other.yaml\nref: demo.other\nlabel: Other\n" + _GOOD,
)
PAYLOAD: Final = Rule(
    code="ATN143",
    name="event-payload",
    severity=Severity.ERROR,
    title="a payload that does not fit the trigger's `output`",
    why=(
        "Rules are written against what the trigger's `output` promises: `{{ event.payload.level }}` and conditions "
        "find nothing, or something of another type, when the payload is different. The platform takes such an event, "
        "and what fails is the action behind it."
    ),
    good=_GOOD,
    bad=f"{_TRIGGER}# event\ntrigger_ref: demo.alert\npayload: {{level: high}}\n",
)
UNDECLARED: Final = Rule(
    code="ATN144",
    name="event-payload-undeclared",
    severity=Severity.WARNING,
    title="a payload with names that the trigger's `output` does not declare",
    why=(
        "Whoever writes a rule looks at the trigger's `output` for what an event holds. A name that is missing there "
        "is not found by anybody, and is often a misspelt one."
    ),
    good=_GOOD,
    bad=f"{_TRIGGER}# event\ntrigger_ref: demo.alert\npayload: {{level: 3, levle: 3}}\n",
)
UNKNOWN_RULE: Final = Rule(
    code="ATN145",
    name="event-rule-unknown",
    severity=Severity.ERROR,
    title="an event for a rule that is not active",
    why=(
        "`trigger_instance_id` (`rule_` and the rule's id or ref) and `rule_ref` say for which rule an event was "
        "created. One that names no active rule reaches none: the sensor took its rules from somewhere else, or keeps "
        "working for one that is gone."
    ),
    good=_GOOD_RULE,
    bad=f"{_TRIGGER}{_RULE}# event\ntrigger_ref: demo.alert\npayload: {{level: 3}}\ntrigger_instance_id: rule_99\n",
)
RULE_MISMATCH: Final = Rule(
    code="ATN146",
    name="event-rule-mismatch",
    severity=Severity.ERROR,
    title="an event whose rule belongs to another trigger",
    why=(
        "A rule waits for the events of one trigger. An event that names the rule, and another trigger, or two "
        "different rules, does not reach it."
    ),
    good=_GOOD_RULE,
    bad=f"{_TRIGGER}# rules/page.yaml\nref: demo.page\ntrigger_ref: demo.other\naction_ref: demo.call\n"
    "# triggers/other.yaml\nref: demo.other\nlabel: Other\n"
    "# event\ntrigger_ref: demo.alert\npayload: {level: 3}\nrule_ref: demo.page\n",
)
LARGE: Final = Rule(
    code="ATN147",
    name="event-large",
    severity=Severity.WARNING,
    title="an event of more than 64 KiB",
    why=(
        "Every event is stored, sent through the message queue and handed to each action that it starts, where one "
        "environment variable holds no more than 128 KiB. Large data is better left in a file or an artifact that the "
        "payload names."
    ),
    good=_GOOD,
)
REPEATED_KEY: Final = Rule(
    code="ATN148",
    name="event-repeated-key",
    severity=Severity.WARNING,
    title="a payload that has a key twice",
    why=(
        "Of two members with one name, the last one counts; the other is lost without a word. JSON that is put "
        "together from pieces of text is the usual reason."
    ),
    good=_GOOD,
    bad=_TRIGGER + '# event\n{"trigger_ref": "demo.alert", "payload": {"level": 3, "level": 4}}\n',
)
SCHEMA: Final = Rule(
    code="ATN149",
    name="event-schema",
    severity=Severity.WARNING,
    title="a payload that cannot be checked, since the trigger's `output` is no schema",
    why=(
        "The `output` of a trigger is a JSON Schema, or names with a schema each. One that is neither says nothing "
        "about the payload, to people as little as to programs."
    ),
    good=_GOOD,
    bad="# triggers/alert.yaml\nref: demo.alert\nlabel: Alert\noutput:\n  level: {type: whole}\n"
    "# event\ntrigger_ref: demo.alert\npayload: {level: 3}\n",
)
CONFIG: Final = Rule(
    code="ATN150",
    name="event-config",
    severity=Severity.WARNING,
    title="an event whose `config` is no object",
    why=(
        "`config` says, by name, how the event came about: the interval of a timer, the address that was polled. "
        "Whoever reads events takes it for an object."
    ),
    good=f"{_TRIGGER}# event\ntrigger_ref: demo.alert\npayload: {{level: 3}}\nconfig: {{threshold: 2}}\n",
    bad=f"{_TRIGGER}# event\ntrigger_ref: demo.alert\npayload: {{level: 3}}\nconfig: threshold=2\n",
)

RULES: Final = (
    UNREADABLE,
    UNKNOWN_TRIGGER,
    FOREIGN_TRIGGER,
    PAYLOAD,
    UNDECLARED,
    UNKNOWN_RULE,
    RULE_MISMATCH,
    LARGE,
    REPEATED_KEY,
    SCHEMA,
    CONFIG,
)
