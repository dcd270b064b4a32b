"""What was typed behind `attune run action`, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field

from attune_cli.cli.formats import OutputFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class RunArguments:
    """Fields are named after their options: `params_json` is `--params-json`.

    A tuple is an option that may be repeated, a boolean one that takes no value.
    """

    subject: str
    param: tuple[str, ...] = field(default=(), repr=False)
    params: tuple[str, ...] = ()
    params_json: tuple[str, ...] = field(default=(), repr=False)
    secret: tuple[str, ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = ()
    delivery: str | None = None
    format: str | None = None
    packs_dir: tuple[str, ...] = ()
    runtime: str | None = None
    cwd: str | None = None
    env: tuple[str, ...] = field(default=(), repr=False)
    env_file: tuple[str, ...] = ()
    clean_env: bool = False
    api: bool = False
    keys: tuple[str, ...] = ()
    key: tuple[str, ...] = field(default=(), repr=False)
    state: str | None = None
    timeout: str | None = None
    grace: str | None = None
    max_stdout: str | None = None
    max_stderr: str | None = None
    dry_run: bool = False
    output: OutputFormat | None = None
    json: bool = False
    quiet: bool = False
