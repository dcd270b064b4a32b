"""What stands in the way of an entry point is told before anything starts, with its cure."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from attune_cli.errors import AttuneError, CannotExecuteError, NotFoundError
from attune_cli.runtime.base import Target
from attune_cli.runtime.local import LocalRuntime


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    root = tmp_path / "my pack"
    (root / "actions").mkdir(parents=True)
    return root


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users get to, as they do not to pytest's."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def not_root() -> Iterator[None]:
    """Where the tests run as root, another user meanwhile: root may read and execute everything."""
    was_root = os.getuid() == 0
    if was_root:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if was_root:
            os.setresuid(0, 0, 0)


def validate(path: Path, pack: Path | None = None, runner_type: str = "native") -> None:
    target = Target(path, pack, runner_type)
    LocalRuntime().select(target).validate(target)


def program(path: Path, mode: int = 0o755) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


@pytest.mark.parametrize("runner_type", ["native", "shell", "python"])
def test_nothing_stands_in_the_way(pack: Path, runner_type: str) -> None:
    path = program(pack / "actions/tool")
    validate(path, pack, runner_type)
    target = Target(path, pack, runner_type)
    launch = LocalRuntime().select(target).prepare(target)
    assert launch.runtime == runner_type
    assert launch.argv[-1] == str(path)


def test_a_binary_is_started_as_it_is(pack: Path) -> None:
    path = program(pack / "actions/tool")
    target = Target(path, pack)
    launch = LocalRuntime().select(target).prepare(target)
    assert launch.argv == (str(path),)
    assert launch.env == {}


def test_a_binary_without_the_execute_bit(pack: Path) -> None:
    path = program(pack / "actions/tool", 0o644)
    with pytest.raises(CannotExecuteError, match="is not executable") as caught:
        validate(path, pack)
    assert caught.value.run_exit_code == 126
    cure = str(caught.value.help)
    assert shlex.split(cure) == ["chmod", "+x", str(path)]
    subprocess.run(cure, shell=True, check=True)
    validate(path, pack)


def test_a_binary_that_only_others_may_execute(open_folder: Path) -> None:
    path = program(open_folder / "tool", 0o744)
    with not_root(), pytest.raises(CannotExecuteError, match="not executable for this user") as caught:
        validate(path)
    assert "-rwxr--r--" in str(caught.value.why)


@pytest.mark.parametrize("runner_type", ["native", "shell"])
def test_a_file_that_is_not_there(pack: Path, runner_type: str) -> None:
    program(pack / "actions/tool.sh")
    with pytest.raises(NotFoundError, match="does not exist") as caught:
        validate(pack / "actions/tol.sh", pack, runner_type)
    assert caught.value.run_exit_code == 127
    assert caught.value.help == f"did you mean {pack}/actions/tool.sh?"


def test_a_folder_that_is_not_there(pack: Path) -> None:
    with pytest.raises(NotFoundError, match="does not exist"):
        validate(pack / "nowhere/tool", pack)
    program(pack / "actions/file")
    with pytest.raises(NotFoundError, match="does not exist"):
        validate(pack / "actions/file/tool", pack)


@pytest.mark.parametrize("sources", ["tool-kit", "tool_kit"])
def test_a_binary_that_has_not_been_built(pack: Path, sources: str) -> None:
    (pack / "native" / sources).mkdir(parents=True)
    with pytest.raises(NotFoundError, match=r"sources are in .*native/.* and have not been built") as caught:
        validate(pack / "actions/tool-kit", pack)
    assert caught.value.help == f"build them and put the executable at {pack}/actions/tool-kit"
    (pack / "pack.yaml").write_text("ref: mine\n")
    with pytest.raises(NotFoundError, match="have not been built") as caught:
        validate(pack / "actions/tool-kit")
    assert shlex.split(str(caught.value.help)) == ["attune", "build", str(pack)]


def test_sources_that_are_called_otherwise(pack: Path) -> None:
    (pack / "native/kit").mkdir(parents=True)
    (pack / "pack.yaml").write_text("ref: mine\nnative: {kit: {entry_point: actions/tool}}\n")
    with pytest.raises(NotFoundError, match=r"sources are in .*native/kit and have not been built"):
        validate(pack / "actions/tool", pack)


def test_a_link_to_nothing(pack: Path) -> None:
    (pack / "actions/tool").symlink_to("gone")
    with pytest.raises(NotFoundError, match="is a link to gone, which does not exist"):
        validate(pack / "actions/tool", pack)


def test_a_link_to_itself(pack: Path) -> None:
    (pack / "actions/tool").symlink_to("tool")
    with pytest.raises(CannotExecuteError, match="cannot be reached"):
        validate(pack / "actions/tool", pack)


@pytest.mark.parametrize("runner_type", ["native", "shell"])
def test_what_is_no_file(pack: Path, runner_type: str) -> None:
    with pytest.raises(CannotExecuteError, match="is a folder"):
        validate(pack / "actions", pack, runner_type)
    os.mkfifo(pack / "actions/pipe", 0o755)
    with pytest.raises(CannotExecuteError, match="not a regular file"):
        validate(pack / "actions/pipe", pack, runner_type)


@pytest.mark.parametrize("runner_type", ["native", "shell", "python", "node"])
def test_a_link_out_of_the_pack(pack: Path, tmp_path: Path, runner_type: str) -> None:
    outside = program(tmp_path / "outside")
    (pack / "actions/tool").symlink_to(outside)
    with pytest.raises(CannotExecuteError, match=r"leaves its pack.*outside"):
        validate(pack / "actions/tool", pack, runner_type)
    with pytest.raises(CannotExecuteError, match="leaves its pack"):
        validate(pack / "actions/../../outside", pack, runner_type)


def test_a_link_within_the_pack_and_a_pack_behind_a_link(pack: Path, tmp_path: Path) -> None:
    program(pack / "shared")
    (pack / "actions/tool").symlink_to("../shared")
    (tmp_path / "link").symlink_to(pack)
    validate(pack / "actions/tool", tmp_path / "link")
    validate(tmp_path / "link/actions/tool", pack)


def test_a_script_that_cannot_be_read(open_folder: Path) -> None:
    path = program(open_folder / "run.sh", 0o300)
    with not_root(), pytest.raises(CannotExecuteError, match="cannot be read") as caught:
        validate(path, runner_type="shell")
    assert caught.value.help == f"chmod +r {path}"


def test_a_folder_that_is_closed(open_folder: Path) -> None:
    (open_folder / "closed").mkdir(0o600)
    with not_root(), pytest.raises(CannotExecuteError, match=r"cannot be reached.*Permission denied"):
        validate(open_folder / "closed/tool")


def test_a_script_needs_no_execute_bit(pack: Path) -> None:
    validate(program(pack / "actions/run.sh", 0o644), pack, "shell")


def test_a_name_that_is_too_long(pack: Path) -> None:
    with pytest.raises(AttuneError, match="cannot be reached"):
        validate(pack / ("x" * 300), pack)
