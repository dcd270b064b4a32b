"""Every folder is where the platform puts it, can be moved, and is made for its user alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from attune_cli import paths
from attune_cli.errors import AttuneError

FOLDERS: dict[str, Callable[[], Path]] = {
    "cache": paths.cache_dir,
    "data": paths.data_dir,
    "config": paths.config_dir,
}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("XDG_", "ATTUNE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("TMPDIR", raising=False)


@pytest.mark.parametrize("kind", FOLDERS)
@pytest.mark.parametrize("value", [None, "", "/moved/by/xdg", "relative", "/with space/", " /odd"])
@pytest.mark.parametrize("home", ["/home/someone", "/home/someone/", "relative"])
def test_a_folder_is_where_platformdirs_puts_it(
    kind: str, value: str | None, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", home)
    if value is not None:
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", value)
    expected = getattr(platformdirs, f"user_{kind}_path")("attune", appauthor=False)
    assert FOLDERS[kind]() == expected


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_can_be_moved(kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(f"ATTUNE_{kind.upper()}_DIR", str(tmp_path / "else"))
    assert FOLDERS[kind]() == tmp_path / "else"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"ATTUNE_{kind.upper()}_DIR", "here")
    assert FOLDERS[kind]() == tmp_path / "here", "a relative path is meant from the working directory on"
    assert not (tmp_path / "here").exists(), "asking makes nothing"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere platformdirs is always asked")
def test_asking_imports_nothing_heavy() -> None:
    code = "import sys; from attune_cli.paths import config_dir; config_dir(); print('platformdirs' in sys.modules)"
    env = {"PATH": os.environ["PATH"], "HOME": "/home/someone"}
    root = Path(paths.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], env=env, cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = paths.private(tmp_path / "a" / "b")
    assert [stat.S_IMODE(made.stat().st_mode) for made in (folder, folder.parent)] == [0o700, 0o700]
    folder.chmod(0o755)
    assert paths.private(folder) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755, "one that exists stays as it is"


def test_a_private_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AttuneError, match="cannot use the folder"):
        paths.private(tmp_path / "file" / "folder")
    with pytest.raises(AttuneError, match="is no folder"):
        paths.private(tmp_path / "file")


def test_the_runtime_folder_is_in_the_session_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert paths.runtime_dir() == tmp_path / "attune"
    assert stat.S_IMODE((tmp_path / "attune").stat().st_mode) == 0o700


def test_the_runtime_folder_without_a_session_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert paths.runtime_dir() == tmp_path / f"attune-{os.getuid()}"
    assert paths.runtime_dir().is_dir(), "a second time"


def test_the_runtime_folder_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ATTUNE_RUNTIME_DIR", str(tmp_path / "a" / "b"))
    assert paths.runtime_dir() == tmp_path / "a" / "b"
    assert (tmp_path / "a" / "b").is_dir()


def test_a_runtime_folder_that_was_open_is_closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ATTUNE_RUNTIME_DIR", str(tmp_path / "open"))
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    assert stat.S_IMODE(paths.runtime_dir().stat().st_mode) == 0o700


def test_a_runtime_folder_that_someone_put_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    monkeypatch.setenv("ATTUNE_RUNTIME_DIR", str(tmp_path / "link"))
    with pytest.raises(AttuneError, match="not this user's own"):
        paths.runtime_dir()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_runtime_folder_of_another_user_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(0o700)
    os.chown(tmp_path / "theirs", 12345, 12345)
    monkeypatch.setenv("ATTUNE_RUNTIME_DIR", str(tmp_path / "theirs"))
    with pytest.raises(AttuneError, match="not this user's own"):
        paths.runtime_dir()
    monkeypatch.delenv("ATTUNE_RUNTIME_DIR")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "theirs"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert paths.runtime_dir() == tmp_path / "attune-0", "another user's session folder is passed over"
