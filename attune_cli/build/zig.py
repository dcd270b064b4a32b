"""Zig: `zig build-exe` for a single root file, `zig build` where there is a build.zig."""

from __future__ import annotations

import os
from pathlib import Path

from attune_cli.build.lacking import Lacking
from attune_cli.build.model import OUT, SCRATCH, Recipe, Source, Wish
from attune_cli.build.platforms import NAMES
from attune_cli.build.toolchains import EXTRA, zig
from attune_cli.errors import AttuneError


def recipe(wish: Wish) -> Recipe:
    """Raises Lacking where there is no Zig."""
    source = wish.source
    toolchain = zig()
    if toolchain is None or wish.platform not in NAMES:
        why = "there is no `zig` on PATH, and the wheel ziglang is not installed"
        raise Lacking("there is no Zig to build with", why=why, help=EXTRA)
    triple = NAMES[wish.platform].zig
    if (source.folder / "build.zig").is_file():
        installed = ("--prefix", SCRATCH, f"-Dtarget={triple}", "-Doptimize=ReleaseSafe")
        argv = (*toolchain.argv, "build", *installed, *source.flags)
        return Recipe(toolchain=toolchain, argv=argv, product=lambda _, out: _installed(out, source))
    c_files = sorted(name for name in os.listdir(source.folder) if name.endswith(".c"))
    options = ["-O", "ReleaseSafe", "-fstrip", "-target", triple, f"-femit-bin={OUT}", "--name", source.name]
    options += ["--build-id=sha1"] if wish.platform.os == "linux" else []
    argv = (*toolchain.argv, "build-exe", _root(source), *c_files, *options, *source.flags)
    return Recipe(toolchain=toolchain, argv=argv)


def _root(source: Source) -> str:
    """The file that everything begins with: main.zig, the one called like the executable, or the only one."""
    names = sorted(name for name in os.listdir(source.folder) if name.endswith(".zig"))
    likely = (f"{source.package or 'main'}", "main", source.name, Path(source.entry_point).name)
    for name in (f"{each}.zig" for each in likely):
        if name in names:
            return name
    if len(names) == 1:
        return names[0]
    raise AttuneError(
        "it cannot be told which .zig file is the program",
        where=source.inside,
        why=f"there are {', '.join(names)}",
        help="call it main.zig",
    )


def _installed(out: Path, source: Source) -> Path | None:
    """What `zig build` has put into `bin`: the file called like the executable, or the only one."""
    folder = out.parent / "bin"
    found = sorted(file for file in folder.glob("*") if file.suffix != ".pdb") if folder.is_dir() else []
    names = {source.package, source.name, Path(source.entry_point).name}
    return next((file for file in found if file.stem in names), found[0] if len(found) == 1 else None)
