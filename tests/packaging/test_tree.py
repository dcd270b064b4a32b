"""What lies where: the agreed folders, names that say something, nothing compiled."""

from __future__ import annotations

from pathlib import Path

from tests.packaging.project import ROOT, project_files

TOP_LEVEL = {
    *(".ci", ".gitignore", ".pre-commit-hooks.yaml", "CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml"),
    *("attune_cli", "completions", "docs", "packs", "tests"),
}

#: Names under which anything could be put.
EMPTY_NAMES = {"common", "helper", "helpers", "lib", "manager", "misc", "shared", "stuff", "tools", "util", "utils"}


def test_the_top_level_holds_what_is_agreed() -> None:
    assert {file.parts[0] for file in project_files()} - TOP_LEVEL == set()


def test_every_name_says_something() -> None:
    modules = [file for file in project_files() if file.suffix == ".py" and file.parts[0] in {"attune_cli", "tests"}]
    assert len(modules) > 20
    assert [str(file) for file in modules if EMPTY_NAMES & set(names(file))] == []


def names(file: Path) -> tuple[str, ...]:
    """Of its folders and itself; those inside of a pack are given by the platform (`lib`)."""
    packs = [depth for depth in range(1, len(file.parts)) if ROOT.joinpath(*file.parts[:depth], "pack.yaml").is_file()]
    return file.parts[: packs[0]] if packs else file.with_suffix("").parts


def test_nothing_shipped_is_binary() -> None:
    shipped = [file for file in project_files() if file.parts[0] in {"attune_cli", "completions", "packs"}]
    assert len(shipped) > 20
    assert [str(file) for file in shipped if b"\0" in (ROOT / file).read_bytes()] == []
