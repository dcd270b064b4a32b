"""Whether the loader of a dynamically linked ELF program finds all it needs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.binary import codes
from attune_cli.binary.machine import Machine
from attune_cli.binary.model import Facts, Library, Platform, highest
from attune_cli.binary.problem import Problem

if TYPE_CHECKING:
    from attune_cli.binary.libraries import Resolver

#: Where each architecture's ABI has the loader of glibc.
#: https://sourceware.org/glibc/wiki/ABIList
GLIBC_LOADERS = {
    "386": "/lib/ld-linux.so.2",
    "amd64": "/lib64/ld-linux-x86-64.so.2",
    "arm": "/lib/ld-linux-armhf.so.3",
    "arm64": "/lib/ld-linux-aarch64.so.1",
    "loong64": "/lib64/ld-linux-loongarch-lp64d.so.1",
    "ppc64le": "/lib64/ld64.so.2",
    "riscv64": "/lib/ld-linux-riscv64-lp64d.so.1",
    "s390x": "/lib/ld64.so.1",
}
_MUSL = "/lib/ld-musl-"
_SYSTEM = ("/lib", "/usr/lib", "/usr/local/lib")
_FAMILIES = ("GLIBC", "GLIBCXX", "CXXABI")
_STATIC = "link it statically with musl"


def check(facts: Facts, machine: Machine, resolver: Resolver | None = None) -> Iterator[Problem]:
    """Of an ELF program that the machine's processor takes."""
    if machine.is_here:
        yield from _here(facts, machine, resolver)
    else:
        yield from _elsewhere(facts, machine)


def _here(facts: Facts, machine: Machine, resolver: Resolver | None) -> Iterator[Problem]:
    loader = facts.interpreter
    if loader is None:
        return
    if not os.path.exists(loader):
        yield Problem(codes.LOADER_MISSING, f"asks for the loader {loader}, which is not there", _loader_cure(loader))
        return
    if not facts.needed:
        return
    from attune_cli.binary.libraries import Resolver

    yield from of_libraries(facts, (resolver or Resolver()).resolve(facts), machine)


def of_libraries(facts: Facts, libraries: Sequence[Library], machine: Machine) -> Iterator[Problem]:
    """What is wrong with the libraries that were found for it, or not found."""
    for library in libraries:
        asking = "" if library.needed_by == facts.path else f" (asked for by {library.needed_by})"
        if library.path is None:
            what = f"needs {library.name}, which is in none of the folders the loader looks in{asking}"
            yield Problem(codes.LIBRARY_MISSING, what, _library_cure(library.name))
        elif library.lacks:
            yield _too_new(library, facts, machine)
        elif library.needed_by == facts.path and _is_from_elsewhere(facts, library.path.parent):
            what = f"takes {library.name} from {library.path.parent}, a folder that it names itself"
            yield Problem(codes.FROM_ELSEWHERE, what, "put the library into the pack and link with -rpath '$ORIGIN/…'")


def _too_new(library: Library, facts: Facts, machine: Machine) -> Problem:
    versions = [version for version, _ in library.lacks]
    family = next((name for name in _FAMILIES if highest(name, versions)), None)
    newest = f"{family}_{_dotted(highest(family, versions) or ())}" if family else versions[-1]
    asking = library.lacks[0][1]
    through = "" if asking == facts.path else f" (asked for by {asking})"
    has = f"this machine has glibc {_dotted(machine.glibc)}" if family == "GLIBC" and machine.glibc else "is older"
    what = f"needs {newest}{through}, and " + (has if family == "GLIBC" else f"{library.path} {has}")
    return Problem(codes.TOO_NEW, what, _older_cure(machine))


def _elsewhere(facts: Facts, machine: Machine) -> Iterator[Problem]:
    """What can be said of a machine that is not this one."""
    asked = facts.glibc
    if asked and machine.glibc and asked > machine.glibc:
        what = f"needs GLIBC_{_dotted(asked)}, and glibc {_dotted(machine.glibc)} is what there is"
        yield Problem(codes.TOO_NEW, what, _older_cure(machine))
    usual = GLIBC_LOADERS.get(machine.platform.arch)
    loader = facts.interpreter
    if (
        machine.platform.os == "linux"
        and loader
        and usual
        and loader != usual
        and _arch(facts) == machine.platform.arch
    ):
        what = f"asks for the loader {loader}, which systems with glibc do not have"
        yield Problem(codes.LOADER_MISSING, what, _loader_cure(loader))


def _arch(facts: Facts) -> str | None:
    return facts.platforms[0].arch if facts.platforms else None


def _is_from_elsewhere(facts: Facts, folder: Path) -> bool:
    """Whether the program names the folder itself, and it is neither the system's nor beside the program."""
    named = {os.path.realpath(path) for path in (*facts.rpath, *facts.runpath) if path.startswith("/")}
    return os.path.realpath(folder) in named and not str(folder).startswith(_SYSTEM)


def _loader_cure(loader: str) -> str:
    if loader.startswith(_MUSL):
        return f"{_STATIC}, or build it against glibc"
    return f"build it on a system like the one it is to start on, or {_STATIC}"


def _library_cure(name: str) -> str:
    return f"install the package that has {name}, or put it into the pack (linked with -rpath '$ORIGIN/…')"


def _older_cure(machine: Machine) -> str:
    wanted = f"against glibc {_dotted(machine.glibc)} or older" if machine.glibc else "against an older glibc"
    return f"build it {wanted} (zig cc -target {_zig_target(machine.platform, machine.glibc)}), or {_STATIC}"


def _zig_target(platform: Platform, glibc: tuple[int, ...] | None) -> str:
    arch = {"amd64": "x86_64", "arm64": "aarch64", "386": "x86"}.get(platform.arch, platform.arch)
    return f"{arch}-linux-gnu.{_dotted(glibc)}" if glibc else f"{arch}-linux-musl"


def _dotted(version: tuple[int, ...] | None) -> str:
    return ".".join(map(str, version or ()))
