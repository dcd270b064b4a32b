"""What is sure is put right, and nothing else is touched: not a byte, not a mode, not a link."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError
from attune_cli.pack.fix import FIXABLE, plan_fixes
from attune_cli.pack.fixes.change import Change
from attune_cli.pack.validate import Options, validate
from tests.unit.fix.conftest import Pack

ARRAY = "parameters:\n  hosts: {type: array, %s}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ARRAY % "min_items: 1", ARRAY % "minItems: 1"),
        (ARRAY % "'max-items': 9, \"min_items\": 1", ARRAY % "'maxItems': 9, \"minItems\": 1"),
        ("entryPoint_: x\nRunner-Type: shell\n", "entryPoint_: x\nrunner_type: shell\n"),
        ("# über\u2028outputFormat: text # stays\n", "# über\u2028output_format: text # stays\n"),
        ("output_Format: &a text\r\ntags: [*a]\r\n", "output_format: &a text\r\ntags: [*a]\r\n"),
    ],
)
def test_keys(pack: Pack, before: str, after: str) -> None:
    file = pack.action(before)
    head = file.read_bytes().decode().removesuffix(before)
    pack.fixes().apply()
    assert file.read_bytes().decode() == head + after


def test_a_byte_order_mark_stays(pack: Pack) -> None:
    file = pack.write("actions/greet.yaml", b"\xef\xbb\xbfEntry_Point: greet.sh\nref: demo.greet\n")
    pack.fixes().apply()
    assert file.read_bytes() == b"\xef\xbb\xbfentry_point: greet.sh\nref: demo.greet\n"


@pytest.mark.parametrize(
    "text",
    [
        "runer_type: shell\n",
        "runnerType: shell\nrunner_type: shell\n",
        "parameters:\n  hosts: {type: array, min_items: 1, minItems: 2}\n",
        "parameters:\n  hosts: {type: array, min_itmes: 1}\n",
        "nobody_knows: 1\n",
    ],
)
def test_what_is_not_sure_stays(pack: Pack, text: str) -> None:
    pack.action(text)
    assert FIXABLE & set(pack.codes())
    assert pack.fixes() == ((), ())


def test_two_spellings_of_one_key(pack: Pack) -> None:
    pack.action("outputFormat: text\noutput-format: json\n")
    fixes = pack.fixes()
    assert len(fixes.fixed) == 1
    fixes.apply()
    assert "ATN006" not in pack.codes()


def test_the_execute_bit(pack: Pack) -> None:
    pack.action("")
    script = pack.write("actions/greet.sh", "#!/bin/sh\necho hello\n", 0o640)
    for name in ("one", "two"):
        text = f"ref: demo.{name}\nrunner_type: native\nentry_point: greet.sh\n"
        pack.write(f"actions/{name}.yaml", text)
    fixes = pack.fixes()
    assert ([change.shown for change in fixes.changes], len(fixes.fixed)) == (["demo/actions/greet.sh"], 2)
    assert stat.S_IMODE(script.stat().st_mode) == 0o640
    fixes.apply()
    assert stat.S_IMODE(script.stat().st_mode) == 0o750
    assert script.read_text() == "#!/bin/sh\necho hello\n"
    assert "ATN045" not in pack.codes()


def test_windows_line_ends(pack: Pack) -> None:
    pack.action("")
    script = pack.write("actions/greet.sh", b"#!/bin/sh\r\nprintf 'a\rb\n'\r\n\xff\r\n", 0o700)
    pack.fixes().apply()
    assert script.read_bytes() == b"#!/bin/sh\nprintf 'a\rb\n'\n\xff\n"
    assert stat.S_IMODE(script.stat().st_mode) == 0o700
    assert "ATN048" not in pack.codes()


def test_a_binary_keeps_its_carriage_returns(pack: Pack) -> None:
    pack.action("")
    pack.write("actions/greet.sh", b"#!/bin/sh\r\n" + b"x" * 5000 + b"\0\r\n")
    assert "ATN048" in pack.codes()
    assert pack.fixes().changes == ()


def test_what_lies_outside_is_not_touched(pack: Pack) -> None:
    outside = pack.write("../outside.sh", b"#!/bin/sh\r\n")
    (pack.root / "actions").mkdir()
    (pack.root / "actions/greet.sh").symlink_to(outside)
    pack.action("runner_type: native\n")
    pack.write("actions/up.yaml", "ref: demo.up\nentry_point: ../../outside.sh\nrunner_type: native\n")
    assert "ATN042" in pack.codes()
    assert pack.fixes().changes == ()


def test_a_link_inside_stays_a_link(pack: Pack) -> None:
    target = pack.write("lib/greet.sh", b"echo\r\n")
    (pack.root / "actions").mkdir()
    (pack.root / "actions/greet.sh").symlink_to("../lib/greet.sh")
    pack.action("")
    pack.fixes().apply()
    assert (pack.root / "actions/greet.sh").is_symlink()
    assert target.read_bytes() == b"echo\n"


def test_names(pack: Pack) -> None:
    pack.action("minItems_: 1\n", name="hello")
    pack.write(
        "workflows/first.workflow.yaml",
        "ref: demo.second\ntasks:\n  - name: a\n    action: demo.greet\n",
    )
    fixes = pack.fixes()
    moved = {change.shown: change.shown_after for change in fixes.changes}
    assert moved == {
        "demo/actions/hello.yaml": "demo/actions/greet.yaml",
        "demo/workflows/first.workflow.yaml": "demo/workflows/second.workflow.yaml",
    }
    fixes.apply()
    assert not (pack.root / "actions/hello.yaml").exists()
    assert (pack.root / "actions/greet.yaml").read_text().endswith("minItems_: 1\n")
    assert "ATN033" not in pack.codes()


def test_a_name_that_an_action_has_written(pack: Pack) -> None:
    pack.write("actions/run.yaml", "ref: demo.run\nworkflow_file: workflows/first.workflow.yaml\n")
    tasks = "tasks:\n  - name: a\n    action: demo.run\n"
    pack.write("actions/workflows/first.workflow.yaml", f"ref: demo.second\n{tasks}")
    assert "ATN033" in pack.codes()
    assert pack.fixes().changes == ()


def test_a_name_that_is_taken(pack: Pack) -> None:
    pack.action("")
    pack.action("", name="copy")
    assert "ATN033" in pack.codes()
    assert pack.fixes().changes == ()


def test_a_link_keeps_its_name(pack: Pack) -> None:
    """It may be one on purpose, and whoever made it knows it by this name."""
    file = pack.action("", name="hello")
    file.rename(pack.root / "hello.yaml")
    file.symlink_to("../hello.yaml")
    assert "ATN033" in pack.codes()
    assert pack.fixes().changes == ()


def test_whatever_else_lies_there(pack: Pack) -> None:
    pack.action("", name="hello")
    (pack.root / "actions/broken.yaml").symlink_to("nowhere")
    os.mkfifo(pack.root / "actions/pipe.yaml")
    pack.fixes().apply()
    assert (pack.root / "actions/greet.yaml").is_file()


def test_a_name_and_a_key_at_once(pack: Pack) -> None:
    pack.action("outputFormat: text\n", name="hello")
    fixes = pack.fixes()
    assert len(fixes.changes) == 1
    fixes.apply()
    assert (pack.root / "actions/greet.yaml").read_text().endswith("output_format: text\n")


def test_a_name_that_is_taken_in_the_meantime(pack: Pack) -> None:
    pack.action("", name="hello")
    fixes = pack.fixes()
    pack.write("actions/greet.yaml", "mine")
    with pytest.raises(AttuneError, match="the file cannot be changed"):
        fixes.apply()
    assert (pack.root / "actions/greet.yaml").read_text() == "mine"


def test_planning_writes_nothing(pack: Pack) -> None:
    pack.action("outputFormat: text\n", name="hello")
    before = {path: path.stat() for path in pack.root.rglob("*")}
    assert pack.fixes().changes
    assert {path: path.stat() for path in pack.root.rglob("*")} == before


def test_findings_of_files_that_are_gone(pack: Pack) -> None:
    file = pack.action("outputFormat: text\n")
    found = pack.validated().diagnostics
    file.unlink()
    assert plan_fixes(found).changes == ()


def test_nothing_is_left_when_a_file_cannot_be_written(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pack.action("")
    change = Change.of(str(file))
    monkeypatch.setattr(os, "replace", _full)
    with pytest.raises(AttuneError, match="No space left"):
        Change(change.shown, change.before, b"other", 0o644, 0o644, change.shown).apply()
    assert file.read_bytes() == change.before
    assert sorted(path.name for path in file.parent.iterdir()) == ["greet.sh", "greet.yaml"]


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_paths_as_the_user_gives_them(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pack.action("outputFormat: text\n")
    monkeypatch.chdir(pack.root / "actions")
    result = validate([".."], Options(use_cache=False))
    assert [change.shown for change in plan_fixes(result.diagnostics).changes] == ["../actions/greet.yaml"]
    plan_fixes(result.diagnostics).apply()
    assert Path(file).read_text().endswith("output_format: text\n")
