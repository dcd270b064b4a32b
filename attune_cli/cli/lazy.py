"""A command group whose commands are imported when they are called, and not when help lists them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar, NamedTuple

from typer.main import get_command

from attune_cli.cli.help import Command, Context, ReadableGroup, Row


class Home(NamedTuple):
    """Where a command lives. module: has its Typer application as `app`. help: its line in a list."""

    module: str
    help: str


class LazyGroup(ReadableGroup):
    """The commands of `homes`, by name."""

    homes: ClassVar[Mapping[str, Home]] = {}

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - the interface has it
        return list(self.homes)

    def get_command(self, ctx: Context, cmd_name: str) -> Command:  # noqa: ARG002 - the interface has it
        home = self.homes.get(cmd_name)
        if home is None:
            return None
        command = get_command(import_module(home.module).app)
        command.name = cmd_name
        return command

    def summaries(self, ctx: Context) -> list[Row]:  # noqa: ARG002 - the interface has it
        return [(name, home.help) for name, home in self.homes.items()]
