"""What Go, Rust and the file system note: in all forms they have had."""

from __future__ import annotations

import json
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.binary.capabilities import parsed
from attune_cli.binary.model import Facts, GoModule, RustBuild
from attune_cli.binary.read import identify
from tests.binaries import Binaries
from tests.compilers import Compiler

MODULE = """\
path\texample.org/tool
mod\texample.org/tool\tv1.2.3\th1:abc=
dep\texample.org/a\tv0.1.0\th1:def=
dep\texample.org/b\tv0.2.0
=>\texample.org/c\tv0.3.0\th1:ghi=
build\t-compiler=gc
build\tGOOS=linux
build\t-ldflags="-s -w"
build\t"odd name"=1
"""
VERSION = "go1.22.5"
MAGIC = b"\xff Go buildinf:"
MARKED = b"m" * 16 + MODULE.encode() + b"n" * 16

#: Puts the note into the section where Go's linker puts it.
SECTION = '__attribute__((section("{}"), aligned(16), used)) {} char note[] = {{{}}};\nint main(void) {{ return 0; }}\n'


def varint(number: int) -> bytes:
    data = bytearray()
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*data, number])


def inline(version: bytes = VERSION.encode(), module: bytes = MARKED) -> bytes:
    """The form since Go 1.18."""
    head = MAGIC + bytes([8, 2]) + bytes(16)
    return head + varint(len(version)) + version + varint(len(module)) + module


def compiled(compile_c: Compiler, data: bytes, section: str, *flags: str, const: str = "") -> Path:
    return compile_c(
        SECTION.format(section, const, ",".join(map(str, data))), "noted", "-Wno-overflow", "-funsigned-char", *flags
    )


@pytest.fixture
def noted(compile_c: Compiler) -> Callable[[bytes], Facts]:
    """The facts of a program with such a note."""
    return lambda data: identify(compiled(compile_c, data, ".go.buildinfo"), everything=True)


def test_go_s_note(noted: Callable[[bytes], Facts]) -> None:
    go = noted(inline()).go
    assert go is not None
    assert (go.version, go.path) == (VERSION, "example.org/tool")
    assert go.module == GoModule(path="example.org/tool", version="v1.2.3", sum="h1:abc=")
    assert [(each.path, each.version) for each in go.dependencies] == [
        ("example.org/a", "v0.1.0"),
        ("example.org/c", "v0.3.0"),
    ]
    assert dict(go.settings) == {"-compiler": "gc", "GOOS": "linux", "-ldflags": "-s -w", "odd name": "1"}


@pytest.mark.parametrize(
    "data",
    [
        MAGIC,
        MAGIC + bytes([8, 2]) + bytes(16),
        inline(version=b""),
        MAGIC + bytes([8, 2]) + bytes(16) + b"\xff" * 20,
        b"x" * 8 + inline(),
        b"no note",
    ],
)
def test_notes_that_are_none(noted: Callable[[bytes], Facts], data: bytes) -> None:
    """Too short, empty, endless, at a place where Go does not put it."""
    assert noted(data).go is None


def test_a_note_without_modules(noted: Callable[[bytes], Facts]) -> None:
    go = noted(inline(module=b"")).go
    assert go is not None
    assert (go.version, go.path, go.module, dict(go.settings)) == (VERSION, "", None, {})


def test_go_s_older_note(compile_c: Compiler) -> None:
    """Before Go 1.18: addresses of strings, which are addresses and lengths."""
    module = MARKED.decode().replace("\n", "\\n").replace("\t", "\\t").replace('"', '\\"')
    source = f"""
    struct string {{ const char *text; unsigned long size; }};
    static const struct string version = {{"{VERSION}", {len(VERSION)}}};
    static const struct string module = {{"{module}", {len(MARKED)}}};
    struct note {{ char magic[14]; unsigned char width, flags; const struct string *version, *module; }};
    __attribute__((section(".go.buildinfo"), aligned(16), used)) struct note note = {{
        {{{",".join(map(str, MAGIC))}}}, 8, 0, &version, &module}};
    int main(void) {{ return 0; }}
    """
    flags = ("-no-pie", "-fno-pie", "-Wno-overflow", "-funsigned-char")
    facts = identify(compile_c(source, "older", *flags), everything=True)
    assert facts.go is not None
    assert (facts.go.version, facts.go.path) == (VERSION, "example.org/tool")


def test_without_section_headers_it_is_first_in_the_writable_data(compile_c: Compiler) -> None:
    """As Go's linker has it; here all of the writable data is the note."""
    source = SECTION.format(".data", "", ",".join(map(str, inline()))).replace(
        "int main(void) { return 0; }", "void _start(void) { for (;;) {} }"
    )
    program = compile_c(source, "alone", "-nostdlib", "-static", "-no-pie", "-Wno-overflow", "-funsigned-char")
    data = bytearray(program.read_bytes())
    struct.pack_into("<Q", data, 40, 0)
    struct.pack_into("<3H", data, 58, 0, 0, 0)
    program.with_name("no-sections").write_bytes(data)
    facts = identify(program.with_name("no-sections"), everything=True)
    assert facts.stripped
    assert facts.go is not None
    assert facts.go.version == VERSION


# --- Rust ---


def test_rust_by_its_compiler_s_word(compile_c: Compiler) -> None:
    source = '__asm__(".ident \\"rustc version 1.75.0 (82e1608df 2023-12-21)\\"");\nint main(void) { return 0; }\n'
    facts = identify(compile_c(source, "rusty"), everything=True)
    assert facts.rust == RustBuild(version="1.75.0", packages={})
    assert any(text.startswith("rustc") for text in facts.compilers)


def test_rust_s_list_of_crates(compile_c: Compiler) -> None:
    packages = [{"name": "serde", "version": "1.0.0"}, {"name": "tool", "version": "0.3.0", "root": True}, 7]
    data = zlib.compress(json.dumps({"packages": packages}).encode())
    facts = identify(compiled(compile_c, data, ".dep-v0"), everything=True)
    assert facts.rust == RustBuild(version=None, root="tool", packages={"serde": "1.0.0", "tool": "0.3.0"})


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"packages": 3}', b"[" * 100_000, b"\xff", b"7"])
def test_lists_of_crates_that_are_none(compile_c: Compiler, text: bytes) -> None:
    assert identify(compiled(compile_c, zlib.compress(text), ".dep-v0"), everything=True).rust is None


def test_a_list_that_unpacks_to_gigabytes_is_cut(compile_c: Compiler) -> None:
    bomb = zlib.compress(b'{"packages":[' + b" " * (64 << 20), 9)
    assert len(bomb) < 100_000
    program = compiled(compile_c, bomb, ".dep-v0")
    tracemalloc.start()
    try:
        assert identify(program, everything=True).rust is None
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


def test_neither(binaries: Binaries) -> None:
    facts = identify(binaries.dynamic, everything=True)
    assert facts.go is None
    assert facts.rust is None


# --- capabilities ---


@pytest.mark.parametrize(
    ("attribute", "capabilities"),
    [
        (struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0), ("cap_net_raw+ep",)),
        (struct.pack("<5I", 0x02000000, 1 << 13, 0, 0, 0), ("cap_net_raw+p",)),
        (struct.pack("<5I", 0x02000001, 1, 3, 1 << 7, 0), ("cap_chown+eip", "cap_dac_override+ei", "cap_bpf+ep")),
        (struct.pack("<6I", 0x03000001, 1 << 21, 0, 0, 0, 1000), ("cap_sys_admin+ep",)),
        (struct.pack("<3I", 0x01000001, 1, 0), ("cap_chown+ep",)),
        (struct.pack("<5I", 0x07000001, 1, 0, 0, 0), ()),
        (b"", ()),
        (b"\1", ()),
    ],
)
def test_the_attribute_of_capabilities(attribute: bytes, capabilities: tuple[str, ...]) -> None:
    assert parsed(attribute) == capabilities
