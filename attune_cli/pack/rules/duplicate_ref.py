"""Every ref once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.references import base_name
from attune_cli.pack.rules.texts import short

RULE: Final = Rule(
    code="ATN034",
    name="duplicate-ref",
    severity=Severity.ERROR,
    title="two components of one kind with the same ref",
    why=(
        "A ref names one action, one trigger, one rule. Of two files with the same ref the platform keeps the one "
        "that it reads last, or refuses the pack: one of them does not exist for anybody. Components of different "
        "kinds may share a ref."
    ),
    good="# actions/greet.yaml\nref: demo.greet\n# actions/part.yaml\nref: demo.part\n",
    bad="# actions/greet.yaml\nref: demo.greet\n# actions/part.yaml\nref: demo.greet\n",
)


def check_pack(tree: PackTree) -> Iterator[Diagnostic]:
    """All but one of the files that declare a ref: the one that is called as the ref is may keep it."""
    for ref, sharing in tree.by_ref.items():
        if len(sharing) > 1:
            yield from _repeated(ref, sharing)


def _repeated(ref: str, sharing: tuple[Component, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Component] = {}
    for component in sorted(sharing, key=lambda each: base_name(each) != ref.rpartition(".")[2]):
        before = first.setdefault(component.kind, component)
        if before is not component:
            place = before.get("ref")
            where = f"{before.shown}:{place.start}" if place is not None else before.shown
            message = f"the {component.kind.replace('_', ' ')} `{short(ref)}` is already declared in {where}"
            cure = "give one of the two another ref, or remove it"
            yield component.finding(RULE, component.get("ref"), message, cure)
