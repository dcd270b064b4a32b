"""What a file is, whatever is at the path; and what its headers say about where it runs."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from attune_cli.binary.model import Facts, Kind, Platform
from attune_cli.binary.read import identify, sha256
from tests.binaries import Binaries

PLATFORMS = {
    "glibc_2_17": ("linux/amd64",),
    "arm64": ("linux/arm64",),
    "i386": ("linux/386",),
    "powerpc": ("linux/ppc",),
    "musl_static": ("linux/amd64",),
    "musl_dynamic": ("linux/amd64",),
    "macos_arm64": ("darwin/arm64",),
    "macos_amd64": ("darwin/amd64",),
    "universal": ("darwin/amd64", "darwin/arm64"),
    "windows_amd64": ("windows/amd64",),
    "windows_arm64": ("windows/arm64",),
}
KINDS = {
    "dynamic": Kind.ELF,
    "macos_arm64": Kind.MACHO,
    "universal": Kind.FAT,
    "windows_amd64": Kind.PE,
    "script": Kind.SCRIPT,
    "crlf_script": Kind.SCRIPT,
    "text": Kind.TEXT,
    "lfs_pointer": Kind.LFS_POINTER,
    "empty": Kind.EMPTY,
    "broken_link": Kind.BROKEN_LINK,
}


@pytest.mark.parametrize("name", KINDS)
def test_kinds(binaries: Binaries, name: str) -> None:
    facts = identify(binaries[name], everything=True)
    assert (facts.kind, facts.problem) == (KINDS[name], None)


@pytest.mark.parametrize("name", PLATFORMS)
def test_platforms(binaries: Binaries, name: str) -> None:
    assert tuple(map(str, identify(binaries[name]).platforms)) == PLATFORMS[name]


def test_links(tmp_path: Path) -> None:
    for name, target in {"one": "two", "two": "one", "self": "self", "broken": "x/y"}.items():
        (tmp_path / name).symlink_to(target)
    assert {identify(tmp_path / name).kind for name in ("one", "self", "broken")} == {Kind.BROKEN_LINK}
    assert identify(tmp_path / "one").problem == "the link leads in a circle"


def test_what_is_no_file(tmp_path: Path) -> None:
    """Nothing is opened, so nothing is waited for."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert identify(tmp_path / "socket").kind == Kind.SPECIAL
    assert identify(tmp_path / "pipe").kind == Kind.SPECIAL
    assert identify("/dev/zero").kind == Kind.SPECIAL
    assert identify(tmp_path).kind == Kind.DIRECTORY
    assert identify(tmp_path / "nothing").kind == Kind.MISSING
    assert identify(tmp_path / "pipe" / "below").kind == Kind.MISSING
    assert identify(tmp_path / "a\0b").kind == Kind.MISSING


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"plain\n", Kind.TEXT),
        ("é".encode() * 3000, Kind.TEXT),
        (b"a" * 4095 + "é".encode(), Kind.TEXT),
        (b"\xff\xfe#\0!\0", Kind.DATA),
        (b"a\0b", Kind.DATA),
        (b"caf\xe9 in Latin-1\n", Kind.DATA),
        (b"\xca\xfe\xba\xbe\0\0\0\x41 a class of Java", Kind.DATA),
        (b"!<arch>\n\0", Kind.DATA),
        (b"\0asm\1\0\0\0", Kind.DATA),
        (b"\x7fEL", Kind.TEXT),
        (b"#", Kind.TEXT),
    ],
)
def test_texts_and_data(tmp_path: Path, data: bytes, kind: str) -> None:
    (tmp_path / "file").write_bytes(data)
    assert identify(tmp_path / "file").kind == kind


@pytest.mark.parametrize(
    ("data", "kind", "problem"),
    [
        (b"\x7fELF", Kind.ELF, "the file ends inside its header"),
        (b"\x7fELF\x03\x01" + bytes(60), Kind.ELF, "its header says neither 32 nor 64 bits, or no byte order"),
        (b"MZ", Kind.PE, "it is a program for MS-DOS, or its header is damaged"),
        (b"MZ" + bytes(200), Kind.PE, "it is a program for MS-DOS, or its header is damaged"),
        (b"\xcf\xfa\xed\xfe", Kind.MACHO, "the file ends inside its header"),
        (b"\xca\xfe\xba\xbe\0\0\0\2", Kind.FAT, "the file ends inside its header"),
        (b"\xef\xbb\xbf#!/bin/sh\n", Kind.TEXT, "a byte order mark stands before #!"),
        (b"#!\n", Kind.SCRIPT, "its first line names no interpreter that Linux would read"),
    ],
)
def test_headers_that_end_at_once(tmp_path: Path, data: bytes, kind: str, problem: str) -> None:
    (tmp_path / "file").write_bytes(data)
    facts = identify(tmp_path / "file", everything=True)
    assert (facts.kind, facts.problem) == (kind, problem)


def test_broken_programs(binaries: Binaries) -> None:
    assert identify(binaries.missing_loader).interpreter == "/nowhere/ld.so"
    assert "libanswer.so.1" in identify(binaries.missing_library).needed
    assert identify(binaries.too_new).glibc == (9, 99)
    assert identify(binaries.corrupted).problem
    truncated = identify(binaries.truncated)
    assert 0 < truncated.missing_bytes < identify(binaries.dynamic).size
    assert truncated.missing_sections > 0


@pytest.mark.parametrize("name", ["macos_arm64", "windows_amd64", "universal"])
def test_cut_off(binaries: Binaries, name: str) -> None:
    """Whatever the format, what is missing is counted."""
    whole = identify(binaries[name])
    cut = identify(binaries.changed(name, lambda data: data.__delitem__(slice(len(data) // 2, None))))
    assert whole.missing_bytes == 0
    assert cut.missing_bytes > 0


def test_the_glibc_that_is_asked_for(binaries: Binaries) -> None:
    assert identify(binaries.glibc_2_17).glibc == (2, 2, 5)
    assert identify(binaries.glibc_2_38).glibc == (2, 38)
    assert identify(binaries.arm64).glibc == (2, 17)
    assert identify(binaries.musl_dynamic).glibc is None


def test_ways_of_linking(binaries: Binaries) -> None:
    def way(name: str) -> tuple[object, ...]:
        facts = identify(binaries[name], everything=True)
        return facts.type, facts.static, facts.pie, facts.relro, facts.nx, facts.stripped

    assert way("static") == ("executable", True, False, "none", True, False)
    assert way("static_pie") == ("pie", True, True, "partial", True, False)
    assert way("dynamic")[:3] == ("pie", False, True)
    assert way("dynamic_no_pie") == ("executable", False, False, "full", True, True)
    assert way("library")[:3] == ("shared object", False, False)
    assert identify(binaries.library).soname == "libanswer.so.1"


def test_rights_of_its_own(binaries: Binaries) -> None:
    facts = identify(binaries.setuid)
    assert facts.setuid
    assert facts.setgid
    assert not identify(binaries.static).setuid
    # Without the right to execute, the bit means mandatory locking.
    assert not Facts(path=Path("x"), kind=Kind.ELF, mode=0o102644).setgid


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give capabilities")
@pytest.mark.skipif(not (shutil.which("setcap") or Path("/usr/sbin/setcap").exists()), reason="setcap is not there")
def test_capabilities(binaries: Binaries) -> None:
    path = binaries.file("capable", binaries.static.read_bytes())
    setcap = shutil.which("setcap") or "/usr/sbin/setcap"
    given = subprocess.run([setcap, "cap_net_raw,cap_bpf+ep", path], capture_output=True, text=True, check=False)
    if given.returncode:
        pytest.skip(f"this file system keeps none: {given.stderr}")
    assert identify(path, everything=True).capabilities == ("cap_net_raw+ep", "cap_bpf+ep")
    assert identify(binaries.static, everything=True).capabilities == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_must_not_be_read(binaries: Binaries) -> None:
    with pytest.raises(PermissionError):
        identify(binaries.file("unreadable", b"x", mode=0o111))


def test_a_file_that_cannot_be_read_raises_the_system_s_own_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=os.strerror(errno.ENAMETOOLONG)):
        identify(tmp_path / ("x" * 5000))


def test_what_is_not_asked_for_is_not_read(binaries: Binaries) -> None:
    facts = identify(binaries.glibc_2_17)
    assert (facts.compilers, facts.stripped, facts.build_id) == ((), None, None)
    assert identify(binaries.glibc_2_17, everything=True).compilers


def test_digest(binaries: Binaries) -> None:
    assert sha256(binaries.static) == hashlib.sha256(binaries.static.read_bytes()).hexdigest()


def test_files_for_other_systems_on_the_same_processor(binaries: Binaries) -> None:
    """The byte for the system counts where nothing else tells: a loader of Linux does."""

    def with_abi(name: str, abi: int) -> Platform:
        return identify(binaries.changed(name, lambda data: data.__setitem__(7, abi))).platforms[0]

    assert with_abi("static", 9) == Platform("freebsd", "amd64")
    assert with_abi("dynamic", 9) == Platform("linux", "amd64")
    # No note, but a loader.
    assert with_abi("musl_dynamic", 9) == Platform("linux", "amd64")
    assert with_abi("static", 0) == Platform("linux", "amd64")
