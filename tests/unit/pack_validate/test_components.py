"""A pack read for judging: every file with its nodes, whatever is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attune_cli.diagnostics import Position, Severity
from attune_cli.pack import components
from attune_cli.pack.components import KINDS, Component, read_pack
from attune_cli.pack.schema_rules import UNKNOWN_KEY
from attune_cli.yaml12 import Mapping
from tests.unit.pack_rules.packs import write_pack

PACK = """\
# pack.yaml
ref: demo
# actions/greet.yaml
ref: demo.greet
label: Greet
description:
# actions/part.yml
ref: demo.greet
# actions/workflows/deploy.yaml
ref: demo.deploy
# actions/nested/unread.yaml
ref: demo.unread
# actions/.hidden.yaml
ref: demo.hidden
# actions/greet.py
# triggers/tick.yaml
ref: demo.tick
# policies/limit.yaml
ref: 3
# tests/fixture.yaml
ref: demo.fixture
"""


def test_every_file_in_its_place(tmp_path: Path) -> None:
    tree = read_pack(write_pack(tmp_path, PACK), "packs/demo")
    assert [(each.kind, each.inside, each.ref) for each in tree.components] == [
        ("action", "actions/greet.yaml", "demo.greet"),
        ("action", "actions/part.yml", "demo.greet"),
        ("workflow", "actions/workflows/deploy.yaml", "demo.deploy"),
        ("policy", "policies/limit.yaml", None),
        ("trigger", "triggers/tick.yaml", "demo.tick"),
    ]
    assert (tree.ref, tree.pack.kind, tree.pack.ref) == ("demo", "pack", "demo")
    assert {kind: len(found) for kind, found in tree.by_kind.items() if found} == {
        "pack": 1,
        "action": 2,
        "workflow": 1,
        "policy": 1,
        "trigger": 1,
    }
    assert set(tree.by_kind) == set(KINDS)
    assert {ref: [each.inside for each in found] for ref, found in tree.by_ref.items()} == {
        "demo.greet": ["actions/greet.yaml", "actions/part.yml"],
        "demo.deploy": ["actions/workflows/deploy.yaml"],
        "demo.tick": ["triggers/tick.yaml"],
    }


def test_paths_are_shown_as_they_were_given(tmp_path: Path) -> None:
    root = write_pack(tmp_path, PACK)
    for shown, expected in (("packs/demo", "packs/demo/actions/greet.yaml"), (".", "actions/greet.yaml")):
        tree = read_pack(root, shown)
        assert tree.components[0].shown == expected
        assert tree.components[0].path == root / "actions" / "greet.yaml"
        assert tree.show("actions/greet.yaml") == expected


def test_finding_a_component(tmp_path: Path) -> None:
    tree = read_pack(write_pack(tmp_path, PACK), ".")
    found = tree.find("action", "demo.greet")
    assert found is not None
    assert found.inside == "actions/greet.yaml"
    assert tree.find("trigger", "demo.greet") is None


def test_what_a_component_tells(tmp_path: Path) -> None:
    greet = read_pack(write_pack(tmp_path, PACK), ".").components[0]
    assert greet.string("label") == "Greet"
    assert greet.string("absent") is None
    assert greet.get("description") is None
    label, key = greet.get("label"), greet.key("label")
    assert label is not None
    assert key is not None
    at_value = greet.finding(UNKNOWN_KEY, label, "message", "help")
    assert (at_value.where, at_value.end) == ("actions/greet.yaml:2:8", Position(2, 13))
    assert (at_value.code, at_value.severity, at_value.help) == ("ATN021", Severity.WARNING, "help")
    assert greet.finding(UNKNOWN_KEY, key, "message").start == Position(2, 1)
    assert greet.finding(UNKNOWN_KEY, None, "message").start == Position(1, 1)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a list\n", "text\n", "a: [\n", "\0"])
def test_a_file_without_a_mapping(tmp_path: Path, text: str) -> None:
    root = write_pack(tmp_path, "# actions/odd.yaml\n")
    (root / "actions" / "odd.yaml").write_text(text, encoding="utf-8")
    odd = read_pack(root, ".").components[0]
    assert (odd.root, odd.ref, odd.string("ref"), odd.get("ref"), odd.key("ref")) == (None, None, None, None, None)
    assert odd.finding(UNKNOWN_KEY, None, "message").start == Position(1, 1)


def unreadable(component: Component) -> str:
    (finding,) = component.document.diagnostics
    assert (finding.code, finding.start, component.text, component.root) == ("ATN020", Position(1, 1), b"", None)
    return finding.message


def test_what_is_no_file_of_the_pack_is_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("ref: other.action\n", encoding="utf-8")
    (tmp_path / "demo").mkdir()
    root = write_pack(tmp_path / "demo", "# actions/inside.yaml\nref: demo.inside\n")
    actions = root / "actions"
    (actions / "link.yaml").symlink_to("inside.yaml")
    (actions / "out.yaml").symlink_to(outside)
    (actions / "broken.yaml").symlink_to("nowhere")
    (actions / "circle.yaml").symlink_to("circle.yaml")
    (actions / "folder.yaml").mkdir()
    os.mkfifo(actions / "pipe.yaml")
    found = {each.path.name: each for each in read_pack(root, ".").components}
    assert found["link.yaml"].ref == "demo.inside"
    assert unreadable(found["out.yaml"]) == f"the file cannot be read: it is a link out of the pack, to {outside}"
    assert unreadable(found["broken.yaml"]) == "the file cannot be read: no such file or directory"
    assert "links" in unreadable(found["circle.yaml"])
    assert unreadable(found["folder.yaml"]) == "the file cannot be read: it is no ordinary file"
    assert unreadable(found["pipe.yaml"]) == "the file cannot be read: it is no ordinary file"


def test_a_folder_that_is_a_link_out_of_the_pack(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.yaml").write_text("ref: demo.a\n", encoding="utf-8")
    (tmp_path / "demo").mkdir()
    root = write_pack(tmp_path / "demo", "# triggers/t.yaml\nref: demo.t\n")
    (root / "actions").symlink_to(tmp_path / "elsewhere")
    (root / "rules").symlink_to(root / "triggers")
    found = {each.kind: each for each in read_pack(root, ".").components}
    assert "out of the pack" in unreadable(found["action"])
    assert found["rule"].ref == "demo.t"


def test_a_file_too_large_to_read(tmp_path: Path) -> None:
    root = write_pack(tmp_path, "# actions/large.yaml\n")
    with (root / "actions" / "large.yaml").open("r+b") as file:
        file.truncate(11 * 1024 * 1024)
    (finding,) = read_pack(root, ".").components[0].document.diagnostics
    assert finding.code == "ATN015"


def test_a_pack_that_declares_no_ref_is_called_as_its_folder(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("label: No ref\n", encoding="utf-8")
    tree = read_pack(tmp_path, ".")
    assert (tree.ref, tree.pack.ref) == (tmp_path.name, None)


def test_nodes_of_a_huge_pack_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All can be asked for what they hold, in any order, and only some nodes are kept."""
    monkeypatch.setattr(components, "MAX_KEPT", 100)
    files = "".join(f"# actions/a{number}.yaml\nref: demo.a{number}\nlabel: {number}\n" for number in range(9))
    tree = read_pack(write_pack(tmp_path, files), ".")
    for _ in range(2):
        assert [each.ref for each in tree.components] == [f"demo.a{number}" for number in range(9)]
        for number, each in enumerate(tree.components):
            label = each.get("label")
            assert label is not None
            assert label.start == Position(2, 8)
            assert each.document.root is each.root
            assert isinstance(each.root, Mapping)
            assert each.string("ref") == f"demo.a{number}"
    kept = tree.pack._shelf._open
    assert kept[0] is tree.pack
    assert sum(len(each.text) for each in kept) <= 100
    with pytest.raises(AttributeError):
        tree.components[-1].other  # type: ignore[attr-defined]  # noqa: B018
