"""Entry points as they lie on disk: links, folders, pipes, and what is outside of the pack."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.pack.rules import native
from tests.unit.pack_rules.packs import judged, write_pack

NATIVE = "# actions/run.yaml\nref: demo.run\nentry_point: run\nrunner_type: native\n"

Coded = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def coded(tmp_path: Path) -> Coded:
    """(code, message) of what is found on an example."""

    def judge(example: str) -> list[tuple[str, str]]:
        root = tmp_path / "demo"
        root.mkdir()
        return [(finding.code, finding.message) for finding in judged(write_pack(root, example))]

    return judge


def test_a_link_out_of_the_pack(coded: Coded, tmp_path: Path) -> None:
    outside = tmp_path / "outside.sh"
    outside.write_text("#!/bin/sh\n", encoding="utf-8")
    outside.chmod(0o755)
    assert coded(f"{NATIVE}# actions/run -> {outside}\n") == [
        ("ATN042", f"the entry point `run` is a link out of the pack, to {outside}")
    ]


def test_a_link_inside_the_pack(coded: Coded) -> None:
    assert coded(f"{NATIVE}# bin/run (mode 755)\n#!/bin/sh\n# actions/run -> ../bin/run\n") == []


def test_a_link_to_nothing(coded: Coded, tmp_path: Path) -> None:
    target = tmp_path / "demo" / "bin" / "run"
    assert coded(f"{NATIVE}# actions/run -> ../bin/run\n") == [
        ("ATN041", f"the entry point `run` is a link to {target}, which does not exist")
    ]


def test_a_folder_that_is_a_link_out(coded: Coded, tmp_path: Path) -> None:
    steps = tmp_path / "steps"
    steps.mkdir()
    (steps / "run.sh").write_text("echo\n", encoding="utf-8")
    action = "# actions/run.yaml\nref: demo.run\nentry_point: steps/run.sh\n"
    assert coded(f"{action}# actions/steps -> {steps}\n") == [
        ("ATN042", f"the entry point `steps/run.sh` is a link out of the pack, to {steps / 'run.sh'}")
    ]


def test_a_workflow_that_is_a_link_out(coded: Coded, tmp_path: Path) -> None:
    (tmp_path / "deploy.yaml").write_text("version: 1.0.0\n", encoding="utf-8")
    action = "# actions/deploy.yaml\nref: demo.deploy\nworkflow_file: steps/deploy.yaml\n"
    found = coded(f"{action}# actions/steps/deploy.yaml -> {tmp_path / 'deploy.yaml'}\n")
    assert found == [("ATN044", "the workflow file `steps/deploy.yaml` leads out of the pack")]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    write_pack(tmp_path, NATIVE)
    os.mkfifo(tmp_path / "actions" / "run")
    os.mkfifo(tmp_path / "actions" / "other.sh")
    (tmp_path / "actions" / "another.sh").write_text("echo\n", encoding="utf-8")
    found = [(finding.code, finding.message) for finding in judged(tmp_path)]
    assert ("ATN041", "the entry point `run` is no regular file") in found


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    """What cannot be looked at is not judged; root can read everything."""
    write_pack(tmp_path, f"{NATIVE}# actions/run (mode 755)\n")
    (tmp_path / "actions" / "run").chmod(0o111)
    codes = {finding.code for finding in judged(tmp_path)}
    assert codes == ({"ATN046"} if os.access(tmp_path / "actions" / "run", os.R_OK) else set())


@pytest.mark.parametrize("name", ["a\\0b", "x" * 300, "a/" * 2000 + "b"])
def test_a_name_that_no_file_can_have(coded: Coded, name: str) -> None:
    found = coded(f'# actions/run.yaml\nref: demo.run\nentry_point: "{name}"\nrunner_type: native\n')
    assert {code for code, _ in found} <= {"ATN041", "ATN042"}
    assert found


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("#!/bin/sh", None),
        ("#! /bin/sh -e", None),
        ("#!/usr/bin/env sh", None),
        ("#!/usr/bin/env -S sh -e", None),
        ("#!/usr/bin/env LANG=C sh", None),
        ("#!/usr/bin/env", None),
        ("#!/usr/bin/env no-such-program", "no-such-program"),
        ("#!/no/such/program", "/no/such/program"),
        ("#!", "no interpreter at all"),
    ],
)
def test_interpreters(coded: Coded, line: str, missing: str | None) -> None:
    found = coded(f"{NATIVE}# actions/run (mode 755)\n{line}\n")
    asks = f"`actions/run` asks for {missing}, which this machine does not have"
    assert found == ([("ATN049", asks)] if missing else [])


def test_what_is_outside_changes_with_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    before = native.outside()
    assert native.outside() == before
    os.utime(tmp_path, ns=(0, 1))
    assert native.outside() != before


def test_an_orphan_that_another_script_names_is_none(coded: Coded) -> None:
    action = "# actions/run.yaml\nref: demo.run\nrunner_type: python\nentry_point: run.py\n"
    scripts = "# actions/run.py\nfrom helpers import greet\n# actions/helpers.py\n# actions/left.py\n"
    assert coded(f"{action}{scripts}") == [("ATN080", "no action starts `actions/left.py`")]


def test_no_orphans_beside_a_file_that_cannot_be_read(coded: Coded) -> None:
    assert {code for code, _ in coded("# actions/run.yaml\nref: [demo\n# actions/run.sh\necho\n")} == {"ATN001"}
