"""The local API behind `attune run action`, imported only where somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attune_cli.cli.arguments import RunArguments
from attune_cli.execution.plan import OwnApi
from attune_cli.pack.discover import packs_dirs
from attune_cli.sensor.action_api import action_api
from attune_cli.sensor.open_keys import opened_keys


@contextmanager
def served(arguments: RunArguments, folders: tuple[Path, ...], environ: Mapping[str, str]) -> Iterator[OwnApi]:
    """The API while the action runs. folders: of packs, before the usual places. environ: where `env:` looks."""
    state = Path(arguments.state) if arguments.state else None
    with (
        opened_keys(arguments.keys, arguments.key, state, environ) as keys,
        action_api(keys, arguments.subject, packs_dirs(folders)) as own_api,
    ):
        yield own_api
