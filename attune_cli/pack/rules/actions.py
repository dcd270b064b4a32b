"""The actions that rules, workflows, queues and policies call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.references import RUN, Suggestions, is_missing, is_template, owner
from attune_cli.pack.rules.tasks import Task, all_tasks
from attune_cli.pack.rules.texts import short, text_of
from attune_cli.yaml12 import Node, Scalar

UNKNOWN: Final = Rule(
    code="ATN052",
    name="unknown-action",
    severity=Severity.ERROR,
    title="an action that the pack does not have",
    why=(
        "Rules, tasks of workflows, queues and policies name the action they are for. The platform skips a rule, "
        "queue or policy whose action it does not find, and refuses such a workflow. An action of another pack is "
        "looked for where that pack is at hand: validated in the same call, beside this one, or in a folder of packs "
        "that is named. Of packs that are not, nothing is said."
    ),
    good="# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n# actions/greet.yaml\nref: demo.greet\n"
    "# rules/hourly.yaml\nref: demo.hourly\ntrigger_ref: core.crontimer\naction_ref: demo.greet\n",
    bad="# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n# actions/greet.yaml\nref: demo.greet\n"
    "# rules/hourly.yaml\nref: demo.hourly\ntrigger_ref: core.crontimer\naction_ref: demo.gret\n",
)
NO_ACTION: Final = Rule(
    code="ATN061",
    name="task-without-action",
    severity=Severity.ERROR,
    title="a task that calls no action",
    why=(
        "A task is one call of an action, or of a workflow. Only a task of type `parallel` has tasks of its own in "
        "place of an action. The platform refuses a workflow with a task that does nothing."
    ),
    good="# workflows/deploy.yaml\nref: demo.deploy\nversion: 1.0.0\ntasks:\n  - name: build\n    action: core.noop\n",
    bad="# workflows/deploy.yaml\nref: demo.deploy\nversion: 1.0.0\ntasks:\n  - name: build\n    input: {}\n",
)
RULES: Final = (UNKNOWN, NO_ACTION)
KINDS: Final = ("rule", "workflow", "queue", "policy")

_KEYS: Final = {"rule": "action_ref", "queue": "dispatch_action", "policy": "action_ref"}


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """The one action of most kinds, those of all tasks of a workflow."""
    known = Suggestions(tree, ("action",))
    if component.kind == "workflow":
        for task in all_tasks(component):
            yield from _check_ref(tree, component, task.action, known)
            if task.action is None and _should_call(task):
                message = f"the task `{short(task.name)}` calls no action"
                yield component.finding(NO_ACTION, task.label, message, "add `action:`, with the ref of one")
    else:
        yield from _check_ref(tree, component, component.get(_KEYS[component.kind]), known)


def _should_call(task: Task) -> bool:
    """A task of a kind that is not known may do without."""
    kind = task.body.by_name.get("type")
    named = kind.value if isinstance(kind, Scalar) else "action"
    return named in {"action", "workflow"} and "tasks" not in task.body.by_name


def _check_ref(tree: PackTree, component: Component, node: Node | None, known: Suggestions) -> Iterator[Diagnostic]:
    text = text_of(node)
    if text is not None and not is_template(text) and is_missing(tree, RUN, text):
        message = f"{owner(tree, text)} has no action `{short(text)}`"
        yield component.finding(UNKNOWN, node, message, known.help(text))
