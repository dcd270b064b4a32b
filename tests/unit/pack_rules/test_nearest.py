"""What may have been meant, and that looking for it stays cheap however much is wrong."""

from __future__ import annotations

import time
from pathlib import Path

from attune_cli.pack.components import read_pack
from attune_cli.pack.rules import transitions
from attune_cli.pack.rules.nearest import Nearest
from tests.unit.pack_rules.packs import write_pack


def test_the_nearest() -> None:
    nearest = Nearest(lambda: ["notify", "clean_up", "deploy"])
    assert nearest("notfy") == "notify"
    assert nearest("cleanup") == "clean_up"
    assert nearest("xyz") is None
    assert nearest("") is None


def test_help() -> None:
    nearest = Nearest(lambda: ["b", "a"], prefix="demo.")
    assert nearest.help("zzzzz", "there are") == "there are demo.a, demo.b"
    assert Nearest(lambda: ["greet"], prefix="demo.").help("gret", "there are") == "did you mean `demo.greet`?"
    assert Nearest(lambda: ["x" * number for number in range(1, 9)]).help("-", "there are") == (
        "there are x, xx, xxx, xxxx, xxxxx, xxxxxx, …"
    )
    assert Nearest(tuple).help("a", "there are") is None


def test_names_are_asked_for_once_and_late() -> None:
    asked: list[None] = []

    def known() -> list[str]:
        asked.append(None)
        return ["a"]

    nearest = Nearest(known)
    assert not asked
    assert (nearest("a"), nearest("b")) == ("a", None)
    assert len(asked) == 1


def test_twenty_thousand_wrong_transitions(tmp_path: Path) -> None:
    """Both the tasks and the names that are wrong are many, and they look alike."""
    tasks = "".join(f"  - {{name: task_{n}, action: core.noop, on_success: tusk_{n}}}\n" for n in range(20_000))
    write_pack(tmp_path, f"# workflows/steps.yaml\nref: demo.steps\nversion: 1.0.0\ntasks:\n{tasks}")
    tree = read_pack(tmp_path, "PACK")
    began = time.process_time()
    found = list(transitions.check(tree, tree.by_kind["workflow"][0]))
    assert time.process_time() - began < 2
    assert len(found) == 39_999
    assert sum(finding.help is not None and "did you mean" in finding.help for finding in found) <= 50
