"""What a ref has to look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import KINDS as ALL_KINDS
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.texts import short

FORM: Final = Rule(
    code="ATN030",
    name="ref-form",
    severity=Severity.ERROR,
    title="a ref that has not the form of one",
    why=(
        "A ref is the name by which everything else finds a component, and the database checks its form. A pack's "
        "ref is one part, a component's ref two parts joined by a dot: <pack>.<name>. Each part starts with a lower "
        "case letter; after it come lower case letters, digits, `_` and `-`. The platform refuses anything else."
    ),
    good="# actions/greet.yaml\nref: demo.greet\n",
    bad="# actions/greet.yaml\nref: demo.greet.everyone\n",
)
UPPER_CASE: Final = Rule(
    code="ATN031",
    name="ref-upper-case",
    severity=Severity.ERROR,
    title="a ref with upper case letters",
    why=("Refs are lower case: the platform refuses others, so that no two refs differ by nothing but their case."),
    good="# triggers/file_changed.yaml\nref: demo.file_changed\n",
    bad="# triggers/file_changed.yaml\nref: demo.FileChanged\n",
)
PACK_PART: Final = Rule(
    code="ATN032",
    name="ref-pack-part",
    severity=Severity.ERROR,
    title="a ref that names another pack",
    why=(
        "The first part of a component's ref is the ref of the pack it lies in, as `pack.yaml` declares it. The "
        "platform refuses a component that claims to be another pack's. It is usually a rest of the file that this "
        "one was copied from, or of the pack's former name."
    ),
    good="# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n# actions/greet.yaml\nref: demo.greet\n",
    bad="# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\n# actions/greet.yaml\nref: example.greet\n",
)
PACK_REF: Final = Rule(
    code="ATN036",
    name="pack-ref-key",
    severity=Severity.WARNING,
    title="a `pack_ref` that names another pack",
    why=(
        "A component belongs to the pack it lies in, whatever `pack_ref` says: the platform skips the component, or "
        "does not look at the key, depending on the kind. The key can be left out."
    ),
    good="# rules/on_tick.yaml\nref: demo.on_tick\npack_ref: demo\n",
    bad="# rules/on_tick.yaml\nref: demo.on_tick\npack_ref: example\n",
)
RULES: Final = (FORM, UPPER_CASE, PACK_PART, PACK_REF)
KINDS: Final = ALL_KINDS

_PART: Final = "[a-z][a-z0-9_-]*"
_PACK: Final = re.compile("[a-z][a-z0-9_-]+")
_TWO_PARTS: Final = re.compile(rf"{_PART}\.{_PART}")
_SHORT: Final = re.compile(rf"{_PART}(?:\.{_PART})?")
_OTHERS: Final = {
    "pack": _PACK,
    # Where the pack is left out, the platform adds it.
    "rule": _SHORT,
    "policy": _SHORT,
    "queue": re.compile(rf"{_PART}(?:\.[a-z0-9_-]+)*"),
    # The first generation tells runtimes of actions from those of sensors: core.action.native.
    "runtime": re.compile(rf"{_PART}\.(?:(?:action|sensor)\.)?{_PART}"),
}
_WANTED: Final = "lower case letters, digits, `_` and `-`, a letter first"


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """The form of the ref, then whose it is."""
    ref = component.ref
    if ref is None:
        return
    if not is_well_formed(component.kind, ref):
        yield _malformed(tree, component, ref)
    elif "." in ref and tree.pack.ref is not None and ref.partition(".")[0] != tree.ref:
        yield _foreign(tree, component, ref)
    owner = component.string("pack_ref")
    if owner is not None and owner != tree.ref and tree.pack.ref is not None:
        message = f"`pack_ref` is `{short(owner)}`, and the file lies in the pack `{tree.ref}`"
        cure = f"write `{tree.ref}`, or leave the key out"
        yield component.finding(PACK_REF, component.get("pack_ref"), message, cure)


def is_well_formed(kind: str, ref: str) -> bool:
    """Whether the ref has the form that a component of this kind may have."""
    return _OTHERS.get(kind, _TWO_PARTS).fullmatch(ref) is not None


def _malformed(tree: PackTree, component: Component, ref: str) -> Diagnostic:
    at = component.get("ref")
    lower = ref.lower()
    if lower != ref and is_well_formed(component.kind, lower):
        return component.finding(
            UPPER_CASE, at, f"the ref `{short(ref)}` has upper case letters", f"write `{short(lower)}`"
        )
    if component.kind == "pack":
        message = f"`{short(ref)}` is no pack's ref: it must be one part of two or more {_WANTED}"
        return component.finding(FORM, at, message, _respelled(ref.replace(".", "_")))
    message = f"`{short(ref)}` is no ref: it must be <pack>.<name>, each of {_WANTED}"
    return component.finding(FORM, at, message, _respelled(ref if "." in ref else f"{tree.ref}.{ref}"))


def _respelled(ref: str) -> str | None:
    """As help, the ref with everything replaced that no ref can have, where that makes one."""
    spelled = re.sub(r"[^a-z0-9_.-]+", "_", ref.strip().lower())
    return f"write for example `{short(spelled)}`" if _SHORT.fullmatch(spelled) else None


def _foreign(tree: PackTree, component: Component, ref: str) -> Diagnostic:
    pack, _, name = ref.partition(".")
    message = f"the ref `{short(ref)}` is one of the pack `{short(pack)}`, and the file lies in the pack `{tree.ref}`"
    return component.finding(PACK_PART, component.get("ref"), message, f"write `{tree.ref}.{short(name)}`")
