"""`.ci/run` runs the README's test command as it stands there, then every check, and fails when one fails."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.project import ROOT

TOOLS = ("ruff", "mypy", "lint-imports")

#: A README whose test command notes that it ran; the tools are there already and note how they are called.
README = """# x

```sh
echo main job >> log
```

```sh
echo "tests $PWD" >> log && true pytest
```

```sh
echo third >> log
```
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the real .ci/run and tools that only write down that they were called."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "README.md").write_text(README)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for tool in TOOLS:
        write_tool(tmp_path, tool, status=0)
    return tmp_path


def write_tool(project: Path, tool: str, *, status: int) -> None:
    path = project / ".venv" / "bin" / tool
    path.write_text(f'#!/bin/sh\necho "{tool} $*" >> log\nexit {status}\n')
    path.chmod(0o755)


def ci(project: Path) -> subprocess.CompletedProcess[str]:
    """Runs .ci/run from another folder."""
    return subprocess.run(["bash", project / ".ci" / "run"], cwd="/", capture_output=True, text=True, check=False)


def log(project: Path) -> list[str]:
    return (project / "log").read_text().splitlines()


ALL = ["ruff check", "ruff format --check", "mypy ", "lint-imports "]


def test_it_runs_the_second_command_and_then_every_check(project: Path) -> None:
    finished = ci(project)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert log(project) == [f"tests {project}", *ALL]


@pytest.mark.parametrize("tool", TOOLS)
def test_one_failure_fails_it_and_the_others_still_run(project: Path, tool: str) -> None:
    write_tool(project, tool, status=3)
    finished = ci(project)
    assert finished.returncode == 1
    assert f".ci/run: failed: .venv/bin/{tool}" in finished.stderr
    assert log(project)[1:] == ALL


def test_failing_tests_fail_it(project: Path) -> None:
    (project / "README.md").write_text(README.replace("true pytest", "false pytest"))
    assert ci(project).returncode == 1


@pytest.mark.parametrize("readme", ["", "```sh\npytest\n```\n", README.replace("pytest", "nothing")])
def test_a_readme_without_the_command_fails_it(project: Path, readme: str) -> None:
    (project / "README.md").write_text(readme)
    finished = ci(project)
    assert finished.returncode == 1
    assert "does not hold the test command" in finished.stderr
    assert not (project / "log").exists()


def test_the_projects_own_readme_opens_with_two_commands() -> None:
    blocks = (ROOT / "README.md").read_text().split("```")
    assert [block.startswith("sh\npython3 -m venv .venv && .venv/bin/pip install ") for block in blocks[1:4:2]] == [
        True,
        True,
    ]
    assert [word in block for word, block in zip(("attune run action", "pytest"), blocks[1:4:2], strict=True)] == [
        True,
        True,
    ]
