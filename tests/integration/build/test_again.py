"""What has not changed is not built again, and nothing is started to find that out."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.build.builder import Options, build
from attune_cli.build.lock import read_lock
from attune_cli.paths import cache_dir
from tests.integration.build.conftest import HELLO_C, SOURCES, Counted, MakePack, action, built_one, write

pytestmark = pytest.mark.timeout(300)

FILES = {"hello.c": f'#include "../common/shared.h"\n{HELLO_C}', "native/common/shared.h": "#define SHARED 1\n"}


@pytest.fixture
def root(make_pack: MakePack, counted: Counted) -> Path:
    """A pack that has been built, once."""
    folder = make_pack(FILES)
    built_one(folder)
    assert counted.compilations == 1
    return folder


def test_nothing_is_started_when_nothing_has_changed(root: Path, counted: Counted) -> None:
    starts, before = counted.starts, (root / "actions/hello").stat()
    one = built_one(root)
    assert not one.is_new
    assert counted.starts == starts
    assert (root / "actions/hello").stat() == before
    assert read_lock(root).entries == (one.binary,)


def test_the_whole_command_takes_less_than_a_second(root: Path, command: Path) -> None:
    """On a machine that has nothing else to do: here, the best of some."""
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([command, "build", root, "-q"], check=True)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 1


def test_times_alone_are_no_change(root: Path, counted: Counted) -> None:
    for file in (root / "native/hello/hello.c", root / "actions/hello"):
        os.utime(file, (1, 1))
    assert not built_one(root).is_new
    assert counted.compilations == 1


CHANGES: dict[str, Callable[[Path], object]] = {
    "a source": lambda root: write(root / "native/hello/hello.c", f"{FILES['hello.c']}\n"),
    "another source": lambda root: write(root / "native/hello/other.c", "int other;\n"),
    "what sources share": lambda root: write(root / "native/common/shared.h", "#define SHARED 2\n"),
    "a name": lambda root: (root / "native/hello/hello.c").rename(root / "native/hello/hallo.c"),
    "the version": lambda root: write(root / "pack.yaml", "ref: demo\nversion: 1.2.4\n"),
    "flags": lambda root: write(root / "pack.yaml", "ref: demo\nversion: 1.2.3\nnative: {hello: {flags: [-DX]}}\n"),
    "the executable": lambda root: write(root / "actions/hello", "#!/bin/sh\n"),
    "no executable": lambda root: (root / "actions/hello").unlink(),
    "the execute bit": lambda root: (root / "actions/hello").chmod(0o644),
    "the cache": lambda _: shutil.rmtree(cache_dir() / "build"),
    "a broken cache": lambda _: next((cache_dir() / "build").glob("*/state.json")).write_text('{"actions/hello": []}'),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_built(root: Path, counted: Counted, change: Callable[[Path], object]) -> None:
    change(root)
    assert built_one(root).is_new
    assert counted.compilations == 2
    assert subprocess.check_output([root / "actions/hello"]).startswith(b"hello 1.2.")
    assert not built_one(root).is_new


def test_another_compiler_builds_anew(root: Path, counted: Counted) -> None:
    write(counted.path, counted.path.read_text() + "# newer\n")
    assert built_one(root).is_new


def test_what_compilers_leave_is_no_source(root: Path) -> None:
    for name in ("hello.o", ".hidden", "target/x", "hello"):
        write(root / "native/hello" / name, "made")
    assert not built_one(root).is_new


def test_tests_of_another_executable_are_none_of_its_business(make_pack: MakePack, counted: Counted) -> None:
    root = make_pack({**FILES, "native/other/x.c": HELLO_C, "actions/other.yaml": action("other")})
    build(root)
    assert counted.compilations == 2
    write(root / "native/other/x.c", f"{HELLO_C}\n")
    assert {one.source.name: one.is_new for one in build(root)} == {"hello": False, "other": True}


def test_force_builds_whatever_there_is(root: Path, counted: Counted) -> None:
    (one,) = build(root, options=Options(force=True))
    assert one.is_new
    assert counted.compilations == 2


def test_a_lost_lock_file_is_written_without_building(root: Path, counted: Counted) -> None:
    before = (root / "binaries.lock").read_bytes()
    (root / "binaries.lock").unlink()
    assert not built_one(root).is_new
    assert (root / "binaries.lock").read_bytes() == before
    assert counted.compilations == 1


def test_what_is_gone_is_forgotten(root: Path) -> None:
    write(root / "native/second/go.mod", SOURCES["go"]["go.mod"])
    write(root / "native/second/main.go", SOURCES["go"]["main.go"])
    write(root / "actions/second.yaml", action("second"))
    build(root)
    shutil.rmtree(root / "native/second")
    built_one(root)
    assert [entry.name for entry in read_lock(root).entries] == ["hello", "second"]  # its executable is still there
    (root / "actions/second").unlink()
    built_one(root, "hello")
    assert [entry.name for entry in read_lock(root).entries] == ["hello", "second"]  # only one was looked at
    built_one(root)
    assert [entry.name for entry in read_lock(root).entries] == ["hello"]
