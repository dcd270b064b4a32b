"""A digest of sources changes with what a compiler sees, and with nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.build.fingerprint import digest_of, source_digest
from attune_cli.build.model import Source
from attune_cli.errors import AttuneError


@pytest.fixture
def source(tmp_path: Path) -> Source:
    folder, shared = tmp_path / "native/x", tmp_path / "native/common"
    (folder / "deep").mkdir(parents=True)
    shared.mkdir()
    (folder / "a.c").write_text("a")
    (folder / "deep/b.c").write_text("b")
    (shared / "c.h").write_text("c")
    (tmp_path / "native/go.work").write_text("d")
    return Source(
        name="x", folder=folder, inside="native/x", language="c", entry_point="actions/x",
        shared=(shared, tmp_path / "native/go.work"),
    )  # fmt: skip


def moved_from_one_to_the_other(native: Path) -> None:
    (native / "x/a.c").write_text("")
    (native / "x/e.c").write_text("a")


def linked(native: Path) -> None:
    (native / "x/a.c").unlink()
    (native / "e").write_text("e")
    (native / "x/a.c").symlink_to("../e")


def linked_to_nothing(native: Path) -> None:
    (native / "x/l").symlink_to("gone")


def made_by_cargo(native: Path) -> None:
    (native / "x/target").mkdir()
    (native / "x/target/x").write_text("x")


def empty_folder(native: Path) -> None:
    (native / "x/empty").mkdir()


SEEN: dict[str, Callable[[Path], object]] = {
    "content": lambda native: (native / "x/a.c").write_text("A"),
    "content below": lambda native: (native / "x/deep/b.c").write_text("B"),
    "name": lambda native: (native / "x/a.c").rename(native / "x/e.c"),
    "folder": lambda native: (native / "x/deep").rename(native / "x/deeper"),
    "new": lambda native: (native / "x/e.c").touch(),
    "less": lambda native: (native / "x/a.c").unlink(),
    "moved from one to the other": moved_from_one_to_the_other,
    "shared": lambda native: (native / "common/c.h").write_text("C"),
    "shared file": lambda native: (native / "go.work").write_text("D"),
    "what a link leads to": linked,
    "a link to nothing": linked_to_nothing,
}
UNSEEN: dict[str, Callable[[Path], object]] = {
    "times": lambda native: os.utime(native / "x/a.c", (1, 1)),
    "mode": lambda native: (native / "x/a.c").chmod(0o755),
    "hidden": lambda native: (native / "x/.swp").write_text("x"),
    "objects": lambda native: (native / "x/a.o").write_text("x"),
    "cargo's": made_by_cargo,
    "the executable": lambda native: (native / "x/x").write_text("x"),
    "empty folder": empty_folder,
}


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
def test_what_counts(source: Source, change: Callable[[Path], object]) -> None:
    before = source_digest(source)
    assert len(before) == 64
    change(source.folder.parent)
    assert source_digest(source) != before


@pytest.mark.parametrize("change", UNSEEN.values(), ids=UNSEEN)
def test_what_does_not(source: Source, change: Callable[[Path], object]) -> None:
    before = source_digest(source)
    change(source.folder.parent)
    assert source_digest(source) == before


def test_where_the_pack_lies_does_not_count(source: Source, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tmp_path / "native", tmp_path / "elsewhere/native"))
    other = Source(
        name="y", folder=copy / "x", inside="y", language="c", entry_point="actions/x",
        shared=(copy / "common", copy / "go.work"),
    )  # fmt: skip
    assert source_digest(other) == source_digest(source)


def test_a_pipe_is_not_waited_for(source: Source) -> None:
    os.mkfifo(source.folder / "pipe")
    assert source_digest(source)


def test_what_cannot_be_read(source: Source) -> None:
    (source.folder / "loop").symlink_to("loop")
    with pytest.raises(AttuneError, match="a source file cannot be read") as caught:
        source_digest(source)
    assert caught.value.where == str(source.folder / "loop")


def test_parts_do_not_run_into_each_other() -> None:
    assert len({digest_of("ab", "c"), digest_of("a", "bc"), digest_of("abc"), digest_of("abc", "")}) == 4
