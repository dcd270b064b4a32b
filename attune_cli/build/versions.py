"""What a compiler says its version is, asked once and remembered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from attune_cli.errors import AttuneError
from attune_cli.pack.replace import replace_file
from attune_cli.paths import cache_dir, private
from attune_cli.process import Request, SpawnError, run

#: For a compiler to tell its version, in seconds: the first start of a large one from a cold disk takes some.
_PATIENCE = 60.0
_MOST_REMEMBERED = 64


def remembered(identity: str, argv: tuple[str, ...], env: Mapping[str, str]) -> str:
    """The version by which a compiler calls itself. identity: of the compiler, as long as which the answer holds.

    Raises AttuneError when it cannot be started or does not say.
    """
    file = cache_dir() / "build" / "versions.json"
    known = _read(file)
    if (version := known.get(identity)) is not None:
        return version
    version = _asked(argv, env)
    # The oldest go first.
    kept = dict(list(known.items())[1 - _MOST_REMEMBERED :])
    with suppress(OSError, AttuneError):
        private(file.parent)
        replace_file(file, json.dumps({**kept, identity: version}).encode())
    return version


def numbers(version: str) -> tuple[int, ...]:
    """(1, 22, 3) of `1.22.3`; what stands behind the numbers does not count."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, match[0].split("."))) if match else ()


def _read(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _asked(argv: tuple[str, ...], env: Mapping[str, str]) -> str:
    program = Path(argv[0])
    try:
        outcome = run(Request(argv=argv, env=env, cwd="/", timeout=_PATIENCE))
    except SpawnError as error:
        raise AttuneError(f"{program} cannot be started", why=str(error)) from error
    if not outcome:
        said = outcome.stderr.text.strip() or outcome.stdout.text.strip() or "it said nothing"
        raise AttuneError(f"{program} does not tell its version", where=" ".join(argv), why=said)
    first = outcome.stdout.text.partition("\n")[0]
    # `go version go1.27.3 linux/amd64`, `cc (Debian 12.2.0-14) 12.2.0`, `0.17.1`, `cargo 1.95.0 (f2d3ce0bd 2026-03-21)`
    found = re.findall(r"(?<![\w.])(?:go)?(\d+\.\d+[\w.+-]*)(?=\s|$)", re.sub(r"\([^)]*\)", "", first))
    return str(found[0]) if found else first.strip()
