"""The platforms that executables can be asked for, and what each toolchain calls them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from attune_cli.binary.model import Platform
from attune_cli.errors import UsageError


class Names(NamedTuple):
    """zig, rust: target triples. The ones of Linux are those of musl: what is built for them runs on any Linux."""

    zig: str
    rust: str


NAMES: Final[Mapping[Platform, Names]] = {
    Platform("linux", "amd64"): Names("x86_64-linux-musl", "x86_64-unknown-linux-musl"),
    Platform("linux", "arm64"): Names("aarch64-linux-musl", "aarch64-unknown-linux-musl"),
    Platform("linux", "386"): Names("x86-linux-musl", "i686-unknown-linux-musl"),
    Platform("linux", "arm"): Names("arm-linux-musleabihf", "armv7-unknown-linux-musleabihf"),
    Platform("linux", "riscv64"): Names("riscv64-linux-musl", "riscv64gc-unknown-linux-musl"),
    Platform("darwin", "amd64"): Names("x86_64-macos", "x86_64-apple-darwin"),
    Platform("darwin", "arm64"): Names("aarch64-macos", "aarch64-apple-darwin"),
    Platform("windows", "amd64"): Names("x86_64-windows-gnu", "x86_64-pc-windows-gnu"),
    Platform("windows", "arm64"): Names("aarch64-windows-gnu", "aarch64-pc-windows-gnullvm"),
}


def parse_platforms(words: tuple[str, ...]) -> tuple[Platform, ...]:
    """The platforms by their names, `linux/arm64`, each once. Raises UsageError for one that is not built for."""
    return tuple(dict.fromkeys(map(_platform, words)))


def _platform(word: str) -> Platform:
    with suppress(ValueError):
        if (platform := Platform.parse(word)) in NAMES:
            return platform
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), map(str, NAMES), 1)
    cure = f"did you mean {near[0]}?" if near else f"platforms: {', '.join(map(str, NAMES))}"
    raise UsageError(f"attune does not build for `{word}`", where="--platform", help=cure)


def executable_name(name: str, platform: Platform) -> str:
    """How the executable is called there."""
    return f"{name}.exe" if platform.os == "windows" and not name.endswith(".exe") else name
