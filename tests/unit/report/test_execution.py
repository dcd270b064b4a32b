"""The summary of a run, and the plan of one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from attune_cli.execution.action import ActionRequest, plan
from attune_cli.execution.execution import Execution
from attune_cli.execution.parity import RunWarning
from attune_cli.execution.sources import Sources
from attune_cli.process import Usage
from attune_cli.report.execution import summary_lines
from attune_cli.report.plan import plan_document, plan_lines
from attune_cli.report.style import Style

PLAIN = Style(colour=False)


def execution(**more: Any) -> Execution:
    fields: dict[str, Any] = {
        "action": "core.echo",
        "runtime": "shell",
        "status": "succeeded",
        "exit_code": 0,
        "duration_ms": 1210,
        "usage": Usage(cpu_seconds=0.0123, peak_memory_bytes=10 * 1024 * 1024),
    }
    return Execution(**(fields | more))


def test_success() -> None:
    assert list(summary_lines(execution(), PLAIN)) == [
        "✓ core.echo succeeded  exit 0 · 1.21s · cpu 12ms · memory 10 MiB"
    ]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"status": "failed", "exit_code": 3}, "✗ core.echo failed  exit 3 · "),
        ({"status": "failed", "exit_code": None, "signal": "SIGSEGV"}, "✗ core.echo failed  SIGSEGV · "),
        ({"status": "timed_out", "exit_code": None, "signal": "SIGKILL"}, "✗ core.echo timed out  SIGKILL · "),
        ({"status": "cancelled", "exit_code": None}, "✗ core.echo cancelled  1.21s · "),
        ({"action": "./odd\x1b\nname"}, "✓ ./odd^[ name succeeded  "),
    ],
)
def test_heads(more: dict[str, Any], text: str) -> None:
    assert next(summary_lines(execution(**more), PLAIN)).startswith(text)


def test_what_does_not_fit_stands_below() -> None:
    assert list(summary_lines(execution(), PLAIN, 40)) == [
        "✓ core.echo succeeded",
        "  exit 0 · 1.21s · cpu 12ms · memory 10 MiB",
    ]


def test_a_result_is_one_line_in_a_file_and_spread_where_a_person_looks() -> None:
    done = execution(result={"key": ["value " * 5, "value " * 5], "é": "\x9b"})
    assert list(summary_lines(done, PLAIN))[1:] == [
        f"  result: {json.dumps(done.result, ensure_ascii=False)}".replace("\x9b", "\\x9b")
    ]
    lines = list(summary_lines(done, PLAIN, 60))
    assert lines[2:5] == ["  result:", "    {", '      "key": [']
    assert max(map(len, lines)) <= 60


def test_of_a_long_result_only_the_beginning() -> None:
    lines = list(summary_lines(execution(result=list(range(100))), PLAIN, 60))
    assert len(lines) <= 20
    assert lines[-1] == "    … 90 more lines: --output json shows all"
    (_, line) = summary_lines(execution(result="x" * 100_000), PLAIN)
    assert len(line) < 2100
    assert line.endswith("… (--output json shows all)")


def test_null_is_no_result_and_false_is_one() -> None:
    assert len(list(summary_lines(execution(result=None), PLAIN))) == 1
    assert list(summary_lines(execution(result=False), PLAIN))[1] == "  result: false"


def test_warnings_and_cuts() -> None:
    done = execution(
        stdout_truncated=True,
        stdout_bytes_truncated=2048,
        warnings=(RunWarning("PAR001", "held by \x1b[2J and more " * 3),),
    )
    _, cut, *warning = summary_lines(done, PLAIN, 70)
    lines = list(summary_lines(done, PLAIN))
    assert lines[1] == "  note:   stdout was longer than was kept: 2 KiB more; --max-stdout sets how much is"
    assert lines[2].startswith("  PAR001: held by ^[[2J and more")
    assert cut.startswith("  note:   stdout")
    assert len(warning) >= 2


def test_a_plan() -> None:
    caller = {"HOME": "/home/me", "PASSWORD": "not for the log"}
    sources = Sources(pairs=("text=one\ntwo\x1b",), environ={"T": "hunter22"}, secrets=("token=env:T",))
    planned = plan(ActionRequest(subject="/bin/true", sources=sources, caller=caller, env=("MINE=1",)))
    lines = list(plan_lines(planned, PLAIN))
    assert lines[:3] == ["action   /bin/true", "runtime  native", "argv     /bin/true"]
    assert {"env      ATTUNE_ACTION_TEXT=one", "         two^[", "env      MINE=1"} <= set(lines)
    assert lines[-1] == 'stdin    {"token":"***"}'
    document = plan_document(planned)
    assert document["inherited"] == ["HOME", "PASSWORD"]
    assert "not for the log" not in json.dumps(document) + "\n".join(lines)
    assert "hunter22" not in json.dumps(document) + "\n".join(lines)
