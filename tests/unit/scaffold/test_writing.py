"""A pack is written as a whole or not at all, and never over anything."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError, UsageError
from attune_cli.pack.scaffold.plan import File, NewPack, files
from attune_cli.pack.scaffold.runners import RUNNERS
from attune_cli.pack.scaffold.write import write_pack

FILES = (File("pack.yaml", "ref: demo\n", executable=False), File("actions/a.sh", "#!/bin/sh\n", executable=True))


@pytest.mark.parametrize("runner", RUNNERS)
def test_no_word_is_left_in_a_template(runner: str) -> None:
    for file in files(NewPack.of("my_pack.say", runner, sensor=True)):
        assert "@" not in file.path
        assert [word for word in ("@pack@", "@action@", "@entry@", "@runner@", "@output@") if word in file.text] == []
        assert file.text.endswith("\n")
        assert not file.text.endswith("\n\n")


def test_refs() -> None:
    assert NewPack.of("demo", "python") == NewPack("demo", "hello", "python")
    assert NewPack.of("my-pack.say_it", "node", sensor=True) == NewPack("my-pack", "say_it", "node", sensor=True)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("My Pack", "`my_pack`"),
        ("d", None),
        ("", None),
        ("1x", None),
        ("a.b.c", "`a_b_c`"),
        ("demo.", "`demo`"),
        ("é", None),
    ],
)
def test_what_is_no_ref(text: str, near: str | None) -> None:
    with pytest.raises(UsageError) as raised:
        NewPack.of(text, "python")
    assert raised.value.help == (f"what about {near}?" if near else None)


def test_modes(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs/demo", FILES)
    root = tmp_path / "packs/demo"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (root, *root.rglob("*"))}
    assert modes == {"demo": 0o755, "pack.yaml": 0o644, "actions": 0o755, "a.sh": 0o755}


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_nothing_is_written_over(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "demo"
    match kind:
        case "folder":
            root.mkdir()
        case "file":
            root.write_text("mine")
        case "link":
            root.symlink_to("nowhere")
    with pytest.raises(UsageError, match="already"):
        write_pack(root, FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_nothing_is_left_of_half_a_pack(tmp_path: Path) -> None:
    twice = (*FILES, File("pack.yaml/x", "", executable=False))
    with pytest.raises(AttuneError, match="cannot be written"):
        write_pack(tmp_path / "demo", twice)
    assert list(tmp_path.iterdir()) == []
