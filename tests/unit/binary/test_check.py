"""What is said of executables of every kind: on this machine, and for machines that are only described."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from attune_cli.binary import codes
from attune_cli.binary.check import check
from attune_cli.binary.libraries import Resolver
from attune_cli.binary.machine import Handler, Machine, parse_glibc
from attune_cli.binary.model import Platform
from attune_cli.binary.problem import Problem
from attune_cli.binary.read import identify
from attune_cli.diagnostics import Rule
from tests.binaries import Binaries

HERE = Machine.here()
LINUX = Machine(Platform("linux", "amd64"))
ARM = Machine(Platform("linux", "arm64"))
MAC = Machine(Platform("darwin", "arm64"))
WINDOWS = Machine(Platform("windows", "amd64"))


@pytest.fixture(scope="session")
def binaries(binaries: Binaries) -> Binaries:
    """With one more: the size of a program header is none."""

    def damage(data: bytearray) -> None:
        data[54:56] = b"\1\0"

    vars(binaries)["damaged"] = binaries.changed("dynamic", damage)
    return binaries


def found(path: Path, machine: Machine = HERE) -> list[Problem]:
    return list(check(identify(path), machine))


def codes_of(path: Path, machine: Machine = HERE) -> list[str]:
    return [problem.rule.code for problem in found(path, machine)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("dynamic", None),
        ("dynamic_no_pie", None),
        ("static", None),
        ("static_pie", None),
        ("musl_static", None),
        ("script", None),
        ("arm64", codes.WRONG_PLATFORM),
        ("powerpc", codes.WRONG_PLATFORM),
        ("macos_arm64", codes.WRONG_PLATFORM),
        ("universal", codes.WRONG_PLATFORM),
        ("windows_amd64", codes.WRONG_PLATFORM),
        ("library", codes.NO_ENTRY),
        ("missing_loader", codes.LOADER_MISSING),
        ("missing_library", codes.LIBRARY_MISSING),
        ("too_new", codes.TOO_NEW),
        ("truncated", codes.TRUNCATED),
        ("damaged", codes.MALFORMED),
        ("empty", codes.NO_PROGRAM),
        ("broken_link", codes.NO_PROGRAM),
        ("lfs_pointer", codes.LFS_POINTER),
        ("text", codes.NO_INTERPRETER_LINE),
        ("crlf_script", codes.CARRIAGE_RETURN),
        ("setuid", codes.PRIVILEGED),
    ],
)
def test_here(binaries: Binaries, name: str, code: Rule | None) -> None:
    assert codes_of(binaries[name]) == ([] if code is None else [code.code])


@pytest.mark.parametrize("name", ["dynamic", "static", "static_pie", "script", "musl_static"])
def test_what_is_said_to_start_starts(binaries: Binaries, name: str) -> None:
    assert found(binaries[name]) == []
    assert subprocess.run([binaries[name]], capture_output=True, check=False).returncode in {0, 42}


@pytest.mark.parametrize(
    "name", ["arm64", "macos_arm64", "windows_amd64", "missing_loader", "missing_library", "too_new", "damaged"]
)
def test_what_is_said_not_to_start_does_not(binaries: Binaries, name: str) -> None:
    """The kernel refuses it, or the loader ends it."""
    assert any(problem.is_error for problem in found(binaries[name]))
    try:
        done = subprocess.run([binaries[name]], capture_output=True, check=False)
    except OSError:
        return
    assert done.returncode == 127 or done.returncode < 0 or b"GLIBC_9.99" in done.stderr


@pytest.mark.parametrize(
    ("name", "machine", "code"),
    [
        ("arm64", ARM, None),
        ("glibc_2_17", LINUX, None),
        ("glibc_2_17", Machine(LINUX.platform, (2, 17)), None),
        ("glibc_2_38", Machine(LINUX.platform, (2, 31)), codes.TOO_NEW),
        ("glibc_2_38", Machine(LINUX.platform, (2, 38)), None),
        ("glibc_2_17", ARM, codes.WRONG_PLATFORM),
        ("i386", LINUX, None),
        ("musl_static", LINUX, None),
        ("musl_dynamic", LINUX, codes.LOADER_MISSING),
        ("macos_arm64", MAC, None),
        ("macos_amd64", MAC, codes.EMULATED),
        ("universal", MAC, None),
        ("universal", Machine(Platform("darwin", "amd64")), None),
        ("windows_amd64", WINDOWS, None),
        ("windows_amd64", Machine(Platform("windows", "arm64")), codes.EMULATED),
        ("script", WINDOWS, codes.WRONG_PLATFORM),
        ("missing_library", LINUX, None),
    ],
)
def test_elsewhere(binaries: Binaries, name: str, machine: Machine, code: Rule | None) -> None:
    """Of another machine only what the file itself says is known: not whether a library is there."""
    assert codes_of(binaries[name], machine) == ([] if code is None else [code.code])


def test_the_versions_are_named(binaries: Binaries) -> None:
    (problem,) = found(binaries.too_new)
    assert problem.message.startswith("needs GLIBC_9.99, and this machine has glibc 2.")
    assert problem.help is not None
    assert "zig cc -target" in problem.help
    (problem,) = found(binaries.glibc_2_38, Machine(LINUX.platform, (2, 31)))
    assert problem.message == "needs GLIBC_2.38, and glibc 2.31 is what there is"
    assert problem.help is not None
    assert "-target x86_64-linux-gnu.2.31" in problem.help


def test_a_missing_library_is_named(binaries: Binaries) -> None:
    (problem,) = found(binaries.missing_library)
    assert "libanswer.so.1" in problem.message


def test_a_library_of_the_pack_or_of_nobody(binaries: Binaries, tmp_path: Path) -> None:
    """One beside the program goes with it; one in a folder that the program names absolutely does not."""
    shutil.copy(binaries.library, tmp_path / "libanswer.so.1")
    absolute = binaries.asking(f"-Wl,-rpath,{tmp_path}")
    (problem,) = found(absolute)
    assert (problem.rule, str(tmp_path) in problem.message) == (codes.FROM_ELSEWHERE, True)
    beside = shutil.copy(binaries.asking("-Wl,-rpath,$ORIGIN"), tmp_path / "asking")
    assert found(Path(beside)) == []


def test_a_library_on_the_given_path(binaries: Binaries, tmp_path: Path) -> None:
    shutil.copy(binaries.library, tmp_path / "libanswer.so.1")
    facts = identify(binaries.missing_library)
    assert check(facts, HERE, Resolver(library_path=(str(tmp_path),))) == ()


def test_the_mode(binaries: Binaries) -> None:
    assert codes_of(binaries.file("plain", binaries.static.read_bytes(), 0o644)) == [codes.NOT_EXECUTABLE.code]
    assert codes_of(binaries.file("open", binaries.static.read_bytes(), 0o777)) == [codes.WRITABLE_BY_ALL.code]
    # Windows goes by names, not by modes.
    assert codes_of(binaries.file("plain", binaries.windows_amd64.read_bytes(), 0o644), WINDOWS) == []


def test_a_folder_and_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert codes_of(tmp_path) == [codes.NO_PROGRAM.code]
    assert codes_of(tmp_path / "pipe") == [codes.NO_PROGRAM.code]
    assert codes_of(tmp_path / "nothing") == [codes.NO_PROGRAM.code]


def test_an_object_file(binaries: Binaries) -> None:
    def as_object(data: bytearray) -> None:
        data[16:18] = (1).to_bytes(2, "little")

    assert codes_of(binaries.changed("static", as_object)) == [codes.NO_PROGRAM.code]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#!/nowhere/sh", "/nowhere/sh, which is not there"),
        ("#!/usr/bin/env no-such-program-of-ours", "'no-such-program-of-ours', which is not in PATH"),
        ("#!/usr/bin/env sh -e", "'sh -e', which is not in PATH"),
        ("#!/usr/bin/env -S sh -e", None),
        ("#!/usr/bin/env -S A=b sh", None),
        ("#!/bin/sh", None),
        ("#!/etc/passwd", "/etc/passwd, which cannot be executed"),
        ("#!   ", "names no interpreter"),
    ],
)
def test_first_lines(binaries: Binaries, line: str, said: str | None) -> None:
    problems = found(binaries.file("script", f"{line}\nexit 42\n".encode()))
    assert (said is None) == (problems == [])
    assert said is None or said in problems[0].message


def test_a_script_that_interprets_scripts(binaries: Binaries) -> None:
    middle = binaries.file("middle", b"#!/nowhere/sh\n")
    outer = binaries.file("outer", f"#!{middle}\n".encode())
    (problem,) = found(outer)
    assert "/nowhere/sh" in problem.message
    itself = binaries.file("itself", b"")
    itself.write_text(f"#!{itself}\n")
    (problem,) = found(itself)
    assert "too many other scripts" in problem.message


def test_an_emulator_that_is_registered(binaries: Binaries) -> None:
    magic = binaries.arm64.read_bytes()[:20]
    emulator = Handler("qemu-aarch64", "/usr/bin/qemu-aarch64", 0, magic, b"\xff" * 7 + b"\0" * 9 + b"\xfe\xff\xff\xff")
    (problem,) = check(identify(binaries.arm64), HERE._replace(handlers=(emulator,)))
    assert (problem.rule, "/usr/bin/qemu-aarch64" in problem.message) == (codes.EMULATED, True)
    (problem,) = check(identify(binaries.powerpc), HERE._replace(handlers=(emulator,)))
    assert problem.rule is codes.WRONG_PLATFORM


def test_an_unsigned_program_for_macos(binaries: Binaries) -> None:
    def unsigned(data: bytearray) -> None:
        command = data.find((0x1D).to_bytes(4, "little") + (16).to_bytes(4, "little"))
        assert command > 0
        data[command : command + 4] = (0x2B).to_bytes(4, "little")  # some other command of that size

    assert codes_of(binaries.changed("macos_arm64", unsigned), MAC) == [codes.UNSIGNED.code]


def test_noexec(binaries: Binaries, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mount needs privileges that not every machine gives; how it shows is what the system call answers."""
    program = binaries.file("program", binaries.static.read_bytes())
    real = os.statvfs(program)
    values = list(real)
    values[8] = real.f_flag | os.ST_NOEXEC
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(values))
    assert codes_of(program) == [codes.NOEXEC.code]


def test_this_machine() -> None:
    assert HERE.is_here
    assert str(HERE.platform).startswith(os.uname().sysname.lower())
    assert HERE.glibc is None or HERE.glibc >= (2, 17)


@pytest.mark.parametrize("text", ["2", "2.x", "", "2.31.1.1", "-2.3", "two"])
def test_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="is no version of glibc"):
        parse_glibc(text)
    assert parse_glibc("2.31") == (2, 31)


def test_handlers_as_the_kernel_lists_them(tmp_path: Path) -> None:
    from attune_cli.binary.machine import _registered

    (tmp_path / "register").touch()
    (tmp_path / "status").write_text("enabled\n")
    (tmp_path / "off").write_text("disabled\ninterpreter /usr/bin/x\nflags: \noffset 0\nmagic 7f\n")
    (tmp_path / "jar").write_text("enabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n")
    (tmp_path / "arm").write_text("enabled\ninterpreter /usr/bin/q\nflags: F\noffset 1\nmagic 454c\nmask ffff\n")
    (tmp_path / "broken").write_text("enabled\ninterpreter /usr/bin/q\nmagic zz\n")
    handlers = {each.name: each for each in _registered(tmp_path)}
    assert set(handlers) == {"jar", "arm"}
    assert handlers["jar"].takes(Path("a.jar"), b"")
    assert not handlers["jar"].takes(Path("a.war"), b"")
    assert handlers["arm"].takes(Path("a"), b"\x7fELF")
    assert not handlers["arm"].takes(Path("a"), b"\x7fE")
    assert list(_registered(tmp_path / "nothing")) == []


def test_every_code_is_said_of_something(binaries: Binaries) -> None:
    """All but those that need a machine of their own, which have tests above, and what cannot be read."""
    names = ("arm64", "library", "missing_loader", "missing_library", "too_new", "truncated", "damaged", "empty")
    said = {
        code for name in (*names, "lfs_pointer", "text", "crlf_script", "setuid") for code in codes_of(binaries[name])
    }
    said |= set(codes_of(binaries.file("a", b"#!/nowhere/sh\n", 0o646)))
    apart = {codes.NOEXEC, codes.FROM_ELSEWHERE, codes.UNSIGNED, codes.EMULATED, codes.UNREADABLE}
    assert {rule.code for rule in codes.RULES if rule not in apart} == said
    assert stat.S_IMODE(binaries.setuid.stat().st_mode) == 0o6755


def test_as_many_scripts_as_the_kernel_takes(binaries: Binaries) -> None:
    """Each is the next one's interpreter."""
    program = binaries.file("script", b"#!/bin/sh\nexit 42\n")
    is_started = True
    for _ in range(7):
        is_started = True
        try:
            assert subprocess.run([program], check=False).returncode in {0, 42}
        except OSError:
            is_started = False
        assert (found(program) == []) == is_started
        program = binaries.file("script", f"#!{program}\n".encode())
    assert not is_started
