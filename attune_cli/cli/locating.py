"""Where on a command line the cursor stands: in which command, and in the value of which option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from attune_cli.cli.app import application

if TYPE_CHECKING:
    from typer import Context

Parameter = TyperArgument | TyperOption
Options = Mapping[str, TyperOption]


@dataclass(frozen=True, slots=True)
class Place:
    """
    context:   the command, with the values that the words before the cursor give it.
    typed:     how what is typed begins.
    parameter: what it is a value of; None: it is the name of a command or of an option.
    joined:    what stands in front of the value in the same word: `--param=` or `-p`.
    """

    context: Context
    typed: str
    parameter: Parameter | None = None
    joined: str = ""

    @property
    def metavar(self) -> str:
        """How the help calls the parameter."""
        return (self.parameter.metavar or "") if self.parameter else ""


def locate(words: Sequence[str], typed: str) -> Place:
    """words: those between `attune` and the one at the cursor. Raises LookupError for an unknown command.

    The options of a group are flags: its first word that is none is the name of a command.
    """
    command: object = get_command(application())
    name, context, rest = "attune", None, list(words)
    while isinstance(command, TyperGroup):
        at = next((index for index, word in enumerate(rest) if not word.startswith("-")), len(rest))
        context = cast("Context", command.make_context(name, rest[:at], parent=context, resilient_parsing=True))
        if at == len(rest):
            return Place(context, typed)
        name, rest = rest[at], rest[at + 1 :]
        command = command.get_command(context, name)
    if not isinstance(command, TyperCommand) or context is None:
        raise LookupError(name)
    options = _options(command, context)
    waiting = _waiting(rest, options)
    # The option that waits for its value would keep the rest from being read.
    given = rest[:-1] if waiting else rest
    context = cast("Context", command.make_context(name, given, parent=context, resilient_parsing=True))
    if waiting:
        return Place(context, typed, waiting)
    if typed.startswith("-") and "--" not in rest:
        return _at_option(context, typed, options)
    argument = next((each for each in command.params if _is_open(each, context)), None)
    return Place(context, typed, cast("TyperArgument | None", argument))


def _options(command: TyperCommand, context: Context) -> Options:
    return {
        name: option
        for option in command.get_params(context)
        if isinstance(option, TyperOption)
        for name in option.opts
    }


def _waiting(words: Sequence[str], options: Options) -> TyperOption | None:
    """The option whose value comes next."""
    waiting = None
    for word in words:
        if waiting is None and word == "--":
            return None
        waiting = _valued(word, options) if waiting is None else None
    return waiting


def _valued(name: str, options: Options) -> TyperOption | None:
    """The option of that name, if it takes a value."""
    option = options.get(name)
    return None if option is None or option.is_flag or option.count else option


def _at_option(context: Context, typed: str, options: Options) -> Place:
    """`--param=mess`, `-pmess`, or an option's name."""
    name, sign, value = typed.partition("=") if typed.startswith("--") else (typed[:2], typed[2:], typed[2:])
    option = _valued(name, options) if sign else None
    if option is None:
        return Place(context, typed)
    return Place(context, value, option, typed.removesuffix(value) if value else typed)


def _is_open(parameter: object, context: Context) -> bool:
    """Whether it is an argument that takes another value."""
    if not isinstance(parameter, TyperArgument) or parameter.name is None:
        return False
    return parameter.nargs == -1 or context.params.get(parameter.name) is None
