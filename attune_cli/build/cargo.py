"""Cargo packages: `cargo build --release --locked`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attune_cli.binary.model import Platform
from attune_cli.build.lacking import Lacking
from attune_cli.build.model import KEPT, Recipe, Source, Wish
from attune_cli.build.platforms import NAMES
from attune_cli.build.sysroot import rust_targets
from attune_cli.build.toolchains import cargo
from attune_cli.errors import AttuneError


def recipe(wish: Wish) -> Recipe:
    """Raises Lacking where there is no Cargo, or it has not the target."""
    source = wish.source
    toolchain = cargo()
    if toolchain is None:
        why = "there is no `cargo` on PATH, and no wheel brings one"
        raise Lacking("there is no Cargo to build with", why=why, help="install Rust: https://rustup.rs")
    _want_lock(source)
    argv = [*toolchain.argv, "build", "--release", "--locked", "--message-format=json-render-diagnostics"]
    argv += ["--target-dir", KEPT]
    if wish.is_explicit:
        argv += ["--target", _target(wish, toolchain.argv[0])]
    if source.package:
        argv += ["--bin", source.package]
    env = {"CARGO_ENCODED_RUSTFLAGS": "\x1f".join(_flags(wish)), "ATTUNE_PACK_VERSION": wish.version}
    return Recipe(
        toolchain=toolchain,
        argv=(*argv, *source.flags),
        env=env,
        product=lambda stdout, _: _artefact(stdout, source),
    )


def _flags(wish: Wish) -> Iterator[str]:
    """No paths of this machine in the executable, and a build id where the format has one."""
    home = os.environ.get("CARGO_HOME") or os.path.expanduser("~/.cargo")
    # Of several that fit, rustc takes the last.
    folder = wish.source.folder
    places = {home: "/cargo", str(folder.parent): "/native", str(folder): "/source", KEPT: "/target"}
    yield from (f"--remap-path-prefix={place}={name}" for place, name in places.items())
    yield "-Cstrip=symbols"
    if wish.platform.os == "linux":
        yield "-Clink-arg=-Wl,--build-id=sha1"


def _target(wish: Wish, program: str) -> str:
    """The triple of a named platform; the standard library for it has to be installed."""
    installed = rust_targets(program)
    names = NAMES[wish.platform]
    if names.rust in installed:
        return names.rust
    own = f"{os.uname().machine}-"
    native = [triple for triple in installed if triple.startswith(own) and "linux-gnu" in triple]
    if wish.platform == Platform.here() and native:
        return native[0]
    raise Lacking(
        f"Cargo cannot build for {wish.platform} here",
        why=f"its target {names.rust} is not installed; there is {', '.join(installed) or 'none'}",
        help=f"rustup target add {names.rust}",
    )


def _want_lock(source: Source) -> None:
    """Without one every build takes other versions of the crates it uses."""
    folders = [source.folder, *list(source.folder.parents)[: len(Path(source.inside).parts)]]
    if not any((folder / "Cargo.lock").is_file() for folder in folders):
        where = f"{source.inside}/Cargo.toml"
        raise AttuneError("there is no Cargo.lock", where=where, help=f"cd {source.inside} && cargo generate-lockfile")


def _artefact(stdout: bytes, source: Source) -> Path | None:
    """The program that Cargo says it has made: the one called so, or the only one."""
    found = {name: path for name, path in map(_executable, _messages(stdout)) if path}
    wanted = (source.package, Path(source.entry_point).name, source.name)
    named = next((found[name] for name in wanted if name in found), None)
    return named or (next(iter(found.values())) if len(found) == 1 else None)


def _messages(stdout: bytes) -> Iterator[dict[str, Any]]:
    for line in stdout.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict) and message.get("reason") == "compiler-artifact":
            yield message


def _executable(message: dict[str, Any]) -> tuple[str, Path | None]:
    target, path = message.get("target") or {}, message.get("executable")
    is_program = "bin" in (target.get("kind") or ())
    return str(target.get("name")), Path(path) if path and is_program else None
