"""C files: one call of a C compiler for all of them."""

from __future__ import annotations

import os
from typing import Final

from attune_cli.binary.model import Platform
from attune_cli.build.lacking import Lacking
from attune_cli.build.model import OUT, Recipe, Source, Toolchain, Wish
from attune_cli.build.platforms import NAMES
from attune_cli.build.toolchains import EXTRA, system_cc, zig, zig_cc
from attune_cli.errors import AttuneError

#: Tests have a `main` of their own.
_TESTS: Final = ("_test.c",)
_TESTS_BEGIN: Final = "test_"


def recipe(wish: Wish) -> Recipe:
    """Raises Lacking where there is no C compiler, or none for that platform."""
    source, platform = wish.source, wish.platform
    toolchain = compiler_for(platform, is_explicit=wish.is_explicit)
    files = _files(source)
    argv = (
        *toolchain.argv,
        *compiler_flags(toolchain, source, platform),
        f'-DATTUNE_PACK_VERSION="{_safe(wish.version)}"',
        *("-o", OUT),
        *files,
        # Behind the files: a linker takes from a library what those before it want.
        *source.flags,
    )
    return Recipe(toolchain=toolchain, argv=argv)


def compiler_for(platform: Platform, *, is_explicit: bool) -> Toolchain:
    """The system's own for this machine; Zig's for a named platform, since it links statically.

    Zig's is the one for this machine too where the system has none.
    """
    system = system_cc() if platform == Platform.here() else None
    if system and not is_explicit:
        return system
    wheel = zig()
    if wheel and platform in NAMES:
        # Dates are errors to Zig, but they are always the same: SOURCE_DATE_EPOCH is set.
        return zig_cc(wheel, "-Wno-date-time", "-target", NAMES[platform].zig)
    if system:
        return system
    if platform == Platform.here():
        why = "there is no `cc` on PATH, and the wheel ziglang is not installed"
        raise Lacking("there is no C compiler to build with", why=why, help=f"{EXTRA}, or install a C compiler")
    why = "it takes Zig's C compiler, which is not installed"
    raise Lacking(f"no C compiler here builds for {platform}", why=why, help=EXTRA)


def compiler_flags(toolchain: Toolchain, source: Source, platform: Platform) -> tuple[str, ...]:
    """Optimised; no paths of this machine; where the format has one, a build id made from the content."""
    flags = ["-O2", f"-ffile-prefix-map={source.folder}=."]
    # Apple's linker has another option for it, and wants none: it is Zig's that names the files of its cache.
    flags += ["-s"] if platform.os != "darwin" or toolchain.name == "zig cc" else []
    return (*flags, "-Wl,--build-id=sha1") if platform.os == "linux" else tuple(flags)


def _files(source: Source) -> tuple[str, ...]:
    names = sorted(os.listdir(source.folder))
    files = tuple(
        f"./{name}" if name.startswith("-") else name
        for name in names
        if name.endswith(".c") and not name.endswith(_TESTS) and not name.startswith((".", _TESTS_BEGIN))
    )
    if not files:
        raise AttuneError("there is no .c file that is not a test", where=source.inside)
    return files


def _safe(version: str) -> str:
    """What can stand in a C string."""
    return "".join(letter for letter in version if letter.isalnum() or letter in ".-+_~")
