"""Reading packs and actions: what they come to, and where what is wrong with them stands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError, NotFoundError
from attune_cli.pack.load import load_action, load_pack
from attune_cli.pack.model import Action

REFUSED = sorted((Path(__file__).parent / "refused").glob("*.yaml"))


def write(root: Path, text: str, *, name: str = "x.yaml") -> Path:
    """An action's YAML file in a pack of its own."""
    actions = root / "demo" / "actions"
    actions.mkdir(parents=True, exist_ok=True)
    (actions.parent / "pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.2.3\n")
    (actions / name).write_text(text)
    return actions / name


def load(root: Path, text: str) -> Action:
    return load_action(write(root, text))


@pytest.mark.parametrize("case", REFUSED, ids=lambda path: path.stem)
def test_what_is_refused_and_where(case: Path, tmp_path: Path) -> None:
    text = case.read_text()
    place, _, message = text.splitlines()[0].removeprefix("# ").partition(" ")
    path = write(tmp_path, text)
    with pytest.raises(AttuneError) as caught:
        load_action(path)
    assert caught.value.where == f"{path}:{place}"
    assert message in caught.value.what


def test_there_are_refused_cases() -> None:
    assert len(REFUSED) > 15


def test_the_least_action(tmp_path: Path) -> None:
    action = load(tmp_path, "ref: demo.x\nentry_point: x.sh\n")
    root = tmp_path / "demo"
    assert (action.ref, action.pack_ref, action.label, action.pack_root) == ("demo.x", "demo", "demo.x", root)
    assert (action.runner_type, action.runtime_version, action.enabled) == ("shell", None, True)
    assert (action.delivery, action.delivery_declared, action.format) == ("env", False, "json")
    assert (action.output_format, action.output_key, action.timeout) == (None, None, None)
    assert (action.entry_point, action.entry_path) == ("x.sh", root / "actions" / "x.sh")
    assert not action.parameters.properties


def test_all_that_an_action_declares(tmp_path: Path) -> None:
    action = load(
        tmp_path,
        """\
ref: demo.x
label: Do X
description: Does it
enabled: false
runner_type: Python3
runtime_version: 3.10
entry_point: sub/x.py
parameter_delivery: stdin
parameter_format: yaml
output_format: jsonl
result_schema: {type: object}
timeout: 30
parameters:
  a: {type: string, required: true}
  b: {type: integer, secret: true}
""",
    )
    # A version is what is written, not the number 3.1.
    assert (action.runner_type, action.runtime_version) == ("Python3", "3.10")
    assert (action.delivery, action.delivery_declared, action.format) == ("stdin", True, "yaml")
    assert (action.output_format, action.output_key, action.timeout) == ("jsonl", "result_schema", 30.0)
    assert (action.label, action.description, action.enabled) == ("Do X", "Does it", False)
    assert action.parameters.required == {"a"}
    assert action.parameters.secrets == {"b"}


def test_the_key_the_platform_reads_goes_before_the_others(tmp_path: Path) -> None:
    assert load(tmp_path, "ref: demo.x\nentry_point: x\noutput_schema: {}\noutput: {}\n").output_key == "output"


def test_null_is_as_good_as_absent(tmp_path: Path) -> None:
    action = load(tmp_path, "ref: demo.x\nentry_point: x\nrunner_type:\nparameters: ~\nparameter_delivery: null\n")
    assert (action.runner_type, action.delivery_declared) == ("shell", False)


def test_a_link_out_of_the_pack_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.sh"
    outside.touch()
    path = write(tmp_path, "ref: demo.x\nentry_point: link.sh\n")
    (path.parent / "link.sh").symlink_to(outside)
    with pytest.raises(AttuneError, match="leaves the pack") as caught:
        load_action(path)
    assert caught.value.where == f"{path}:2:14"
    assert str(outside) in (caught.value.why or "")


def test_a_folder_that_is_a_link_out_of_the_pack_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "ref: demo.x\nentry_point: sub/x.sh\n")
    (tmp_path / "away").mkdir()
    (path.parent / "sub").symlink_to(tmp_path / "away")
    with pytest.raises(AttuneError, match="leaves the pack"):
        load_action(path)


def test_a_link_inside_the_pack_and_a_pack_that_is_a_link_are_fine(tmp_path: Path) -> None:
    path = write(tmp_path, "ref: demo.x\nentry_point: link.sh\n")
    (path.parent.parent / "real.sh").touch()
    (path.parent / "link.sh").symlink_to("../real.sh")
    (tmp_path / "other").symlink_to(tmp_path / "demo")
    action = load_action(tmp_path / "other" / "actions" / "x.yaml")
    assert action.entry_path == tmp_path / "other" / "actions" / "link.sh"


def test_a_link_in_a_circle_is_refused_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "ref: demo.x\nentry_point: loop.sh\n")
    (path.parent / "loop.sh").symlink_to("loop.sh")
    with pytest.raises(AttuneError) as caught:
        load_action(path)
    assert caught.value.where == f"{path}:2:14"


def test_a_file_in_no_pack_has_its_entry_point_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text("ref: demo.x\nentry_point: x.sh\n")
    action = load_action(path)
    assert (action.pack_root, action.entry_path) == (tmp_path, tmp_path / "x.sh")


def test_a_folder_called_actions_makes_a_pack_of_what_is_above(tmp_path: Path) -> None:
    (tmp_path / "actions").mkdir()
    path = tmp_path / "actions" / "x.yaml"
    path.write_text("ref: demo.x\nentry_point: x.sh\n")
    assert load_action(path).pack_root == tmp_path


def test_a_relative_path_comes_out_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "ref: demo.x\nentry_point: x.sh\n")
    monkeypatch.chdir(tmp_path)
    action = load_action(Path("demo/actions/x.yaml"))
    assert action.path == tmp_path / "demo/actions/x.yaml"
    assert action.entry_path.is_absolute()


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="does not exist"):
        load_action(tmp_path / "none.yaml")
    with pytest.raises(AttuneError, match="cannot be read"):
        load_action(tmp_path)


def test_a_pack(tmp_path: Path) -> None:
    write(tmp_path, "")
    pack = load_pack(tmp_path / "demo")
    assert (pack.ref, pack.label, pack.version) == ("demo", "Demo", "1.2.3")
    assert (pack.root, pack.path) == (tmp_path / "demo", tmp_path / "demo" / "pack.yaml")


def test_a_pack_without_a_ref_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("label: X\n")
    with pytest.raises(AttuneError, match="`ref` is missing"):
        load_pack(tmp_path)


def test_links_keep_their_names(tmp_path: Path) -> None:
    """A person knows a pack by the path they gave, wherever it leads."""
    write(tmp_path, "ref: demo.x\nentry_point: x.sh\n")
    os.symlink(tmp_path / "demo", tmp_path / "alias")
    assert load_action(tmp_path / "alias/actions/x.yaml").pack_root == tmp_path / "alias"
