"""What a run imports: start-up time, told without a clock."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import attune_cli

PROGRAM = """
import json, sys
from attune_cli.execution.action import ActionRequest, run_action
from attune_cli.execution.sources import Sources
subject, *pairs = sys.argv[1:]
done = run_action(ActionRequest(subject=subject, sources=Sources(pairs=tuple(pairs))))
print(json.dumps([done.status, sorted(sys.modules)]))
"""
HEAVY = {
    *(
        "dotenv",
        "filelock",
        "hashlib",
        "importlib.metadata",
        "jsonschema",
        "jsonschema_rs",
        "packaging",
        "platformdirs",
    ),
    *("rich", "tempfile", "tomllib", "typer", "asyncio", "logging", "difflib", "shutil", "random"),
}
OF_PACKS = {
    "yaml",
    "attune_cli.yaml12",
    "attune_cli.pack.load",
    "attune_cli.pack.model",
    "attune_cli.execution.declared",
}


def imported(*args: str) -> set[str]:
    """The modules of an interpreter that has run an action."""
    root = Path(attune_cli.__file__).parents[1]
    command = [sys.executable, "-c", PROGRAM, *args]
    out = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, check=True, timeout=50).stdout
    status, modules = json.loads(out)
    assert status == "succeeded"
    return set(modules)


def test_a_program_needs_nothing_of_packs() -> None:
    assert not imported("/bin/true", "a=1") & (HEAVY | OF_PACKS)


def test_an_action_with_plain_types_needs_no_judge() -> None:
    modules = imported("core.echo", "message=x")
    assert not modules & HEAVY
    # The test would see them: these are what an action does need.
    assert modules >= OF_PACKS


@pytest.mark.parametrize("schema", ["pattern: ^x", "format: email"])
def test_a_schema_that_says_more_needs_the_fast_one_alone(schema: str, tmp_path: Path) -> None:
    (tmp_path / "x.sh").write_text("true")
    text = f"ref: demo.x\nentry_point: x.sh\nparameters: {{a: {{type: string, {schema}}}}}\n"
    (tmp_path / "x.yaml").write_text(text)
    modules = imported(str(tmp_path / "x.yaml"), "a=x")
    assert "jsonschema_rs" in modules
    assert "jsonschema" not in modules
