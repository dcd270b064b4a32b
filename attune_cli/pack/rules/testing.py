"""The tests that a pack says it has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import Diagnostic, Rule, Severity
from attune_cli.pack.components import Component, PackTree
from attune_cli.pack.rules.entry_files import climbs_out
from attune_cli.pack.rules.texts import short, text_of
from attune_cli.yaml12 import Mapping, Scalar

_PACK: Final = (
    "# pack.yaml\nref: demo\nlabel: Demo\nversion: 1.0.0\ntesting:\n  enabled: true\n  runners:\n"
    "    python: {type: unittest, entry_point: tests/test_demo.py}\n"
)

RULE: Final = Rule(
    code="ATN078",
    name="test-entry-point",
    severity=Severity.ERROR,
    title="a test runner whose entry point is not there",
    why=(
        "The platform runs the tests of `testing.runners` when a pack is installed. An entry point that is not there "
        "counts as a failed test, and with `on_failure: block` the pack is not installed. The path is one inside the "
        "pack's folder."
    ),
    good=_PACK + "# tests/test_demo.py\nimport unittest\n",
    bad=_PACK,
)
KINDS: Final = ("pack",)


def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]:
    """All runners, unless testing is switched off."""
    testing = component.get("testing")
    runners = testing.by_name.get("runners") if isinstance(testing, Mapping) else None
    if not isinstance(testing, Mapping) or not isinstance(runners, Mapping) or _is_off(testing):
        return
    for name, runner in runners.by_name.items():
        node = runner.by_name.get("entry_point") if isinstance(runner, Mapping) else None
        path = text_of(node)
        if path is None:
            continue
        if climbs_out(path):
            message = f"the tests of `{short(name)}` are outside of the pack: `{short(path)}`"
            yield component.finding(RULE, node, message, "write a path inside the pack's folder")
        elif not os.path.exists(f"{tree.root}/{path}"):
            yield component.finding(RULE, node, f"there is no file `{short(path)}` for the tests of `{short(name)}`")


def _is_off(testing: Mapping) -> bool:
    enabled = testing.by_name.get("enabled")
    return isinstance(enabled, Scalar) and enabled.value is False
