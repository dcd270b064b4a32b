"""Makefiles: whatever they do, the executable has to be at $(OUT) when `make` is done.

`make` is called in the folder of the Makefile, without a target, with these variables:

| variable | value |
|---|---|
| `OUT`      | absolute path at which the executable is expected |
| `CC`       | a C compiler; for a named platform, one that builds for it |
| `PLATFORM` | `linux/amd64` |
| `VERSION`  | the pack's |
"""

from __future__ import annotations

from shlex import join

from attune_cli.binary.model import Platform
from attune_cli.build.c import compiler_for
from attune_cli.build.lacking import Lacking
from attune_cli.build.model import OUT, Recipe, Wish
from attune_cli.build.toolchains import make, system_cc


def recipe(wish: Wish) -> Recipe:
    """Raises Lacking where there is no make, or no C compiler for that platform."""
    toolchain = make()
    if toolchain is None:
        why = f"{wish.source.inside} has a Makefile"
        raise Lacking("there is no `make` to build with", why=why, help="install make")
    variables = {"OUT": OUT, "PLATFORM": str(wish.platform), "VERSION": wish.version}
    env: dict[str, str] = {}
    is_here = wish.platform == Platform.here() and not wish.is_explicit
    # Where the system has a compiler, the Makefile knows itself which one it wants.
    if not (is_here and system_cc()):
        compiler = _compiler(wish, is_here=is_here)
        if compiler:
            env, variables["CC"] = compiler
    words = tuple(f"{name}={value}" for name, value in variables.items())
    return Recipe(toolchain=toolchain, argv=(*toolchain.argv, *words, *wish.source.flags), env=env)


def _compiler(wish: Wish, *, is_here: bool) -> tuple[dict[str, str], str] | None:
    try:
        found = compiler_for(wish.platform, is_explicit=wish.is_explicit)
    except Lacking:
        if is_here:
            # It may want none.
            return None
        raise
    # Zig builds its C library in the way that the linking call asks for, and Makefiles leave that one without flags.
    optimised = ("-O2", "-s") if found.name == "zig cc" else ()
    return dict(found.env), join((*found.argv, *optimised))
