"""What rules and workflows hand to an action, and rules to a trigger, against what that declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.errors import AttuneError
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.pack.rules import core_triggers
from attune_cli.pack.rules.declared import schema_of
from attune_cli.pack.rules.nearest import Nearest
from attune_cli.pack.rules.references import RUN, is_sound, is_template, qualified, resolve
from attune_cli.pack.rules.tasks import Task, all_tasks
from attune_cli.pack.rules.texts import short, text_of
from attune_cli.yaml12 import Mapping, Node, Scalar, Sequence, to_data

_PACK: Final = (
    "# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n# actions/greet.yaml\nref: demo.greet\nparameters:\n"
    "  name: {type: string, required: true}\n  times: {type: integer}\n"
    "# rules/hourly.yaml\nref: demo.hourly\ntrigger_ref: core.crontimer\naction_ref: demo.greet\n"
    'trigger_params: {expression: "0 0 * * * *"}\n'
)
UNKNOWN: Final = Rule(
    code="ATN054",
    name="unknown-parameter",
    severity=Severity.WARNING,
    title="a value for a parameter that is not declared",
    why=(
        "A rule's `action_params`, its `trigger_params` and a task's `input` name parameters of the action or trigger. "
        "A name that is not declared there is usually a slip: the parameter that was meant keeps its default."
    ),
    good=_PACK + 'action_params: {name: "{{ event.payload.name }}", times: 2}\n',
    bad=_PACK + 'action_params: {name: "{{ event.payload.name }}", time: 2}\n',
)
MISSING: Final = Rule(
    code="ATN055",
    name="missing-parameter",
    severity=Severity.ERROR,
    title="no value for a required parameter",
    why=(
        "A parameter that is required and has no default must be given by everything that calls the action, or "
        "configures the trigger. Without it, every execution is refused or fails."
    ),
    good=_PACK + 'action_params: {name: "{{ event.payload.name }}"}\n',
    bad=_PACK + "action_params: {times: 2}\n",
)
MISFIT: Final = Rule(
    code="ATN056",
    name="parameter-value",
    severity=Severity.ERROR,
    title="a value that its parameter does not allow",
    why=(
        "Values are held against the schema that the action or trigger declares for them. Those that are filled in at "
        "run time, with `{{ … }}` in them, are not known yet and not judged."
    ),
    good=_PACK + "action_params: {name: world, times: 2}\n",
    bad=_PACK + "action_params: {name: world, times: twice}\n",
)
RULES: Final = (UNKNOWN, MISSING, MISFIT)
KINDS: Final = ("rule", "workflow")

_TRIGGER: Final = ("trigger",)
_LISTED: Final = 6


class _Call(NamedTuple):
    """Values, and what they are held against.

    given:   the values; None: there are none.
    at:      where to point when something is missing.
    subject: what is called, in words.
    """

    component: Component
    given: Mapping | None
    at: Node | None
    schema: ParameterSchema
    subject: str


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """All that the file calls, as far as the pack has it."""
    calls = _of_workflow(tree, component) if component.kind == "workflow" else _of_rule(tree, component)
    for call in calls:
        yield from _check_names(call)
        yield from _check_values(call)


def _of_workflow(tree: PackTree, component: Component) -> Iterator[_Call]:
    for task in all_tasks(component):
        ref = text_of(task.action)
        if ref is not None:
            yield from _calls(component, _run_schema(tree, ref), task.body.by_name.get("input"), _called(task, ref))


def _called(task: Task, ref: str) -> tuple[str, Node | None]:
    return f"the action `{short(ref)}`", task.action


def _of_rule(tree: PackTree, component: Component) -> Iterator[_Call]:
    action, trigger = text_of(component.get("action_ref")), text_of(component.get("trigger_ref"))
    if action is not None:
        called = f"the action `{short(action)}`", component.get("action_ref")
        yield from _calls(component, _run_schema(tree, action), component.get("action_params"), called)
    if trigger is not None:
        called = f"the trigger `{short(trigger)}`", component.get("trigger_ref")
        yield from _calls(component, _trigger_schema(tree, trigger), component.get("trigger_params"), called)


def _calls(
    component: Component, schema: ParameterSchema | None, values: Node | None, called: tuple[str, Node | None]
) -> Iterator[_Call]:
    """One call, or none where there is nothing to hold the values against, or they are no mapping."""
    if schema is not None and (values is None or isinstance(values, Mapping)):
        given = values if isinstance(values, Mapping) else None
        yield _Call(component, given, given or called[1], schema, called[0])


def _run_schema(tree: PackTree, ref: str) -> ParameterSchema | None:
    """The parameters of an action or workflow of this pack. What its file does not tell may be told elsewhere."""
    target = None if is_template(ref) else resolve(tree, RUN, ref)
    return schema_of(target) if target is not None and is_sound(target) else None


def _trigger_schema(tree: PackTree, ref: str) -> ParameterSchema | None:
    target = resolve(tree, _TRIGGER, ref)
    if target is None:
        return core_triggers.parameters(qualified(tree, ref))
    return schema_of(target) if is_sound(target) else None


def _check_names(call: _Call) -> Iterator[Diagnostic]:
    given = call.given.by_name if call.given is not None else {}
    keys = dict(zip(given, call.given.keys, strict=True)) if call.given is not None else {}
    known = call.schema.properties
    nearest = Nearest(lambda: known)
    for name in given:
        if name not in known and not call.schema.takes_unknown:
            message = f"{call.subject} has no parameter `{short(name)}`"
            yield call.component.finding(UNKNOWN, keys[name], message, _cure(nearest, name))
    absent = sorted(call.schema.required - given.keys() - call.schema.defaults().keys())
    if absent:
        listed = ", ".join(f"`{short(name)}`" for name in absent[:_LISTED]) + (", …" if len(absent) > _LISTED else "")
        message = f"{call.subject} requires {listed}, and gets no value for {'it' if len(absent) == 1 else 'them'}"
        yield call.component.finding(MISSING, call.at, message, f"add {listed}")


def _cure(nearest: Nearest, name: str) -> str:
    return nearest.help(name, "it has") or "it has no parameters at all"


def _check_values(call: _Call) -> Iterator[Diagnostic]:
    from attune_cli.pack.validity import Hidden, misfits

    judged = {name: node for name, node in _literals(call).items() if name in call.schema.properties}
    values = {name: to_data(node) for name, node in judged.items()}
    hidden = Hidden(call.schema.secrets, lambda text: text)
    try:
        found = misfits(call.schema, values, hidden, where=call.component.shown) if values else []
    except AttuneError:
        # The schema itself is wrong: that is said where it stands.
        return
    for misfit in found:
        if misfit.path:
            at, place = follow(judged[str(misfit.path[0])], misfit.path)
            message = f"`{short(place)}` {misfit.message}: so {call.subject} declares it"
            yield call.component.finding(MISFIT, at, message)


def _literals(call: _Call) -> dict[str, Node]:
    """The values that are known already. Null stands for none."""
    given = call.given.by_name if call.given is not None else {}
    return {name: node for name, node in given.items() if not is_open(node)}


def is_open(node: Node) -> bool:
    """Whether a value is filled in at run time, or is null, or has such a value in it."""
    if isinstance(node, Scalar):
        return node.value is None or (isinstance(node.value, str) and is_template(node.value))
    if isinstance(node, Sequence):
        return any(map(is_open, node.items))
    return isinstance(node, Mapping) and any(map(is_open, node.by_name.values()))


def follow(node: Node, path: tuple[str | int, ...]) -> tuple[Node, str]:
    """The innermost node on the way, and the way in words."""
    for step in path[1:]:
        inner = None
        if isinstance(node, Mapping):
            inner = node.by_name.get(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            inner = node.items[step]
        if inner is None:
            break
        node = inner
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return node, "".join(steps).removeprefix(".")
