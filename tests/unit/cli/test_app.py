"""The commands and what they say of themselves."""

from __future__ import annotations

from importlib import import_module

from typer.main import get_command

from attune_cli.cli.app import Commands, application


def test_the_list_of_commands_has_a_line_for_each() -> None:
    for name, home in Commands.homes.items():
        assert get_command(import_module(home.module).app).help, name
        assert home.help.endswith(".")
        assert len(f"  {name}  {home.help}") <= 80


def test_nothing_is_installed_by_an_option() -> None:
    root = get_command(application())
    context = root.make_context("attune", ["run"], resilient_parsing=True)
    for command in (root, *(root.get_command(context, name) for name in Commands.homes)):  # type: ignore[attr-defined]
        options = {name for param in command.params for name in param.opts}
        assert not {"--install-completion", "--show-completion"} & options
