"""A file is called as its ref is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import KINDS as ALL_KINDS
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.ref import is_well_formed
from attune_cli.pack.rules.references import base_name
from attune_cli.pack.rules.texts import short

RULE: Final = Rule(
    code="ATN033",
    name="ref-file-name",
    severity=Severity.WARNING,
    title="a file that is not called as its ref is",
    why=(
        "The platform goes by the ref, people and tools go by the file's name: who looks for `demo.greet` opens "
        "`actions/greet.yaml`. A name that differs is usually what remained of a copy, or of a ref that was renamed."
    ),
    good="# actions/greet.yaml\nref: demo.greet\n",
    bad="# actions/greet.yaml\nref: demo.welcome\n",
)
KINDS: Final = ALL_KINDS[1:]


def check(_: PackTree, component: Component) -> Iterator[Diagnostic]:
    """The last part of the ref and the name of the file."""
    if component.ref is None or not is_well_formed(component.kind, component.ref.lower()):
        return
    name, expected = base_name(component), component.ref.rpartition(".")[2]
    if name not in {expected, component.ref}:
        file = component.shown.rpartition("/")[2]
        ending = file[len(name) :]
        message = f"the ref is `{short(component.ref)}`, and the file is called `{file}`"
        cure = f"rename the file to `{expected}{ending}`, or change the ref"
        yield component.finding(RULE, component.get("ref"), message, cure)
