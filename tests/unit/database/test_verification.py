"""Patterns against real commands: scripts on a PATH of the test's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attune_cli.database.plan import State, Step
from attune_cli.database.runtimes import RUNTIME, VERSION, Key
from attune_cli.database.verification import Trial, Verdict, try_patterns


@pytest.fixture(autouse=True)
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = {
        "deno": "echo deno 2.1.4; echo v8 12.9",
        "javac": "echo javac 21.0.2 >&2",
        "shim": "echo shim: deno2: command not found >&2; exit 127",
        "broken": "echo no developer tools; exit 1",
        "silent": "exit 0",
        "dying": "kill -KILL $$",
    }
    for name, text in scripts.items():
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\n{text}\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


def command(binary: str, pattern: str, **more: Any) -> dict[str, Any]:
    return {"binary": binary, "args": ["--version"], "exit_code": 0, "pattern": pattern, **more}


def trials(*commands: dict[str, Any], version: str = "") -> tuple[Trial, ...]:
    key = Key(VERSION, "demo.deno", version) if version else Key(RUNTIME, "demo.deno")
    return try_patterns([Step(key, State.CREATE, (), {"distributions": {"verification": {"commands": [*commands]}}})])


def verdict(binary: str, pattern: str, *, version: str = "", **more: Any) -> Verdict:
    (trial,) = trials(command(binary, pattern, **more), version=version)
    return trial.verdict


def test_a_pattern_that_fits() -> None:
    (trial,) = trials(command("deno", r"deno \d+\."))
    assert (trial.verdict, trial.answer, trial.why) == (Verdict.MATCHED, "deno 2.1.4", None)
    assert trial.command == ("deno", "--version")


def test_an_answer_on_standard_error_counts() -> None:
    assert verdict("javac", r"javac \d+") is Verdict.MATCHED


def test_a_pattern_with_a_slip_of_the_pen() -> None:
    (trial,) = trials(command("deno", r"demo \d+\."))
    assert trial.verdict is Verdict.WRONG
    assert (trial.answer, trial.why) == ("deno 2.1.4", "the pattern does not match what it says")


def test_a_command_that_says_nothing() -> None:
    assert verdict("silent", r"\d") is Verdict.WRONG


def test_what_is_no_regular_expression_is_wrong_even_where_nothing_is_installed() -> None:
    (trial,) = trials(command("nowhere", "("))
    assert trial.verdict is Verdict.WRONG
    assert trial.why is not None
    assert trial.why.startswith("the pattern is no regular expression: ")


@pytest.mark.parametrize("binary", ["nowhere", "shim"])
def test_what_is_not_installed_is_no_mistake(binary: str) -> None:
    """A version manager's stand-in for it neither."""
    assert verdict(binary, "x") is Verdict.ABSENT


@pytest.mark.parametrize("binary", ["broken", "dying"])
def test_what_does_not_work_here_says_nothing_of_the_pattern(binary: str) -> None:
    assert verdict(binary, "x") is Verdict.FAILED


def test_an_exit_code_that_a_working_command_has_not() -> None:
    assert verdict("deno", "deno", exit_code=2) is Verdict.WRONG


def test_another_version_is_no_mistake_and_the_same_one_is() -> None:
    assert verdict("deno", r"deno 1\.46\.", version="1.46") is Verdict.OTHER
    assert verdict("deno", r"deno 2\.11\.", version="2.1") is Verdict.WRONG
    assert verdict("deno", r"deno 2\.1\.", version="2.1") is Verdict.MATCHED
    # 12.9 is another version than 2.9, and 2.1.4 than 2.
    assert verdict("deno", r"deno 2\.9\.", version="2.9") is Verdict.OTHER


def test_one_command_of_a_row_that_fits_is_enough() -> None:
    found = trials(command("javac", "deno"), command("deno", "deno"))
    assert [trial.verdict for trial in found] == [Verdict.OTHER, Verdict.MATCHED]


def test_a_pattern_that_is_none_is_wrong_beside_one_that_fits() -> None:
    found = trials(command("javac", "("), command("deno", "deno"))
    assert [trial.verdict for trial in found] == [Verdict.WRONG, Verdict.MATCHED]


@pytest.mark.parametrize("odd", [None, [], "native", {"verification": None}, {"verification": {"commands": "x"}}])
def test_distributions_without_commands(odd: object) -> None:
    assert try_patterns([Step(Key(RUNTIME, "demo.deno"), State.CREATE, (), {"distributions": odd})]) == ()


def test_commands_without_a_pattern_are_not_started() -> None:
    assert trials({"binary": "broken", "args": []}, {"pattern": "x"}) == ()
