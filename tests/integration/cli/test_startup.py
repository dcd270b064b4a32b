"""What each command imports: its start-up time, told without a clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune

#: What no usual call has any use for.
HEAVY = {
    *("asyncio", "dotenv", "email", "filelock", "hashlib", "http", "importlib.metadata", "jsonschema", "jsonschema_rs"),
    *(
        "logging",
        "markdown_it",
        "packaging",
        "platformdirs",
        "pygments",
        "random",
        "rich",
        "ssl",
        "tempfile",
        "tomllib",
    ),
    "unittest",
}
PARSER = {"typer", "click", "shutil", "traceback", "difflib", "textwrap"}
YAML = {"yaml", "attune_cli.yaml12", "attune_cli.pack.load"}
ENGINE = {"attune_cli.process.engine", "attune_cli.execution.plan"}


#: Writes down at the end what has been imported.
_TELLS = """\
import atexit, os, sys
atexit.register(lambda: open(os.environ["IMPORTED"], "w").write("\\n".join(sys.modules)))
"""


def imported(attune: Attune, *args: str | Path) -> set[str]:
    """The modules that a call imports."""
    (attune.folder / "sitecustomize.py").write_text(_TELLS)
    names = attune.folder / "imported"
    done = attune(*args, env={"PYTHONPATH": str(attune.folder), "IMPORTED": str(names)})
    assert done.returncode == 0, done.stderr
    return set(names.read_text().split())


def test_the_version_needs_nothing(attune: Attune) -> None:
    modules = imported(attune, "--version")
    assert {name for name in modules if name.startswith("attune_cli")} == {"attune_cli", "attune_cli.__main__"}
    assert not modules & {"typing", "re", "pathlib", "inspect"}


def test_a_program_needs_neither_the_parser_nor_yaml(attune: Attune) -> None:
    modules = imported(attune, "run", "action", "/bin/true", "-p", "a=1", "--timeout", "1m", "-q")
    assert not modules & (HEAVY | PARSER | YAML)
    # They would be seen.
    assert modules >= ENGINE


def test_an_action_needs_no_parser(attune: Attune) -> None:
    modules = imported(attune, "run", "action", "core.echo", "-p", "message=x")
    assert not modules & (HEAVY | PARSER)
    assert modules >= YAML


@pytest.mark.parametrize("args", [("--help",), ("run", "--help"), ("run", "action", "--help"), ("runtime", "--help")])
def test_help_needs_the_parser_alone(attune: Attune, args: tuple[str, ...]) -> None:
    modules = imported(attune, *args)
    assert not modules & (HEAVY | YAML | ENGINE)
    assert "typer" in modules


def test_the_list_of_commands_imports_none_of_them(attune: Attune) -> None:
    homes = {"attune_cli.cli.run", "attune_cli.cli.runtime", "attune_cli.cli.completion"}
    assert not imported(attune, "--help") & homes
    assert imported(attune, "run", "--help") & homes == {"attune_cli.cli.run"}


def test_a_table_in_a_pipe_is_not_drawn(attune: Attune) -> None:
    assert not imported(attune, "runtime", "list") & {"rich", "jsonschema", "yaml"}


def test_an_action_with_secrets_needs_little_more(attune: Attune, pack: Callable[..., Path]) -> None:
    pack("login", "parameters: {token: {type: string, secret: true}}\n", "cat")
    (attune.folder / "token").write_text("hunter22")
    assert not imported(attune, "run", "action", "demo.login", "--secret", "token=@token") & (HEAVY | PARSER)
