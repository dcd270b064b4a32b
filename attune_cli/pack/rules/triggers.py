"""The triggers that sensors create events of, and that rules wait for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules import core_triggers
from attune_cli.pack.rules.references import Suggestions, is_missing, owner, resolve
from attune_cli.pack.rules.texts import short, text_of
from attune_cli.yaml12 import Node, Sequence

UNKNOWN: Final = Rule(
    code="ATN050",
    name="unknown-trigger",
    severity=Severity.ERROR,
    title="a trigger that the pack does not have",
    why=(
        "A sensor may create events only of triggers that exist, and a rule waits for one of them. The platform skips "
        "a rule whose trigger it does not find, and answers a sensor's event with 404. A trigger of another pack is "
        "looked for where that pack is at hand: validated in the same call, beside this one, or in a folder of packs "
        "that is named. Of packs that are not, nothing is said."
    ),
    good="# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n# triggers/tick.yaml\nref: demo.tick\n"
    "# sensors/clock.yaml\nref: demo.clock\ntrigger_types: [demo.tick]\n",
    bad="# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n# triggers/tick.yaml\nref: demo.tick\n"
    "# sensors/clock.yaml\nref: demo.clock\ntrigger_types: [demo.tack]\n",
)
UNKNOWN_CORE: Final = Rule(
    code="ATN051",
    name="unknown-core-trigger",
    severity=Severity.WARNING,
    title="nearly the name of a trigger of the core pack",
    why=(
        "The core pack has the timers every installation has, and this is nearly the name of one of them. A rule "
        "whose trigger does not exist is skipped."
    ),
    good="# rules/hourly.yaml\nref: demo.hourly\ntrigger_ref: core.crontimer\n",
    bad="# rules/hourly.yaml\nref: demo.hourly\ntrigger_ref: core.cron_timer\n",
)
NONE: Final = Rule(
    code="ATN053",
    name="sensor-without-trigger",
    severity=Severity.WARNING,
    title="a sensor that declares no trigger",
    why=(
        "The platform takes events of a sensor only for the triggers it declares in `trigger_types`, and starts it for "
        "the rules that wait for them. A sensor that declares none has nothing to do."
    ),
    good="# sensors/clock.yaml\nref: demo.clock\ntrigger_types: [core.intervaltimer]\n",
    bad="# sensors/clock.yaml\nref: demo.clock\ntrigger_types: []\n",
)
RULES: Final = (UNKNOWN, UNKNOWN_CORE, NONE)
KINDS: Final = ("sensor", "rule")

_TRIGGER: Final = ("trigger",)


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """`trigger_types` (or `trigger_type`) of a sensor, `trigger_ref` of a rule."""
    known = Suggestions(tree, _TRIGGER)
    if component.kind == "rule":
        yield from _check_ref(tree, component, component.get("trigger_ref"), known)
        return
    listed = component.get("trigger_types")
    if listed is None:
        listed = component.get("trigger_type")
    items = listed.items if isinstance(listed, Sequence) else (listed,)
    if isinstance(listed, Sequence) and not items:
        yield component.finding(NONE, listed, "the sensor declares no trigger", "list the refs of its triggers")
    for item in items:
        yield from _check_ref(tree, component, item, known)


def _check_ref(tree: PackTree, component: Component, node: Node | None, known: Suggestions) -> Iterator[Diagnostic]:
    text = text_of(node)
    if text is None:
        return
    if is_missing(tree, _TRIGGER, text):
        message = f"{owner(tree, text)} has no trigger `{short(text)}`"
        yield component.finding(UNKNOWN, node, message, known.help(text))
    elif (
        tree.ref != core_triggers.PACK
        and resolve(tree, _TRIGGER, text) is None
        and (near := core_triggers.nearly(text))
    ):
        message = f"the core pack is not known to have a trigger `{short(text)}`"
        yield component.finding(UNKNOWN_CORE, node, message, f"did you mean `{near}`?")
