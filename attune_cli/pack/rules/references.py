"""What a ref in one file leads to in another file of the pack. No rule itself."""

from __future__ import annotations

from collections.abc import Iterator

from attune_cli.diagnostics import Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.nearest import Nearest

RUN = ("action", "workflow")
"""Kinds that can be run: a workflow is called as an action is."""


def is_sound(component: Component) -> bool:
    """Whether the file could be read as a whole: nothing is concluded from one that could not."""
    return component.root is not None and not any(
        finding.severity is Severity.ERROR for finding in component.document.diagnostics
    )


def is_template(text: str) -> bool:
    """Whether a text is filled in at run time: nobody knows yet what it will be."""
    return "{{" in text or "{%" in text


def qualified(tree: PackTree, text: str) -> str:
    """The whole ref: a name without a pack is one of this pack, as the platform reads it."""
    return text if "." in text else f"{tree.ref}.{text}"


def resolve(tree: PackTree, kinds: tuple[str, ...], text: str) -> Component | None:
    """What the ref leads to in this pack; None also for what another pack may have."""
    found = tree.by_ref.get(qualified(tree, text), ())
    return next((each for each in found if each.kind in kinds), None)


def is_missing(tree: PackTree, kinds: tuple[str, ...], text: str) -> bool:
    """Whether the ref is of this pack, and the pack certainly has no such component."""
    ref = qualified(tree, text)
    pack, _, name = ref.partition(".")
    if tree.pack.ref is None or pack != tree.ref or resolve(tree, kinds, ref) is not None:
        return False
    return not any(_may_be(each, name) for kind in kinds for each in tree.by_kind[kind] if each.ref is None)


def _may_be(unread: Component, name: str) -> bool:
    """Whether a file without a readable ref is called as the missing component would be."""
    return base_name(unread) == name


def base_name(component: Component) -> str:
    """The file's name without its ending: `deploy` of `deploy.yaml` and of `deploy.workflow.yaml`."""
    name = component.shown.rpartition("/")[2].rpartition(".")[0]
    return name.removesuffix(".workflow") if component.kind == "workflow" else name


class Suggestions:
    """What of this pack may have been meant by a ref of certain kinds; one for all refs of a file."""

    def __init__(self, tree: PackTree, kinds: tuple[str, ...]) -> None:
        self._tree = tree
        self._kinds = kinds
        self._nearest = Nearest(self._names, 0.7, prefix=f"{tree.ref}.")

    def _names(self) -> Iterator[str]:
        """Without the pack, which is the same for all, and would make all of them look alike."""
        refs = (each.ref for kind in self._kinds for each in self._tree.by_kind[kind])
        return (ref.partition(".")[2] or ref for ref in refs if ref)

    def help(self, text: str) -> str | None:
        """The nearest ref, else the first few that there are; None when there are none."""
        return self._nearest.help(qualified(self._tree, text).partition(".")[2], f"the pack {self._tree.ref} has")
