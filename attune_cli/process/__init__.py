"""The native subprocess engine, the only part of attune that starts processes.

    from attune_cli.process import Request, run

    outcome = run(Request(argv=("/usr/bin/id", "-u"), env={"LANG": "C"}, timeout=10))
    if outcome:
        print(outcome.stdout.text)

`run` returns an `Outcome` however the process ended and raises `SpawnError` when it could not be
started. `start` is the same for a process that runs on: it returns a `Process` at once, whose
`wait` moves the data and whose `cancel` may be called from another thread or a signal handler.

What holds for every run: the child gets a session of its own, no descriptor but 0–2, and no
inherited signal state; both of its streams are bounded; its deadline holds whatever its pipes do;
none of its descendants is left when `run` returns, nor when this process is killed with -9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attune_cli.process.bounds import DEFAULT_BOUND
    from attune_cli.process.engine import Process, run, start
    from attune_cli.process.live import LiveOutput
    from attune_cli.process.outcome import Capture, Holder, Member, Outcome, SentSignal, Usage
    from attune_cli.process.redact import NO_SECRETS, Secrets
    from attune_cli.process.request import AT_ONCE, GRACEFULLY, Request, Rung
    from attune_cli.process.spawn import hearing_signals
    from attune_cli.process.spawn_error import MAX_ARG_STRLEN, SpawnError, SpawnFailure

__all__ = [
    "AT_ONCE",
    "DEFAULT_BOUND",
    "GRACEFULLY",
    "MAX_ARG_STRLEN",
    "NO_SECRETS",
    "Capture",
    "Holder",
    "LiveOutput",
    "Member",
    "Outcome",
    "Process",
    "Request",
    "Rung",
    "Secrets",
    "SentSignal",
    "SpawnError",
    "SpawnFailure",
    "Usage",
    "hearing_signals",
    "run",
    "start",
]

_HOMES = {
    "bounds": ("DEFAULT_BOUND",),
    "engine": ("Process", "run", "start"),
    "live": ("LiveOutput",),
    "outcome": ("Capture", "Holder", "Member", "Outcome", "SentSignal", "Usage"),
    "redact": ("NO_SECRETS", "Secrets"),
    "request": ("AT_ONCE", "GRACEFULLY", "Request", "Rung"),
    "spawn": ("hearing_signals",),
    "spawn_error": ("MAX_ARG_STRLEN", "SpawnError", "SpawnFailure"),
}


def __getattr__(name: str) -> object:
    """Imports a public name when it is first asked for: the guardian, which starts beside every
    first run, needs one small module of this package and not the engine."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
