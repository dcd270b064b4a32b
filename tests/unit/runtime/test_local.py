"""The runtime is the one asked for; where none is asked for, the file decides."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from attune_cli.errors import CannotExecuteError, NotFoundError, UsageError
from attune_cli.runtime.base import Target
from attune_cli.runtime.local import LocalRuntime


@pytest.fixture
def local() -> LocalRuntime:
    return LocalRuntime()


def touch(path: Path) -> Path:
    path.write_text("")
    return path


def test_the_order_is_the_platforms(local: LocalRuntime) -> None:
    assert [runtime.name for runtime in local] == ["native", "python", "shell", "node"]


@pytest.mark.parametrize("runner_type", ["native", "Python3", "BASH", "node.js", "standalone"])
@pytest.mark.parametrize("file", ["tool", "a.py", "a.rb"])
def test_what_is_asked_for_decides(local: LocalRuntime, runner_type: str, file: str) -> None:
    wanted = {"native": "native", "standalone": "native", "Python3": "python", "BASH": "shell", "node.js": "node"}
    target = Target(Path("/nowhere", file), runner_type=runner_type)
    assert local.select(target).name == wanted[runner_type]
    assert [runtime.name for runtime in local if runtime.can_execute(target)] == [wanted[runner_type]]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("tool", "native"),
        ("tool.v2", "native"),
        ("tool.bin", "native"),
        ("a.b/tool", "native"),
        ("run.py", "python"),
        ("RUN.PY", "python"),
        ("run.sh", "shell"),
        ("run.bash", "shell"),
        ("run.js", "node"),
        ("run.mjs", "node"),
        ("run.cjs", "node"),
        (".py", "native"),
    ],
)
def test_a_files_extension_decides(local: LocalRuntime, tmp_path: Path, file: str, name: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    assert local.select(Target(touch(tmp_path / file))).name == name


def test_a_script_need_not_exist_to_be_known_and_a_binary_does(local: LocalRuntime, tmp_path: Path) -> None:
    assert local.select(Target(tmp_path / "gone.py")).name == "python"
    with pytest.raises(NotFoundError, match="gone does not exist"):
        local.select(Target(tmp_path / "gone"))


@pytest.mark.parametrize("extension", ["rb", "pl", "php", "lua"])
def test_a_script_without_a_runtime(local: LocalRuntime, tmp_path: Path, extension: str) -> None:
    script = touch(tmp_path / f"run.{extension}")
    with pytest.raises(CannotExecuteError, match=rf"no runtime starts \.{extension} files") as caught:
        local.select(Target(script))
    assert "runtime native" in str(caught.value.help)
    assert local.select(Target(script, runner_type="native")).name == "native"


@pytest.mark.parametrize(("file", "imported"), [("tool", {"native"}), ("run.sh", {"shell"})])
def test_only_the_runtime_that_is_used_is_imported(tmp_path: Path, file: str, imported: set[str]) -> None:
    touch(tmp_path / file)
    code = (
        "import sys; from pathlib import Path;"
        "from attune_cli.runtime.local import LocalRuntime; from attune_cli.runtime.base import Target;"
        "target = Target(Path(sys.argv[1])); LocalRuntime().select(target).prepare(target);"
        "print(*(name for name in sys.modules if name.startswith('attune_cli.runtime.')))"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", code, str(tmp_path / file)]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    always = {"base", "entry", "local"}
    assert {name.removeprefix("attune_cli.runtime.") for name in run.stdout.split()} == always | imported


def test_an_unknown_runtime(local: LocalRuntime) -> None:
    with pytest.raises(UsageError, match="unknown runner type"):
        local.select(Target(Path("/bin/true"), runner_type="pyton"))
