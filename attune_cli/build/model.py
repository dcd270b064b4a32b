"""The values that a build passes on: sources, toolchains, recipes, and what was built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from attune_cli.binary.model import Platform
    from attune_cli.binary.problem import Problem
    from attune_cli.build.lock import LockedBinary

#: Takes one line of what is going on, without a newline.
Progress = Callable[[str], None]

OUT: Final = "\0out"
"""In a recipe: the file that the executable is to be written to."""
SCRATCH: Final = "\0scratch"
"""In a recipe: an empty folder that is gone after the build."""
KEPT: Final = "\0kept"
"""In a recipe: a folder of these sources that is still there when they are built again."""

#: How long one compiler may take, in seconds, when nothing else is said: one that hangs in CI has to end.
DEFAULT_TIMEOUT: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The sources of one executable.

    name:     that of their folder, or the one under which `pack.yaml` declares them.
    folder:   absolute.
    inside:   the folder from the pack's folder on, `native/digest`.
    language: one of `native_sources.LANGUAGES`.
    entry_point: the executable, from the pack's folder on: `actions/digest`.
    refs:     of the actions and sensors that start it.
    package, flags: see `Declaration`.
    shared:   what lies beside the sources and belongs to no executable alone: `native/common`.
    """

    name: str
    folder: Path
    inside: str
    language: str
    entry_point: str
    refs: tuple[str, ...] = ()
    package: str | None = None
    flags: tuple[str, ...] = ()
    shared: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """A compiler, or what calls one.

    name:     as reports call it: `go`, `zig cc`, `cc`, `cargo`, `make`.
    argv:     how it is started; the first is an absolute path.
    identity: differs when another compiler stands at that place.
    version:  asks it for its version, or remembers what it said.
    env:      variables that it wants whatever it builds.
    note:     what whoever waits for it should know.
    """

    name: str
    argv: tuple[str, ...]
    identity: str
    version: Callable[[], str]
    env: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How sources are built for a platform: one command, started in their folder.

    argv, env: may hold OUT, SCRATCH and KEPT.
    product:   the executable among what it made, by the command's standard output and the path that stands for OUT;
               None where there is none.
    prepare:   called before it.
    """

    toolchain: Toolchain
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    product: Callable[[bytes, Path], Path | None] = lambda _, out: out
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a recipe is asked for.

    is_explicit: the platform was named, so that what is built should start on any machine of it, and not just here.
    version:     of the pack.  digest: of the sources, hexadecimal.
    """

    source: Source
    platform: Platform
    is_explicit: bool
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """One executable after a build.

    is_new:  False when it was there already, made of the same.
    binary:  what is written down of it in `binaries.lock`.
    seconds: that it took.
    said:    what the compiler wrote to standard error: its warnings.
    problems: what would keep it from starting where it is meant to, or surprise there; not looked for when it was
             there already.
    """

    source: Source
    binary: LockedBinary
    is_new: bool
    seconds: float = 0.0
    said: str = ""
    problems: tuple[Problem, ...] = ()
