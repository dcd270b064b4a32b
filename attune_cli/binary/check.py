"""Whether a file starts as it is, on a machine that is known, and if not: why, and what to do."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attune_cli.binary import codes, loading, shebangs
from attune_cli.binary.capabilities import capabilities
from attune_cli.binary.machine import Machine
from attune_cli.binary.model import Facts, Kind, Platform
from attune_cli.binary.problem import Problem

if TYPE_CHECKING:
    from attune_cli.binary.libraries import Resolver

_NOTHING_TO_START = {
    Kind.MISSING: "does not exist",
    Kind.BROKEN_LINK: "is a link that leads nowhere",
    Kind.DIRECTORY: "is a folder",
    Kind.SPECIAL: "is a device, a pipe or a socket",
    Kind.EMPTY: "is empty",
    Kind.DATA: "is neither an executable nor a script",
}


def check(facts: Facts, machine: Machine, resolver: Resolver | None = None) -> tuple[Problem, ...]:
    """All that is wrong with a file that is to start on that machine; empty when it starts.

    What lies at the paths it names is looked at only where the machine is this one.
    resolver: remembers libraries from file to file.
    """
    if nothing := _nothing_to_start(facts):
        return (nothing,)
    return (*_content(facts, machine, resolver), *_permissions(facts, machine))


def _nothing_to_start(facts: Facts) -> Problem | None:
    """A file of a kind that nobody can start, whatever its mode."""
    if facts.kind is Kind.LFS_POINTER:
        return Problem(codes.LFS_POINTER, "is a pointer of Git LFS, not the file itself", "fetch it: git lfs pull")
    if facts.kind is Kind.TEXT:
        what = "is a text without a first line that names its interpreter"
        if facts.problem:
            return Problem(codes.NO_INTERPRETER_LINE, f"{what}: {facts.problem}", "save it without that mark")
        return Problem(codes.NO_INTERPRETER_LINE, what, "begin it with `#!/bin/sh`, or the like")
    if nothing := _NOTHING_TO_START.get(facts.kind):
        cure = "put the executable there" if facts.kind is not Kind.BROKEN_LINK else "mend the link"
        return Problem(codes.NO_PROGRAM, nothing, cure)
    if facts.type in {"object", "core"}:
        what = "is an object file, not yet linked" if facts.type == "object" else "is the memory of a crashed program"
        return Problem(codes.NO_PROGRAM, what, "put the executable there")
    return None


def _content(facts: Facts, machine: Machine, resolver: Resolver | None) -> Iterator[Problem]:
    if facts.kind is Kind.SCRIPT:
        yield from shebangs.check(facts, machine)
        return
    if facts.kind is Kind.FAT and facts.slices:
        yield from _universal(facts, machine)
        return
    yield from _executable(facts, machine, resolver)


def _universal(facts: Facts, machine: Machine) -> Iterator[Problem]:
    """The part for the machine's processor is what starts."""
    fitting = [part for part in facts.slices if part.platforms and machine.runs(part.platforms[0])]
    if fitting:
        yield from _executable(fitting[0], machine)
    else:
        yield from _platform(facts, machine)


def _executable(facts: Facts, machine: Machine, resolver: Resolver | None = None) -> Iterator[Problem]:
    if facts.problem:
        yield Problem(codes.MALFORMED, f"cannot be loaded: {facts.problem}", "build it again, or copy it again")
        return
    strange = list(_platform(facts, machine))
    yield from strange
    if facts.missing_bytes:
        what = f"ends {facts.missing_bytes:,} bytes before its headers say it does"
        yield Problem(codes.TRUNCATED, what, "copy or download it again")
    if strange:
        return
    if facts.type == "shared object" and facts.interpreter is None:
        yield Problem(codes.NO_ENTRY, "is a shared library", "name the program that uses it")
    elif facts.kind is Kind.ELF:
        yield from loading.check(facts, machine, resolver)
    elif facts.kind is Kind.MACHO and facts.signed is False and machine.platform == Platform("darwin", "arm64"):
        yield Problem(codes.UNSIGNED, "is not signed, which macOS demands on arm64", "codesign -s - FILE")


def _platform(facts: Facts, machine: Machine) -> Iterator[Problem]:
    """Programs that this processor and system do not take as they are."""
    made_for = facts.platforms
    if not made_for or any(map(machine.runs, made_for)):
        return
    names = " and ".join(map(str, made_for))
    head = _head(facts) if machine.handlers else b""
    handler = next((each for each in machine.handlers if each.takes(facts.path, head)), None)
    if handler:
        what = f"is for {names}; here {handler.interpreter} runs it in place of the processor"
        yield Problem(codes.EMULATED, what, _build_for(machine))
    elif any(map(machine.translates, made_for)):
        what = f"is for {names}, which {machine.platform} runs only where a translator is installed"
        yield Problem(codes.EMULATED, what, _build_for(machine))
    else:
        there = "this machine is" if machine.is_here else "it is meant for"
        yield Problem(codes.WRONG_PLATFORM, f"is for {names}, and {there} {machine.platform}", _build_for(machine))


def _build_for(machine: Machine) -> str:
    return f"build it for {machine.platform}: attune build --platform {machine.platform}"


def _head(facts: Facts) -> bytes:
    try:
        with open(facts.path, "rb") as file:
            return file.read(256)
    except OSError:
        return b""


def _permissions(facts: Facts, machine: Machine) -> Iterator[Problem]:
    """What its mode and its mount say of it; Windows goes by neither."""
    if machine.platform.os == "windows":
        return
    quoted = shlex.quote(str(facts.path))
    if not facts.mode & 0o111:
        yield Problem(codes.NOT_EXECUTABLE, "is not executable", f"chmod +x {quoted}, or --fix")
    elif machine.is_here and not os.access(facts.path, os.X_OK):
        yield _forbidden(facts)
    if facts.mode & stat.S_IWOTH:
        yield Problem(codes.WRITABLE_BY_ALL, "can be changed by anybody", f"chmod o-w {quoted}")
    if rights := _rights(facts):
        yield Problem(
            codes.PRIVILEGED, f"runs with rights of its own ({rights}), which a copy of the pack does not have"
        )


def _forbidden(facts: Facts) -> Problem:
    if os.statvfs(facts.path).f_flag & os.ST_NOEXEC:
        what = "lies on a file system that is mounted noexec"
        return Problem(codes.NOEXEC, what, "move it to another file system, or mount this one with exec")
    what = f"is not executable for this user: its mode is {stat.filemode(facts.mode)}"
    return Problem(codes.NOT_EXECUTABLE, what, f"chmod a+x {shlex.quote(str(facts.path))}")


def _rights(facts: Facts) -> str:
    bits = (("set-user-ID", facts.setuid), ("set-group-ID", facts.setgid))
    return ", ".join([*(name for name, is_set in bits if is_set), *_capabilities(facts)])


def _capabilities(facts: Facts) -> tuple[str, ...]:
    """Read here: not every reader of headers has looked for them."""
    try:
        descriptor = os.open(facts.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return ()
    try:
        return capabilities(descriptor)
    finally:
        os.close(descriptor)
