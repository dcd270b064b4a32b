"""Where the sources of a pack's own executables lie: in `native/<name>/`, or where `native:` in `pack.yaml` says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from attune_cli.errors import AttuneError
from attune_cli.pack.fields import Fields, read_fields
from attune_cli.pack.refs import PACK_FILE
from attune_cli.yaml12 import Mapping, Scalar, Sequence

NATIVE: Final = "native"
"""The folder of a pack's sources, and the key of `pack.yaml`."""

LANGUAGES: Final = ("go", "cargo", "make", "zig", "c")
KEYS: Final = ("path", "entry_point", "language", "package", "flags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What `pack.yaml` says under `native:` of one executable's sources.

    path:        their folder, from the pack's folder on; `native/<name>` when it is not written.
    entry_point: the executable, from the pack's folder on (`sensors/ticker`); None: the action or sensor whose
                 entry point is called like the sources.
    language:    one of LANGUAGES; None: their files tell.
    package:     the Go package in the module (`./cmd/ticker`), or the name of the Cargo binary.
    flags:       for the compiler, beyond attune's own.
    where:       `file:line:column`.
    """

    name: str
    path: str
    where: str
    entry_point: str | None = None
    language: str | None = None
    package: str | None = None
    flags: tuple[str, ...] = ()


def native_sources(root: Path, name: str) -> Path | None:
    """The folder of the pack that an executable of this file name is built from.

    It is called as the executable is: hyphens and underscores are taken for one another, and an extension need
    not be there. One that is called differently is declared in `pack.yaml`.
    """
    folder = next((folder for each in names_of(name) if (folder := root / NATIVE / each).is_dir()), None)
    if folder is not None:
        return folder
    try:
        declared = declarations(root)
    except AttuneError:
        return None
    found = (root / one.path for one in declared if _is_of(one, name))
    return next((folder for folder in found if folder.is_dir()), None)


def names_of(executable: str) -> tuple[str, ...]:
    """What the sources of an executable may be called, the likeliest first."""
    stem = executable.rpartition(".")[0] or executable
    return tuple(dict.fromkeys((executable, stem, stem.replace("-", "_"), stem.replace("_", "-"))))


def declarations(root: Path) -> tuple[Declaration, ...]:
    """What stands under `native:` in the `pack.yaml` of a folder, in its order.

    Raises AttuneError, with its place, for what means nothing, and for paths that leave the pack.
    """
    fields = read_fields(root / PACK_FILE)
    node = fields.node(NATIVE)
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        fields.refuse(NATIVE, f"`{NATIVE}` is not a mapping of names to sources")
    return tuple(_declaration(fields, node, str(name)) for name in node.by_name)


def _is_of(declared: Declaration, executable: str) -> bool:
    if declared.entry_point is not None:
        return PurePosixPath(declared.entry_point).name == executable
    return declared.name in names_of(executable)


def _declaration(pack: Fields, node: Mapping, name: str) -> Declaration:
    value = node.by_name[name]
    if isinstance(value, Scalar) and value.value is None:
        value = Mapping(value.start_place, value.end_place, (), {})
    if not isinstance(value, Mapping):
        where = f"{pack.path}:{value.start}"
        raise AttuneError(f"`{NATIVE}: {name}` is not a mapping", where=where, help=f"keys: {', '.join(KEYS)}")
    fields = Fields(pack.path, value)
    _refuse_unknown(fields, name)
    return Declaration(
        name=name,
        path=_inside(fields, "path") or f"{NATIVE}/{name}",
        where=f"{pack.path}:{(node.key(name) or value).start}",
        entry_point=_inside(fields, "entry_point"),
        language=fields.choice("language", LANGUAGES),
        package=fields.text("package"),
        flags=_flags(fields),
    )


def _refuse_unknown(fields: Fields, name: str) -> None:
    for key in map(str, fields.root.by_name):
        if key not in KEYS:
            fields.refuse(key, f"`{NATIVE}: {name}` has no key `{key}`", help=f"keys: {', '.join(KEYS)}")


def _inside(fields: Fields, name: str) -> str | None:
    """A path inside the pack, in its shortest spelling."""
    text = fields.text(name)
    if text is None:
        return None
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or "\0" in text or not path.parts:
        fields.refuse(name, f"`{name}` is `{text}`", why="it must be a path inside the pack, from its folder on")
    return str(path)


def _flags(fields: Fields) -> tuple[str, ...]:
    node = fields.node("flags")
    items: Iterable[object] = node.items if isinstance(node, Sequence) else [node] if node is not None else []
    flags = [item.value if isinstance(item, Scalar) else None for item in items]
    if not all(isinstance(flag, str) and flag and "\0" not in flag for flag in flags):
        fields.refuse("flags", "`flags` is not a sequence of words", help='write `flags: ["-lm"]`')
    return tuple(str(flag) for flag in flags)
