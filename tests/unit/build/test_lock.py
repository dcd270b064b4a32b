"""The lock file: written, read back, and refused when it is not as it was written."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import pytest

from attune_cli.build.lock import LOCK_FILE, Lock, LockedBinary, read_lock, write_lock
from attune_cli.errors import AttuneError

ONE = LockedBinary(
    name="tool",
    platform="linux/amd64",
    version="1.0.0",
    path="actions/tool",
    sha256="0" * 64,
    size=5,
    build_id="ab",
    toolchain="zig cc",
    toolchain_version="0.17.1",
    source_digest="1" * 64,
)
OTHER = replace(ONE, name="a", path="sensors/a", build_id=None)


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_lock(tmp_path, Lock().merged([ONE, OTHER]))
    lock = read_lock(tmp_path)
    assert lock.entries == (OTHER, ONE)
    lines = (tmp_path / LOCK_FILE).read_text().splitlines()
    assert [lines[line - 1] for line in lock.lines] == ["[[binary]]", "[[binary]]"]
    assert lines[lock.lines[1]] == 'name = "tool"'
    assert tomllib.loads((tmp_path / LOCK_FILE).read_text())["binary"][1]["size"] == 5


def test_there_is_none(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == Lock()


def test_a_file_has_one_entry() -> None:
    newer = replace(ONE, platform="darwin/arm64", size=6)
    assert Lock().merged([ONE, OTHER]).merged([newer]).entries == (OTHER, newer)


def test_nothing_is_written_that_is_there(tmp_path: Path) -> None:
    write_lock(tmp_path, Lock((ONE,)))
    before = (tmp_path / LOCK_FILE).stat()
    write_lock(tmp_path, Lock((ONE,)))
    assert (tmp_path / LOCK_FILE).stat() == before


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r"))


@hypothesis.given(name=TEXT, version=TEXT, path=TEXT)
def test_whatever_stands_in_it(tmp_path_factory: pytest.TempPathFactory, name: str, version: str, path: str) -> None:
    folder = tmp_path_factory.mktemp("pack")
    entry = replace(ONE, name=name, version=version, path=path)
    write_lock(folder, Lock((entry,)))
    assert read_lock(folder).entries == (entry,)


GOOD = 'format = 1\n[[binary]]\nname = "x"\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("format = \n", 1, "Invalid value"),
        ("format = 1\n\n<<<<<<< HEAD\n", 3, "Invalid"),
        ("format = 2\n", 1, "its format is 2; this attune knows 1"),
        ("", 1, "its format is not said"),
        ("format = 1\nbinary = 3\n", 1, "tables are expected"),
        ("format = 1\nbinary = [3]\n", 1, "tables are expected"),
        (GOOD, 2, "`platform` is missing or of the wrong kind"),
        (f"# x\n{GOOD}", 3, "`platform` is missing or of the wrong kind"),
        ("\udcff", 1, "it is not UTF-8"),
    ],
)
def test_what_attune_has_not_written(tmp_path: Path, text: str, line: int, said: str) -> None:
    (tmp_path / LOCK_FILE).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(AttuneError, match="is not as attune has written it") as caught:
        read_lock(tmp_path)
    assert caught.value.where == f"{tmp_path}/{LOCK_FILE}:{line}"
    assert said in str(caught.value.why)


@pytest.mark.parametrize(
    ("old", "new"),
    [("size = 5", 'size = "5"'), ("size = 5", "size = true"), ("0" * 64, "0" * 63), ("0" * 64, "x" * 64)],
)
def test_values_of_the_wrong_kind(tmp_path: Path, old: str, new: str) -> None:
    write_lock(tmp_path, Lock((ONE,)))
    text = (tmp_path / LOCK_FILE).read_text()
    assert old in text
    (tmp_path / LOCK_FILE).write_text(text.replace(old, new))
    with pytest.raises(AttuneError, match="is not as attune has written it"):
        read_lock(tmp_path)
