"""Compilers are found where they are, and nothing is started to find them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from attune_cli.binary.model import Platform
from attune_cli.build import toolchains
from attune_cli.build.environment import compiler_environment
from attune_cli.build.platforms import NAMES, executable_name, parse_platforms
from attune_cli.build.versions import numbers, remembered
from attune_cli.errors import AttuneError, UsageError
from attune_cli.paths import cache_dir


def program(path: Path, text: str = "exit 0") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of PATH."""
    (tmp_path / "tools").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    return tmp_path / "tools"


def test_the_wheels_programs_are_started_themselves() -> None:
    go, zig = toolchains.wheel_go(), toolchains.zig()
    assert go is not None
    assert zig is not None
    for found in (go, zig):
        # Not the scripts that pip leaves in bin: those need Python's environment.
        with open(found.argv[0], "rb") as file:
            assert file.read(2) != b"#!"
    assert numbers(go.version()) >= (1, 25)
    assert numbers(zig.version()) >= (0, 16)
    assert toolchains.zig_cc(zig, "-target", "x").argv == (*zig.argv, "cc", "-target", "x")


def test_what_lies_in_the_current_folder_is_no_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "go/bin/go")
    (tmp_path / "go/__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", ["", str(tmp_path), *sys.path])
    found = toolchains.wheel_go()
    assert found is not None
    assert not found.argv[0].startswith(str(tmp_path))


def test_the_scripts_of_attunes_own_environment_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "venv"
    program(own / "bin/go")
    monkeypatch.setattr("sys.prefix", str(own))
    monkeypatch.setenv("PATH", f"{own}/bin")
    assert list(toolchains.system_go()) == []


def test_the_c_compiler_is_what_cc_says(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert toolchains.system_cc() is None
    cc = program(tools / "cc")
    found = toolchains.system_cc()
    assert found is not None
    assert found.argv == (str(cc),)
    clang = program(tools / "clang")
    monkeypatch.setenv("CC", "clang -m32")
    found = toolchains.system_cc()
    assert found is not None
    assert found.argv == (str(clang), "-m32")
    monkeypatch.setenv("CC", "nowhere")
    assert toolchains.system_cc() is None


def test_another_file_is_another_compiler(tools: Path) -> None:
    cc = program(tools / "cc")
    first, again = toolchains.system_cc(), toolchains.system_cc()
    program(cc, "exit 00")
    second = toolchains.system_cc()
    assert first is not None
    assert again is not None
    assert second is not None
    assert first.identity == again.identity != second.identity


def test_rustups_choice_is_part_of_what_cargo_is(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tools / "cargo")
    monkeypatch.setenv("RUSTUP_HOME", str(tmp_path))
    identities = []
    for chosen in ("stable", "nightly"):
        (tmp_path / "settings.toml").write_text(chosen)
        found = toolchains.cargo()
        assert found is not None
        identities.append(found.identity)
    assert identities[0] != identities[1]


def test_caches_are_attunes_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOCACHE", "GOPATH", "ZIG_GLOBAL_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    cache = str(cache_dir() / "toolchains")
    assert toolchains.go_variables() == {
        "GOTOOLCHAIN": "local",
        "GOCACHE": f"{cache}/go/build",
        "GOPATH": f"{cache}/go/path",
    }
    assert toolchains.zig_variables()["ZIG_GLOBAL_CACHE_DIR"] == f"{cache}/zig"
    monkeypatch.setenv("GOCACHE", "/mine")
    monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", "/zigs")
    assert "GOCACHE" not in toolchains.go_variables()
    assert toolchains.zig_variables() == {"ZIG_GLOBAL_CACHE_DIR": "/zigs", "ZIG_LOCAL_CACHE_DIR": "/zigs/local"}


def test_what_would_lead_a_compiler_astray_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOFLAGS", "GOROOT", "CGO_CFLAGS", "CFLAGS", "RUSTFLAGS", "MAKEFLAGS", "CARGO_PROFILE_RELEASE_DEBUG"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("GOPROXY", "https://proxy.example")
    env = compiler_environment({"GOOS": "linux"})
    assert {name for name, value in env.items() if value == "x"} == set()
    assert (env["GOPROXY"], env["GOOS"], env["SOURCE_DATE_EPOCH"]) == ("https://proxy.example", "linux", "0")
    assert env["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("cc (Debian 12.2.0-14+deb12u1) 12.2.0", "12.2.0"),
        ("Debian clang version 14.0.6", "14.0.6"),
        ("Apple clang version 15.0.0 (clang-1500.3.9.4)", "15.0.0"),
        ("gcc (GCC) 13.2.1 20230801", "13.2.1"),
        ("go version go1.27.3 linux/amd64", "1.27.3"),
        ("go version devel go1.28-abc Mon", "1.28-abc"),
        ("cargo 1.95.0 (f2d3ce0bd 2026-03-21)", "1.95.0"),
        ("GNU Make 4.3", "4.3"),
        ("0.17.0-dev.1+abc", "0.17.0-dev.1+abc"),
        ("mine", "mine"),
    ],
)
def test_a_version_is_found_in_what_is_said(tools: Path, said: str, version: str) -> None:
    asked = program(tools / "cc", f"echo '{said}'")
    assert remembered("x", (str(asked),), {}) == version


def test_a_version_is_asked_for_once(tools: Path, tmp_path: Path) -> None:
    asked = program(tools / "cc", f"echo >>{tmp_path}/log; echo 1.2")
    assert [remembered("x", (str(asked),), {}) for _ in range(3)] == ["1.2"] * 3
    assert (tmp_path / "log").read_text() == "\n"
    assert remembered("y", (str(asked),), {}) == "1.2"
    assert (tmp_path / "log").read_text() == "\n\n"


@pytest.mark.parametrize("content", ["", "[1]", "\0", '{"x": '])
def test_a_broken_memory_is_none(tools: Path, content: str) -> None:
    asked = program(tools / "cc", "echo 1.2")
    file = cache_dir() / "build/versions.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert remembered("x", (str(asked),), {}) == "1.2"


def test_a_compiler_that_does_not_tell(tools: Path) -> None:
    asked = program(tools / "cc", "echo broken >&2; exit 1")
    with pytest.raises(AttuneError, match="does not tell its version") as caught:
        remembered("x", (str(asked),), {})
    assert caught.value.why == "broken"
    with pytest.raises(AttuneError, match="cannot be started"):
        remembered("x", (str(tools / "gone"),), {})


@pytest.mark.parametrize(("text", "found"), [("1.22.3", (1, 22, 3)), ("1.27rc1", (1, 27)), ("devel", ()), ("", ())])
def test_numbers(text: str, found: tuple[int, ...]) -> None:
    assert numbers(text) == found


def test_platforms() -> None:
    words = ("linux/amd64", "macos/aarch64", "darwin/arm64")
    assert parse_platforms(words) == (Platform("linux", "amd64"), Platform("darwin", "arm64"))
    assert {Platform.parse(name) for name in ("linux/arm64", "windows/amd64")} <= NAMES.keys()
    assert executable_name("x", Platform("windows", "amd64")) == "x.exe"
    assert executable_name("x", Platform("linux", "amd64")) == "x"


@pytest.mark.parametrize(
    ("word", "cure"),
    [("linux/arm46", "did you mean linux/arm64?"), ("plan/nine", "platforms: linux/amd64, "), ("", "platforms: ")],
)
def test_platforms_that_are_none(word: str, cure: str) -> None:
    with pytest.raises(UsageError, match="attune does not build for") as caught:
        parse_platforms((word,))
    assert str(caught.value.help).startswith(cure)
