"""Flags are stronger than the environment, that than the project file, that than the user file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from attune_cli import settings as module
from attune_cli.errors import UsageError
from attune_cli.settings import Settings, find_project_file, load_settings


@pytest.fixture
def user_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of the user's settings that is empty."""
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("ATTUNE_CONFIG_DIR", str(folder))
    return folder


@pytest.fixture
def project(user_folder: Path) -> Path:
    """A working directory without a project file."""
    folder = user_folder.parent / "project"
    folder.mkdir()
    return folder


def load(cwd: Path, flags: Mapping[str, object] | None = None, **environ: str) -> Settings:
    return load_settings(flags, cwd=cwd, environ=environ)


def test_what_holds_when_nothing_is_set(project: Path) -> None:
    assert load(project) == Settings(
        packs_dirs=(), max_stdout=10_485_760, max_stderr=10_485_760, timeout=None, grace=0.0, output=None
    )


def test_the_order_of_the_places(project: Path, user_folder: Path) -> None:
    (user_folder / "config.toml").write_text('output = "yaml"\ntimeout = 1\ngrace = "1s"\nmax_stdout = 1001\n')
    (project / "attune.toml").write_text("timeout = 2\ngrace = 2.5\nmax_stdout = 1002\n")
    got = load(project, {"max_stdout": "1004", "output": None}, ATTUNE_GRACE="3s", ATTUNE_MAX_STDOUT="1003")
    assert (got.output, got.timeout, got.grace, got.max_stdout) == ("yaml", 2.0, 3.0, 1004)


def test_the_project_file_is_found_from_a_folder_below(project: Path) -> None:
    below = project / "packs" / "mine"
    below.mkdir(parents=True)
    (project / "attune.toml").write_text('packs_dir = "packs"\n')
    assert find_project_file(below) == project / "attune.toml"
    assert load(below).packs_dirs == (project / "packs",), "folders in a file are meant from the file on"


def test_folders_from_each_place(project: Path, user_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    (user_folder / "config.toml").write_text('packs_dir = ["~/packs", "/srv/packs"]\n')
    assert load(project).packs_dirs == (Path("/home/someone/packs"), Path("/srv/packs"))
    assert load(project, ATTUNE_PACKS_DIR="a::/b").packs_dirs == (project / "a", Path("/b"))
    assert load(project, {"packs_dir": ("c",)}, ATTUNE_PACKS_DIR="a").packs_dirs == (project / "c",)


def test_no_time_limit_can_be_said(project: Path) -> None:
    (project / "attune.toml").write_text('timeout = "5m"\n')
    assert load(project).timeout == 300
    assert load(project, {"timeout": "0"}).timeout is None


def test_an_empty_variable_says_nothing(project: Path) -> None:
    assert load(project, ATTUNE_TIMEOUT="", ATTUNE_PACKS_DIR="", ATTUNE_OUTPUT="") == Settings()


def test_a_table_of_a_command_is_left_to_it(project: Path) -> None:
    (project / "attune.toml").write_text('[validate]\nselect = ["ATN001"]\n')
    assert load(project) == Settings()


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("\n# why\ntimout = 3\n", ":3", "unknown setting 'timout'.*did you mean 'timeout'"),
        ("[validat]\nx = 1\n", ":1", r"unknown setting 'validat'.*did you mean '\[validate\]'"),
        ("zzz.y = 3\n", ":1", "unknown setting 'zzz'.*known settings: packs_dir"),
        ("validate = 3\n", ":1", "unknown setting 'validate'"),
        ("timeout = -1\n", ":1", "number of seconds.*not -1"),
        ("timeout = nan\n", ":1", "number of seconds"),
        ("timeout = true\n", ":1", "number of seconds"),
        ('grace = "soon"\n', ":1", "'soon' is not a length of time"),
        ("max_stdout = 1.5\n", ":1", "number of bytes"),
        ("max_stdout = false\n", ":1", "number of bytes"),
        ('max_stderr = "10M"\n', ":1", "'10M' is not a size"),
        ("max_stderr = 127\n", ":1", "at least 128"),
        ('output = "xml"\n', ":1", "one of table, json, yaml, not 'xml'"),
        ("packs_dir = 3\n", ":1", "folder or a list of folders"),
        ('packs_dir = ["a", ""]\n', ":1", "folder or a list of folders"),
        ("timeout = 3\ntimeout = \n", ":2:11", "not valid TOML"),
        ("timeout = 3\ntimeout = 4\n", ":2:12", "not valid TOML"),
    ],
)
def test_a_fault_in_a_file_is_told_with_its_place(project: Path, text: str, where: str, message: str) -> None:
    (project / "attune.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        load(project)
    assert caught.value.where == f"{project / 'attune.toml'}{where}"
    told = f"{caught.value.what} {caught.value.why} {caught.value.help}"
    assert re.search(message, told), told


def test_a_file_that_is_no_text(user_folder: Path, project: Path) -> None:
    (user_folder / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"config\.toml is not valid TOML"):
        load(project)


def test_a_fault_elsewhere_is_told_with_its_place(project: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(project, ATTUNE_MAX_STDERR="much")
    assert caught.value.where == "ATTUNE_MAX_STDERR"
    with pytest.raises(UsageError) as caught:
        load(project, {"max_stdout": "much"})
    assert caught.value.where == "--max-stdout"


def test_without_a_file_no_parser_is_imported(user_folder: Path, project: Path) -> None:
    code = (
        "import sys; from attune_cli.settings import load_settings; load_settings();"
        "print({'tomllib', 'difflib', 'platformdirs'} & set(sys.modules))"
    )
    root = Path(module.__file__).parents[1]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "ATTUNE_CONFIG_DIR": str(user_folder)}
    run = subprocess.run([sys.executable, "-c", code], env=env, cwd=project, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
