"""Which secrets an action requires that nothing gives."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from attune_cli.execution.sources import Sources, given_parameters, given_secrets
from attune_cli.execution.subject import find_subject


def missing_secrets(subject: str, folders: Sequence[Path], given: Sources, besides: Iterable[str] = ()) -> list[str]:
    """Their names, sorted. besides: names that will be given in another way.

    What can be read only once is left to the run, and nothing is known then. Raises what finding the
    action and reading the sources raise.
    """
    action = find_subject(subject, folders).action
    if action is None:
        return []
    schema = action.parameters
    wanted = (schema.secrets & schema.required) - schema.defaults().keys() - set(besides)
    if not wanted or not all(map(_can_be_read_again, _files(given))):
        return []
    return sorted(wanted - given_parameters(given).keys() - given_secrets(given).keys())


def _files(given: Sources) -> list[str]:
    pairs = (text.partition("=")[2] for text in (*given.pairs, *given.secrets))
    named = [value[1:] for value in pairs if value.startswith("@") and not value.startswith("@@")]
    return [path for path in (*given.files, *given.secret_files, *named) if path != "-"]


def _can_be_read_again(path: str) -> bool:
    """A pipe cannot: `--secrets <(pass show …)`."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False
