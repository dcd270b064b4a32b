"""The codes of what is found when a rule's action is started for an event."""

from __future__ import annotations

from typing import Final

from attune_cli.diagnostics import Rule, Severity

_RULE: Final = "ref: demo.on_tick\ntrigger_ref: demo.tick\naction_ref: demo.log\n"

TEMPLATE_MISSING: Final = Rule(
    code="ATN155",
    name="template-without-value",
    severity=Severity.WARNING,
    title="a rule's template names what its event does not have",
    why=(
        "Templates in `action_params` are paths: `event.payload.…`, `event.id`, `event.trigger`, `event.created`, "
        "`pack.config.…`, `system.timestamp`, `system.rule.ref`. Where a path leads nowhere, the platform fills in "
        "null, or nothing inside of a text, and starts the action all the same. Rules know no filters (`| upper`)."
    ),
    good=_RULE + 'action_params:\n  count: "{{ event.payload.count }}"\n',
    bad=_RULE + 'action_params:\n  count: "{{ event.count }}"\n',
)
CONDITION_UNDECIDED: Final = Rule(
    code="ATN156",
    name="condition-undecided",
    severity=Severity.WARNING,
    title="a rule's conditions cannot be decided for an event",
    why=(
        "`conditions` are `{expression: …}`, or a list of `{field, operator, value}` with the operators `equals`, "
        "`not_equals` and `contains`, where `field` is a path in the payload. Where one cannot be decided (the payload "
        "has no such field, the expression cannot be read), the platform does not start the action, and says so only "
        "in its own log."
    ),
    good=_RULE + "conditions:\n  - {field: kind, operator: equals, value: disk}\n",
    bad=_RULE + "conditions:\n  - {field: kind, operator: is, value: disk}\n",
)
ACTION_REFUSED: Final = Rule(
    code="ATN157",
    name="action-refused",
    severity=Severity.ERROR,
    title="a rule's action cannot be started with what an event gives it",
    why=(
        "What `action_params` come to is held against the parameters of the action when the event is there. "
        "Where they do not fit, or there is no such action, no execution comes of the event."
    ),
    good=_RULE + 'action_params:\n  text: "{{ event.payload.text }}"\n',
    bad=_RULE + 'action_params:\n  txet: "{{ event.payload.text }}"\n',
)
RULES: Final = (TEMPLATE_MISSING, CONDITION_UNDECIDED, ACTION_REFUSED)
