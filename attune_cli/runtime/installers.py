"""Running the programs that install: uv, pip, npm."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from attune_cli.errors import AttuneError
from attune_cli.process import Outcome, Request, SpawnError, run
from attune_cli.runtime.base import Progress

#: What the caller's shell may hold and would lead an installer astray.
_ASTRAY = frozenset(
    {
        "__PYVENV_LAUNCHER__",
        "NODE_OPTIONS",
        "NODE_PATH",
        "PIP_PREFIX",
        "PIP_TARGET",
        "PIP_USER",
        "PYTHONHOME",
        "PYTHONPATH",
        "UV_PROJECT_ENVIRONMENT",
        "VIRTUAL_ENV",
    }
)
_QUIET = {"NO_COLOR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "NO_UPDATE_NOTIFIER": "1"}

#: Lines of an installer's output in an error: npm says first what is wrong, the others last.
_FIRST_LINES, _LAST_LINES = 4, 6
_CREDENTIALS = r"(://)[^\s/@]+@"
_CONTROL = r"\x1b\[[0-9;?]*[a-zA-Z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]"


@dataclass(frozen=True, slots=True)
class Step:
    """One call of an installer. title: what it sets up. source: the file that asks for it.

    env: variables on top of this process's own.
    """

    title: str
    source: Path
    argv: tuple[str, ...]
    cwd: Path
    help: str
    env: Mapping[str, str] = field(default_factory=dict)


def install(step: Step, progress: Progress) -> None:
    """Run the step to its end; its output goes to `progress` line by line.

    Raises AttuneError with the lines of its output that matter when it fails.
    """
    env = {name: value for name, value in os.environ.items() if name not in _ASTRAY} | _QUIET | dict(step.env)
    request = Request(argv=step.argv, env=env, cwd=step.cwd, live_stdout=_Lines(progress), live_stderr=_Lines(progress))
    try:
        outcome = run(request)
    except SpawnError as error:
        raise AttuneError(f"cannot set up {step.title}", where=str(step.source), why=str(error)) from error
    if not outcome:
        raise AttuneError(
            f"cannot set up {step.title}", where=str(step.source), why=_account(step, outcome), help=step.help
        )


def _account(step: Step, outcome: Outcome) -> str:
    """How it ended, and what it said last."""
    name = step.argv[2] if step.argv[1] == "-m" else Path(step.argv[0]).name
    ended = f"exited with {outcome.exit_code}" if outcome.signal is None else f"was ended by {outcome.signal_name}"
    lines = _said(outcome.stderr.text) or _said(outcome.stdout.text)
    if len(lines) > _FIRST_LINES + _LAST_LINES:
        lines[_FIRST_LINES:-_LAST_LINES] = ["…"]
    return "\n".join([f"{name} {ended}", *lines])


def _said(text: str) -> list[str]:
    return [line for line in map(_shown, text.splitlines()) if line]


def _shown(line: str) -> str:
    """Fit for a terminal and a log: no control characters, no credentials of a package index."""
    return re.sub(_CREDENTIALS, r"\1****@", re.sub(_CONTROL, "", line)).rstrip()


class _Lines:
    """Takes an installer's output as it comes and hands on whole lines."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._rest = b""

    def __call__(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).splitlines(keepends=True) or [b""]
        if self._rest.endswith((b"\n", b"\r")):
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            if shown := _shown(line.decode("utf-8", "replace")).strip():
                self._progress(shown)
