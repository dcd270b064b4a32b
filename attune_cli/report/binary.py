"""The facts of an executable, for people and as a document (`attune.binary/1`, see `report/schemas/binary-1.json`)."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style, width

if TYPE_CHECKING:
    from attune_cli.binary.model import Facts, GoBuild, Library, RustBuild

SCHEMA = "attune.binary/1"
_YES = {True: "yes", False: "no"}


def print_facts(facts: Facts, digest: str | None, libraries: Sequence[Library], stream: TextIO) -> None:
    """Print a line for every fact there is."""
    style, columns = Style.of(stream), width(stream)
    rows = [(name, text) for name, text in _rows(facts, digest, libraries) if text]
    room = max(len(name) for name, _ in rows) + 2
    print(style(harmless(str(facts.path)), "bold"), file=stream)
    for name, text in rows:
        label = name.ljust(room - 1)
        print("\n".join(hanging(label, harmless(text), columns, indent=room, shown=style(label, "cyan"))), file=stream)


def _rows(facts: Facts, digest: str | None, libraries: Sequence[Library]) -> Iterator[tuple[str, str]]:
    yield "kind", " ".join(filter(None, [facts.kind, facts.type and f"({facts.type})"]))
    yield "problem", facts.problem or ""
    yield "platform", ", ".join(map(str, facts.platforms))
    yield "format", ", ".join(filter(None, [f"{facts.bits} bits" if facts.bits else None, facts.endian, facts.abi]))
    yield "size", f"{facts.size:,} bytes" if facts.size else ""
    yield "mode", stat.filemode(facts.mode) if facts.mode else ""
    yield "sha256", digest or ""
    yield "linked", {True: "statically", False: "dynamically"}.get(facts.static, "") if facts.static is not None else ""
    yield "interpreter", " ".join(filter(None, [facts.interpreter, facts.interpreter_argument]))
    yield "rpath", ":".join(facts.rpath)
    yield "runpath", ":".join(facts.runpath)
    for library in libraries:
        yield "needs", f"{library.name} => {library.path or 'not found'}{_lacking(library)}"
    if not libraries:
        yield "needs", ", ".join(facts.needed)
    for name, version in (("glibc", facts.glibc), ("libstdc++", facts.glibcxx), ("C++ ABI", facts.cxxabi)):
        yield name, f"{_dotted(version)} or newer" if version else ""
    yield "build id", facts.build_id or ""
    yield "hardening", ", ".join(_hardening(facts))
    yield "stripped", _YES[facts.stripped] if facts.stripped is not None else ""
    yield "signed", _YES[facts.signed] if facts.signed is not None else ""
    yield "compiler", ", ".join(facts.compilers)
    yield "go", _go(facts.go) if facts.go else ""
    yield "rust", _rust(facts.rust) if facts.rust else ""
    bits = (("set-user-ID", facts.setuid), ("set-group-ID", facts.setgid))
    yield "rights", ", ".join([*(name for name, is_set in bits if is_set), *facts.capabilities])
    yield "missing", f"{facts.missing_bytes:,} bytes" if facts.missing_bytes else ""


def _lacking(library: Library) -> str:
    versions = ", ".join(dict.fromkeys(version for version, _ in library.lacks))
    return f" (without {versions})" if versions else ""


def _hardening(facts: Facts) -> Iterator[str]:
    if facts.pie is not None:
        yield "PIE" if facts.pie else "no PIE"
    if facts.relro is not None:
        yield f"{facts.relro} RELRO" if facts.relro != "none" else "no RELRO"
    if facts.nx is not None:
        yield "NX" if facts.nx else "executable stack"


def _go(build: GoBuild) -> str:
    module = f" {build.module.path} {build.module.version}".rstrip() if build.module else ""
    revision = build.settings.get("vcs.revision", "")
    return f"{build.version}{module}{f' at {revision}' if revision else ''}"


def _rust(build: RustBuild) -> str:
    packages = f"{len(build.packages)} crates" if build.packages else ""
    return ", ".join(filter(None, [build.version or "yes", build.root, packages]))


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def facts_document(facts: Facts, digest: str | None, libraries: Sequence[Library]) -> dict[str, object]:
    """JSON data; what a format does not tell is null."""
    return {"schema": SCHEMA, "path": str(facts.path), "sha256": digest, **_own(facts), "libraries": _found(libraries)}


def _own(facts: Facts) -> dict[str, object]:
    """Of the file, or of a part of a universal one."""
    return {
        "kind": str(facts.kind),
        "type": facts.type,
        "problem": facts.problem,
        "platforms": [str(each) for each in facts.platforms],
        "bits": facts.bits,
        "endian": facts.endian,
        "abi": facts.abi,
        "size": facts.size,
        "mode": f"{stat.S_IMODE(facts.mode):04o}",
        "static": facts.static,
        "interpreter": facts.interpreter,
        "interpreter_argument": facts.interpreter_argument,
        "needed": list(facts.needed),
        "rpath": list(facts.rpath),
        "runpath": list(facts.runpath),
        "symbol_versions": {name: list(versions) for name, versions in facts.symbol_versions.items()},
        "glibc": _dotted(facts.glibc) if facts.glibc else None,
        "glibcxx": _dotted(facts.glibcxx) if facts.glibcxx else None,
        "cxxabi": _dotted(facts.cxxabi) if facts.cxxabi else None,
        "build_id": facts.build_id,
        "stripped": facts.stripped,
        "pie": facts.pie,
        "relro": facts.relro,
        "nx": facts.nx,
        "signed": facts.signed,
        "compilers": list(facts.compilers),
        "go": _go_document(facts.go),
        "rust": _rust_document(facts.rust),
        "setuid": facts.setuid,
        "setgid": facts.setgid,
        "capabilities": list(facts.capabilities),
        "missing_bytes": facts.missing_bytes,
        "slices": [_own(part) for part in facts.slices],
    }


def _found(libraries: Sequence[Library]) -> list[Mapping[str, object]]:
    return [
        {
            "name": each.name,
            "path": str(each.path) if each.path else None,
            "needed_by": str(each.needed_by),
            "lacks": sorted({version for version, _ in each.lacks}),
        }
        for each in libraries
    ]


def _go_document(build: GoBuild | None) -> Mapping[str, object] | None:
    if build is None:
        return None
    module = build.module and {"path": build.module.path, "version": build.module.version}
    return {"version": build.version, "path": build.path, "module": module, "settings": dict(build.settings)}


def _rust_document(build: RustBuild | None) -> Mapping[str, object] | None:
    if build is None:
        return None
    return {"version": build.version, "root": build.root, "packages": dict(build.packages)}
