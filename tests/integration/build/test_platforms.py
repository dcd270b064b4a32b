"""Executables for other platforms, made here."""

from __future__ import annotations

import os
import subprocess

import pytest

from attune_cli.binary.model import Kind, Platform
from attune_cli.binary.read import identify
from attune_cli.build.builder import build
from attune_cli.build.lacking import Lacking
from attune_cli.build.lock import read_lock
from attune_cli.build.toolchains import make
from tests.integration.build.conftest import SOURCES, MakePack, action

pytestmark = pytest.mark.timeout(900)  # for each platform a C library is built first

KINDS = {"linux/amd64": Kind.ELF, "linux/arm64": Kind.ELF, "darwin/arm64": Kind.MACHO, "windows/amd64": Kind.PE}
PLATFORMS = [Platform.parse(name) for name in KINDS]


def test_c_and_go_for_every_platform(make_pack: MakePack) -> None:
    files = {**SOURCES["c"], **{f"native/gopher/{name}": text for name, text in SOURCES["go"].items()}}
    root = make_pack({**files, "actions/gopher.yaml": action("gopher")})
    built = build(root, platforms=PLATFORMS)
    assert [(one.source.name, one.binary.platform) for one in built] == [
        (name, platform) for name in ("gopher", "hello") for platform in KINDS
    ]
    for one in built:
        suffix = ".exe" if one.binary.platform.startswith("windows") else ""
        assert one.binary.path == f"native/dist/{one.binary.platform}/{one.source.name}{suffix}"
        facts = identify(root / one.binary.path)
        assert (facts.kind, [str(platform) for platform in facts.platforms]) == (
            KINDS[one.binary.platform],
            [one.binary.platform],
        )
        assert os.access(root / one.binary.path, os.X_OK)
        assert one.problems == ()
        if facts.kind is Kind.ELF:
            assert facts.static  # whatever C library is there
        if facts.kind is Kind.MACHO:
            assert facts.signed
    assert len(read_lock(root).entries) == len(built)
    assert not (root / "actions/hello").exists()
    assert [one.is_new for one in build(root, platforms=PLATFORMS)] == [False] * len(built)
    runs = root / f"native/dist/{Platform.here()}/hello"
    if runs.exists():
        assert subprocess.check_output([runs], text=True) == "hello 1.2.3\n"


def test_what_is_built_for_here_and_for_this_platform_are_two_files(make_pack: MakePack) -> None:
    root = make_pack(SOURCES["go"])
    build(root)
    build(root, platforms=[Platform.here()])
    assert [entry.path for entry in read_lock(root).entries] == [
        "actions/hello",
        f"native/dist/{Platform.here()}/hello",
    ]


def test_a_makefile_gets_a_compiler_for_the_platform(make_pack: MakePack) -> None:
    if make() is None:
        with pytest.raises(Lacking, match="there is no `make` to build with"):
            build(make_pack(SOURCES["make"]), platforms=PLATFORMS)
        return
    root = make_pack(SOURCES["make"])
    (one,) = build(root, platforms=[Platform("darwin", "arm64")])
    assert identify(root / one.binary.path).platforms == (Platform("darwin", "arm64"),)


def test_reproducible_for_other_platforms_too(make_pack: MakePack) -> None:
    platforms = [Platform("darwin", "arm64"), Platform("linux", "arm64")]
    first, second = (
        [one.binary.sha256 for one in build(make_pack(SOURCES["c"], folder), platforms=platforms)]
        for folder in ("one", "another/one")
    )
    assert first == second
