"""What was typed behind `attune run sensor`, as one value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from attune_cli.cli.formats import OutputFormat
from attune_cli.errors import UsageError


class Show(StrEnum):
    """How much of a payload is shown."""

    SHORT = "short"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorArguments:
    """Fields are named after their options: `events_file` is `--events-file`."""

    subject: str
    rule: tuple[str, ...] = ()
    on: tuple[tuple[str, str], ...] = ()
    execute: bool = False
    concurrency: int = 4
    keys: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    state: str | None = None
    runtime: str | None = None
    env: tuple[str, ...] = field(default=(), repr=False)
    env_file: tuple[str, ...] = ()
    clean_env: bool = False
    mq_url: str | None = field(default=None, repr=False)
    log_level: str = "info"
    packs_dir: tuple[str, ...] = ()
    duration: str | None = None
    events: int | None = None
    timeout: str | None = None
    grace: str | None = None
    no_restart: bool = False
    backoff_base: str | None = None
    show: Show = Show.SHORT
    events_file: str | None = None
    log_dir: str | None = None
    output: OutputFormat | None = None
    json: bool = False
    quiet: bool = False


def paired(args: Sequence[str]) -> Iterator[str]:
    """The words of a command line, those two behind each `--on` joined by a blank."""
    words = list(args)
    while words:
        word = words.pop(0)
        if word == "--":
            yield word
            yield from words
            return
        if word != "--on" and not word.startswith("--on="):
            yield word
            continue
        yield "--on"
        taken = [word.removeprefix("--on=")] if "=" in word else _next(words)
        if taken and " " not in taken[0]:
            taken += _next(words)
        yield from [" ".join(taken)] if taken else []


def _next(words: list[str]) -> list[str]:
    """The next word, unless it is an option; no JSON begins as one."""
    return [words.pop(0)] if words and not words[0].startswith("-") else []


def as_pair(text: str) -> tuple[str, str]:
    """A trigger's ref and the JSON behind it. Raises UsageError."""
    trigger, _, document = text.partition(" ")
    if not document.strip():
        raise UsageError(
            f"--on {trigger} lacks the parameters of the rule",
            where="--on",
            help=f"write --on {trigger or 'TRIGGER'} JSON; {{}} takes the defaults",
        )
    return trigger, document
