"""What an action sees in its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.errors import UsageError
from attune_cli.execution.environment import assigned, base_environment, contract_variables, new_exec_id

CALLER = {
    "PATH": "/bin",
    "HOME": "/home/me",
    "EDITOR": "vi",
    "ATTUNE_PACKS_DIR": "/packs",
    "ATTUNE_ACTION_MESSAGE": "of an outer run",
    "ATTUNE_EXEC_ID": "1",
    "ATTUNE_API_URL": "http://localhost",
    "ATTUNE_API_TOKEN": "token",
    "TZ": "UTC",
}


def test_the_callers_without_its_own_attune_variables() -> None:
    assert set(base_environment(CALLER)) == {"PATH", "HOME", "EDITOR", "TZ", "ATTUNE_API_URL", "ATTUNE_API_TOKEN"}


def test_a_clean_one() -> None:
    assert set(base_environment(CALLER, clean=True)) == {"PATH", "HOME", "TZ", "ATTUNE_API_URL", "ATTUNE_API_TOKEN"}


def test_the_contract() -> None:
    assert contract_variables("demo.x", "demo", 7, Path("/tmp/a")) == {
        "ATTUNE_ACTION": "demo.x",
        "ATTUNE_PACK_REF": "demo",
        "ATTUNE_EXEC_ID": "7",
        "ATTUNE_ARTIFACTS_DIR": "/tmp/a",
    }
    assert set(contract_variables(None, None, 7, Path("/tmp/a"))) == {"ATTUNE_EXEC_ID", "ATTUNE_ARTIFACTS_DIR"}


def test_the_ids_of_runs() -> None:
    ids = {new_exec_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(0 < number < 2**53 for number in ids)


def test_assignments(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text(
        "# a comment\nA=1\nexport B='two words'\nC=\"line\\nbreak\"\nD=$HOME/${EDITOR}\nE=\nEDITOR\nF=x # comment\n"
    )
    assert assigned(["A=2", "G=a=b", "HOME", "EMPTY="], [str(file)], CALLER) == {
        "A": "2",
        "B": "two words",
        "C": "line\nbreak",
        # Taken literally: what a file says does not depend on who reads it.
        "D": "$HOME/${EDITOR}",
        "E": "",
        "EDITOR": "vi",
        "F": "x",
        "G": "a=b",
        "HOME": "/home/me",
        "EMPTY": "",
    }


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("=x", "has no name"),
        ("MISSING", "is not set"),
        ("ATTUNE_EXEC_ID=5", "cannot be set"),
        ("A=hunter22\0", "NUL byte"),
    ],
)
def test_assignments_that_are_refused(pair: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        assigned([pair], [], CALLER)
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "where"),
    [(b"A=1\nB='x\n", "env:2"), (b"A=1\n\nATTUNE_EXEC_ID=5\n", "env:2"), (b"MISSING\n", "env:1"), (b"A=\xff\n", "env")],
)
def test_lines_that_are_refused_say_where(text: bytes, where: str, tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_bytes(text)
    with pytest.raises(UsageError) as caught:
        assigned([], [str(file)], CALLER)
    assert caught.value.where == str(tmp_path / where)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="none cannot be read"):
        assigned([], ["none"], CALLER)
