"""Odd files: what this kernel starts the reader accepts, and reads as it is; what the kernel refuses has a problem.

Every case is really started.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.binary.model import Kind, Platform
from attune_cli.binary.read import identify
from attune_cli.binary.script import take_apart
from tests.binaries import Binaries
from tests.compilers import Compiler

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="the fixtures are for Linux on x86-64"
)

#: Longer than any of them runs, in milliseconds.
PATIENCE = 60_000
HEADER = struct.Struct("<16s2HI3QI6H")
SEGMENT = struct.Struct("<2I6Q")
#: Fields of the header, by place in the tuple.
IDENT, TYPE, MACHINE, VERSION, ENTRY, PHOFF, SHOFF, _, EHSIZE, PHENTSIZE, PHNUM, _, SHNUM, SHSTRNDX = range(14)
KIND, FLAGS, OFFSET, ADDRESS, _, FILESZ, MEMSZ, _ = range(8)
STRSZ = 10
LOAD, DYNAMIC, INTERP, NOTE, STACK = 1, 2, 3, 4, 0x6474E551

Change = Callable[[bytearray], None]


def started(path: Path, output: int | None = None) -> int | str:
    """The exit status, or the name of the signal it died of, or of the error with which the kernel refused it."""
    actions = [(os.POSIX_SPAWN_DUP2, output, 1)] if output is not None else []
    try:
        pid = os.posix_spawn(path, [str(path)], {}, file_actions=actions)
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    process = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    if not poll.poll(PATIENCE):
        os.kill(pid, signal.SIGKILL)
    os.close(process)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status if status >= 0 else signal.Signals(-status).name


# --- what is changed ---


def header(data: bytearray, **fields: int) -> None:
    values = list(HEADER.unpack_from(data))
    for name, value in fields.items():
        values[globals()[name.upper()]] = value
    HEADER.pack_into(data, 0, *values)


def ident(place: int, value: int) -> Change:
    def change(data: bytearray) -> None:
        data[place] = value

    return change


def field(**fields: int) -> Change:
    return lambda data: header(data, **fields)


def segments(data: bytearray) -> list[list[int]]:
    start, count = HEADER.unpack_from(data)[PHOFF], HEADER.unpack_from(data)[PHNUM]
    return [list(SEGMENT.unpack_from(data, start + number * SEGMENT.size)) for number in range(count)]


def segment(kind: int, change: Callable[[list[int]], None], *, last: bool = False) -> Change:
    """Changes the first, or the last, segment of a kind."""

    def apply(data: bytearray) -> None:
        rows = segments(data)
        row = [each for each in rows if each[KIND] == kind][-1 if last else 0]
        change(row)
        for number, each in enumerate(rows):
            SEGMENT.pack_into(data, HEADER.unpack_from(data)[PHOFF] + number * SEGMENT.size, *each)

    return apply


def put(place: int, value: int) -> Callable[[list[int]], None]:
    return lambda row: row.__setitem__(place, value)


def add(place: int, value: int) -> Callable[[list[int]], None]:
    return lambda row: row.__setitem__(place, row[place] + value)


def entry(tag: int, value: int) -> Change:
    """Changes an entry of the dynamic section."""

    def apply(data: bytearray) -> None:
        place = next(row[OFFSET] for row in segments(data) if row[KIND] == DYNAMIC)
        while struct.unpack_from("<Q", data, place)[0] != tag:
            place += 16
        struct.pack_into("<Q", data, place + 8, value)

    return apply


def no_sections(data: bytearray) -> None:
    header(data, shoff=0, shnum=0, shstrndx=0)


def sections_past_the_end(data: bytearray) -> None:
    del data[max(row[OFFSET] + row[FILESZ] for row in segments(data) if row[KIND] == LOAD) :]


def counted_elsewhere(data: bytearray) -> None:
    """As where there are more than 65 279 sections: their number and that of the names are in the first of them."""
    values = HEADER.unpack_from(data)
    struct.pack_into("<Q", data, values[SHOFF] + 32, values[SHNUM])
    struct.pack_into("<I", data, values[SHOFF] + 40, values[SHSTRNDX])
    header(data, shnum=0, shstrndx=0xFFFF)


def one_more_on_top(data: bytearray) -> None:
    """A note becomes another segment, a copy of the last one in its place; there the dynamic section is wiped out."""
    load = loads(data)[-1]
    dynamic = next(row for row in segments(data) if row[KIND] == DYNAMIC)
    copy = data[load[OFFSET] : load[OFFSET] + load[FILESZ]]
    data += bytes((load[OFFSET] - len(data)) % 4096)
    load[OFFSET] = len(data)
    segment(NOTE, lambda row: row.__setitem__(slice(None), load), last=True)(data)
    data += copy
    data[dynamic[OFFSET] : dynamic[OFFSET] + dynamic[FILESZ]] = bytes(dynamic[FILESZ])


def path_with_more_behind(data: bytearray) -> None:
    """The loader's path ends before its segment does."""
    row = next(row for row in segments(data) if row[KIND] == INTERP)
    path = data[row[OFFSET] : row[OFFSET] + row[FILESZ]] + b"more\0"
    data += bytes(-len(data) % 4096) + path
    segment(INTERP, put(OFFSET, len(data) - len(path)))(data)
    segment(INTERP, put(FILESZ, len(path)))(data)


def nothing_to_load(data: bytearray) -> None:
    for _ in loads(data):
        segment(LOAD, put(KIND, 0))(data)


def cut(size: int) -> Change:
    return lambda data: data.__delitem__(slice(size, None))


#: Name -> the fixture that is changed, and how.
CASES: dict[str, tuple[str, Change]] = {
    "as it is": ("static", lambda _: None),
    "as it is, with a loader": ("dynamic", lambda _: None),
    "static-pie": ("static_pie", lambda _: None),
    "no section headers": ("dynamic", no_sections),
    "section headers past the end": ("static", sections_past_the_end),
    "sections counted elsewhere": ("dynamic", counted_elsewhere),
    "class of 32 bits": ("dynamic", ident(4, 1)),
    "no class": ("static", ident(4, 0)),
    "other byte order": ("static", ident(5, 2)),
    "no version": ("static", ident(6, 0)),
    "ABI of FreeBSD": ("dynamic", ident(7, 9)),
    "unknown ABI": ("static", ident(7, 0x77)),
    "version of the file": ("static", field(version=77)),
    "size of the header": ("static", field(ehsize=1)),
    "segments on top of each other": ("dynamic", one_more_on_top),
    "no word about the stack": ("dynamic", segment(STACK, put(KIND, 0x60000000))),
    "wrong offset of the dynamic section": ("dynamic", segment(DYNAMIC, put(OFFSET, 0))),
    "long dynamic section": ("dynamic", segment(DYNAMIC, add(FILESZ, 0x10000))),
    "short dynamic section": ("dynamic", segment(DYNAMIC, put(FILESZ, 16))),
    "wrong size of the names": ("dynamic", entry(STRSZ, 1)),
    "path with more behind": ("dynamic", path_with_more_behind),
    "something behind it": ("static", lambda data: data.extend(b"x" * 5000)),
    "no type": ("static", field(type=0)),
    "type of a core": ("static", field(type=4)),
    "unknown type": ("static", field(type=77)),
    "no program headers": ("static", field(phnum=0)),
    "too many program headers": ("static", field(phnum=1171)),
    "size of a program header": ("static", field(phentsize=55)),
    "program headers past the end": ("static", field(phoff=1 << 40)),
    "cut in the header": ("static", cut(40)),
    "cut in the program headers": ("static", cut(100)),
    "path without an end": ("dynamic", segment(INTERP, add(FILESZ, -1))),
    "path of one byte": ("dynamic", segment(INTERP, put(FILESZ, 1))),
    "path too long": ("dynamic", segment(INTERP, put(FILESZ, 4097))),
    "path past the end": ("dynamic", segment(INTERP, put(OFFSET, 1 << 30))),
    "larger in the file than in memory": ("static", segment(LOAD, put(MEMSZ, 1))),
    "offset and address that do not fit": ("static", segment(LOAD, add(OFFSET, 8))),
    "an entry point that is nowhere": ("static", field(entry=1 << 40)),
    "nothing to load": ("static", nothing_to_load),
}
#: Nothing but these may differ from the facts of the file before it was changed.
EXPECTED = {
    "path", "size", "abi", "missing_sections", "compilers", "stripped", "nx", "problem",
}  # fmt: skip


def loads(data: bytearray) -> list[list[int]]:
    return [row for row in segments(data) if row[KIND] == LOAD]


@pytest.mark.parametrize("case", CASES)
def test_the_kernel_has_the_last_word(binaries: Binaries, case: str) -> None:
    name, change = CASES[case]
    path = binaries.changed(name, change)
    facts, before = identify(path, everything=True), identify(binaries[name], everything=True)
    runs = started(path) == 42
    may_start = facts.problem is None and facts.type in {"executable", "pie"}
    assert may_start is runs, facts.problem
    if runs:
        assert {name for name in vars(before) if getattr(facts, name) != getattr(before, name)} <= EXPECTED


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ("unknown type", "its type is 77, which is none of ELF's"),
        ("no program headers", "it has no program headers"),
        ("too many program headers", "it has more program headers than Linux takes"),
        ("size of a program header", "its program headers are of a size that Linux does not take"),
        ("program headers past the end", "its program headers lie past the end of the file"),
        ("nothing to load", "nothing in it is to be loaded"),
        ("an entry point that is nowhere", "it would begin outside of what is loaded"),
    ],
)
def test_the_problem_is_named(binaries: Binaries, case: str, problem: str) -> None:
    name, change = CASES[case]
    assert identify(binaries.changed(name, change)).problem == problem


def test_both_kinds_of_case_are_there(binaries: Binaries) -> None:
    results = {started(binaries.changed(name, change)) for name, change in CASES.values()}
    assert {42, "ENOEXEC", "EIO", "SIGSEGV"} <= results


def test_symbols_are_found_where_they_are_counted_elsewhere(binaries: Binaries) -> None:
    facts = identify(binaries.changed("dynamic", counted_elsewhere), everything=True)
    assert facts.stripped is False
    assert facts.compilers


def test_an_unknown_machine_is_refused(binaries: Binaries) -> None:
    path = binaries.changed("static", field(machine=0x1234))
    assert started(path) == "ENOEXEC"
    assert identify(path).platforms == (Platform("linux", f"machine-{0x1234}"),)


def test_what_is_cut_off_kills_it(binaries: Binaries) -> None:
    path = binaries.changed("static", cut(0x1000))
    assert started(path) in {"SIGBUS", "SIGSEGV"}
    facts = identify(path)
    assert facts.missing_bytes > 0
    assert facts.problem is None


# --- first lines ---


@pytest.fixture(scope="module")
def teller(compile_c: Compiler, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that writes its arguments, each behind a mark; its path is short."""
    main = 'int main(int c, char **v) { for (int i = 0; i < c; i++) printf("[%s]", v[i]); return 0; }\n'
    source = f"#include <stdio.h>\n{main}"
    link = tmp_path_factory.mktemp("t") / "t"
    link.symlink_to(compile_c(source, "teller"))
    return link


def long_path(short: Path, size: int) -> bytes:
    """The same program by a path of that many bytes."""
    return bytes(short.parent) + b"/" * (size - len(bytes(short)) + 1) + bytes(short.name, "ascii")


#: P is the program's path, a number the program by a path of that length.
LINES: tuple[tuple[bytes | int, ...], ...] = (
    (b"#!P\n",),
    (b"#! P\n",),
    (b"#!\t P \t\n",),
    (b"#!P a b  c \t\n",),
    (b"#!P\ta\n",),
    (b"#!P\r\n",),
    (b"#!P a\r\n",),
    (b"#!P",),
    (b"#!P a  ",),
    (b"#!P ",),
    (b"#!P\0junk\n",),
    (b"#!P a\0junk\n",),
    (b"#!\n",),
    (b"#! \t\n",),
    (b"#!",),
    (b"#!/nowhere/at-all\n",),
    (b"#!", 127, b"\n"),
    (b"#!", 128, b"\n"),
    (b"#!", 252, b"\n"),
    (b"#!", 253, b"\n"),
    (b"#!", 254, b"\n"),
    (b"#!", 255, b"\n"),
    (b"#!", 252, b" a\n"),
    (b"#!", 253),
    (b"#!", 254),
    (b"#!", 300, b"\n"),
    (b"#!P ", b"x" * 400, b"\n"),
    (b"#!" + b" " * 400 + b"P\n",),
    (b"\xef\xbb\xbf#!P\n",),
    (b"P\n",),
)


@pytest.mark.parametrize("parts", LINES, ids=range(len(LINES)))
def test_first_lines_are_taken_apart_as_by_the_kernel(
    teller: Path, binaries: Binaries, tmp_path: Path, parts: tuple[bytes | int, ...]
) -> None:
    pieces = (long_path(teller, each) if isinstance(each, int) else each.replace(b"P", bytes(teller)) for each in parts)
    script = binaries.file("s", b"".join(pieces))
    output = os.open(tmp_path / "output", os.O_RDWR | os.O_CREAT)
    status = started(script, output)
    said = os.pread(output, 10_000, 0)
    os.close(output)
    facts = identify(script)
    if facts.kind != Kind.SCRIPT or facts.interpreter is None:
        assert (status, said) in {("ENOEXEC", b""), ("EACCES", b"")}
    else:
        assert (status, said) == expected(facts.interpreter, facts.interpreter_argument, script)


def expected(program: str, argument: str | None, script: Path) -> tuple[int | str, bytes]:
    if not os.path.exists(program):
        return "ENOENT", b""
    arguments = [program, str(script)] if argument is None else [program, argument, str(script)]
    return 0, b"".join(b"[%s]" % os.fsencode(each) for each in arguments)


def test_a_carriage_return_is_part_of_the_path() -> None:
    shebang = take_apart(b"#!/bin/sh\r\necho\r\n")
    assert (shebang.program, shebang.argument, shebang.crlf) == ("/bin/sh\r", None, True)
    assert take_apart(b"#!/bin/sh -e\r\n").argument == "-e\r"
    assert not take_apart(b"#!/bin/sh\n\r\n").crlf
