"""A pack as it lies on disk, read to be judged: every file with its nodes, whatever is wrong with it.

    for place in discover(["packs/"]):
        tree = read_pack(place.root, place.shown)

Nothing raises for what a file holds; only a path that leads to no pack at all does.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from attune_cli.diagnostics import Diagnostic, Position, Rule
from attune_cli.pack import schema_rules
from attune_cli.pack.neighbours import Asking, Neighbours
from attune_cli.pack.places import FOLDERS, Place, component_files, discover, joined
from attune_cli.pack.refs import PACK_FILE
from attune_cli.yaml12 import Document, Node, Scalar, parse
from attune_cli.yaml12 import Mapping as MappingNode

__all__ = ["KINDS", "Component", "PackTree", "Place", "discover", "read_pack"]

KINDS: Final = ("pack", *dict.fromkeys(FOLDERS.values()))

#: What the YAML reader takes, and one byte that shows it that there is more.
_MOST_BYTES: Final = 10 * 1024 * 1024 + 1
MAX_KEPT: Final = 6_000_000
"""Bytes of a pack's files whose nodes are kept, in 150 MB; most packs have a hundredth of that."""

_START: Final = Position(1, 1)


class Where(NamedTuple):
    """A file of a pack: the pack's folder, absolute; the file's path in it; its path as the user gave it."""

    root: str
    inside: str
    shown: str


class Shelf:
    """The components of a pack whose nodes are at hand: nodes take thirty times the room of their text.

    Where there are too many, the last ones that were put here are forgotten first: whoever goes through
    all of a pack, and comes again, then finds the others still here.
    """

    def __init__(self) -> None:
        self._open: list[Component] = []
        self._bytes = 0

    def add(self, component: Component) -> None:
        self._open.append(component)
        self._bytes += len(component.text)

    def clear(self) -> None:
        """Lets all of them go. They hold the shelf as it holds them: without this, all would be left to the garbage
        collector, which takes a fifth of the time that judging them does."""
        self._open.clear()

    def make_room(self, size: int) -> None:
        """Forgets as many as it takes to have room for the nodes of a text of this size, in bytes."""
        while self._open and self._bytes + size > MAX_KEPT:
            component = self._open.pop()
            self._bytes -= len(component.text)
            component.close()


class Component:
    """One YAML file of a pack. Nothing of it is to be changed.

    kind:     one of `KINDS`.
    path:     where it lies, absolute.
    inside:   its path from the pack's folder on, `actions/x.yaml`.
    shown:    the path as the user gave it, to be shown.
    text:     the bytes; empty when it cannot be read.
    document: what the YAML reader made of it; an unreadable file has no root and one finding.
    root:     the mapping at the top; None when the file is empty, broken, or holds something else.
    ref:      the text under `ref`, whatever it looks like; None when there is none.
    """

    __slots__ = ("_folder", "_shelf", "document", "inside", "kind", "ref", "root", "shown", "text")

    document: Document
    root: MappingNode | None
    ref: str | None

    def __init__(self, kind: str, where: Where, text: bytes, document: Document, shelf: Shelf) -> None:
        self.kind = kind
        self._folder, self.inside, self.shown = where
        self._shelf = shelf
        self.text = text
        self._open(document)
        ref = self.root.by_name.get("ref") if self.root is not None else None
        self.ref = ref.value if isinstance(ref, Scalar) and isinstance(ref.value, str) else None
        shelf.add(self)

    @property
    def path(self) -> Path:
        return Path(self._folder, self.inside)

    def _open(self, document: Document) -> None:
        self.document = document
        self.root = document.root if isinstance(document.root, MappingNode) else None

    def close(self) -> None:
        """Forgets the nodes; they are read again when they are asked for."""
        del self.document, self.root

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Called only for what is not there: nodes that were forgotten."""
            if name not in {"document", "root"}:
                raise AttributeError(name)
            self._shelf.make_room(len(self.text))
            self._open(parse(self.text, self.shown))
            self._shelf.add(self)
            return getattr(self, name)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.shown}>"

    def get(self, name: str) -> Node | None:
        """The value under a key at the top; None when there is no such key, or its value is null."""
        node = self.root.by_name.get(name) if self.root is not None else None
        return None if isinstance(node, Scalar) and node.value is None else node

    def string(self, name: str) -> str | None:
        """The text under a key at the top; None when something else, or nothing, stands there."""
        node = self.root.by_name.get(name) if self.root is not None else None
        return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None

    def key(self, name: str) -> Node | None:
        """The node of a key at the top, for findings about the key itself."""
        return self.root.key(name) if self.root is not None else None

    def finding(self, rule: Rule, at: Node | None, message: str, help: str | None = None) -> Diagnostic:
        """A finding of the rule at a key or value of this file; None: at its first key."""
        if at is None and self.root is not None and self.root.keys:
            at = self.root.keys[0]
        if at is None:
            return Diagnostic(self.shown, _START, rule.code, message, rule.severity, _START, help)
        return Diagnostic(self.shown, at.start, rule.code, message, rule.severity, at.end, help)


class PackTree(NamedTuple):
    """A pack, read.

    root:       its folder, absolute.
    shown:      its folder as the user gave it; `.` for the current one.
    ref:        what `pack.yaml` declares, or the folder's name where it declares none.
    pack:       `pack.yaml` itself.
    components: all others, sorted by folder and name.
    by_kind:    each of `KINDS` → its components; an empty tuple where there are none.
    by_ref:     ref → the components that declare it, of whatever kind.
    shelf:      what keeps the nodes of all of them.
    beside:     other packs that are at hand.
    """

    root: Path
    shown: str
    ref: str
    pack: Component
    components: tuple[Component, ...]
    by_kind: Mapping[str, tuple[Component, ...]]
    by_ref: Mapping[str, tuple[Component, ...]]
    shelf: Shelf
    beside: Asking

    def __repr__(self) -> str:
        return f"<pack {self.ref} in {self.shown}>"

    def find(self, kind: str, ref: str) -> Component | None:
        """The first component of this kind that declares the ref."""
        return next((each for each in self.by_ref.get(ref, ()) if each.kind == kind), None)

    def show(self, inside: str) -> str:
        """The path of a file inside the pack (`actions/x.py`) as the user would write it."""
        return joined(self.shown, inside)


def read_pack(root: Path, shown: str, neighbours: Neighbours | None = None) -> PackTree:
    """Reads the pack in a folder, which is shown as `shown`. Never raises for what is in it.

    neighbours: other packs, for refs that lead into them; None: nothing is known of any.
    """
    reader = PackFiles(root, shown)
    pack = reader.component("pack", PACK_FILE)
    components = tuple(reader.component(kind, inside) for kind, inside in component_files(root))
    by_kind: dict[str, list[Component]] = {kind: [] for kind in KINDS}
    by_ref: dict[str, list[Component]] = {}
    by_kind["pack"].append(pack)
    for component in components:
        by_kind[component.kind].append(component)
        if component.ref is not None:
            by_ref.setdefault(component.ref, []).append(component)
    return PackTree(
        root=root,
        shown=shown,
        ref=pack.ref or os.path.basename(reader.real_root),
        pack=pack,
        components=components,
        by_kind={kind: tuple(found) for kind, found in by_kind.items()},
        by_ref={ref: tuple(found) for ref, found in by_ref.items()},
        shelf=reader.shelf,
        beside=Asking(neighbours or Neighbours()),
    )


class PackFiles:
    """Reads the files of one pack.

    Most are no links, and then nothing has to be followed to know that they lie inside the pack.
    """

    def __init__(self, root: Path, shown: str) -> None:
        self.shelf = Shelf()
        self.real_root = os.path.realpath(root)
        self._root = os.fspath(root)
        self._shown = joined(shown, "")
        self._linked = tuple(f"{folder}/" for folder in FOLDERS if os.path.islink(f"{self._root}/{folder}"))

    def component(self, kind: str, inside: str) -> Component:
        where = Where(self._root, inside, self._shown + inside)
        try:
            text = self._bytes(f"{self._root}/{inside}", inside)
        except (OSError, ValueError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error)
            return Component(kind, where, b"", _unreadable(where.shown, why), self.shelf)
        self.shelf.make_room(len(text))
        return Component(kind, where, text, parse(text, where.shown), self.shelf)

    def read(self, inside: str) -> bytes | None:
        """The content of a file of the pack; None when it cannot be read, or is none of the pack's."""
        try:
            return self._bytes(f"{self._root}/{inside}", inside)
        except (OSError, ValueError):
            return None

    def _bytes(self, path: str, inside: str) -> bytes:
        """The content of an ordinary file inside the pack. Raises OSError for anything else: a pipe would be
        waited for, and what a link leads to outside is not the pack's."""
        descriptor = self._open(path, inside)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(0, "it is no ordinary file")
            return _all_of(descriptor, min(found.st_size, _MOST_BYTES))
        finally:
            os.close(descriptor)

    def _open(self, path: str, inside: str) -> int:
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            if not inside.startswith(self._linked):
                return os.open(path, flags | os.O_NOFOLLOW)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
        real = os.path.realpath(path)
        if os.path.commonpath((real, self.real_root)) != self.real_root:
            raise OSError(0, f"it is a link out of the pack, to {real}")
        return os.open(real, flags)


def _all_of(descriptor: int, size: int) -> bytes:
    """What is in the file, one byte more than `size` at most, so that growing files are not read for ever."""
    text = os.read(descriptor, size + 1)
    while len(text) < size and (more := os.read(descriptor, size + 1 - len(text))):
        text += more
    return text


def _unreadable(shown: str, why: str) -> Document:
    rule = schema_rules.UNREADABLE
    message = f"the file cannot be read: {why[:1].lower()}{why[1:]}"
    return Document(None, (Diagnostic(shown, _START, rule.code, message, rule.severity, _START),))
