"""Permission sets: those that are asked for, and what one grants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.nearest import Nearest
from attune_cli.pack.rules.references import Suggestions, is_missing, is_template, owner
from attune_cli.pack.rules.tasks import all_tasks
from attune_cli.pack.rules.texts import short, text_of
from attune_cli.yaml12 import Mapping, Node, Sequence

_PACK: Final = "# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n"
_SET: Final = "# permission_sets/runner.yaml\nref: demo.runner\ngrants:\n"

ASKED: Final = Rule(
    code="ATN073",
    name="permission-set-ref",
    severity=Severity.WARNING,
    title="a permission set that the pack does not have",
    why=(
        "Actions, rules, tasks and queues name the permission sets that their executions get. The platform stores the "
        "names as they are; an execution with a set that does not exist goes without its permissions. Names without "
        "a pack, `standard` for one, are the platform's own."
    ),
    good=_PACK + "# actions/greet.yaml\nref: demo.greet\ndefault_execution_permission_set_refs: [demo.runner]\n"
    "# permission_sets/runner.yaml\nref: demo.runner\ngrants: []\n",
    bad=_PACK + "# actions/greet.yaml\nref: demo.greet\ndefault_execution_permission_set_refs: [demo.runer]\n"
    "# permission_sets/runner.yaml\nref: demo.runner\ngrants: []\n",
)
GRANT: Final = Rule(
    code="ATN074",
    name="grant-name",
    severity=Severity.WARNING,
    title="nearly the name of a resource or of what may be done with it",
    why=(
        "A grant names a resource, in the plural, and what may be done with it. The platform refuses a permission set "
        "with a name it does not know, and this is nearly one that it does."
    ),
    good=_SET + "  - resource: executions\n    actions: [read, cancel]\n",
    bad=_SET + "  - resource: execution\n    actions: [read, cancel]\n",
)
GRANTED: Final = Rule(
    code="ATN075",
    name="grant-ref",
    severity=Severity.WARNING,
    title="a grant for something that the pack does not have",
    why=(
        "`constraints` with `refs` narrow a grant to the components that are named. A name of this pack that it does "
        "not have matches nothing: the grant is narrower than it looks."
    ),
    good=_PACK
    + "# actions/greet.yaml\nref: demo.greet\n"
    + _SET
    + "  - resource: actions\n    actions: [execute]\n    constraints: {refs: [demo.greet]}\n",
    bad=_PACK
    + "# actions/greet.yaml\nref: demo.greet\n"
    + _SET
    + "  - resource: actions\n    actions: [execute]\n    constraints: {refs: [demo.gret]}\n",
)
RULES: Final = (ASKED, GRANT, GRANTED)
KINDS: Final = ("action", "rule", "workflow", "queue", "permission_set")

_SETS: Final = ("permission_set",)
_KEYS: Final = {
    "action": ("default_execution_permission_set_refs",),
    "rule": ("permission_set_refs", "permission_set_ref"),
    "queue": ("permission_set_refs",),
}
_REF: Final = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)?")
_KIND_OF: Final = {
    "actions": "action",
    "queues": "queue",
    "rules": "rule",
    "runtimes": "runtime",
    "triggers": "trigger",
}
"""Resource → the kind of a pack's components that it stands for."""

_RESOURCES: Final = (
    *_KIND_OF,
    *("packs", "queue_items", "executions", "events", "enforcements", "inquiries", "keys", "artifacts", "workers"),
    *("retention", "identities", "permissions", "audit_log", "caches", "dashboards"),
)
_DEEDS: Final = (
    *("read", "create", "install", "configure", "update", "delete"),
    *("execute", "cancel", "respond", "manage", "decrypt"),
)
_GRANT_NAMES: Final = frozenset((*_RESOURCES, *_DEEDS))
_NEAR: Final = 0.75


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """What is asked for, or, in a permission set, what is granted."""
    if component.kind == "permission_set":
        yield from _check_grants(tree, component)
        return
    known = Suggestions(tree, _SETS)
    for node in _asked(component):
        yield from _check_refs(tree, component, node, known)


def _asked(component: Component) -> Iterator[Node | None]:
    """Where permission sets are asked for."""
    if component.kind == "workflow":
        yield from (task.body.by_name.get("permission_set_refs") for task in all_tasks(component))
    else:
        yield from map(component.get, _KEYS[component.kind])


def _texts(node: Node | None) -> Iterator[tuple[Node, str]]:
    """The texts of a list, or of one text alone."""
    for item in node.items if isinstance(node, Sequence) else (node,):
        text = text_of(item)
        if item is not None and text is not None:
            yield item, text


def _check_refs(tree: PackTree, component: Component, node: Node | None, known: Suggestions) -> Iterator[Diagnostic]:
    for at, ref in _texts(node):
        if is_template(ref):
            continue
        if not _REF.fullmatch(ref):
            message = f"`{short(ref)}` is no permission set's ref: it must be <pack>.<name> or <name>, in lower case"
            yield component.finding(ASKED, at, message)
        elif "." in ref and is_missing(tree, _SETS, ref):
            message = f"{owner(tree, ref)} has no permission set `{short(ref)}`"
            yield component.finding(ASKED, at, message, known.help(ref))


def _check_grants(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    listed = component.get("grants")
    grants = [each for each in listed.items if isinstance(each, Mapping)] if isinstance(listed, Sequence) else []
    resources, deeds = Nearest(lambda: _RESOURCES, _NEAR), Nearest(lambda: _DEEDS, _NEAR)
    for grant in grants:
        yield from _check_names(component, grant.by_name.get("resource"), "a resource", resources)
        yield from _check_names(component, grant.by_name.get("actions"), "an action on one", deeds)
        yield from _check_constraints(tree, component, grant)


def _check_names(component: Component, node: Node | None, what: str, nearest: Nearest) -> Iterator[Diagnostic]:
    """Only what is nearly a name that is known: the platform may know more of them."""
    for at, name in _texts(node):
        if name not in _GRANT_NAMES and (near := nearest(name.lower())):
            yield component.finding(GRANT, at, f"`{short(name)}` is not known as {what}", f"did you mean `{near}`?")


def _check_constraints(tree: PackTree, component: Component, grant: Mapping) -> Iterator[Diagnostic]:
    resource, constraints = grant.by_name.get("resource"), grant.by_name.get("constraints")
    kind = _KIND_OF.get(text_of(resource) or "")
    if kind is None or not isinstance(constraints, Mapping):
        return
    known = Suggestions(tree, (kind,))
    for at, ref in _texts(constraints.by_name.get("refs")):
        if "." in ref and is_missing(tree, (kind,), ref):
            message = f"{owner(tree, ref)} has no {kind} `{short(ref)}`: the grant never applies to one"
            yield component.finding(GRANTED, at, message, known.help(ref))
