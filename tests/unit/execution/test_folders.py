"""What a run keeps on disk, and that nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError
from attune_cli.execution.folders import artifacts_folder, artifacts_path, parameter_file, parameter_path, sweep


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder of the test's own."""
    monkeypatch.setenv("ATTUNE_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path / "run"


@pytest.mark.parametrize(
    ("form", "name"), [("json", "parameters.json"), ("dotenv", "parameters.env"), ("yaml", "parameters.yaml")]
)
def test_the_parameter_file_is_private_and_gone_afterwards(form: str, name: str, root: Path) -> None:
    path = parameter_path(7, form)
    assert path == root / "parameters-7" / name
    with parameter_file(path, b"content\n"):
        assert path.read_bytes() == b"content\n"
        assert path.stat().st_mode & 0o777 == 0o400
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert root.stat().st_mode & 0o777 == 0o700
    assert list(root.iterdir()) == []


def test_it_is_gone_after_an_error_and_with_what_the_action_put_beside_it(root: Path) -> None:
    path = parameter_path(7, "json")
    with suppress(KeyError), parameter_file(path, b""):
        (path.parent / "more").write_text("x")
        raise KeyError
    assert list(root.iterdir()) == []


def test_a_sweep_leaves_the_files_of_runs_that_are_alive() -> None:
    path = parameter_path(7, "json")
    with parameter_file(path, b"x"):
        sweep()
        assert path.read_bytes() == b"x"


KILLED = """
import os, signal, sys
from pathlib import Path
from attune_cli.execution.folders import parameter_file, parameter_path
with parameter_file(parameter_path(8, "json"), b"secret"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_sweep_removes_those_of_a_run_that_was_killed(root: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], check=False, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert done.returncode == -signal.SIGKILL
    stale = parameter_path(8, "json")
    assert stale.read_bytes() == b"secret"
    stranger = root / "something else"
    stranger.mkdir()
    sweep()
    assert list(root.iterdir()) == [stranger]


def test_a_sweep_follows_no_link(root: Path, tmp_path: Path) -> None:
    parameter_path(1, "json")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    (root / "parameters-9").symlink_to(tmp_path / "precious")
    sweep()
    assert (tmp_path / "precious" / "file").exists()


def test_artifacts_stay_when_there_are_some(tmp_path: Path) -> None:
    empty, used = artifacts_path(1), artifacts_path(2)
    assert empty.parent == tmp_path
    with artifacts_folder(empty), artifacts_folder(used):
        assert empty.stat().st_mode & 0o777 == 0o700
        (used / "report.txt").write_text("x")
    assert not empty.exists()
    assert (used / "report.txt").exists()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AttuneError, match="cannot make"), artifacts_folder(tmp_path / "file" / "x"):
        pass
    with pytest.raises(AttuneError, match="cannot make"), parameter_file(tmp_path / "none" / "p" / "x.json", b""):
        pass
