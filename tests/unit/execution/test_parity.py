"""What is said of a run: a pure function of what is known about it."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attune_cli.execution.parity import PIPE_SIZE, RULES, Facts, judge
from attune_cli.pack.model import Action
from attune_cli.pack.parameter_schema import NO_PARAMETERS
from attune_cli.process import Capture, Holder, Member, Outcome, Usage

ACTION = Action(
    ref="demo.x",
    pack_ref="demo",
    path=Path("/packs/demo/actions/x.yaml"),
    pack_root=Path("/packs/demo"),
    label="X",
    description="",
    enabled=True,
    runner_type="shell",
    runtime_version=None,
    entry_point="x.sh",
    entry_path=Path("/packs/demo/actions/x.sh"),
    delivery="stdin",
    delivery_declared=True,
    format="json",
    output_format="json",
    output_key="output",
    parameters=NO_PARAMETERS,
)


def capture(stream: str, total: int = 0) -> Capture:
    return Capture(stream, bytearray(total), total)


OUTCOME = Outcome(
    pid=10,
    exit_code=0,
    signal=None,
    timed_out=False,
    cancelled=False,
    stdout=capture("stdout"),
    stderr=capture("stderr"),
    duration=0.1,
    usage=Usage(),
)
CLEAN = Facts(action=ACTION, outcome=OUTCOME)


def facts(**changes: Any) -> Facts:
    return CLEAN._replace(**changes)


def outcome(**changes: Any) -> Facts:
    return facts(outcome=replace(OUTCOME, **changes))


def action(**changes: Any) -> Facts:
    return facts(action=replace(ACTION, **changes))


SLEEP = Member(11, 1, "sleep")

WARNED = [
    (
        "PAR001",
        outcome(holders=(Holder(11, "sleep", ("stderr", "stdout")),)),
        "sleep (pid 11) still held its stderr, stdout open",
    ),
    ("PAR002", outcome(timed_out=True, exit_code=None, signal=signal.SIGKILL), "would not have stopped this action"),
    ("PAR003", outcome(leftovers=(SLEEP,)), "sleep (pid 11) outlived the action"),
    (
        "PAR003",
        outcome(timed_out=True, tree=(Member(10, 1, "x.sh"), SLEEP)),
        "only the process it started: sleep (pid 11) would",
    ),
    (
        "PAR004",
        facts(stdin_bytes=PIPE_SIZE + 1, outcome=replace(OUTCOME, stderr=capture("stderr", PIPE_SIZE + 1))),
        "65537 bytes",
    ),
    ("PAR005", facts(result_problem="stdout is no JSON: why"), "stdout is no JSON: why"),
    ("PAR006", action(output_key="output_schema"), "does not read `output_schema`: write `output`"),
    ("PAR006", action(output_key="result_schema"), "does not read `result_schema`"),
    ("PAR007", facts(api_missing=("ATTUNE_API_URL", "ATTUNE_API_TOKEN")), "ATTUNE_API_URL, ATTUNE_API_TOKEN"),
    ("PAR008", facts(too_short=("pin",)), "pin"),
    ("PAR009", action(timeout=30.0), "`timeout: 30`"),
    ("PAR010", action(enabled=False), "disabled"),
    ("PAR011", facts(undeclared=("api_key",)), "api_key"),
    ("PAR012", facts(exposed=("password",)), "password; use --secret"),
    ("PAR013", facts(unreadable=("dry-run",)), "dry-run"),
    ("PAR014", facts(artifacts=Path("/tmp/a")), "/tmp/a"),
    ("PAR015", outcome(survivors=(SLEEP,)), "sleep (pid 11) could not be killed"),
    ("PAR016", facts(api_problems=("it called GET /x", "an event was refused")), "GET /x; an event was refused"),
    (
        "PAR017",
        facts(flaws=("needs libx.so (install it)", "ends early")),
        "the program needs libx.so (install it); it ends",
    ),
]


@pytest.mark.parametrize(("code", "known", "part"), WARNED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_warned_of(code: str, known: Facts, part: str) -> None:
    found = {warning.code: warning.message for warning in judge(known)}
    assert part in found.pop(code)
    # A run that timed out has more than one thing to be said of it.
    assert set(found) <= {"PAR002"}


@pytest.mark.parametrize(
    "known",
    [
        CLEAN,
        Facts(),
        Facts(action=ACTION),
        facts(action=None),
        facts(stdin_bytes=PIPE_SIZE, outcome=replace(OUTCOME, stdout=capture("stdout", 10**6))),
        facts(stdin_bytes=10**6, outcome=replace(OUTCOME, stdout=capture("stdout", PIPE_SIZE))),
        # The first generation reads that key.
        action(output_key="output_schema", delivery_declared=False, delivery="env"),
        action(output_key=None),
        # --timeout was given: what is in the file does not matter.
        action(timeout=30.0)._replace(timeout=5.0),
        outcome(exit_code=None, signal=signal.SIGKILL, tree=(Member(10, 1, "x.sh"), SLEEP)),
    ],
)
def test_what_nothing_is_said_of(known: Facts) -> None:
    assert judge(known) == ()


def test_every_rule_has_a_case_a_code_of_its_own_and_a_title() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert {case[0] for case in WARNED} == set(codes)
    assert all(rule.title and rule.title[0].islower() for rule in RULES)


def test_warnings_come_in_order_of_their_codes() -> None:
    known = facts(artifacts=Path("/tmp/a"), too_short=("a",), api_missing=("ATTUNE_API_URL",))
    assert [warning.code for warning in judge(known)] == ["PAR007", "PAR008", "PAR014"]
    assert judge(known)[0].to_document()["code"] == "PAR007"
