"""`attune run action`, from its arguments to its exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.cli.arguments import RunArguments
from attune_cli.cli.secrets import asked_secrets, can_ask, taken_variables, ways_to_give
from attune_cli.cli.session import RunSession
from attune_cli.execution.action import ActionRequest
from attune_cli.execution.problems import ParameterError
from attune_cli.execution.sources import Sources
from attune_cli.settings import Settings, load_settings

if TYPE_CHECKING:
    from attune_cli.execution.plan import OwnApi


def perform(arguments: RunArguments) -> int:
    """Run it, or show what would be run, and return the exit status."""
    session = RunSession(arguments)
    with session.begun():
        settings = _settings(arguments)
        session.choose(settings.output)
        environ = taken_variables((*arguments.secret, *arguments.key), os.environ)
        given = _sources(arguments, environ)
        asked = asked_secrets(_to_ask_for(arguments, given, settings.packs_dirs))
        request = _request(arguments, settings, _sources(arguments, environ, asked))
        try:
            with _own_api(arguments, settings, environ) as own_api:
                request = request._replace(own_api=own_api)
                return session.show_plan(request) if arguments.dry_run else session.run(request)
        except ParameterError as error:
            _explain(error, arguments, given, settings.packs_dirs)
            raise


def _own_api(
    arguments: RunArguments, settings: Settings, environ: Mapping[str, str]
) -> AbstractContextManager[OwnApi | None]:
    """The API that attune serves for the run, where anything that belongs to one was asked for."""
    if not (arguments.api or arguments.keys or arguments.key or arguments.state):
        return nullcontext()
    # Imported here: a server takes as long to import as all the rest of a short run.
    from attune_cli.cli.api import served

    return served(arguments, settings.packs_dirs, environ)


def _settings(arguments: RunArguments) -> Settings:
    return load_settings(
        {
            "packs_dir": arguments.packs_dir or None,
            "timeout": arguments.timeout,
            "grace": arguments.grace,
            "max_stdout": arguments.max_stdout,
            "max_stderr": arguments.max_stderr,
        }
    )


def _sources(arguments: RunArguments, environ: Mapping[str, str], asked: Mapping[str, str] | None = None) -> Sources:
    return Sources(
        files=arguments.params,
        documents=arguments.params_json,
        pairs=arguments.param,
        secrets=tuple(text for text in arguments.secret if "=" in text),
        secret_files=arguments.secrets,
        asked=asked or {},
        environ=environ,
        stdin=_standard_input,
    )


def _request(arguments: RunArguments, settings: Settings, sources: Sources) -> ActionRequest:
    return ActionRequest(
        subject=arguments.subject,
        sources=sources,
        packs_dirs=settings.packs_dirs,
        runtime=arguments.runtime,
        delivery=arguments.delivery,
        format=arguments.format,
        cwd=Path(arguments.cwd) if arguments.cwd else None,
        clean_env=arguments.clean_env,
        env=arguments.env,
        env_files=arguments.env_file,
        timeout=settings.timeout,
        grace=settings.grace,
        max_stdout=settings.max_stdout,
        max_stderr=settings.max_stderr,
    )


@cache
def _standard_input() -> bytes:
    """Read once, however often it is asked for."""
    return sys.stdin.buffer.read()


def _to_ask_for(arguments: RunArguments, given: Sources, folders: tuple[Path, ...]) -> list[str]:
    """The secrets that `--secret NAME` leaves open, and on a terminal those that are missing."""
    named = [text for text in arguments.secret if "=" not in text]
    if not can_ask():
        return named
    # Imported here: a run that nobody watches never asks.
    from attune_cli.cli.missing import missing_secrets

    return [*named, *missing_secrets(arguments.subject, folders, given, besides=named)]


def _explain(error: ParameterError, arguments: RunArguments, given: Sources, folders: tuple[Path, ...]) -> None:
    """Add to an error how secrets are given that are missing."""
    from attune_cli.cli.missing import missing_secrets

    missing = missing_secrets(arguments.subject, folders, given)
    error.help = "\n".join(filter(None, [*map(ways_to_give, missing), error.help])) or None
