"""Secrets that are asked for, hidden, on a terminal and never anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, MutableMapping, Sequence

from attune_cli.errors import UsageError
from attune_cli.report.harmless import harmless
from attune_cli.report.style import is_terminal


def can_ask() -> bool:
    """Whether there is somebody to ask."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def asked_secrets(names: Iterable[str]) -> dict[str, str]:
    """Ask for each by name. Raises UsageError where there is nobody to ask, KeyboardInterrupt when
    the answer is Ctrl-C or Ctrl-D."""
    return {name: _ask(name) for name in dict.fromkeys(names)}


def _ask(name: str) -> str:
    if not can_ask():
        raise UsageError(
            f"the value of {name} cannot be asked for",
            where="--secret",
            why="there is no terminal to ask on",
            help=ways_to_give(name),
        )
    # Imported here: nearly no call asks anything.
    from getpass import getpass

    try:
        return getpass(f"{harmless(name)} (hidden): ", stream=sys.stderr)
    except (KeyboardInterrupt, EOFError):
        # The terminal's line is still that of the question.
        print(file=sys.stderr)
        raise KeyboardInterrupt from None


def ways_to_give(name: str) -> str:
    """How a secret is given where nobody can be asked."""
    return f"--secret {name}=@FILE, --secret {name}=env:VARIABLE, or --secrets FILE"


def taken_variables(secrets: Sequence[str], environ: MutableMapping[str, str]) -> dict[str, str]:
    """Take the variables that `--secret NAME=env:VARIABLE` names out of the environment, so that none
    of the programs that are started gets them in its own."""
    sources = (text.partition("=")[2] for text in secrets)
    named = {source.removeprefix("env:") for source in sources if source.startswith("env:")}
    return {name: environ.pop(name) for name in named if name in environ}
