"""What is found in a pack that has been read: by the schemas and the rules, sifted by its own comments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache as cached
from types import ModuleType
from typing import Final

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.pack import field_schemas, schema, suppress
from attune_cli.pack.cache import Judged
from attune_cli.pack.components import MAX_KEPT, Component, PackTree
from attune_cli.pack.rules.all import ALL

MAX_FINDINGS: Final = 1_000
"""Of one file that are told, the first by their place."""

#: Files that are judged together.
_AT_ONCE: Final = 64

_Check = Callable[[PackTree, Component], Iterator[Diagnostic]]


def judge(tree: PackTree) -> Judged:
    """What is found in a pack that has been read."""
    components = (tree.pack, *tree.components)
    findings: list[Diagnostic] = []
    for some in _batches(components):
        _judge_files(tree, some, findings)
    findings.extend(_of_pack(tree))
    sifted = suppress.sift(_bounded(findings), components)
    files = tuple(each.inside for each in components)
    return Judged(tuple(sifted.kept), tuple(sifted.suppressed), files, asked=tuple(tree.beside.asked.items()))


def _batches(components: tuple[Component, ...]) -> Iterator[tuple[Component, ...]]:
    """As many as are judged together; one by one in a pack so large that nodes are not kept."""
    at_once = _AT_ONCE if sum(len(each.text) for each in components) <= MAX_KEPT else 1
    yield from (components[start : start + at_once] for start in range(0, len(components), at_once))


def _judge_files(tree: PackTree, components: Iterable[Component], findings: list[Diagnostic]) -> None:
    """Adds what is found in each of some files, rule by rule: the processor's caches like that better than
    file by file, by a quarter of the time."""
    by_kind: dict[str, list[Component]] = {}
    for component in components:
        own = component.document.diagnostics
        findings.extend(own)
        if any(finding.severity is Severity.ERROR for finding in own):
            continue
        findings.extend(schema.check(component))
        if component.root is not None:
            by_kind.setdefault(component.kind, []).append(component)
    for kind, sound in by_kind.items():
        for component in sound:
            findings.extend(field_schemas.check(component))
        for check in _checks(kind):
            for component in sound:
                findings.extend(check(tree, component))


def _of_pack(tree: PackTree) -> Iterator[Diagnostic]:
    for module in ALL:
        if hasattr(module, "check_pack"):
            yield from module.check_pack(tree)


@cached
def _checks(kind: str) -> tuple[_Check, ...]:
    """The rules that look at components of a kind."""
    return tuple(module.check for module in ALL if kind in _kinds(module))


def _kinds(module: ModuleType) -> tuple[str, ...]:
    kinds: tuple[str, ...] = getattr(module, "KINDS", ())
    return kinds


def _bounded(findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Each once, and no more of one file than anybody reads."""
    by_path: dict[str, dict[Diagnostic, None]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, {})[finding] = None
    for own in by_path.values():
        yield from own if len(own) <= MAX_FINDINGS else sorted(own)[:MAX_FINDINGS]
