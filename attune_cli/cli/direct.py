"""The usual command lines, read without Typer.

Importing Typer takes as long as starting an interpreter three times, more than all the rest of a
short run. So `attune run action`, `attune pack validate` and `attune db seed-runtimes` as scripts write
them are read here; whatever is not as usual, right or wrong (help, an unknown option, a value that is
missing), is left to Typer, which says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from attune_cli.cli.formats import OutputFormat


class _Form(NamedTuple):
    """A command line.

    arguments:  the class of its value.
    perform:    what takes that.
    words:      the field of the words that are no options; with a default, it takes any number. Empty: there are none.
    """

    arguments: type
    perform: Callable[[Any], int]
    words: str
    short: Mapping[str, str]
    converters: Mapping[str, Callable[[str], object]]


_SHORT = {"-o": "output", "-j": "json", "-q": "quiet"}


def direct_call(args: Sequence[str]) -> Callable[[], int] | None:
    """What was typed, ready to be called for its exit status; None: Typer shall read it."""
    reading = _FORMS.get(" ".join(args[:2]))
    if reading is None:
        return None
    form = reading()
    try:
        given = _given(iter(args[2:]), form)
        return partial(form.perform, form.arguments(**given))
    except (LookupError, ValueError, TypeError, StopIteration):
        return None


def _run_action() -> _Form:
    # Imported here, as below: each call needs one of them, and what performs it only where all is well.
    from attune_cli.cli.arguments import RunArguments

    def perform(arguments: RunArguments) -> int:
        from attune_cli.cli.action import perform

        return perform(arguments)

    return _Form(RunArguments, perform, "subject", {"-p": "param", **_SHORT}, {"output": OutputFormat})


def _pack_validate() -> _Form:
    from attune_cli.cli.validate_arguments import Show, ValidateArguments

    def perform(arguments: ValidateArguments) -> int:
        import gc

        from attune_cli.yaml12.collector import CollectorPaused

        # Neither what is imported nor what is read is garbage, now or at the end.
        with CollectorPaused():
            from attune_cli.cli.validating import perform

            status = perform(arguments)
            gc.freeze()
        return status

    return _Form(ValidateArguments, perform, "paths", _SHORT, {"show": Show, "output": OutputFormat})


def _db_seed_runtimes() -> _Form:
    from attune_cli.cli.db_arguments import SeedArguments

    def perform(arguments: SeedArguments) -> int:
        from attune_cli.cli.db_seeding import perform

        return perform(arguments)

    return _Form(SeedArguments, perform, "", _SHORT, {"output": OutputFormat, "generation": _GENERATIONS.__getitem__})


#: Of the platform, as its tables are.
_GENERATIONS = {"1": 1, "2": 2}


def _binary_check() -> _Form:
    from attune_cli.cli.check_arguments import CheckArguments
    from attune_cli.cli.validate_arguments import Show

    def perform(arguments: CheckArguments) -> int:
        from attune_cli.cli.checking import perform

        return perform(arguments)

    return _Form(CheckArguments, perform, "paths", _SHORT, {"show": Show, "output": OutputFormat})


_FORMS: Mapping[str, Callable[[], _Form]] = {
    "run action": _run_action,
    "pack validate": _pack_validate,
    "binary check": _binary_check,
    "db seed-runtimes": _db_seed_runtimes,
}


def _given(words: Iterator[str], form: _Form) -> dict[str, Any]:
    """The fields that were typed. Raises LookupError, ValueError or StopIteration for what is not as usual."""
    given: dict[str, Any] = {}
    defaults = _defaults(form.arguments)
    for word in words:
        if not word.startswith("-"):
            _take_word(given, word, form, several=form.words in defaults)
            continue
        # Behind a short one, `=` is part of the value.
        option, sign, value = word.partition("=") if word.startswith("--") else (word, "", "")
        name = form.short.get(option) or _name(option, form, defaults)
        default = defaults[name]
        if isinstance(default, bool):
            if sign:
                raise ValueError("a value for an option that takes none")
            given[name] = True
            continue
        text = value if sign else next(words)
        if isinstance(default, tuple):
            given[name] = (*given.get(name, ()), text)
        else:
            given[name] = form.converters.get(name, str)(text)
    return given


def _defaults(arguments: type) -> Mapping[str, Any]:
    """Of the fields that need not be given, in a named tuple or a dataclass."""
    named: Mapping[str, Any] | None = getattr(arguments, "_field_defaults", None)
    if named is not None:
        return named
    from dataclasses import MISSING, fields

    return {field.name: field.default for field in fields(arguments) if field.default is not MISSING}


def _take_word(given: dict[str, Any], word: str, form: _Form, *, several: bool) -> None:
    if not form.words:
        raise ValueError("a word where none is taken")
    if several:
        given[form.words] = (*given.get(form.words, ()), word)
    elif form.words in given:
        raise ValueError("two words where one is taken")
    else:
        given[form.words] = word


def _name(option: str, form: _Form, defaults: Mapping[str, object]) -> str:
    """The field of a long option."""
    name = option[2:].replace("-", "_")
    if name not in defaults or name == form.words or option != f"--{name.replace('_', '-')}":
        raise ValueError("no option, or not spelled in full")
    return name
