"""Codes are stable, texts are whole, and the page about them is the one that is generated."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from attune_cli.diagnostics import Rule, Severity
from attune_cli.pack.catalogue import RULES, as_markdown
from attune_cli.pack.rules import outside
from attune_cli.pack.rules.all import ALL
from attune_cli.yaml12 import codes

ROOT = Path(__file__).parents[3]

#: A code that is in this list stays in it: people have written it into their packs.
CODES = [
    *(f"ATN{number:03}" for number in range(1, 19)),
    *(f"ATN{number:03}" for number in range(20, 81)),
    *(f"ATN{number:03}" for number in range(100, 126)),
    *(f"ATN{number:03}" for number in range(140, 151)),
    *(f"ATN{number:03}" for number in range(155, 158)),
]


def test_codes() -> None:
    assert list(RULES) == CODES
    assert all(code == rule.code for code, rule in RULES.items())


def test_names_are_unique_words_with_hyphens() -> None:
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_texts(rule: Rule) -> None:
    assert rule.title[0].islower() or rule.title[0] == "`"
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert len(rule.why.split()) > 10
    assert "  " not in rule.why
    assert all(text == "" or text.endswith("\n") for text in (rule.good, rule.bad))


def test_every_code_of_the_yaml_reader_has_its_severity() -> None:
    assert set(codes.TITLES) == {code for code in RULES if code < "ATN020"}
    warnings = {codes.KEY_NOT_TEXT, codes.YAML_1_1, codes.MORE_FINDINGS}
    assert {code for code in codes.TITLES if RULES[code].severity is Severity.WARNING} == warnings


def test_every_module_of_the_folder_is_listed_or_has_no_rule() -> None:
    folder = ROOT / "attune_cli" / "pack" / "rules"
    declares = re.compile(r"^RULES?: Final", re.MULTILINE)
    with_rules = {path.stem for path in folder.glob("*.py") if declares.search(path.read_text(encoding="utf-8"))}
    assert with_rules == {module.__name__.rpartition(".")[2] for module in ALL}


def test_every_module_keeps_to_the_protocol() -> None:
    for module in ALL:
        assert hasattr(module, "RULE") != hasattr(module, "RULES")
        assert hasattr(module, "KINDS") == hasattr(module, "check")
        assert hasattr(module, "check") or hasattr(module, "check_pack")


def test_the_page_is_up_to_date() -> None:
    page = ROOT / "docs" / "rules.md"
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(as_markdown(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == as_markdown()


def test_what_looks_outside_of_the_pack_is_listed() -> None:
    assert {module for module in ALL if hasattr(module, "outside")} == set(outside.MODULES)
