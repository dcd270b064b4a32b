"""What was typed behind `attune build` and `attune binary verify`."""

from __future__ import annotations

from dataclasses import dataclass

from attune_cli.cli.formats import OutputFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildArguments:
    """As typed; see `attune build --help`."""

    subject: str | None = None
    platform: tuple[str, ...] = ()
    force: bool = False
    timeout: str | None = None
    packs_dir: tuple[str, ...] = ()
    output: OutputFormat | None = None
    json: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyArguments:
    """As typed; see `attune binary verify --help`."""

    subjects: tuple[str, ...] = ()
    packs_dir: tuple[str, ...] = ()
    strict: bool = False
    report: tuple[str, ...] = ()
    output: OutputFormat | None = None
    json: bool = False
    quiet: bool = False
