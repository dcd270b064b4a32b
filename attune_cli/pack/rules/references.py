"""What a ref in one file leads to in another file, of this pack or of another one. No rule itself."""

from __future__ import annotations

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
    """What the ref leads to in this pack, or in another one that is at hand; None also for what others may have."""
    ref = qualified(tree, text)
    found = next((each for each in tree.by_ref.get(ref, ()) if each.kind in kinds), None)
    return tree.beside.ask(kinds, ref).component if found is None and _is_foreign(tree, ref) else found


def is_missing(tree: PackTree, kinds: tuple[str, ...], text: str) -> bool:
    """Whether the ref is of this pack, or of another that is at hand, and that certainly has no such component."""
    ref = qualified(tree, text)
    if _is_foreign(tree, ref):
        return tree.beside.ask(kinds, ref).is_missing
    if tree.pack.ref is None or resolve(tree, kinds, ref) is not None:
        return False
    name = ref.partition(".")[2]
    return not any(_may_be(each, name) for kind in kinds for each in tree.by_kind[kind] if each.ref is None)


def owner(tree: PackTree, text: str) -> str:
    """The pack that a ref leads into, in words that begin a sentence."""
    ref = qualified(tree, text)
    return f"the pack `{ref.partition('.')[0]}`, as it is here," if _is_foreign(tree, ref) else f"the pack `{tree.ref}`"


def _is_foreign(tree: PackTree, ref: str) -> bool:
    return ref.partition(".")[0] != tree.ref


def _may_be(unread: Component, name: str) -> bool:
    """Whether a file without a readable ref is called as the missing component would be."""
    return base_name(unread) == name


def base_name(component: Component) -> str:
    """The file's name without its ending: `deploy` of `deploy.yaml` and of `deploy.workflow.yaml`."""
    name = component.shown.rpartition("/")[2].rpartition(".")[0]
    return name.removesuffix(".workflow") if component.kind == "workflow" else name


class Suggestions:
    """What may have been meant by a ref of certain kinds; one for all refs of a file."""

    def __init__(self, tree: PackTree, kinds: tuple[str, ...]) -> None:
        self._tree = tree
        self._kinds = kinds
        self._nearest: dict[str, Nearest] = {}

    def help(self, text: str) -> str | None:
        """The nearest ref of the pack, else the first few that there are; None when there are none."""
        pack, _, name = qualified(self._tree, text).partition(".")
        if pack not in self._nearest:
            names = _names(self._tree, self._kinds, pack)
            self._nearest[pack] = Nearest(lambda: names, 0.7, prefix=f"{pack}.")
        return self._nearest[pack].help(name, f"the pack {pack} has")


def _names(tree: PackTree, kinds: tuple[str, ...], pack: str) -> list[str]:
    """Without the pack, which is the same for all, and would make all of them look alike."""
    if pack != tree.ref:
        return tree.beside.names(kinds, pack)
    refs = (each.ref for kind in kinds for each in tree.by_kind[kind])
    return [ref.partition(".")[2] or ref for ref in refs if ref]
