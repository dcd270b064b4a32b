"""The snippets for CI services and the hooks of pre-commit do what their page says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attune_cli.yaml12 import parse, to_data
from tests.docs.pages import Block, sections
from tests.installed import ROOT
from tests.integration.cli.conftest import Attune
from tests.integration.validate.conftest import put_right

SNIPPETS = [block for each in sections(ROOT / "docs/ci.md") for block in each.blocks if block.info.startswith(".")]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"


def read(text: bytes) -> Any:
    document = parse(text, "snippet")
    # GitHub's own `on:` is a word that YAML 1.1 reads otherwise.
    assert {finding.code for finding in document.diagnostics} <= {"ATN017"}
    return to_data(document.root)


def strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from strings(each)


def commands(block: Block) -> list[str]:
    return [text for text in strings(read(block.text.encode())) if text.startswith("attune ")]


def hooks() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(MANIFEST.read_bytes())
    return found


def test_there_are_snippets() -> None:
    assert {block.info for block in SNIPPETS if commands(block)} == {
        ".github/workflows/packs.yaml",
        ".github/workflows/scan-packs.yaml",
        ".gitlab-ci.yml",
    }


@pytest.mark.parametrize("block", SNIPPETS, ids=lambda block: block.info)
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_their_commands_work(attune: Attune, demo: Path, block: Block, right: bool) -> None:
    if right:
        put_right(demo)
    for command in commands(block):
        done = attune(*shlex.split(command)[1:])
        assert done.returncode == (0 if right else 1)
        assert all((attune.folder / word.partition("=")[2]).is_file() for word in command.split() if "=" in word)


def test_the_report_that_is_uploaded_is_the_one_that_is_written() -> None:
    for block in SNIPPETS:
        written = re.findall(r"--report (?:sarif|junit)=(\S+)", block.text)
        assert re.findall(r"(?:sarif_file|junit): (\S+)", block.text) == written


def test_the_hooks_that_are_named_are_there() -> None:
    (block,) = (block for block in SNIPPETS if block.info == ".pre-commit-config.yaml")
    (repository,) = read(block.text.encode())["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= {hook["id"] for hook in hooks()}


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_hooks(attune: Attune, demo: Path, hook: dict[str, Any]) -> None:
    assert attune(*shlex.split(hook["entry"])[1:]).returncode == 1
    put_right(demo)
    assert attune(*shlex.split(hook["entry"])[1:]).returncode == 0
    for path in ("pack.yaml", "packs/a/actions/run.sh", "packs/a/rules/b.yml", "attune.toml", "tests/test_a.py"):
        assert re.search(hook["files"], path)
    for path in ("README.md", "src/main.py", "my_pack.yaml", "docs/actions.md"):
        assert not re.search(hook["files"], path)
