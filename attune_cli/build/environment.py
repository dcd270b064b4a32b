"""The environment that compilers get: the caller's, without what would change what they make."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attune_cli.paths import cache_dir

#: Where a variable says what is built, or how: the recipe says that, the same on every machine.
_ASTRAY: Final = frozenset(
    (
        *("CFLAGS", "CPPFLAGS", "CXXFLAGS", "LDFLAGS", "LDLIBS", "GCC_COLORS", "GCC_EXEC_PREFIX", "TARGET_ARCH"),
        *("GNUMAKEFLAGS", "MAKEFILES", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"),
        *("CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_BUILD_TARGET_DIR", "CARGO_ENCODED_RUSTFLAGS"),
        *("CARGO_TARGET_DIR", "RUSTFLAGS"),
        *(
            "GO111MODULE",
            "GO386",
            "GOAMD64",
            "GOARCH",
            "GOARM",
            "GOARM64",
            "GOBIN",
            "GOENV",
            "GOEXPERIMENT",
            "GOFIPS140",
        ),
        *("GOFLAGS", "GOMIPS", "GOOS", "GOPPC64", "GORISCV64", "GOROOT", "GOTOOLCHAIN", "GOWORK"),
        *("SOURCE_DATE_EPOCH", "ZIG_LIB_DIR", "ZIG_LOCAL_CACHE_DIR"),
    )
)
_ASTRAY_PREFIXES: Final = ("CGO_", "CARGO_PROFILE_", "CARGO_TARGET_")

#: The same in every build: dates in a binary would make every one another.
_SET: Final = {"NO_COLOR": "1", "SOURCE_DATE_EPOCH": "0", "CARGO_TERM_COLOR": "never"}


def compiler_environment(*more: Mapping[str, str]) -> dict[str, str]:
    """The whole environment; later mappings win."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in _ASTRAY and not name.startswith(_ASTRAY_PREFIXES)
    }
    env |= _SET
    for each in more:
        env |= each
    return env


def toolchain_cache(name: str) -> Path:
    """Where a toolchain keeps what it can make again; it need not exist."""
    return cache_dir() / "toolchains" / name
