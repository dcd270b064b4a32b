"""The core pack's actions started as the platform starts them: entry point, parameters, environment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PACK = Path(__file__).parents[2] / "packs" / "core"


def dotenv(parameters: Mapping[str, object]) -> str:
    """Flat parameters in the second generation's dotenv spelling."""
    lines = [f"{name}={quoted(value)}" for name, value in parameters.items()]
    return "".join(f"{line}\n" for line in sorted(lines))


def quoted(value: object) -> str:
    """A value between single quotes: text as it is, the rest as JSON, null as nothing."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    return "'" + text.replace("'", "'\\''") + "'"


def start(
    command: list[str | Path],
    stdin: str | bytes = b"",
    *,
    env: Mapping[str, str | bytes] | None = None,
    cwd: Path = PACK,
) -> subprocess.CompletedProcess[bytes]:
    """Runs a command in the pack's folder with a bare environment."""
    return subprocess.run(
        command,
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        env={"PATH": "/usr/bin:/bin", **(env or {})},
        cwd=cwd,
        capture_output=True,
        check=False,
    )


def shell_action(name: str, stdin: str | bytes, shell: str = "bash") -> subprocess.CompletedProcess[bytes]:
    """A shell action with this text on its stdin."""
    return start([shell, PACK / "actions" / f"{name}.sh"], stdin)


def http_request(parameters: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """The HTTP action with these parameters as JSON on its stdin."""
    return start([sys.executable, PACK / "actions" / "http_request.py"], json.dumps(parameters) + "\n", env=env)
