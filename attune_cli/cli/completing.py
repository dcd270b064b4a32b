"""What a shell is told when TAB is pressed.

The scripts of `attune completion` call attune with the shell's name in `_ATTUNE_COMPLETE` and, behind
`--`, the words up to the cursor, the last of them being the one that is completed. The answer:

    files                            what the shell adds by itself: files, folders, or - (nothing)
    message=<TAB>The text to write   a word that fits, and what it means
    …

A word that ends in one of `=/:@` is to be gone on with: no space is put behind it. Whatever goes
wrong, the answer is empty and the status 0, and that within `PATIENCE` seconds: a prompt is no place
for complaints.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress

from attune_cli.cli.help import ReadableGroup
from attune_cli.cli.locating import Place, locate
from attune_cli.cli.options import Offer

#: Longer than this nobody waits at a prompt, in seconds.
PATIENCE = 2.0

#: How much of a description is shown, in characters.
_LONGEST = 100

#: How the help calls paths → what the shell adds by itself.
_PATHS = {"FILE": "files", "DIR": "folders", "REF|PATH": "files", "[PATH]...": "files"}


def answer(words: Sequence[str], shell: str) -> int:
    """Print what can stand for the last of the words, and return the exit status: 0, always."""
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    with suppress(Exception):
        os.write(1, "".join(f"{line}\n" for line in _lines(words, shell)).encode())
    signal.setitimer(signal.ITIMER_REAL, 0)
    return 0


def _lines(words: Sequence[str], shell: str) -> Iterator[str]:
    *before, typed = _read(words, shell)
    place = locate([os.path.expanduser(word) for word in before], typed)
    kind = _PATHS.get(place.metavar, "-")
    offers = list(_offers(place))
    if place.joined and kind != "-":
        # The shells see no path in `--cwd=src`.
        from attune_cli.cli.offers import paths

        offers += paths(place.typed, folders_only=kind == "folders")
        kind = "-"
    yield kind
    for value, text in offers:
        if value.isprintable():
            yield f"{place.joined}{value}\t{_brief(text)}"


def _read(words: Sequence[str], shell: str) -> list[str]:
    """bash hands words on as they were typed, fish the last one; zsh none."""
    first = {"bash": 0, "fish": len(words) - 1}.get(shell, len(words))
    return [*words[:first], *map(_unquoted, words[first:])]


def _offers(place: Place) -> Iterator[Offer]:
    """Typer knows the names of commands and options and the values of enums; the rest is in `offers`."""
    command, whole = place.context.command, dict[str, str]()
    if place.parameter is not None:
        found = place.parameter.shell_complete(place.context, place.typed)
    else:
        # Typer cuts what its commands say of themselves.
        whole = dict(command.summaries(place.context)) if isinstance(command, ReadableGroup) else {}
        # Where nothing else can follow, an empty word offers the options.
        found = command.shell_complete(place.context, place.typed)
        found = found or ([] if place.typed else command.shell_complete(place.context, "--"))
    for item in found:
        yield str(item.value), whole.get(item.value) or item.help or ""


def _brief(text: str) -> str:
    """One line, without anything that could drive a terminal."""
    line = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _unquoted(word: str) -> str:
    """A word as a shell reads it, but with nothing expanded; a quote may still be open."""
    if {"'", '"', "\\"}.isdisjoint(word):
        return word
    from shlex import shlex

    reader = shlex(word, posix=True)
    reader.whitespace_split = True
    reader.commenters = ""
    try:
        return " ".join(reader)
    except ValueError:
        return str(reader.token)
