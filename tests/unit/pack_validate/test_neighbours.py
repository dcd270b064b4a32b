"""Refs into other packs: looked for where those are at hand, and nothing is said where they are not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from attune_cli.pack.discover import shipped_packs_dir
from attune_cli.pack.neighbours import MAX_FILES, Neighbours
from attune_cli.pack.validate import Options, validate

RUN = ("action", "workflow")

USER = {
    "pack.yaml": "ref: user\nlabel: User\nversion: 1.0.0\n",
    "rules/hourly.yaml": "ref: user.hourly\ntrigger_ref: other.tick\naction_ref: other.greet\n",
}
OTHER = {
    "pack.yaml": "ref: other\nlabel: Other\nversion: 1.0.0\n",
    "actions/greet.yaml": "ref: other.greet\nparameters:\n  name: {type: string}\n",
    "triggers/tick.yaml": "ref: other.tick\n",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write(root: Path, files: dict[str, str], **changed: str) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.get(path.stem, text), encoding="utf-8")


def found(*paths: str, packs_dirs: tuple[str, ...] = (), cache: bool = False) -> list[str]:
    """Errors and warnings about what refs lead to, as `code message | help`."""
    result = validate(paths, Options(use_cache=cache, packs_dirs=tuple(Path(each).absolute() for each in packs_dirs)))
    codes = {"ATN050", "ATN051", "ATN052", "ATN054", "ATN055", "ATN056", "ATN073"}
    return [f"{each.code} {each.message} | {each.help}" for each in result.diagnostics if each.code in codes]


MISSING = "ATN052 the pack `other`, as it is here, has no action `other.gret` | did you mean `other.greet`?"
WRONG = {"hourly": "ref: user.hourly\ntrigger_ref: other.tick\naction_ref: other.gret\n"}


def test_nothing_is_said_of_a_pack_that_is_not_at_hand() -> None:
    write(Path("user"), USER, **WRONG)
    assert found("user") == []


def test_what_another_pack_has_is_found_there() -> None:
    write(Path("user"), USER)
    write(Path("other"), OTHER)
    assert found("user") == []


@pytest.mark.parametrize("place", ["user", "."])
def test_a_pack_in_the_same_folder_is_at_hand(place: str) -> None:
    write(Path("user"), USER, **WRONG)
    write(Path("a_folder_of_another_name"), OTHER)
    assert found(place) == [MISSING]


def test_a_pack_in_the_same_call_is_at_hand() -> None:
    write(Path("user"), USER, **WRONG)
    write(Path("elsewhere/other"), OTHER)
    assert found("user") == []
    assert found("user", "elsewhere/other") == [MISSING]


@pytest.mark.parametrize("named", ["elsewhere", "elsewhere/other"])
def test_a_pack_in_a_named_folder_is_at_hand(named: str) -> None:
    write(Path("user"), USER, **WRONG)
    write(Path("elsewhere/other"), OTHER)
    assert found("user", packs_dirs=(named,)) == [MISSING]
    assert found("user", packs_dirs=("nowhere",)) == []


def test_triggers_and_permission_sets_too() -> None:
    rule = "ref: user.hourly\ntrigger_ref: other.tack\naction_ref: other.greet\npermission_set_refs: [other.all]\n"
    write(Path("user"), USER, hourly=rule)
    write(Path("other"), OTHER)
    assert found("user") == [
        "ATN050 the pack `other`, as it is here, has no trigger `other.tack` | did you mean `other.tick`?",
        "ATN073 the pack `other`, as it is here, has no permission set `other.all` | None",
    ]


def test_values_are_held_against_what_the_other_pack_declares() -> None:
    rule = USER["rules/hourly.yaml"] + "action_params: {nam: x}\n"
    write(Path("user"), USER, hourly=rule)
    write(Path("other"), OTHER)
    assert found("user") == ["ATN054 the action `other.greet` has no parameter `nam` | did you mean `name`?"]


def test_a_broken_file_may_be_what_is_meant() -> None:
    write(Path("user"), USER)
    write(Path("other"), OTHER, greet="ref: [\n")
    assert found("user") == []


def test_one_of_two_packs_of_the_same_ref_will_do() -> None:
    rule = USER["rules/hourly.yaml"] + "action_params: {nam: x}\n"
    write(Path("user"), USER, hourly=rule)
    write(Path("one"), OTHER)
    write(Path("two"), OTHER, greet="ref: other.greet\nparameters:\n  nam: {type: string}\n")
    # Which of the two is installed is not known.
    assert found("user") == []
    (Path("one") / "actions" / "greet.yaml").unlink()
    assert found("user") == []
    (Path("two") / "actions" / "greet.yaml").unlink()
    assert [each[:6] for each in found("user")] == ["ATN052"]


def test_the_core_pack_that_comes_with_attune_is_not_the_platforms() -> None:
    shipped = shipped_packs_dir()
    assert shipped is not None
    write(Path("user"), USER, hourly="ref: user.hourly\ntrigger_ref: core.alert\naction_ref: core.ask\n")
    assert found("user", packs_dirs=(str(shipped),)) == []
    shutil.copytree(shipped / "core", "core")
    assert [each[:6] for each in found("user")] == ["ATN050", "ATN052"]


def test_a_trigger_that_is_there_is_no_slip_for_another() -> None:
    write(Path("user"), USER, hourly="ref: user.hourly\ntrigger_ref: core.cron_timer\naction_ref: user.x\n")
    assert [each[:6] for each in found("user")] == ["ATN051", "ATN052"]
    write(Path("core"), {"pack.yaml": "ref: core\n", "triggers/cron_timer.yaml": "ref: core.cron_timer\n"})
    assert [each[:6] for each in found("user")] == ["ATN052"]


def test_what_is_no_file_is_not_waited_for() -> None:
    write(Path("user"), USER)
    write(Path("other"), OTHER)
    os.mkfifo("other/actions/pipe.yaml")
    Path("third").mkdir()
    os.mkfifo("third/pack.yaml")
    assert found("user") == []


def test_a_pack_of_too_many_files_is_not_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    write(Path("user"), USER, **WRONG)
    write(Path("other"), OTHER)
    assert MAX_FILES > 1
    monkeypatch.setattr("attune_cli.pack.neighbours.MAX_FILES", 1)
    assert found("user") == []


def test_nothing_is_read_before_somebody_asks(here: Path) -> None:
    write(Path("other"), OTHER)
    neighbours = Neighbours([here / "user"])
    assert neighbours.ask(RUN, "other.greet").component is not None
    late = Neighbours([here / "user"])
    shutil.rmtree("other")
    assert late.ask(RUN, "other.greet").component is None


def test_what_is_remembered_changes_with_the_other_pack() -> None:
    write(Path("user"), USER)
    assert found("user", cache=True) == []
    write(Path("other"), OTHER, greet="ref: other.meet\n")
    wrong = "ATN052 the pack `other`, as it is here, has no action `other.greet` | the pack other has other.meet"
    assert found("user", cache=True) == [wrong]
    write(Path("other"), {"actions/great.yaml": "ref: other.great\n"})
    assert found("user", cache=True) == [wrong.replace("the pack other has other.meet", "did you mean `other.great`?")]
    write(Path("other"), OTHER)
    assert found("user", cache=True) == []
    write(Path("other"), OTHER, greet="ref: other.greet\nparameters:\n  name: {type: string, required: true}\n")
    assert [each[:6] for each in found("user", cache=True)] == ["ATN055"]
    shutil.rmtree("other")
    assert found("user", cache=True) == []


def test_what_nobody_asked_for_may_change() -> None:
    write(Path("user"), USER)
    write(Path("other"), OTHER)
    validate(["user"])
    write(Path("other"), {"actions/more.yaml": "ref: other.more\n"})
    entries = set(Path(os.environ["ATTUNE_CACHE_DIR"], "validate").iterdir())
    times = {each: each.stat().st_mtime_ns for each in entries}
    validate(["user"])
    assert {each: each.stat().st_mtime_ns for each in entries} == times


def test_a_folder_of_too_many_things_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    write(Path("user"), USER, **WRONG)
    write(Path("other"), OTHER)
    Path("clutter").mkdir()
    monkeypatch.setattr("attune_cli.pack.neighbours.MAX_PACKS", 2)
    assert found("user") == []
    # What is given by name is at hand all the same.
    assert found("user", "other") == [MISSING]
