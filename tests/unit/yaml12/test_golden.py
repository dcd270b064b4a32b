"""Each file in `tests/golden/yaml12/{ok,err}` is a case; the folder's name is the verdict.

`UPDATE_GOLDEN=1` writes the expected output anew: read the difference before you keep it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from attune_cli.diagnostics import Severity
from attune_cli.yaml12 import codes, parse
from tests.unit.yaml12.render import render

GOLDEN = Path(__file__).parents[2] / "golden" / "yaml12"
CASES = sorted(GOLDEN.glob("*/*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_case(case: Path) -> None:
    text = case.read_bytes()
    rendered = render(text)
    if os.environ.get("UPDATE_GOLDEN"):
        case.with_suffix(".out").write_text(rendered, encoding="utf-8", newline="")
    assert rendered == case.with_suffix(".out").read_text(encoding="utf-8")
    worst = max((finding.severity for finding in parse(text, "FILE").diagnostics), default=Severity.INFO)
    assert (worst is Severity.ERROR) == (case.parent.name == "err")


def test_every_code_has_a_case() -> None:
    outputs = "".join(out.read_text(encoding="utf-8") for out in GOLDEN.glob("*/*.out"))
    assert {code for code in codes.TITLES if code not in outputs} == {
        codes.MORE_FINDINGS
    }  # a file of its own would be large


def test_without_libyaml_the_results_are_the_same() -> None:
    program = [sys.executable, "-m", "tests.unit.yaml12.render", "--pure", *map(str, CASES)]
    done = subprocess.run(program, capture_output=True, check=True, cwd=Path(__file__).parents[3])
    rendered = json.loads(done.stdout)
    expected = {str(case): case.with_suffix(".out").read_text(encoding="utf-8") for case in CASES}
    for case in sorted(expected):
        assert _as_told_by_both(case, rendered[case]) == _as_told_by_both(case, expected[case])


def _as_told_by_both(case: str, output: str) -> str:
    """Inside a malformed escape the two parsers stop at different columns."""
    return re.sub(r"^(\d+):\d+-(\d+):\d+", r"\1-\2", output) if Path(case).stem.endswith("_escape") else output
