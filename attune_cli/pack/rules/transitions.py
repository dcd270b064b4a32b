"""Where the tasks of a workflow lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.nearest import Nearest
from attune_cli.pack.rules.tasks import Task, groups
from attune_cli.pack.rules.texts import short

_TASKS: Final = "# workflows/deploy.yaml\nref: demo.deploy\nversion: 1.0.0\ntasks:\n"
_LINE: Final = (
    _TASKS
    + "  - name: build\n    action: core.noop\n    on_success: ship\n"
    + "  - name: ship\n    action: core.noop\n"
)

UNKNOWN: Final = Rule(
    code="ATN057",
    name="unknown-task",
    severity=Severity.ERROR,
    title="a transition to a task that does not exist",
    why=(
        "A transition names the tasks that follow. The platform refuses a workflow with a transition to a task it does "
        "not have."
    ),
    good=_LINE,
    bad=_LINE.replace("on_success: ship", "on_success: shop"),
)
UNREACHABLE: Final = Rule(
    code="ATN058",
    name="unreachable-task",
    severity=Severity.WARNING,
    title="a task that is never reached",
    why=(
        "A workflow starts with the tasks that no transition leads to, and goes on along the transitions. Tasks that "
        "lead only to one another are never started. Circles as such are allowed: a way has to lead into them."
    ),
    good=_TASKS
    + "  - name: build\n    action: core.noop\n    on_success: wait\n"
    + "  - name: wait\n    action: core.noop\n    on_failure: wait\n",
    bad=_TASKS
    + "  - name: build\n    action: core.noop\n"
    + "  - name: wait\n    action: core.noop\n    on_failure: wait\n",
)
DUPLICATE: Final = Rule(
    code="ATN059",
    name="duplicate-task",
    severity=Severity.ERROR,
    title="two tasks with the same name",
    why=(
        "Transitions find a task by its name. Of two tasks with one name, the platform runs the last and forgets the "
        "other, or refuses the workflow."
    ),
    good=_LINE,
    bad=_TASKS + "  - name: build\n    action: core.noop\n  - name: build\n    action: core.noop\n",
)
SEVERAL_STARTS: Final = Rule(
    code="ATN060",
    name="several-starts",
    severity=Severity.INFO,
    title="a workflow that starts with several tasks at once",
    why=(
        "Every task that no transition leads to starts with the workflow, all at the same time. That may be meant; it "
        "is also what becomes of a task whose transition was forgotten."
    ),
    good=_LINE,
    bad=_TASKS + "  - name: build\n    action: core.noop\n  - name: ship\n    action: core.noop\n",
)
RULES: Final = (UNKNOWN, UNREACHABLE, DUPLICATE, SEVERAL_STARTS)
KINDS: Final = ("workflow",)


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """Every group of tasks by itself; only those at the top are reached along transitions."""
    for index, group in enumerate(groups(component)):
        by_name = {task.name: task for task in reversed(group)}
        yield from _check_names(component, group, by_name)
        yield from _check_targets(component, group, by_name)
        if index == 0:
            yield from _check_ways(component, by_name)


def _check_names(component: Component, group: Iterable[Task], by_name: dict[str, Task]) -> Iterator[Diagnostic]:
    for task in group:
        first = by_name[task.name]
        if first is not task:
            message = f"there is already a task `{short(task.name)}`, at {first.label.start}"
            yield component.finding(DUPLICATE, task.label, message, "give one of the two another name")


def _check_targets(component: Component, group: Iterable[Task], by_name: dict[str, Task]) -> Iterator[Diagnostic]:
    nearest = Nearest(lambda: by_name)
    for task in group:
        for target in task.targets:
            if target.name not in by_name:
                message = f"the task `{short(task.name)}` leads to `{short(target.name)}`, and there is no such task"
                yield component.finding(UNKNOWN, target.node, message, nearest.help(target.name, "the tasks are"))


def _check_ways(component: Component, by_name: dict[str, Task]) -> Iterator[Diagnostic]:
    named = {target.name for task in by_name.values() for target in task.targets}
    starts = [task for name, task in reversed(by_name.items()) if name not in named]
    if not starts:
        task = next(reversed(by_name.values()))
        message = "the workflow starts with no task: a transition leads to every one of them"
        yield component.finding(UNREACHABLE, task.label, message, "add a task that leads to the first of them")
        return
    reached = _reached(starts, by_name)
    for name, task in by_name.items():
        if name not in reached:
            message = f"the task `{short(name)}` is never started: only tasks that are not started either lead to it"
            yield component.finding(UNREACHABLE, task.label, message, "let a task that is started lead to it")
    first = short(starts[0].name)
    for task in starts[1:]:
        message = f"no transition leads to `{short(task.name)}`: it starts with the workflow, as `{first}` does"
        yield component.finding(SEVERAL_STARTS, task.label, message)


def _reached(starts: list[Task], by_name: dict[str, Task]) -> set[str]:
    reached: set[str] = set()
    ahead = [task.name for task in starts]
    while ahead:
        name = ahead.pop()
        if name in by_name and name not in reached:
            reached.add(name)
            ahead += [target.name for target in by_name[name].targets]
    return reached
