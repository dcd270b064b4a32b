"""Every statement is qualified, bound and used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import attune_cli.database
from attune_cli.database.generation import Generation
from attune_cli.database.queries import _texts, query
from attune_cli.database.runtimes import FIELDS, RUNTIME, seeds
from attune_cli.database.script import script

FOLDER = Path(attune_cli.database.__file__).parent
#: An odd name, so that a place where it is not quoted is found.
SCHEMA = 'odd"schema'
QUOTED = '"odd""schema".'
_FROM = re.compile(r"(?<!DISTINCT )(?:FROM|JOIN|INTO|UPDATE|NULL::)\s*(\S+)")
#: What may stand there beside a table: functions, the rest of DO UPDATE SET, variables of a script.
_OTHER = ("pg_catalog.", "SET", "wanted", "edited")


def test_every_statement_is_used() -> None:
    sources = "".join(path.read_text() for path in FOLDER.glob("*.py"))
    assert len(_texts()) > 15
    assert [name for name in _texts() if f'"{name}"' not in sources] == []


@pytest.mark.parametrize("name", sorted(_texts()))
def test_every_table_is_qualified(name: str) -> None:
    text = query(SCHEMA, name, columns=FIELDS[Generation.FIRST][RUNTIME]).as_string()
    for found in _FROM.findall(text):
        assert found.startswith((QUOTED, *_OTHER))


@pytest.mark.parametrize("name", sorted(_texts()))
def test_every_function_is_qualified(name: str) -> None:
    """But for those that are part of the grammar; an alias has its columns in parentheses."""
    text = query(SCHEMA, name, columns=("name",)).as_string()
    called = re.findall(r"(?<!AS )(?<![\w.\"])([a-z_]\w*)\s?\(", text)
    assert set(called) <= {"coalesce"}


@pytest.mark.parametrize("generation", Generation)
def test_a_script_stays_within_its_quotes(generation: Generation) -> None:
    text = script(seeds(generation), generation, "a'b $attune$\n\\! touch x")
    head, *rest = text.split("\n", 1)
    assert "\n" not in head
    assert "\\n" in head
    assert re.search(r"^DO \$attune_\$$", rest[0], re.MULTILINE)
    assert rest[0].count("$attune_$") == 2
