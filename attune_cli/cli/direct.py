"""The usual command line, read without Typer.

Importing Typer takes as long as starting an interpreter three times, more than all the rest of a
short run. So `attune run action` as scripts write it is read here; whatever is not as usual, right
or wrong (help, an unknown option, a value that is missing), is left to Typer, which says what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from attune_cli.cli.arguments import RunArguments
from attune_cli.cli.formats import OutputFormat

COMMAND = ("run", "action")
SHORT = {"-p": "param", "-o": "output", "-j": "json", "-q": "quiet"}
_DEFAULTS = {field.name: field.default for field in fields(RunArguments) if field.name != "subject"}


def direct_arguments(args: Sequence[str]) -> RunArguments | None:
    """What was typed; None: Typer shall read it."""
    if tuple(args[:2]) != COMMAND:
        return None
    try:
        given = _given(iter(args[2:]))
    except (ValueError, StopIteration):
        return None
    return RunArguments(**given) if "subject" in given else None  # type: ignore[arg-type]


def _given(words: Iterator[str]) -> dict[str, object]:
    """The fields that were typed. Raises ValueError or StopIteration for what is not as usual."""
    given: dict[str, object] = {}
    for word in words:
        if not word.startswith("-"):
            if "subject" in given:
                raise ValueError("two subjects")
            given["subject"] = word
            continue
        # Behind a short one, `=` is part of the value.
        option, sign, value = word.partition("=") if word.startswith("--") else (word, "", "")
        name = SHORT.get(option) or _name(option)
        default = _DEFAULTS[name]
        if isinstance(default, bool):
            if sign:
                raise ValueError("a value for an option that takes none")
            given[name] = True
            continue
        text = value if sign else next(words)
        if isinstance(default, tuple):
            given[name] = (*given.get(name, ()), text)  # type: ignore[misc]
        else:
            given[name] = OutputFormat(text) if name == "output" else text
    return given


def _name(option: str) -> str:
    """The field of a long option."""
    name = option[2:].replace("-", "_")
    if name not in _DEFAULTS or option != f"--{name.replace('_', '-')}":
        raise ValueError("no option, or not spelled in full")
    return name
