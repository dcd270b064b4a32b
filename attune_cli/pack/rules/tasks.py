"""The tasks of a workflow, and where they lead. No rule itself.

A transition is the name of a task, a list of names, or `when`/`do` (or `next`) with one of these in it:

    on_success: notify
    on_failure:
      - when: "{{ … }}"
        do: [clean_up, notify]
    next:
      - do:
          - notify
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from attune_cli.pack.components import Component
from attune_cli.pack.rules.references import is_template
from attune_cli.pack.rules.texts import text_of
from attune_cli.yaml12 import Mapping, Node, Sequence

_TRANSITIONS: Final = ("next", "on_success", "on_failure", "on_complete", "on_timeout", "decision")
_TARGETS: Final = ("do", "next")


class Target(NamedTuple):
    """The name of a task in a transition."""

    node: Node
    name: str


class Task(NamedTuple):
    """One task.

    label:   the node of its name.
    body:    the whole of it.
    targets: the tasks it leads to, as they are written.
    """

    name: str
    label: Node
    body: Mapping
    targets: tuple[Target, ...]

    @property
    def action(self) -> Node | None:
        return self.body.by_name.get("action")


def groups(component: Component) -> Iterator[tuple[Task, ...]]:
    """The tasks at the top, then those inside of each task that has some: transitions stay among siblings."""
    if component.root is not None:
        yield from _groups(component.root.by_name.get("tasks"))


def all_tasks(component: Component) -> Iterator[Task]:
    """Every task, wherever it is."""
    for group in groups(component):
        yield from group


def _groups(node: Node | None) -> Iterator[tuple[Task, ...]]:
    items = node.items if isinstance(node, Sequence) else ()
    tasks = tuple(task for item in items if isinstance(item, Mapping) and (task := _task(item)) is not None)
    if tasks:
        yield tasks
    for task in tasks:
        yield from _groups(task.body.by_name.get("tasks"))


def _task(body: Mapping) -> Task | None:
    label = body.by_name.get("name")
    name = text_of(label)
    if label is None or name is None:
        return None
    targets = (target for key in _TRANSITIONS for target in _targets(body.by_name.get(key)))
    return Task(name, label, body, tuple(targets))


def _targets(node: Node | None) -> Iterator[Target]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _targets(item)
    elif isinstance(node, Mapping):
        for key in _TARGETS:
            yield from _targets(node.by_name.get(key))
    elif node is not None and (text := text_of(node)) is not None and not is_template(text):
        yield from (Target(node, name) for each in text.split(",") if (name := each.strip()))
