"""Other packs that are at hand, for refs that lead into them.

At hand are the packs that are validated together, those in the same folders as these, and those in the folders
of packs that are named. Whatever is not at hand may be installed all the same: nothing is said of it. Nor of the
core pack that comes with attune: the platform's own has more.

Nothing is read before somebody asks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from attune_cli.pack.places import component_files
from attune_cli.pack.refs import PACK_FILE, ref_in

if TYPE_CHECKING:
    from attune_cli.pack.components import Component

MAX_PACKS: Final = 1_000
"""Packs, and folders beside them, that are looked at: where there are more, none of them is at hand."""
MAX_FILES: Final = 5_000
"""YAML files of one pack; one that has more is not at hand."""


class Answer(NamedTuple):
    """What a ref leads to.

    is_missing: the pack is at hand, and certainly has no such component.
    component:  the component; None: missing, or not at hand, or there are several, or its file is broken.
    mark:       changes when the answer could.
    """

    is_missing: bool
    component: Component | None
    mark: str


_NOT_AT_HAND: Final = Answer(is_missing=False, component=None, mark="?")


class Neighbours:
    """The packs in these folders, and in the folders that hold these; those in `folders` too."""

    def __init__(self, roots: Iterable[Path] = (), folders: Iterable[Path] = ()) -> None:
        self._roots = tuple(roots)
        self._folders = tuple(folders)
        self._by_ref: dict[str, list[_Neighbour]] | None = None
        self._answers: dict[tuple[tuple[str, ...], str], Answer] = {}

    def ask(self, kinds: tuple[str, ...], ref: str) -> Answer:
        """What a whole ref leads to, among components of these kinds."""
        if (kinds, ref) not in self._answers:
            self._answers[kinds, ref] = self._answer(kinds, ref)
        return self._answers[kinds, ref]

    def names(self, kinds: tuple[str, ...], pack: str) -> list[str]:
        """The names, without the pack, of all that a pack has of these kinds."""
        return sorted({ref.partition(".")[2] for each in self._named(pack) for ref in each.refs(kinds)})

    def _answer(self, kinds: tuple[str, ...], ref: str) -> Answer:
        pack = ref.partition(".")[0]
        packs = self._named(pack)
        if not packs or not all(each.is_at_hand for each in packs):
            return _NOT_AT_HAND
        found = [component for each in packs for component in each.find(kinds, ref)]
        if len(found) == 1:
            return Answer(is_missing=False, component=found[0], mark=_digest(found[0].text))
        if found or any(each.may_have(kinds, ref) for each in packs):
            return Answer(is_missing=False, component=None, mark="several")
        return Answer(is_missing=True, component=None, mark=_digest("\n".join(self.names(kinds, pack)).encode()))

    def _named(self, pack: str) -> list[_Neighbour]:
        if self._by_ref is None:
            self._by_ref = {}
            for root in self._at_hand():
                neighbour = _Neighbour(root)
                if neighbour.ref is not None:
                    self._by_ref.setdefault(neighbour.ref, []).append(neighbour)
        return self._by_ref.get(pack, [])

    def _at_hand(self) -> list[Path]:
        parents = dict.fromkeys((*(root.parent for root in self._roots), *self._folders))
        beside = [root for parent in parents for root in _packs_in(parent)]
        roots = {os.path.realpath(root): root for root in (*self._roots, *beside)}
        # Imported here, as below: few refs lead into other packs.
        from attune_cli.pack.discover import shipped_packs_dir

        if shipped := shipped_packs_dir():
            roots.pop(os.path.realpath(shipped / "core"), None)
        return list(roots.values()) if len(roots) <= MAX_PACKS else []


class Asking:
    """The neighbours as one pack sees them. `asked` is all that it asked for, with the marks of the answers."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.asked: dict[tuple[tuple[str, ...], str], str] = {}

    def ask(self, kinds: tuple[str, ...], ref: str) -> Answer:
        answer = self._neighbours.ask(kinds, ref)
        self.asked[kinds, ref] = answer.mark
        return answer

    def names(self, kinds: tuple[str, ...], pack: str) -> list[str]:
        return self._neighbours.names(kinds, pack)


class _Neighbour:
    """One of them."""

    def __init__(self, root: Path) -> None:
        from attune_cli.pack.components import PackFiles

        self._root = root
        self._files = PackFiles(root, root.name)
        pack = self._files.read(PACK_FILE)
        self.ref = ref_in(pack) if pack is not None else None

    @property
    def is_at_hand(self) -> bool:
        return len(self._components) <= MAX_FILES

    @cached_property
    def _components(self) -> list[tuple[str, str, str | None]]:
        """(kind, path inside the pack, ref); the refs are not read where there are too many."""
        files = list(islice(component_files(self._root), MAX_FILES + 1))
        if len(files) > MAX_FILES:
            return [(kind, inside, None) for kind, inside in files]
        texts = ((kind, inside, self._files.read(inside)) for kind, inside in files)
        return [(kind, inside, ref_in(text) if text is not None else None) for kind, inside, text in texts]

    def refs(self, kinds: tuple[str, ...]) -> Iterator[str]:
        """Of all components of these kinds."""
        yield from (ref for kind, _, ref in self._components if kind in kinds and ref is not None)

    def find(self, kinds: tuple[str, ...], ref: str) -> Iterator[Component]:
        """Those that declare the ref."""
        for kind, inside, own in self._components:
            if kind in kinds and own == ref:
                yield self._files.component(kind, inside)

    def may_have(self, kinds: tuple[str, ...], ref: str) -> bool:
        """Whether a file without a readable ref is called as the component would be."""
        name = ref.partition(".")[2]
        unread = (inside for kind, inside, own in self._components if kind in kinds and own is None)
        return any(os.path.basename(inside).partition(".")[0] == name for inside in unread)


def _packs_in(folder: Path) -> list[Path]:
    """The packs of a folder; the folder itself where that is a pack."""
    if (folder / PACK_FILE).is_file():
        return [folder]
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [folder / name for name in names if (folder / name / PACK_FILE).is_file()] if len(names) <= MAX_PACKS else []


def _digest(text: bytes) -> str:
    from hashlib import sha256

    return sha256(text).hexdigest()
