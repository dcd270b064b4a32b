"""What an installer says is shown as it comes, and told when it fails, fit for a terminal and a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.errors import AttuneError
from attune_cli.runtime.base import ignore_progress
from attune_cli.runtime.installers import Step, install


def step(folder: Path, script: str) -> Step:
    """A shell script in the part of the installer."""
    installer = folder / "installer"
    installer.write_text(f"#!/bin/sh\n{script}\n")
    installer.chmod(0o755)
    return Step("the environment", folder / "wanted.txt", (str(installer), "now"), folder, "see to it", {"EXTRA": "1"})


def failure(folder: Path, script: str) -> list[str]:
    with pytest.raises(AttuneError, match="cannot set up the environment") as caught:
        install(step(folder, script), ignore_progress)
    assert caught.value.where == str(folder / "wanted.txt")
    return str(caught.value.why).splitlines()


def test_its_lines_are_progress(tmp_path: Path) -> None:
    seen: list[str] = []
    install(
        step(tmp_path, r"printf 'one\ntwo\r\n\n  thr'; echo error >&2; printf 'ee\rfour\n'; printf $EXTRA"), seen.append
    )
    assert sorted(seen) == sorted(["one", "two", "error", "three", "four"]), "the rest of a line is no line"


def test_its_lines_drive_no_terminal_and_hold_no_password(tmp_path: Path) -> None:
    line = r"\033[31mred\033[0m \007 https://me:hunter2@index.example/simple é\n"
    seen: list[str] = []
    install(step(tmp_path, f"printf '{line}'"), seen.append)
    assert seen == ["red  https://****@index.example/simple é"]
    assert failure(tmp_path, f"printf '{line}' >&2; exit 3") == ["installer exited with 3", seen[0]]


def test_a_long_account_is_told_by_its_ends(tmp_path: Path) -> None:
    told = failure(tmp_path, "i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo line $i >&2; done; echo noise; exit 1")
    assert told[1:] == [*(f"line {number}" for number in (1, 2, 3, 4)), "…", *(f"line {n}" for n in range(45, 51))]


def test_where_it_has_no_complaints_its_output_is_told(tmp_path: Path) -> None:
    assert failure(tmp_path, "echo it is not there; exit 1") == ["installer exited with 1", "it is not there"]


def test_one_that_was_killed(tmp_path: Path) -> None:
    assert failure(tmp_path, "kill -9 $$") == ["installer was ended by SIGKILL"]


def test_one_that_cannot_be_started(tmp_path: Path) -> None:
    broken = Step("it", tmp_path / "wanted.txt", (str(tmp_path / "gone"), "now"), tmp_path, "see to it")
    with pytest.raises(AttuneError, match="cannot set up it") as caught:
        install(broken, ignore_progress)
    assert "gone" in str(caught.value.why)
