"""Every command, argument and option is documented, as it is; and nothing that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from typer.core import TyperGroup, TyperOption
from typer.main import get_command

from attune_cli.cli.app import application
from attune_cli.settings import _SETTERS, FLAGS
from tests.docs.pages import ROOT, section, sections, ticked

PAGE = "docs/commands.md"

#: Every command has it; it is documented once.
HELP = ("-h", "--help")


def walk(command: Any, context: Any) -> Iterator[tuple[str, Any]]:
    """The command itself and all below it, groups that are nothing but groups left out."""
    subcommands = command.list_commands(context) if isinstance(command, TyperGroup) else []
    if not subcommands or context.parent is None:
        yield context.command_path, context
    for name in subcommands:
        below = command.get_command(context, name)
        yield from walk(below, below.make_context(name, [], parent=context, resilient_parsing=True))


def everything() -> dict[str, Any]:
    root = get_command(application())
    return dict(walk(root, root.make_context("attune", [], resilient_parsing=True)))


COMMANDS = everything()


def spelled(parameter: Any, context: Any) -> tuple[str, ...]:
    """As the first cell of its row has it: short names, long ones, and how its value is called."""
    value = parameter.make_metavar(ctx=context).strip("{}")
    if not isinstance(parameter, TyperOption):
        return (value,)
    *names, last = sorted(parameter.opts, key=lambda name: name.startswith("--"))
    return (*names, last if parameter.is_flag else f"{last} {value}")


@pytest.mark.parametrize("path", COMMANDS)
def test_its_arguments_and_options(path: str) -> None:
    context = COMMANDS[path]
    there = {spelled(parameter, context) for parameter in context.command.get_params(context)}
    rows = section(PAGE, path).rows
    assert len(rows) > 0
    documented = {tuple(ticked(row[0])) for row in rows if row[0].startswith("`")}
    assert documented == there - (set() if path == "attune" else {HELP})


def test_nothing_is_documented_that_is_gone() -> None:
    titles = {one.title for one in sections(ROOT / PAGE) if one.title.startswith("attune")}
    assert titles == set(COMMANDS)
    assert {"attune", "attune run action", "attune runtime list", "attune completion"} <= titles


def test_settings() -> None:
    rows = {ticked(key)[0]: [ticked(option)[0], ticked(variable)[0]] for key, option, variable, _ in settings_rows()}
    flags = {key: FLAGS.get(key, f"--{key.replace('_', '-')}") for key in _SETTERS}
    assert rows == {key: [flag, f"ATTUNE_{key.upper()}"] for key, flag in flags.items()}


def settings_rows() -> list[list[str]]:
    return section(PAGE, "Settings").rows
