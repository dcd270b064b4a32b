"""The interpreter is the one a worker would take: by PATH, or the highest that satisfies the constraint.

The interpreters here are scripts that answer as Pythons and Nodes of many versions do; real ones
run in the integration tests.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from attune_cli.errors import CannotExecuteError, UsageError
from attune_cli.pack.runtime_versions import parse_constraint
from attune_cli.runtime.base import Target
from attune_cli.runtime.interpreters import Finder
from attune_cli.runtime.languages import NODE, PYTHON
from attune_cli.runtime.local import LocalRuntime
from attune_cli.runtime.search import on_path


class Machine:
    """A PATH with interpreters that note in `asked` that they were started."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._monkeypatch = monkeypatch
        self._log = root / "asked"
        monkeypatch.setenv("PATH", "")
        monkeypatch.delenv("PYENV_ROOT", raising=False)
        monkeypatch.delenv("NVM_DIR", raising=False)

    def path(self, *folders: str) -> None:
        self._monkeypatch.setenv("PATH", os.pathsep.join(str(self.root / folder) for folder in folders))

    def add(self, place: str, answer: str) -> Path:
        """A program that answers with a version, or fails when that is empty."""
        file = self.root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        says = f"echo {answer}; echo {file}" if answer else "echo broken >&2; exit 127"
        file.write_text(f"#!/bin/sh\necho {file.name} >> {self._log}\n{says}\n")
        file.chmod(0o755)
        return file

    def asked(self) -> list[str]:
        return self._log.read_text().split() if self._log.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def best(constraint: str) -> Path:
    return Finder(PYTHON).best(parse_constraint(constraint)).path


def python_for(runtime_version: str | None = None) -> Path:
    target = Target(Path("/x.py"), runtime_version=runtime_version)
    return Path(LocalRuntime().select(target).prepare(target).argv[0])


def test_without_a_constraint_path_decides_and_nobody_is_asked(machine: Machine) -> None:
    machine.add("b/python3", "3.13.0")
    first = machine.add("a/python3", "3.9.0")
    machine.path("none", "a", "b")
    assert python_for() == first
    assert machine.asked() == []


def test_a_python_that_is_a_python_3_is_the_next_best(machine: Machine) -> None:
    machine.add("a/python", "")
    machine.path("a")
    assert python_for() == Path(getattr(sys, "_base_executable", "")), "what attune runs on is there in any case"
    second = machine.add("b/python", "3.12.0")
    machine.path("a", "b")
    assert python_for() == second


def test_the_highest_that_satisfies_is_taken(machine: Machine) -> None:
    for version in ("3.9", "3.10", "3.11", "3.12"):
        machine.add(f"a/python{version}", f"{version}.4")
    machine.add("a/python2.7", "2.7.18")
    machine.add("a/python3.11-config", "3.99.0")
    machine.path("a")
    assert best(">=3.10").name == "python3.12"
    assert best(">=3.9,<3.12").name == "python3.11"
    assert best("3.9").name == "python3.9"
    assert best("*").name == "python3.12"


def test_few_are_asked(machine: Machine) -> None:
    for version in ("3.9", "3.10", "3.11", "3.12"):
        machine.add(f"a/python{version}", f"{version}.4")
    machine.path("a")
    best("<3.12")
    assert machine.asked() == ["python3.11"]


def test_each_is_asked_once(machine: Machine) -> None:
    machine.add("a/python3", "3.12.4")
    machine.path("a")
    finder = Finder(PYTHON)
    for constraint in (">=3.10", "3.12", "*"):
        assert str(finder.best(parse_constraint(constraint)).version) == "3.12.4"
    assert machine.asked() == ["python3"]


def test_among_equals_path_decides_and_among_patches_the_highest(machine: Machine) -> None:
    machine.add("a/python3.12", "3.12.1")
    machine.add("b/python3.12", "3.12.8")
    machine.add("c/python3.12", "3.12.8")
    machine.path("a", "b", "c")
    assert best("3.12") == machine.root / "b/python3.12"
    assert best("3.12.1") == machine.root / "a/python3.12"


def test_one_that_does_not_work_is_passed_over(machine: Machine) -> None:
    machine.add("a/python3.13", "")
    machine.add("a/python3.12", "3.12.0")
    machine.add("a/python3", "nonsense")
    (machine.root / "a/python3.14").write_text("#!/no/such/interpreter\n")
    (machine.root / "a/python3.14").chmod(0o755)
    (machine.root / "a/python3.15").write_text("not executable")
    machine.path("a")
    assert best(">=3.10").name == "python3.12"


def test_a_pre_release_is_not_taken_unasked(machine: Machine) -> None:
    machine.add("a/python3.15", "3.15.0a2")
    machine.add("a/python3.12", "3.12.0")
    machine.path("a")
    assert best(">=3.10").name == "python3.12"


def test_version_managers_come_after_path(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.add("pyenv/versions/3.13.1/bin/python3", "3.13.1")
    machine.add("pyenv/versions/miniconda-4.7/bin/python3", "4.7.0")
    machine.add("uv/cpython-3.14.0-linux/bin/python3", "3.14.0")
    machine.add("a/python3.11", "3.11.0")
    machine.path("a")
    monkeypatch.setenv("PYENV_ROOT", str(machine.root / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(machine.root / "uv"))
    assert best(">=3.10") == machine.root / "a/python3.11"
    assert best(">=3.12") == machine.root / "uv/cpython-3.14.0-linux/bin/python3"
    assert best("3.13") == machine.root / "pyenv/versions/3.13.1/bin/python3"


def test_behind_shims_are_all_installed_versions(machine: Machine) -> None:
    for version in ("3.11.7", "3.12.1"):
        machine.add(f"pyenv/versions/{version}/bin/python3", version)
        machine.add(f"pyenv/shims/python{version[:4]}", "")
    machine.path("pyenv/shims")
    assert best(">=3.10") == machine.root / "pyenv/versions/3.12.1/bin/python3"
    assert "python3.12" not in machine.asked(), "the shim itself would fail: pyenv has selected another version"


def test_an_activated_environment_that_satisfies_is_meant(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    active = machine.add("venv/bin/python3", "3.11.0")
    machine.add("a/python3.13", "3.13.0")
    machine.path("venv/bin", "a")
    monkeypatch.setenv("VIRTUAL_ENV", str(machine.root / "venv"))
    assert best(">=3.10") == active
    assert best(">=3.12").name == "python3.13"


def test_attunes_own_environment_is_no_place_for_actions(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    own = machine.add("own/bin/python3", "3.12.0")
    other = machine.add("a/python3", "3.11.0")
    machine.path("own/bin", "a")
    monkeypatch.setattr(sys, "prefix", str(machine.root / "own"))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    assert python_for() == other
    assert best("*") == other
    monkeypatch.setenv("VIRTUAL_ENV", str(machine.root / "a"))
    assert python_for() == other
    monkeypatch.setenv("VIRTUAL_ENV", str(machine.root / "own"))
    assert python_for() == own, "unless it was activated"
    monkeypatch.setenv("VIRTUAL_ENV", str(machine.root / "gone"))
    assert python_for() == other


def test_attunes_own_environment_may_have_tools(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = machine.add("own/bin/uv", "1")
    machine.path("own/bin")
    monkeypatch.setattr(sys, "prefix", str(machine.root / "own"))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    assert list(on_path("uv", "uvx")) == [tool]


def test_none_that_satisfies_lists_what_was_found(machine: Machine) -> None:
    machine.add("a/python3.9", "3.9.1")
    machine.add("a/python3.12", "3.12.1")
    machine.path("a")
    with pytest.raises(
        CannotExecuteError, match=r"no Python on this machine satisfies runtime_version '>=3.14'"
    ) as caught:
        best(">=3.14")
    assert caught.value.why == f"found 3.12.1 ({machine.root}/a/python3.12), 3.9.1 ({machine.root}/a/python3.9)"
    assert "install" in str(caught.value.help)
    machine.path("none")
    with pytest.raises(CannotExecuteError, match="found no Python at all"):
        best(">=3.14")


def test_a_malformed_constraint(machine: Machine) -> None:
    machine.path("a")
    target = Target(machine.add("a/x.py", ""), runtime_version="=>3")
    with pytest.raises(UsageError, match="is not a version constraint") as caught:
        LocalRuntime().select(target).validate(target)
    assert caught.value.where == "runtime_version"


def test_the_folders_of_path_that_mean_the_working_directory_are_not_searched(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.add("here/python3", "3.12.0")
    monkeypatch.chdir(machine.root / "here")
    monkeypatch.setenv("PATH", f"{os.pathsep}.")
    assert Finder(PYTHON).usual() is None


def test_node(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.add("a/node", "v20.20.2")
    machine.add("a/node18", "v18.1.0")
    machine.add("nvm/versions/node/v22.1.0/bin/node", "v22.1.0")
    machine.path("a")
    monkeypatch.setenv("NVM_DIR", str(machine.root / "nvm"))
    finder = Finder(NODE)
    assert finder.usual() == machine.root / "a/node"
    found = {text: finder.best(parse_constraint(text)).path for text in ("~18.1", "^20", ">=18", ">=22")}
    assert {text: str(path.relative_to(machine.root)) for text, path in found.items()} == {
        "~18.1": "a/node18",
        "^20": "a/node",
        ">=18": "a/node",
        ">=22": "nvm/versions/node/v22.1.0/bin/node",
    }


def test_no_node_at_all(machine: Machine) -> None:
    machine.path("none")
    target = Target(machine.add("x.js", ""))
    with pytest.raises(CannotExecuteError, match=r"there is no Node\.js on PATH"):
        LocalRuntime().select(target).validate(target)


def test_bash_where_it_always_is() -> None:
    target = Target(Path("/x.sh"))
    assert LocalRuntime().select(target).prepare(target).argv == ("/bin/bash", "/x.sh")
