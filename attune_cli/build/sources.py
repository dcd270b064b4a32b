"""What a pack has to build: its sources, their language, and where the executable belongs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from attune_cli.build.model import Source
from attune_cli.errors import AttuneError, NotFoundError
from attune_cli.pack.components import PackTree, read_pack
from attune_cli.pack.native_sources import NATIVE, Declaration, declarations, names_of
from attune_cli.pack.rules.entry_files import HOMES, climbs_out, entry_file, is_inside

DIST: Final = "native/dist"
"""Folder of a pack for the executables of named platforms: `native/dist/linux/amd64/digest`."""

_MARKERS: Final = (
    ("go", ("go.mod",)),
    ("cargo", ("Cargo.toml",)),
    ("make", ("GNUmakefile", "Makefile", "makefile")),
    ("zig", (".zig",)),
    ("c", (".c",)),
)
"""Language → the names of files that show it, or their endings; the first that fits holds."""

_CURE: Final = "native: {NAME: {path: native/NAME, entry_point: sensors/NAME}} in pack.yaml says it"


def find_sources(root: Path, names: Sequence[str] = ()) -> tuple[Source, ...]:
    """The sources of a pack, sorted by name.

    names: those that are wanted, by their own name, or by the ref or entry point of what starts the executable;
    none: all. Sources that nothing starts are passed over, unless they are wanted. Raises NotFoundError for a name
    that is none, AttuneError where it cannot be told what is built from what, or where.
    """
    finder = _Finder(root)
    if not names:
        return tuple(sorted(filter(None, map(finder.source, finder.candidates())), key=lambda source: source.name))
    found = {source.name: source for source in (finder.wanted(name) for name in names)}
    return tuple(found[name] for name in sorted(found))


class _Finder:
    """Looks into one pack."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._declared = {one.name: one for one in declarations(root)}
        tree = read_pack(root, str(root))
        self._pack = tree.ref
        #: Path of an entry point inside the pack → the refs of what starts it.
        self._entry_points = _entry_points(tree)
        paths = {one.path for one in self._declared.values()}
        folders = (name for name in _folders(root / NATIVE) if f"{NATIVE}/{name}" not in {DIST, *paths})
        self._found = {
            name: Declaration(name=name, path=f"{NATIVE}/{name}", where=str(root / NATIVE / name))
            for name in folders
            if name not in self._declared and language_of(root / NATIVE / name)
        }

    def candidates(self) -> Iterator[Declaration]:
        yield from self._declared.values()
        yield from self._found.values()

    def wanted(self, name: str) -> Source:
        """The sources that go by a name."""
        for one in self.candidates():
            if name == one.name or name in self._names(one):
                if source := self.source(one):
                    return source
                raise AttuneError(
                    f"nothing in the pack starts what would be built from {one.path}",
                    where=one.where,
                    why=f"no action or sensor has an entry point `{one.name}` with `runner_type: native`",
                    help=_CURE.replace("NAME", one.name),
                )
        raise self._unknown(name)

    def source(self, one: Declaration) -> Source | None:
        """None: nothing in the pack starts it."""
        entry_point = one.entry_point or self._entry_point(one)
        if entry_point is None:
            return None
        folder = self._folder(one)
        language = one.language or language_of(folder)
        if language is None:
            why = f"looked for {_known_markers()}"
            raise AttuneError(f"there are no sources in {one.path}", where=one.where, why=why)
        return Source(
            name=one.name,
            folder=folder,
            inside=one.path,
            language=language,
            entry_point=entry_point,
            refs=self._entry_points.get(entry_point, ()),
            package=one.package,
            flags=one.flags,
            shared=self._shared(one),
        )

    def _names(self, one: Declaration) -> set[str]:
        """What else it is known by: refs, the path of its executable, of its folder."""
        entry_point = one.entry_point or self._entry_point(one)
        refs = self._entry_points.get(entry_point or "", ())
        return {one.path, *refs, *([entry_point] if entry_point else [])}

    def _entry_point(self, one: Declaration) -> str | None:
        fits = [path for path in self._entry_points if one.name in names_of(os.path.basename(path))]
        if len(fits) > 1:
            raise AttuneError(
                f"it cannot be told which executable is built from {one.path}",
                where=one.where,
                why=f"{' and '.join(fits)} are both called like it",
                help=f"declare it in pack.yaml: native: {{{one.name}: {{entry_point: {fits[0]}}}}}",
            )
        return fits[0] if fits else None

    def _is_started(self, one: Declaration) -> bool:
        try:
            return one.entry_point is not None or self._entry_point(one) is not None
        except AttuneError:
            # It is not told by which.
            return True

    def _folder(self, one: Declaration) -> Path:
        folder = self._root / one.path
        if not folder.is_dir():
            raise NotFoundError(f"there is no folder {one.path} in the pack", where=one.where)
        if not is_inside(str(folder), str(self._root)):
            raise AttuneError(f"{one.path} leads out of the pack", where=one.where, why="it is a link to elsewhere")
        return folder

    def _shared(self, one: Declaration) -> tuple[Path, ...]:
        """What lies in `native/` and is not of another executable, so that all may use it: a library, a workspace."""
        if not one.path.startswith(f"{NATIVE}/"):
            return ()
        taken = {DIST, one.path, *(each.path for each in self.candidates() if self._is_started(each))}
        return tuple(
            self._root / NATIVE / name
            for name in sorted(_names(self._root / NATIVE))
            if not name.startswith(".") and not any(_overlap(f"{NATIVE}/{name}", path) for path in taken)
        )

    def _unknown(self, name: str) -> NotFoundError:
        from difflib import get_close_matches

        known = [known for one in self.candidates() for known in (one.name, *self._names(one))]
        near = get_close_matches(name, known, 1)
        names = ", ".join(one.name for one in self.candidates()) or "none"
        cure = f"did you mean {near[0]}?" if near else f"its native sources are: {names}"
        return NotFoundError(f"the pack {self._pack} builds nothing called `{name}`", help=cure)


def language_of(folder: Path) -> str | None:
    """What the sources in a folder are written in, by their files; None when there are none."""
    names = _names(folder)
    for language, markers in _MARKERS:
        if any(
            name == marker or (marker.startswith(".") and name.endswith(marker)) for name in names for marker in markers
        ):
            return language
    return None


def _known_markers() -> str:
    return ", ".join(f"*{one}" if one.startswith(".") else one for _, found in _MARKERS for one in found)


def _entry_points(tree: PackTree) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for kind, home in HOMES.items():
        for component in tree.by_kind[kind]:
            entry = entry_file(tree, component)
            if entry is not None and entry.runtime == "native" and not climbs_out(entry.text):
                path = f"{home}/{os.path.normpath(entry.text)}"
                found[path] = (*found.get(path, ()), *([component.ref] if component.ref else []))
    return found


def _overlap(one: str, other: str) -> bool:
    return one == other or other.startswith(f"{one}/")


def _folders(parent: Path) -> list[str]:
    return [name for name in _names(parent) if not name.startswith(".") and (parent / name).is_dir()]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
