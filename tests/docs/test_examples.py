"""Every example in the documentation does what it says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, Section, sections
from tests.docs.sessions import matches, play

ALL = [section for page in PAGES for section in sections(page)]


def having(language: str) -> list[Section]:
    """The sections with a block of that language."""
    return [section for section in ALL if any(block.language == language for block in section.blocks)]


@pytest.mark.timeout(300)  # a C compiler from a wheel takes its time, the first time
@pytest.mark.parametrize("section", having("console"), ids=str)
def test_console(section: Section, desk: Path, environment: dict[str, str]) -> None:
    if wrong := play(section, desk, environment):
        pytest.fail("\n\n".join(wrong))


@pytest.mark.parametrize("section", having("pycon"), ids=str)
def test_python(section: Section) -> None:
    for block in section.blocks:
        if block.language == "pycon":
            example = doctest.DocTestParser().get_doctest(block.text, {}, str(section), None, block.line)
            assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example) == (0, len(example.examples))


def test_there_is_something_to_run() -> None:
    assert {section.page for section in having("console")} == set(PAGES)


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ("", ""),
        ("one\n...\nthree", "one\nthree\n"),
        ("one\n...\nfour", "one\ntwo\nthree\nfour\n"),
        ("in 12ms, cpu ...", "in 12ms, cpu 3ms   \n"),
        ("...", ""),
    ],
)
def test_what_matches(expected: str, shown: str) -> None:
    assert matches(expected, shown)


@pytest.mark.parametrize(
    ("expected", "shown"), [("", "x\n"), ("one", "one two\n"), ("a...b", "a\nb\n"), ("one\n...", "two\n"), ("x", "")]
)
def test_what_does_not(expected: str, shown: str) -> None:
    assert not matches(expected, shown)
