"""The targets that a Rust installation has a standard library for."""

from __future__ import annotations

import os
from pathlib import Path

from attune_cli.build.environment import compiler_environment
from attune_cli.errors import AttuneError
from attune_cli.process import Request, run

_PATIENCE = 60.0


def rust_targets(cargo: str) -> tuple[str, ...]:
    """The triples, sorted. cargo: the path of the program, beside which rustc is. Raises AttuneError."""
    rustc = Path(cargo).with_name("rustc")
    outcome = run(Request(argv=(str(rustc), "--print", "sysroot"), env=compiler_environment(), timeout=_PATIENCE))
    if not outcome:
        raise AttuneError(f"{rustc} does not say where it is installed", why=outcome.stderr.text.strip() or None)
    folder = Path(outcome.stdout.text.strip(), "lib", "rustlib")
    names = sorted(os.listdir(folder)) if folder.is_dir() else []
    return tuple(name for name in names if (folder / name / "lib").is_dir())
