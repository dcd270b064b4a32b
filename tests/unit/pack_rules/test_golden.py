"""Each folder in `tests/golden/validate/{ok,err}` is a pack, with all findings on it in the `.out` beside it.

The folder's name is the verdict: in `ok` there is nothing to find. `UPDATE_GOLDEN=1` writes the expected
output anew: read the difference before you keep it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attune_cli.diagnostics import Diagnostic
from attune_cli.pack.catalogue import RULES
from tests.unit.pack_rules.packs import judged

GOLDEN = Path(__file__).parents[2] / "golden" / "validate"
CASES = sorted(case for case in GOLDEN.glob("*/*") if case.is_dir())

#: Tried in tests of their own: files that cannot be read, what the YAML reader says, and what only other commands
#: find, of executables and of events.
ELSEWHERE = {"ATN020", *(code for code in RULES if code < "ATN020" or code >= "ATN100")}


def rendered(finding: Diagnostic) -> str:
    line = f"{finding.where}-{finding.end} {finding.severity} {finding.code} {finding.message}\n"
    return line + (f"    {finding.help}\n" if finding.help else "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_case(case: Path) -> None:
    output = "".join(rendered(finding) for finding in judged(case, case.name))
    expected = case.with_suffix(".out")
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(output, encoding="utf-8")
    assert output == expected.read_text(encoding="utf-8")
    assert bool(output) == (case.parent.name == "err")


def test_every_rule_has_a_case() -> None:
    outputs = "".join(out.read_text(encoding="utf-8") for out in GOLDEN.glob("err/*.out"))
    assert {code for code in RULES if f" {code} " not in outputs} <= ELSEWHERE
