"""A missing component is told only where it is certainly missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.pack_rules.packs import judged, write_pack

RULE = "# rules/hourly.yaml\nref: demo.hourly\ntrigger_ref: core.alert\naction_ref: demo.greet\n"


def codes(root: Path, example: str) -> set[str]:
    return {finding.code for finding in judged(write_pack(root, example))}


def test_missing(tmp_path: Path) -> None:
    assert codes(tmp_path, RULE) == {"ATN052"}


@pytest.mark.parametrize("content", ["ref: [demo\n", "label: Greet\nentry_point: x.sh\n", ""])
def test_a_file_whose_ref_cannot_be_read_may_be_it(tmp_path: Path, content: str) -> None:
    assert "ATN052" not in codes(tmp_path, f"{RULE}# actions/greet.yaml\n{content}")


def test_a_workflow_is_called_like_an_action(tmp_path: Path) -> None:
    tasks = "version: 1.0.0\ntasks:\n  - name: only\n    action: core.noop\n"
    assert codes(tmp_path, f"{RULE}# workflows/greet.yaml\nref: demo.greet\n{tasks}") == set()


@pytest.mark.parametrize("pack", ["label: Demo\nversion: 1.0.0\n", "ref: [demo\n"])
def test_nothing_is_missing_from_a_pack_without_a_name(tmp_path: Path, pack: str) -> None:
    root = tmp_path / "demo"
    root.mkdir()
    assert "ATN052" not in codes(root, f"# pack.yaml\n{pack}{RULE}")
    assert "ATN032" not in codes(root, f"# pack.yaml\n{pack}{RULE}")


def test_values_are_not_held_against_a_broken_action(tmp_path: Path) -> None:
    action = "# actions/greet.yaml\nref: demo.greet\nentry_point: x.sh\nentry_point: y.sh\nparameters: {}\n"
    assert codes(tmp_path, f"{RULE}action_params: {{a: 1}}\n{action}") == {"ATN006"}


def test_a_schema_that_is_none_judges_nothing(tmp_path: Path) -> None:
    action = (
        "# actions/greet.yaml\nref: demo.greet\nworkflow_file: x\nparameters:\n  a: {type: string, minLength: few}\n"
    )
    found = codes(tmp_path, f"{RULE}action_params: {{a: text}}\n{action}")
    assert "ATN056" not in found
    assert "ATN026" in found


def test_the_value_of_a_secret_is_not_shown(tmp_path: Path) -> None:
    action = (
        "# actions/greet.yaml\nref: demo.greet\nentry_point: x.sh\nparameters:\n  pin: {type: integer, secret: true}\n"
    )
    write_pack(tmp_path, f"{RULE}action_params: {{pin: hunter2}}\n{action}")
    found = [finding for finding in judged(tmp_path) if finding.code == "ATN056"]
    assert len(found) == 1
    assert "hunter2" not in found[0].message
