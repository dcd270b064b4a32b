"""The usual command line is read without the parser, and as the parser would read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperOption
from typer.main import get_command

from attune_cli.cli import validating
from attune_cli.cli.app import application
from attune_cli.cli.direct import direct_call
from attune_cli.cli.validate_arguments import ValidateArguments
from tests.integration.cli.conftest import Attune
from tests.integration.cli.test_startup import HEAVY, PARSER, imported
from tests.integration.validate.conftest import put_right

LINES = [
    "",
    "one two",
    "--select ATN02,ATN03 --select=ATN04 --ignore ATN05 here",
    "--strict --show info --quiet",
    "--show=error -q -j",
    "-o yaml --report sarif=a=b.sarif --report=junit",
    "--baseline b.json --write-baseline --no-cache",
    "--fix --diff packs",
    "--packs-dir one --packs-dir=two here",
]
LEFT_TO_THE_PARSER = [
    "--help",
    "--strict=yes",
    "--show all",
    "--select",
    "--nothing",
    "-qj",
    "--stri",
    "-- x",
    "-o=json",
]


def parsed(words: list[str], monkeypatch: pytest.MonkeyPatch) -> ValidateArguments:
    """What the parser makes of it."""
    seen = list[ValidateArguments]()
    monkeypatch.setattr(validating, "perform", seen.append)
    command = get_command(application())
    with command.make_context("attune", ["pack", "validate", *words]) as context:
        command.invoke(context)
    return seen[0]


@pytest.mark.parametrize("line", LINES)
def test_both_read_the_same(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call: Any = direct_call(["pack", "validate", *line.split()])
    assert call.args[0] == parsed(line.split(), monkeypatch)


@pytest.mark.parametrize("line", LEFT_TO_THE_PARSER)
def test_what_is_left_to_the_parser(line: str) -> None:
    assert direct_call(["pack", "validate", *line.split()]) is None


def test_every_option_has_its_field() -> None:
    group: Any = get_command(application())
    context = group.make_context("attune", [], resilient_parsing=True)
    command = group.get_command(context, "pack").get_command(context, "validate")
    options = [each for each in command.params if isinstance(each, TyperOption)]
    named = {each.opts[0].removeprefix("--").replace("-", "_") for each in options}
    assert named == {*ValidateArguments._fields} - {"paths"}


def test_a_call_needs_no_parser_and_no_judge(attune: Attune, demo: Path) -> None:
    put_right(demo)
    modules = imported(attune, "pack", "validate", "--strict", "--show", "warning")
    assert not modules & ((HEAVY | PARSER) - {"hashlib"})
    # They would be seen.
    assert modules >= {"yaml", "attune_cli.pack.rules", "attune_cli.report.findings.text"}


def test_a_call_that_is_known_from_the_cache_reads_no_yaml(attune: Attune, demo: Path) -> None:
    put_right(demo)
    assert {"yaml", "attune_cli.pack.judgement"} <= imported(attune, "pack", "validate")
    # Nor is anything imported that judges.
    assert not {"yaml", "attune_cli.pack.judgement"} & imported(attune, "pack", "validate")
    assert "yaml" in imported(attune, "pack", "validate", "--no-cache")
