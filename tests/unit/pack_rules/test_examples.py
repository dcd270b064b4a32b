"""Every rule's good example is without its finding, and every bad one has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.diagnostics import Rule
from attune_cli.pack.catalogue import RULES as ALL_RULES
from tests.unit.pack_rules.packs import judged, write_pack

#: The codes from here on are not about a pack's files: what finds them has tests of its own.
RULES = {code: rule for code, rule in ALL_RULES.items() if code < "ATN100"}

#: What no text can show, or only one that nobody wants to read.
WITHOUT_EXAMPLES = {
    *("ATN003", "ATN004", "ATN013", "ATN014", "ATN015", "ATN018"),
    "ATN020",  # a file that cannot be read
    "ATN048",  # carriage returns are not seen
}


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.good], ids=lambda rule: rule.code)
def test_good(rule: Rule, tmp_path: Path) -> None:
    found = judged(write_pack(tmp_path, rule.good))
    assert rule.code not in {finding.code for finding in found}


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.bad], ids=lambda rule: rule.code)
def test_bad(rule: Rule, tmp_path: Path) -> None:
    found = [finding for finding in judged(write_pack(tmp_path, rule.bad)) if finding.code == rule.code]
    assert found
    assert {finding.severity for finding in found} == {rule.severity}


def test_all_but_a_few_have_both() -> None:
    assert {rule.code for rule in RULES.values() if not rule.good or not rule.bad} == WITHOUT_EXAMPLES


def test_a_good_example_has_no_error_of_another_rule_about_what_it_shows(tmp_path: Path) -> None:
    """Not to teach one mistake with another: no good example holds YAML that cannot be read."""
    for rule in RULES.values():
        if rule.good:
            folder = tmp_path / rule.code
            folder.mkdir()
            assert not {finding.code for finding in judged(write_pack(folder, rule.good)) if finding.code < "ATN020"}
