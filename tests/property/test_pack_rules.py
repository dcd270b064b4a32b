"""Whatever a pack's files hold, the rules answer with findings in them, and never with a traceback."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from attune_cli.pack.catalogue import RULES
from tests.unit.pack_rules.packs import judged

FOLDERS = {
    "actions/x.yaml": ("entry_point", "runner_type", "parameters", "parameter_delivery", "output", "workflow_file"),
    "actions/y.yaml": ("parameters", "default_execution_permission_set_refs", "runtime_version", "timeout", "name"),
    "actions/workflows/x.workflow.yaml": ("tasks", "vars", "parameters"),
    "sensors/x.yaml": ("entry_point", "runner_type", "trigger_types", "trigger_type", "parameters"),
    "triggers/x.yaml": ("parameters", "output", "name"),
    "rules/x.yaml": ("trigger_ref", "action_ref", "action_params", "trigger_params", "permission_set_refs", "pack_ref"),
    "permission_sets/x.yaml": ("grants",),
    "queues/x.yaml": ("dispatch_action", "permission_set_refs"),
    "policies/x.yaml": ("action_ref", "concurrency"),
    "runtimes/x.yaml": ("name", "aliases"),
    "pack.yaml": ("version", "conf_schema", "config", "testing", "runtime_deps", "dependencies"),
}
WORDS = st.sampled_from(
    (
        *("demo.x", "demo", "x", "core.crontimer", "demo.X", "python", "stdin", "env", "{{ x }}", "../x", "type"),
        *("string", "object", "properties", "required", "default", "do", "next", "when", "name", "action", "input"),
        *("password", "on_success", "tasks", "runners", "entry_point", "enabled", "resource", "actions", "refs", ">=3"),
    )
)
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | WORDS | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12
)
PACKS = st.fixed_dictionaries(
    {
        path: st.fixed_dictionaries({"ref": WORDS}, optional=dict.fromkeys(keys, VALUES)) | VALUES
        for path, keys in FOLDERS.items()
    }
)


@settings(max_examples=150, deadline=None)
@given(PACKS)
def test_only_findings(files: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_text(json.dumps(content), encoding="utf-8")
        shown = {f"PACK/{path}" for path in files}
        for finding in judged(Path(folder)):
            assert finding.path in shown
            assert finding.severity is RULES[finding.code].severity
            assert finding.message
