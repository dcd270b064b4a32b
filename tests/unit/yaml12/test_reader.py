"""What `parse` promises beside its result."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from attune_cli.diagnostics import Position
from attune_cli.yaml12 import codes, parse
from attune_cli.yaml12.collector import CollectorPaused

TEXTS = {"good": b"a: 1\n", "broken": b"a: [\n", "too deep": b"[" * 500, "not UTF-8": b"a: \xff\n"}


@pytest.fixture(autouse=True)
def collector_as_before() -> Iterator[None]:
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("running", [True, False])
def test_the_collector_runs_afterwards_as_it_did_before(*, text: bytes, running: bool) -> None:
    (gc.enable if running else gc.disable)()
    parse(text, "FILE")
    assert gc.isenabled() is running


def test_the_collector_runs_again_after_an_exception() -> None:
    gc.enable()
    seen = []
    with suppress(KeyError), CollectorPaused():
        seen.append(gc.isenabled())
        raise KeyError
    assert [*seen, gc.isenabled()] == [False, True]


def test_findings_name_the_path_as_given() -> None:
    (finding,) = parse(b"a: @b\n", "./packs/../x.yaml").diagnostics
    assert finding.where == "./packs/../x.yaml:1:4"


def test_a_tag_that_spells_no_character_is_a_finding() -> None:
    (finding,) = parse(b"a: 1\nb: !%ED%A0%80 x\n", "FILE").diagnostics
    assert (finding.code, finding.start) == (codes.SYNTAX, Position(2, 2))


def test_yaml_is_not_imported_before_something_is_parsed() -> None:
    program = """
import sys, attune_cli.yaml12
assert "yaml" not in sys.modules
attune_cli.yaml12.parse(b"a: 1", "FILE")
assert "yaml._yaml" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
