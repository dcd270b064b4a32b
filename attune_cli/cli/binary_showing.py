"""`attune binary show`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from attune_cli.binary.libraries import resolve
from attune_cli.binary.model import Facts, Kind
from attune_cli.binary.read import identify, sha256
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.errors import AttuneError, UsageError
from attune_cli.settings import load_settings

_WITHOUT_CONTENT = frozenset((Kind.BROKEN_LINK, Kind.DIRECTORY, Kind.SPECIAL))


def perform(text: str, output: OutputFormat | None, *, json: bool) -> None:
    """Print the facts of one file. Raises UsageError when it does not exist, AttuneError when it cannot be read."""
    chosen = chosen_output(output, json=json, default=load_settings().output)
    path = Path(text)
    if not os.path.lexists(path):
        raise UsageError(f"{text} does not exist")
    try:
        facts = identify(path, everything=True)
        digest = None if facts.kind in _WITHOUT_CONTENT else sha256(path)
    except OSError as error:
        raise AttuneError(f"{text} cannot be read", why=error.strerror) from error
    _print(facts, digest, chosen)


def _print(facts: Facts, digest: str | None, chosen: OutputFormat) -> None:
    from attune_cli.report.binary import facts_document, print_facts

    libraries = resolve(facts)
    if chosen.is_document:
        from attune_cli.report.document import print_document

        print_document(facts_document(facts, digest, libraries), sys.stdout, as_yaml=chosen is OutputFormat.YAML)
    else:
        print_facts(facts, digest, libraries, sys.stdout)
