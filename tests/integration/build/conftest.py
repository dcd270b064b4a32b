"""Packs with native sources, and machines that have some compilers and not others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from attune_cli.build.builder import build
from attune_cli.build.model import Built
from tests.compilers import c_compiler
from tests.installed import install_attune

MakePack = Callable[..., Path]

HELLO_C = '#include <stdio.h>\nint main(void) { puts("hello " ATTUNE_PACK_VERSION); return 0; }\n'
HELLO_GO = 'package main\n\nvar version = "?"\n\nfunc main() { println("hello " + version) }\n'
GO_MOD = "module example.com/hello\n\ngo 1.21\n"
HELLO_ZIG = 'const std = @import("std");\npub fn main() void {\n    std.debug.print("hello\\n", .{});\n}\n'
HELLO_RUST = 'fn main() { println!("hello {}", env!("ATTUNE_PACK_VERSION")); }\n'
CARGO_TOML = '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n'
CARGO_LOCK = 'version = 3\n\n[[package]]\nname = "hello"\nversion = "0.1.0"\n'
MAKEFILE = "all:\n\t$(CC) -O2 -c -o hello.o hello.c\n\t$(CC) -o $(OUT) hello.o\n"
MAKE_C = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'

#: Language -> its files in the folder of the sources.
SOURCES = {
    "c": {"hello.c": HELLO_C},
    "go": {"go.mod": GO_MOD, "main.go": HELLO_GO},
    "zig": {"main.zig": HELLO_ZIG},
    "cargo": {"Cargo.toml": CARGO_TOML, "Cargo.lock": CARGO_LOCK, "src/main.rs": HELLO_RUST},
    "make": {"Makefile": MAKEFILE, "hello.c": MAKE_C},
}


@pytest.fixture(autouse=True)
def _warm(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    """What compilers can make again is kept between tests: minutes are saved."""
    assert pytestconfig.cache is not None
    monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", str(pytestconfig.cache.mkdir("zig")))
    monkeypatch.setenv("GOCACHE", str(pytestconfig.cache.mkdir("go")))
    if "CARGO_HOME" not in os.environ and (cargo := shutil.which("cargo")):
        # Rust's own programs look for it in the home folder, which tests have an empty one of.
        home = Path(cargo).resolve().parents[1]
        rustup = home.parent / ".rustup"
        monkeypatch.setenv("CARGO_HOME", str(home))
        if rustup.is_dir():
            monkeypatch.setenv("RUSTUP_HOME", str(rustup))


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """Makes the pack `demo` with these files, which go to native/hello/ when they name no folder of it, and its action
    `demo.hello`; gives the pack's folder."""

    def make(files: Mapping[str, str], folder: str = "demo") -> Path:
        root = tmp_path / folder
        write(root / "pack.yaml", "ref: demo\nlabel: Demo\nversion: 1.2.3\n")
        write(root / "actions/hello.yaml", action("hello"))
        for name, text in files.items():
            inside = name.startswith(("native/", "actions/", "sensors/", "pack.yaml"))
            write(root / name if inside else root / "native/hello" / name, text)
        return root

    return make


def action(name: str) -> str:
    """The YAML of a native action."""
    return f"ref: demo.{name}\nlabel: {name}\nrunner_type: native\nentry_point: {name}\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def built_one(root: Path, *names: str) -> Built:
    """Builds a pack that has one executable."""
    (one,) = build(root, names)
    return one


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of PATH, empty: what is not put into it is a wheel or not there at all."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def no_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheels with compilers are not installed: nothing that is imported from here on is."""
    import filelock  # noqa: F401 - what a build imports late, so that it is there

    import attune_cli.build as package

    for path in Path(str(package.__file__)).parent.glob("*.py"):
        __import__(f"attune_cli.build.{path.stem}")
    monkeypatch.setattr("sys.path", [folder for folder in __import__("sys").path if not has_wheels(folder)])


def has_wheels(folder: str) -> bool:
    return Path(folder, "ziglang/zig").exists() or Path(folder, "go/bin/go").exists()


class Counted:
    """A C compiler that writes a line whenever it is started."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self.folder = folder
        self.log = folder / "cc.log"
        self.log.touch()
        words = " ".join(f"'{word}'" for word in command)
        self.path = folder / "cc"
        # One that waits lets a test do something meanwhile.
        wait = f"case \"$*\" in *--version*) ;; *) [ -p '{folder}/gate' ] && read _ <'{folder}/gate';; esac\n"
        write(self.path, f'#!/bin/sh\necho "$*" >>\'{self.log}\'\n{wait}exec {words} "$@"\n').chmod(0o755)

    @property
    def compilations(self) -> int:
        """How often it was started to compile."""
        return sum("--version" not in line for line in self.log.read_text().splitlines())

    @property
    def starts(self) -> int:
        return len(self.log.read_text().splitlines())

    def gate(self) -> Path:
        """From now on it waits until a line is written here."""
        os.mkfifo(self.folder / "gate")
        return self.folder / "gate"


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counted:
    """The first compiler on PATH; behind it is the real one."""
    folder = tmp_path / "counted"
    folder.mkdir()
    made = Counted(folder, c_compiler())
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return made


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """`attune` itself."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return install_attune(folder)
