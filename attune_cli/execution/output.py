"""The result of an action, read from what it wrote to standard output."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from attune_cli.execution.strict_json import MAX_DEPTH, depth, loads


class Reading(NamedTuple):
    """result: JSON data, secrets in the clear; None: there is none, or null.

    problem: why there is no result although one was promised, or what of it was lost.
    """

    result: object = None
    problem: str | None = None

    def __repr__(self) -> str:
        return f"Reading(…, problem={self.problem!r})"


def read_result(stdout: bytes, output_format: str | None, *, truncated: bool = False) -> Reading:
    """Read the result of an action that exited with 0. Never raises.

    output_format: text, json, yaml or jsonl; None: not declared, then it is the whole of stdout,
    if that is JSON.
    """
    if output_format == "text":
        return Reading()
    if truncated:
        # What is left of a document is another document, or none.
        return Reading(problem="stdout was cut, so no result was read from it")
    text = stdout.decode("utf-8", "replace")
    return _READERS[output_format](text)


def _undeclared(text: str) -> Reading:
    try:
        return Reading(loads(text))
    except ValueError:
        return Reading()


def _json(text: str) -> Reading:
    """The whole, else the last line that is not empty: programs log before they answer."""
    try:
        return Reading(loads(text))
    except ValueError as error:
        problem = str(error)
    lines = text.strip().rsplit("\n", 1)
    if not lines[-1]:
        return Reading(problem="stdout is empty, and no JSON")
    try:
        return Reading(loads(lines[-1]))
    except ValueError:
        return Reading(problem=f"stdout is no JSON: {problem}")


def _jsonl(text: str) -> Reading:
    records: list[object] = []
    lost: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                records.append(loads(line))
            except ValueError:
                lost.append(number)
    if not lost:
        return Reading(records)
    lines = f"line {lost[0]} of stdout is" if len(lost) == 1 else f"{len(lost)} lines of stdout (first: {lost[0]}) are"
    return Reading(records, f"{lines} no JSON and not in the result")


def _yaml(text: str) -> Reading:
    from attune_cli.diagnostics import Severity
    from attune_cli.yaml12 import parse, to_data

    document = parse(text.encode(), "stdout")
    errors = sorted(finding for finding in document.diagnostics if finding.severity >= Severity.ERROR)
    if errors:
        return Reading(problem=f"stdout is no YAML: {errors[0].message} (line {errors[0].start.line})")
    data = to_data(document.root)
    if depth(data) > MAX_DEPTH or _has_non_finite(data):
        return Reading(problem="stdout is YAML that JSON cannot write")
    return Reading(data)


def _has_non_finite(data: object) -> bool:
    if isinstance(data, dict | list):
        return any(map(_has_non_finite, data.values() if isinstance(data, dict) else data))
    return isinstance(data, float) and not math.isfinite(data)


_READERS: dict[str | None, Callable[[str], Reading]] = {
    None: _undeclared,
    "json": _json,
    "jsonl": _jsonl,
    "yaml": _yaml,
}
