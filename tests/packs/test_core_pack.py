"""The core pack as a whole: what it publishes, what lies in it, and its own tests."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.compilers import Compiler, c_compiler
from tests.packs.core import PACK, start
from tests.packs.go_toolchain import timer_sensor

#: Parameters by action, as the platform's own core pack publishes them.
PUBLISHED = {
    "core.echo": {"message"},
    "core.sleep": {"seconds", "message"},
    "core.noop": {"message", "exit_code"},
    "core.http_request": {
        *("url", "method", "headers", "body", "json_body", "query_params", "timeout", "verify_ssl"),
        *("auth_type", "auth_username", "auth_password", "auth_token", "follow_redirects", "max_redirects"),
    },
}


def actions() -> dict[str, dict[str, Any]]:
    """Every action's YAML by ref."""
    loaded = [yaml.safe_load(path.read_bytes()) for path in sorted((PACK / "actions").glob("*.yaml"))]
    return {action["ref"]: action for action in loaded}


def test_names_and_parameters_are_the_published_ones() -> None:
    found = {ref: set(action["parameters"]) for ref, action in actions().items()}
    assert found == {**PUBLISHED, "core.digest": {"text", "path", "paths"}}


def test_secrets_are_marked() -> None:
    parameters = actions()["core.http_request"]["parameters"]
    assert {name for name, field in parameters.items() if field.get("secret")} == {"auth_password", "auth_token"}


def test_every_script_is_there_and_starts_by_itself() -> None:
    scripts = [PACK / "actions" / action["entry_point"] for ref, action in actions().items() if ref != "core.digest"]
    assert len(scripts) == 4
    assert all(os.access(script, os.X_OK) for script in scripts)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack to build in."""
    return Path(shutil.copytree(PACK, tmp_path / "core", ignore=shutil.ignore_patterns("__pycache__")))


def run_own_tests(pack: Path) -> str:
    """What the pack's own runner, named in pack.yaml, says when all passes."""
    finished = subprocess.run(
        [sys.executable, pack / "tests" / "test_actions.py"], stderr=subprocess.PIPE, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stderr.splitlines()[-1]


@pytest.mark.timeout(600)  # the first time, Go compiles its library
def test_the_packs_own_tests_pass(
    pack: Path, compile_c: Compiler, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> None:
    digest, sensor = pack / "actions" / "digest", pack / "sensors" / "attune-core-timer-sensor"
    digest.unlink(missing_ok=True)
    sensor.unlink(missing_ok=True)
    assert run_own_tests(pack) == "OK (skipped=2)"
    shutil.copy(compile_c(pack / "native" / "digest", "digest"), digest)
    shutil.copy(timer_sensor(pytestconfig, tmp_path_factory), sensor)
    assert run_own_tests(pack) == "OK"


def test_the_command_in_the_source_builds_the_binary(pack: Path, compile_c: Compiler) -> None:
    source = pack / "native" / "digest" / "digest.c"
    (pack / "actions" / "digest").unlink(missing_ok=True)
    (command,) = re.findall(r"^ \*  +cc (-.*)$", source.read_text(), re.MULTILINE)
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(compile_c.cache)}
    subprocess.run(
        ["sh", "-c", f"{shlex.join(c_compiler())} {command}"], cwd=source.parent, env=environment, check=True
    )
    assert start([pack / "actions" / "digest"], env={"ATTUNE_ACTION_TEXT": "x"}).returncode == 0
