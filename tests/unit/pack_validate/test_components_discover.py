"""Which packs a path means, and how their files are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.errors import ExitCode, UsageError
from attune_cli.pack.components import Place, discover


def make_pack(root: Path, *files: str) -> Path:
    for file in ("pack.yaml", *files):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(f"ref: {root.name}\n", encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two packs, and one under `packs`."""
    for name in ("b_pack", "a_pack", "packs/c_pack"):
        make_pack(tmp_path / name, "actions/x.yaml", "actions/workflows/w.yaml", "lib/y.py")
    (tmp_path / "empty" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*paths: str) -> list[str]:
    return [place.shown for place in discover(paths)]


def test_a_pack(here: Path) -> None:
    assert discover(["a_pack"]) == (Place(here / "a_pack", "a_pack"),)
    assert discover([here / "a_pack"]) == (Place(here / "a_pack", str(here / "a_pack")),)


def test_the_packs_own_file_is_the_pack(here: Path) -> None:
    assert discover(["a_pack/pack.yaml"]) == (Place(here / "a_pack", "a_pack"),)


def test_a_folder_of_packs_in_the_order_of_their_names() -> None:
    assert shown(".") == ["a_pack", "b_pack", "packs/c_pack"]
    assert shown("packs") == ["packs/c_pack"]


def test_from_inside_a_pack(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "a_pack")
    assert shown(".") == ["."]
    assert shown("pack.yaml") == ["."]
    assert discover(["actions/x.yaml"])[0] == Place(here / "a_pack", ".", {"actions/x.yaml": "actions/x.yaml"})
    monkeypatch.chdir("actions")
    assert discover(["x.yaml"])[0] == Place(here / "a_pack", "..", {"actions/x.yaml": "x.yaml"})


def test_files_in_a_pack_are_judged_with_it(here: Path) -> None:
    (place,) = discover(["a_pack/actions/x.yaml", "a_pack/./actions/workflows/w.yaml"])
    assert (place.root, place.shown) == (here / "a_pack", "a_pack")
    assert place.only == {
        "actions/x.yaml": "a_pack/actions/x.yaml",
        "actions/workflows/w.yaml": "a_pack/actions/workflows/w.yaml",
    }


def test_a_folder_in_a_pack_is_its_files() -> None:
    (place,) = discover(["a_pack/actions"])
    assert place.only == {"actions": "a_pack/actions"}


def test_the_pack_takes_its_files_in(here: Path) -> None:
    assert discover(["a_pack/actions/x.yaml", "a_pack"]) == (Place(here / "a_pack", "a_pack"),)
    assert discover(["a_pack", "a_pack/actions/x.yaml"]) == (Place(here / "a_pack", "a_pack"),)


def test_a_pack_with_two_names_is_judged_once(here: Path) -> None:
    (here / "link").symlink_to("a_pack")
    assert shown("link", "a_pack") == ["link"]
    assert shown(str(here / "a_pack"), "a_pack") == [str(here / "a_pack")]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nowhere", "there is no such file or folder"),
        ("empty", "looked for pack.yaml in it, in the folders in it and in empty/packs, and in those above it"),
        ("empty/deeper", "looked for pack.yaml"),
        ("lonely.yaml", "there is no pack.yaml in its folder"),
        ("a_pack/lib", "only pack.yaml and what lies in actions/, permission_sets/"),
        ("a_pack/lib/y.py", "only pack.yaml"),
        ("x" * 300, "cannot be looked at"),
    ],
)
def test_a_path_that_leads_to_no_pack(here: Path, path: str, words: str) -> None:
    (here / "lonely.yaml").write_text("ref: a\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        discover(["a_pack", path])
    assert words in f"{caught.value.what} {caught.value.why}"
    assert caught.value.where == path
    assert caught.value.exit_code == ExitCode.USAGE
