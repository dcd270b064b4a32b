"""Which file a ref stands for, and what is said when it stands for none."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.errors import NotFoundError
from attune_cli.pack.discover import find_action, list_actions, list_packs, packs_dirs, shipped_packs_dir


def pack(folder: Path, ref: str | None = None, **actions: str) -> Path:
    """A pack; actions: file name without .yaml → ref."""
    (folder / "actions").mkdir(parents=True)
    (folder / "pack.yaml").write_text(f"ref: {ref or folder.name}\n")
    for name, action in actions.items():
        (folder / "actions" / f"{name}.yaml").write_text(f"# an action\nref: {action}\nentry_point: x.sh\n")
    return folder


def test_by_the_names_of_folder_and_file(tmp_path: Path) -> None:
    pack(tmp_path / "demo", x="demo.x")
    assert find_action("demo.x", [tmp_path]) == tmp_path / "demo/actions/x.yaml"


def test_by_the_ref_in_a_folder_of_another_name(tmp_path: Path) -> None:
    pack(tmp_path / "attune-demo-pack", "demo", x="demo.x")
    assert find_action("demo.x", [tmp_path]).parent.parent.name == "attune-demo-pack"


def test_by_the_ref_in_a_file_of_another_name(tmp_path: Path) -> None:
    pack(tmp_path / "demo", x="demo.other", y="demo.x")
    assert find_action("demo.x", [tmp_path]).name == "y.yaml"


def test_a_folder_whose_pack_has_another_ref_is_passed_over(tmp_path: Path) -> None:
    pack(tmp_path / "demo", "stranger", x="demo.x")
    pack(tmp_path / "zzz", "demo", x="demo.x")
    assert find_action("demo.x", [tmp_path]).parent.parent.name == "zzz"


def test_the_short_suffix(tmp_path: Path) -> None:
    pack(tmp_path / "demo", x="demo.x")
    (tmp_path / "demo/actions/x.yaml").rename(tmp_path / "demo/actions/x.yml")
    assert find_action("demo.x", [tmp_path]).name == "x.yml"


def test_a_place_that_is_a_pack_itself(tmp_path: Path) -> None:
    folder = pack(tmp_path / "checkout", "demo", x="demo.x")
    assert find_action("demo.x", [folder]) == folder / "actions/x.yaml"


def test_the_first_place_wins_and_one_without_the_action_does_not_end_the_search(tmp_path: Path) -> None:
    pack(tmp_path / "a" / "demo", y="demo.y")
    pack(tmp_path / "b" / "demo", x="demo.x")
    pack(tmp_path / "c" / "demo", x="demo.x")
    assert find_action("demo.x", [tmp_path / name for name in "abc"]) == tmp_path / "b/demo/actions/x.yaml"


@pytest.mark.parametrize(
    "line",
    [
        'ref: "demo.x"',
        "ref: 'demo.x'",
        "ref:   demo.x  # comment",
        "ref: demo.x\r",
        '"ref": demo.x',
        "ref: >-\n  demo.x",
    ],
)
def test_every_way_to_write_a_ref(line: str, tmp_path: Path) -> None:
    folder = pack(tmp_path / "demo", x="demo.zzz")
    (folder / "actions/x.yaml").write_bytes(f"{line}\nentry_point: x.sh\n".encode())
    assert find_action("demo.x", [tmp_path]).name == "x.yaml"


def test_a_ref_inside_a_text_is_none(tmp_path: Path) -> None:
    folder = pack(tmp_path / "demo", x="demo.zzz")
    (folder / "actions/x.yaml").write_text("description: |\n  ref: demo.fake\nref: demo.x\n")
    assert list(list_actions([tmp_path])) == ["demo.x"]


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [
        ("demo.helo", "did you mean demo.hello?"),
        ("hello", "did you mean demo.hello?"),
        ("demo.entirely_else", "the pack demo has: demo.hello"),
        ("nowhere.entirely_else", "--packs-dir"),
        ("NO REF/AT ALL", "--packs-dir"),
    ],
)
def test_what_is_said_of_a_ref_that_is_not_there(asked: str, suggested: str, tmp_path: Path) -> None:
    pack(tmp_path / "demo", hello="demo.hello")
    missing = tmp_path / "missing"
    with pytest.raises(NotFoundError) as caught:
        find_action(asked, [tmp_path, missing])
    assert asked in caught.value.what
    assert caught.value.why == f"looked in {tmp_path}, {missing} (does not exist)"
    assert suggested in (caught.value.help or "")


def test_files_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    folder = pack(tmp_path / "demo", x="demo.x")
    (folder / "actions/a.yaml").write_text("[")
    (folder / "actions/b.yaml").mkdir()
    (folder / "actions/c.yaml").symlink_to("nowhere")
    assert find_action("demo.x", [tmp_path]).name == "x.yaml"
    assert list(list_actions([tmp_path])) == ["demo.x"]


def test_the_order_of_the_places(tmp_path: Path) -> None:
    outer = pack(tmp_path / "mine", x="mine.x")
    here = outer / "actions"
    environ = {"ATTUNE_PACKS_DIR": f"{tmp_path}/one::{tmp_path}/two"}
    shipped = shipped_packs_dir()
    assert shipped is not None
    assert packs_dirs([Path("rel"), tmp_path / "abs"], here, environ) == (
        here / "rel",
        tmp_path / "abs",
        tmp_path / "one",
        tmp_path / "two",
        here / "packs",
        outer,
        shipped,
    )


def test_the_enclosing_pack_is_found_from_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = pack(tmp_path / "checkout", "demo", x="demo.x")
    monkeypatch.chdir(folder / "actions")
    assert find_action("demo.x", packs_dirs()) == folder / "actions/x.yaml"


def test_the_shipped_pack_is_the_last_resort(tmp_path: Path) -> None:
    places = packs_dirs([], tmp_path, {})
    assert find_action("core.echo", places).parts[-3:] == ("core", "actions", "echo.yaml")
    pack(tmp_path / "packs" / "core", echo="core.echo")
    assert find_action("core.echo", places) == tmp_path / "packs/core/actions/echo.yaml"


def test_all_packs_and_actions_in_reach_each_once(tmp_path: Path) -> None:
    pack(tmp_path / "a" / "demo", x="demo.x", y="demo.y")
    pack(tmp_path / "b" / "demo", x="demo.x", z="demo.z")
    (tmp_path / "b" / "no pack").mkdir()
    places = [tmp_path / "a", tmp_path / "b", tmp_path / "a", tmp_path / "none"]
    assert list_packs(places) == (tmp_path / "a/demo", tmp_path / "b/demo")
    assert list_actions(places) == {
        "demo.x": tmp_path / "a/demo/actions/x.yaml",
        "demo.y": tmp_path / "a/demo/actions/y.yaml",
        "demo.z": tmp_path / "b/demo/actions/z.yaml",
    }
