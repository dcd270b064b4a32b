"""Executables for the tests: of other machines, linked in every way, broken in every way.

None needs a C library to be compiled first: zig writes one of the foreign ones in a fifth of a second, once it has the
stubs of a glibc (a second, kept between sessions). Each is made when a test asks for it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import pytest

from tests.compilers import Compiler, zig_compiler

#: Says hello and ends, without the start-up code of a C library.
HELLO = """\
int puts(const char *text);
void exit(int status);
__attribute__((force_align_arg_pointer)) void begin(void) { exit(puts("hello") < 0); }
"""
#: Of another processor, where that attribute is unknown and nothing is started.
HELLO_ELSEWHERE = HELLO.replace("__attribute__((force_align_arg_pointer)) ", "")
#: Asks glibc for a function that came with 2.38.
NEWER = """\
long __isoc23_strtol(const char *text, char **end, int base);
void exit(int status);
void begin(void) { exit((int)__isoc23_strtol("0", 0, 10)); }
"""
#: Needs no library at all, and ends with 42.
ALONE = 'void _start(void) { __asm__ volatile("mov $60, %eax; mov $42, %edi; syscall"); }\n'
LOOP = "void _start(void) { for (;;) {} }\n"
MACOS = 'int puts(const char *text);\nint main(void) { return puts("hello") < 0; }\n'
WINDOWS = "__declspec(dllimport) void ExitProcess(unsigned status);\nvoid start(void) { ExitProcess(0); }\n"
LIBRARY = "int answer(void) { return 42; }\n"
ASKING = "int answer(void);\nint main(void) { return answer(); }\n"

_BARE = ("-nostdlib", "-fno-builtin", "-fno-sanitize=all")
_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n"

#: Programs of every format and kind of link; each is whole and a name of `Binaries`.
WHOLE = (
    "glibc_2_17",
    "glibc_2_38",
    "arm64",
    "musl_static",
    "musl_dynamic",
    "static",
    "static_pie",
    "dynamic",
    "dynamic_no_pie",
    "i386",
    "powerpc",
    "library",
    "macos_arm64",
    "macos_amd64",
    "universal",
    "windows_amd64",
    "windows_arm64",
)


class Binaries:
    """Each attribute is the path of one; nobody changes what is there, `copy` gives one to be changed."""

    def __init__(self, compile_c: Compiler, folder: Path) -> None:
        self._compile = compile_c
        self._folder = folder
        self._count = 0

    def __getitem__(self, name: str) -> Path:
        path = getattr(self, name)
        assert isinstance(path, Path)
        return path

    def zig(self, source: str, name: str, target: str, *flags: str) -> Path:
        """Compiled for another machine."""
        return self._compile(source, name, "-target", target, *_BARE, *flags, command=zig_compiler())

    # --- linked for other machines, and for this one ---

    @cached_property
    def glibc_2_17(self) -> Path:
        return self.zig(HELLO, "old", "x86_64-linux-gnu.2.17", "-lc", "-Wl,-e,begin")

    @cached_property
    def glibc_2_38(self) -> Path:
        return self.zig(NEWER, "new", "x86_64-linux-gnu.2.38", "-lc", "-Wl,-e,begin")

    @cached_property
    def arm64(self) -> Path:
        return self.zig(HELLO_ELSEWHERE, "arm64", "aarch64-linux-gnu.2.28", "-lc", "-Wl,-e,begin")

    @cached_property
    def i386(self) -> Path:
        return self.zig(LOOP, "i386", "x86-linux-musl", "-static")

    @cached_property
    def powerpc(self) -> Path:
        """Big-endian, 32 bits."""
        return self.zig(LOOP, "powerpc", "powerpc-linux-musl", "-static")

    @cached_property
    def musl_static(self) -> Path:
        return self.zig(ALONE, "musl-static", "x86_64-linux-musl", "-static")

    @cached_property
    def musl_dynamic(self) -> Path:
        library = self.zig(
            "int puts(const char *text) { return *text; }\nvoid exit(int status) { (void)status; for (;;) {} }\n",
            "libc.so",
            "x86_64-linux-musl",
            "-shared",
            "-Wl,-soname,libc.so",
        )
        loader = "-Wl,-dynamic-linker,/lib/ld-musl-x86_64.so.1"
        return self.zig(HELLO, "musl-dynamic", "x86_64-linux-musl", "-Wl,-e,begin", loader, "-dynamic", str(library))

    @cached_property
    def macos_arm64(self) -> Path:
        return self.zig(MACOS, "macos-arm64", "aarch64-macos", "-lSystem")

    @cached_property
    def macos_amd64(self) -> Path:
        return self.zig(MACOS, "macos-amd64", "x86_64-macos", "-lSystem")

    @cached_property
    def windows_amd64(self) -> Path:
        return self.zig(WINDOWS, "windows-amd64.exe", "x86_64-windows-gnu", "-Wl,-e,start", "-lkernel32")

    @cached_property
    def windows_arm64(self) -> Path:
        return self.zig(WINDOWS, "windows-arm64.exe", "aarch64-windows-gnu", "-Wl,-e,start", "-lkernel32")

    @cached_property
    def static(self) -> Path:
        return self._compile(ALONE, "static", "-nostdlib", "-static", "-no-pie")

    @cached_property
    def static_pie(self) -> Path:
        return self._compile(ALONE, "static-pie", "-nostdlib", "-static-pie", "-fPIE")

    @cached_property
    def dynamic(self) -> Path:
        return self._compile("int main(void) { return 42; }\n", "dynamic", "-pie", "-fPIE")

    @cached_property
    def dynamic_no_pie(self) -> Path:
        return self._compile("int main(void) { return 42; }\n", "dynamic-no-pie", "-no-pie", "-Wl,-z,now", "-s")

    @cached_property
    def library(self) -> Path:
        flags = ("-shared", "-fPIC", "-Wl,-soname,libanswer.so.1")
        return self._compile(LIBRARY, "libanswer.so", *flags)

    def asking(self, *flags: str, library: Path | None = None) -> Path:
        """A program that asks for `libanswer.so.1`, or the library given; nobody says where it is but the flags."""
        return self._compile(ASKING, "asking", "-Wl,--no-as-needed", str(library or self.library), *flags)

    @cached_property
    def universal(self) -> Path:
        """Made by hand: a table, then both parts at multiples of a page."""
        parts = [(0x01000007, 3, self.macos_amd64.read_bytes()), (0x0100000C, 0, self.macos_arm64.read_bytes())]
        table, body, place = struct.pack(">2I", 0xCAFEBABE, len(parts)), b"", 1 << 14
        for cpu, subtype, data in parts:
            table += struct.pack(">5I", cpu, subtype, place + len(body), len(data), 14)
            body += data + bytes(-len(data) % place)
        return self.file("universal", table.ljust(place, b"\0") + body)

    # --- that do not start here ---

    @cached_property
    def missing_loader(self) -> Path:
        loader = "-Wl,-dynamic-linker,/nowhere/ld.so"
        return self._compile("int main(void) { return 0; }\n", "missing-loader", loader)

    @cached_property
    def missing_library(self) -> Path:
        return self.asking()

    @cached_property
    def too_new(self) -> Path:
        """Asks for GLIBC_9.99."""
        data = self.dynamic.read_bytes()
        name = next(each for each in (b"GLIBC_2.34\0", b"GLIBC_2.2.5\0") if each in data)
        return self.file("too-new", data.replace(name, b"GLIBC_9.99\0".ljust(len(name), b"\0")))

    @cached_property
    def truncated(self) -> Path:
        data = self.dynamic.read_bytes()
        return self.file("truncated", data[: len(data) // 2])

    @cached_property
    def corrupted(self) -> Path:
        """Program headers that make no sense."""
        data = bytearray(self.dynamic.read_bytes())
        size = 56 * int.from_bytes(data[56:58], "little")
        data[64 : 64 + size] = b"\xff" * size
        return self.file("corrupted", bytes(data))

    @cached_property
    def empty(self) -> Path:
        return self.file("empty", b"")

    @cached_property
    def lfs_pointer(self) -> Path:
        return self.file("pointer", _POINTER.format("0" * 64).encode())

    @cached_property
    def text(self) -> Path:
        return self.file("text", "echo hello, wörld\n".encode())

    @cached_property
    def script(self) -> Path:
        return self.file("script", b"#!/bin/sh -e\necho hello\n")

    @cached_property
    def crlf_script(self) -> Path:
        return self.file("crlf-script", b"#!/bin/sh\r\necho hello\r\n")

    @cached_property
    def broken_link(self) -> Path:
        link = self._folder / "broken-link"
        link.symlink_to("nothing")
        return link

    @cached_property
    def setuid(self) -> Path:
        """Set-user-ID and set-group-ID."""
        return self.file("setuid", self.static.read_bytes(), mode=0o6755)

    # --- to be changed ---

    def file(self, name: str, data: bytes, mode: int = 0o755) -> Path:
        """A new file, in a folder of its own."""
        self._count += 1
        path = self._folder / str(self._count) / name
        path.parent.mkdir(parents=True)
        # Closed before anybody can start another process, which would keep it from being executed.
        path.write_bytes(data)
        path.chmod(mode)
        return path

    def changed(self, name: str, change: Callable[[bytearray], None]) -> Path:
        """A copy of one of them, changed in place."""
        data = bytearray(self[name].read_bytes())
        change(data)
        return self.file(name, bytes(data))


@pytest.fixture(scope="session")
def binaries(compile_c: Compiler, tmp_path_factory: pytest.TempPathFactory) -> Binaries:
    """Executables of every kind: see `Binaries`."""
    return Binaries(compile_c, tmp_path_factory.mktemp("binaries"))
