"""A C compiler for the tests: the machine's own, else the one that comes with the test extra as a wheel."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FLAGS = ("-O2", "-Wall", "-Wextra", "-Werror")


def c_compiler() -> list[str]:
    """The command of a C compiler, to be followed by its arguments."""
    found = shutil.which("cc")
    return [found] if found else zig_compiler()


def zig_compiler() -> list[str]:
    """Zig's C compiler, from the wheel `ziglang`."""
    return [sys.executable, "-m", "ziglang", "cc"]


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles into `binaries`, each program once; several processes may share the folder.

    `cache` is where Zig keeps what it has built: seconds are saved by keeping it between sessions.
    """

    binaries: Path
    cache: Path

    def __call__(self, source: str | Path, name: str, *flags: str, command: list[str] | None = None) -> Path:
        """The executable called `name`, compiled from C.

        source: the program's text, a file, or a folder of which all .c files are compiled.
        flags: beyond FLAGS, which stop at any warning. command: c_compiler() unless told otherwise.
        """
        command = command or c_compiler()
        files = self._files(source, name)
        content = b"\0".join(file.read_bytes() for file in files if file.is_file())
        key = hashlib.sha256(repr((command, flags, content)).encode()).hexdigest()[:16]
        program = self.binaries / key / name
        if not program.exists():
            program.parent.mkdir(parents=True, exist_ok=True)
            self._compile([*command, *FLAGS, *flags], [file for file in files if file.suffix == ".c"], program)
        return program

    def _files(self, source: str | Path, name: str) -> list[Path]:
        if isinstance(source, Path):
            return sorted(source.iterdir()) if source.is_dir() else [source]
        digest = hashlib.sha256(source.encode()).hexdigest()[:16]
        file = self.binaries / "sources" / digest / f"{name}.c"
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(f"{os.getpid()}.partial")
        partial.write_text(source, encoding="utf-8")
        partial.replace(file)
        return [file]

    def _compile(self, command: list[str], sources: list[Path], program: Path) -> None:
        """Compiles beside the final place and moves it there: nobody sees half a program."""
        partial = program.with_name(f"{os.getpid()}.partial")
        finished = subprocess.run(
            [*command, "-o", partial, *sources],
            env={**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(self.cache)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            raise RuntimeError(f"{program.name} does not compile:\n{finished.stdout}")
        partial.replace(program)
