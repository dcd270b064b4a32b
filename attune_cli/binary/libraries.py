"""Which files the dynamic loader would take for the libraries that an ELF program asks for.

Found out by reading; nothing is executed, so it works for the programs of other machines too, in a root of their own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from attune_cli.binary import loader_cache, search_path
from attune_cli.binary.loader_cache import LoaderCache
from attune_cli.binary.model import Facts, Kind, Library
from attune_cli.binary.read import identify, versions_defined
from attune_cli.binary.root import Root
from attune_cli.binary.search_path import Asker
from attune_cli.binary.source import MOST, decoded


def resolve(facts: Facts, root: Path = Path("/"), library_path: Sequence[str] = ()) -> tuple[Library, ...]:
    """All libraries of one program, those of its libraries too, in the order in which the loader takes them.

    root: where its `/lib` is. library_path: the folders of LD_LIBRARY_PATH, which is not looked up here.
    Empty for a file that is not ELF: systems other than Linux keep their libraries elsewhere than in files.
    """
    return Resolver(root, library_path).resolve(facts)


class Resolver:
    """Looks for the libraries of many programs; what it has found out about a library it does not read again."""

    def __init__(self, root: Path = Path("/"), library_path: Sequence[str] = ()) -> None:
        self._root = Root(root)
        self._library_path = tuple(library_path)
        self._files: dict[str, Facts | None] = {}
        self._places: dict[tuple[object, ...], Asker | None] = {}
        self._versions: dict[str, frozenset[str] | None] = {}
        self._lacking: dict[tuple[str, str], tuple[str, ...]] = {}
        self._cache: LoaderCache | None = None

    def resolve(self, facts: Facts) -> tuple[Library, ...]:
        """As the function of that name."""
        if facts.kind != Kind.ELF or not facts.needed:
            return ()
        return _Loading(self, facts).libraries()

    def program(self, facts: Facts) -> Asker:
        """The one that asks first."""
        # Where it really is matters to `$ORIGIN` alone.
        names_folders = facts.rpath or facts.runpath or any("/" in name for name in facts.needed)
        path = os.path.realpath(facts.path) if names_folders else os.fspath(facts.path)
        return Asker(self._root.inside(path), facts, None)

    def library(self, path: str, asker: Asker) -> Asker | None:
        """The file there, if it is a library that the program can be linked with."""
        if path not in self._files:
            self._files[path] = self._identified(path)
        facts, program = self._files[path], asker.program.facts
        if facts is None or (facts.bits, facts.platforms) != (program.bits, program.platforms):
            return None
        return Asker(path, facts, asker)

    def _identified(self, path: str) -> Facts | None:
        try:
            facts = identify(self._root.outside(path))
        except OSError:
            return None
        return facts if facts.kind == Kind.ELF and facts.type in {"shared object", "pie"} else None

    def find(self, name: str, asker: Asker) -> Asker | None:
        """The library by that name that the loader would take."""
        if "/" in name:
            return self._first(asker.expanded(name), asker)
        # The loader does not let the environment choose the libraries of a program with rights of its own.
        library_path = () if asker.program.facts.setuid or asker.program.facts.setgid else self._library_path
        if library_path or asker.names_folders:
            folders = asker.musl_folders(library_path) if asker.musl else asker.named_folders(library_path)
            if found := self._first(_within(folders, name), asker):
                return found
        return self._common(name, asker)

    def _first(self, paths: Iterable[str], asker: Asker) -> Asker | None:
        return next((found for path in paths if (found := self.library(path, asker))), None)

    def _common(self, name: str, asker: Asker) -> Asker | None:
        """Where the system has it, for all programs of one kind the same."""
        kind = (name, asker.program.facts.bits, asker.program.facts.platforms, asker.musl)
        if kind not in self._places:
            self._places[kind] = self._first(self._system_paths(name, asker), asker)
        found = self._places[kind]
        return found and Asker(found.path, found.facts, asker)

    def _system_paths(self, name: str, asker: Asker) -> Iterator[str]:
        if asker.musl:
            text = self._root.read(f"/etc/ld-musl-{asker.musl}.path", MOST)
            yield from _within(search_path.musl_system_folders(decoded(text)), name)
            return
        if self._cache is None:
            self._cache = LoaderCache(self._root.read("/etc/ld.so.cache", loader_cache.MOST_BYTES))
        yield from self._cache.paths(name)
        yield from _within(search_path.default_folders(asker.arch), name)

    def lacking(self, file: Asker, library: Asker, asked: Sequence[str]) -> tuple[str, ...]:
        """The versions among those asked for that the library does not define; none when it defines none at all."""
        pair = file.path, library.path
        if pair not in self._lacking:
            defined = self._defined(library)
            self._lacking[pair] = () if defined is None else tuple(each for each in asked if each not in defined)
        return self._lacking[pair]

    def _defined(self, library: Asker) -> frozenset[str] | None:
        if library.path not in self._versions:
            self._versions[library.path] = versions_defined(library.facts.path)
        return self._versions[library.path]


def _within(folders: Iterable[str], name: str) -> Iterator[str]:
    return (f"{folder}/{name}" for folder in folders)


class _Loading:
    """The loading of one program: breadth first, each name once."""

    def __init__(self, resolver: Resolver, facts: Facts) -> None:
        self._resolver = resolver
        self._files = [resolver.program(facts)]
        self._found: dict[str, Asker | None] = {}
        self._asked: dict[str, Asker] = {}
        self._is_musl = self._files[0].musl is not None
        self._loader = self._take_loader(facts.interpreter)
        # The list grows while it is gone through.
        for file in self._files:
            for name in file.facts.needed:
                self._take(name, file)

    def _take_loader(self, path: str | None) -> Asker | None:
        loader = self._resolver.library(path, self._files[0]) if path else None
        if loader and path:
            self._found[path.rpartition("/")[2]] = loader
        return loader

    def _take(self, name: str, asker: Asker) -> None:
        self._asked.setdefault(name, asker)
        if name in self._found:
            return
        if self._is_musl and search_path.is_in_musl(name):
            self._found[name] = self._loader
            return
        library = self._found[name] = self._resolver.find(name, asker)
        if library:
            self._found.setdefault(library.facts.soname or name, library)
            self._files.append(library)

    def libraries(self) -> tuple[Library, ...]:
        lacks = {} if self._is_musl else self._lacks()
        return tuple(self._library(name, asker, lacks) for name, asker in self._asked.items())

    def _library(self, name: str, asker: Asker, lacks: Mapping[str, list[tuple[str, Path]]]) -> Library:
        found = self._found[name]
        path = found.facts.path if found else None
        return Library(name=name, path=path, needed_by=asker.facts.path, lacks=tuple(lacks.get(name, ())))

    def _lacks(self) -> dict[str, list[tuple[str, Path]]]:
        """By library: what the files ask of it that it does not define. musl does not look at versions."""
        lacks: dict[str, list[tuple[str, Path]]] = {}
        for file in self._files:
            for name, versions in file.facts.symbol_versions.items():
                library = self._found.get(name)
                for version in self._resolver.lacking(file, library, versions) if library else ():
                    lacks.setdefault(name, []).append((version, file.facts.path))
        return lacks
