"""Help: the same everywhere but for colours, within the width, examples as they are."""

from __future__ import annotations

import re

import pexpect
import pytest

from tests.integration.cli.conftest import Attune

COMMANDS = [(), ("run",), ("run", "action"), ("runtime",), ("runtime", "list"), ("completion",)]
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_every_command_has_one(attune: Attune, command: tuple[str, ...], columns: int) -> None:
    done = attune(*command, "--help", env={"COLUMNS": str(columns)})
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.isascii()
    assert f"\nUsage: {' '.join(('attune', *command))} " in text
    # Lines that are to be copied stay whole.
    laid_out = [line for line in text.splitlines() if not re.match(r"  .*attune ", line)]
    assert max(map(len, laid_out)) <= min(columns, 100)
    assert attune(*command, "-h", env={"COLUMNS": str(columns)}).stdout == done.stdout


def test_a_terminal_adds_nothing_but_colours(attune: Attune) -> None:
    for command in ((), ("run", "action")):
        child = attune.on_terminal(*command, "--help", columns=72)
        child.expect(pexpect.EOF)
        shown = str(child.before)
        assert shown.count("\x1b[1;32m") >= 4
        piped = attune(*command, "--help", env={"COLUMNS": "72"}).stdout.decode()
        assert COLOURS.sub("", shown).replace("\r\n", "\n") == piped


def test_options_stand_in_groups_and_examples_last(attune: Attune) -> None:
    text = attune("run", "action", "--help").stdout.decode()
    titles = re.findall(r"^(\w[\w ]*):$", text, re.MULTILINE)
    assert titles == [
        *("Arguments", "Parameters", "Environment", "Local API", "Limits", "Output", "Options"),
        *("Exit status", "Examples"),
    ]
    examples = text.partition("Examples:\n")[2].splitlines()
    assert len(examples) >= 3
    assert all(line.startswith("  attune run action ") for line in examples)


def test_a_group_alone_shows_its_help_as_an_error(attune: Attune) -> None:
    for command in ((), ("run",), ("runtime",)):
        assert attune(*command).stderr == attune(*command, "--help").stdout


@pytest.mark.parametrize(
    ("args", "help"),
    [
        (("rum",), "did you mean attune run?"),
        (("run", "acton"), "did you mean attune run action?"),
        (("nothing",), "attune --help lists them"),
        (("run", "action", "--parm", "x"), "did you mean --param"),
        (("run", "action", "--zzz"), "attune run action --help lists them"),
        (("run", "action"), "attune run action --help"),
    ],
)
def test_mistakes_are_pointed_out(attune: Attune, args: tuple[str, ...], help: str) -> None:
    error, *_, last = attune(*args).stderr.decode().splitlines()
    assert error.startswith("error: ")
    assert last.startswith(f"  help:  {help}")


def test_version(attune: Attune) -> None:
    from attune_cli import __version__

    for args in (("--version",), ("-V",), ("--debug", "--version"), ("--version", "run")):
        done = attune(*args)
        assert (done.returncode, done.stdout.decode(), done.stderr) == (0, f"attune {__version__}\n", b"")
