"""Every way in which executables and lock file can disagree is a finding, with a cure."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from attune_cli.build.fingerprint import source_digest
from attune_cli.build.lock import LOCK_FILE, Lock, read_lock, write_lock
from attune_cli.build.sources import find_sources
from attune_cli.build.verify import verify
from attune_cli.errors import AttuneError
from attune_cli.pack.catalogue import RULES
from attune_cli.pack.lock_codes import RULES as OURS
from tests.unit.build.test_lock import ONE
from tests.unit.build.test_sources import C, action, make


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A pack with what could be an executable, and a lock file that tells of it."""
    folder = make(tmp_path, {"native/tool/x.c": C, "actions/tool.yaml": action("tool")})
    (folder / "actions/tool").write_bytes(b"12345")
    (source,) = find_sources(folder)
    sha256 = hashlib.sha256(b"12345").hexdigest()
    write_lock(folder, Lock((replace(ONE, sha256=sha256, source_digest=source_digest(source)),)))
    return folder


def changed(root: Path, **values: object) -> None:
    """Another entry in place of the one."""
    (entry,) = read_lock(root).entries
    write_lock(root, Lock((replace(entry, **values),)))  # type: ignore[arg-type]


def cross_built(root: Path) -> None:
    """As if it were built for another platform, and then deleted."""
    (entry,) = read_lock(root).entries
    other = replace(entry, platform="linux/arm64", path="native/dist/linux/arm64/tool")
    write_lock(root, Lock((entry, other)))


def replaced_by_a_folder(root: Path) -> None:
    (root / "actions/tool").unlink()
    (root / "actions/tool").mkdir()


def test_all_is_well(root: Path) -> None:
    found = verify(root)
    assert (found.diagnostics, found.files) == ((), 1)


CASES: dict[str, tuple[Callable[[Path], object], str, str, str]] = {
    "exchanged": (
        lambda root: (root / "actions/tool").write_bytes(b"54321"),
        *("ATN121", "its SHA-256 is 20f3765880a5…, and was 5994471abb01…", "attune build PACK"),
    ),
    "longer": (
        lambda root: (root / "actions/tool").write_bytes(b"123456"),
        *("ATN121", "it has 6 bytes, and had 5", "attune build PACK"),
    ),
    "source": (
        lambda root: (root / "native/tool/x.c").write_text(C * 2),
        *("ATN122", "is older than its source", "attune build PACK"),
    ),
    "no source": (
        lambda root: shutil.rmtree(root / "native"),
        *("ATN122", "sources called tool, which the pack has no longer", "bring them back, or delete it"),
    ),
    "missing": (lambda root: (root / "actions/tool").unlink(), "ATN123", "is not there", "attune build PACK"),
    "missing elsewhere": (cross_built, "ATN123", "is not there", "attune build PACK --platform linux/arm64"),
    "a folder": (
        replaced_by_a_folder,
        *("ATN123", "is not there", "attune build PACK"),
    ),
    "no lock file": (
        lambda root: (root / LOCK_FILE).unlink(),
        *("ATN124", "it was not built by attune", "attune build PACK"),
    ),
    "not in it": (
        lambda root: make(root, {"native/dist/linux/arm64/x": ""}),
        *("ATN124", "`native/dist/linux/arm64/x` is not in binaries.lock", "attune build PACK"),
    ),
    "version": (
        lambda root: changed(root, version="0.9.0"),
        *("ATN125", "was built for version 0.9.0, and the pack is 1.0.0", "attune build PACK"),
    ),
    "broken": (
        lambda root: (root / LOCK_FILE).write_text("format = \n"),
        *("ATN120", "Invalid value", "delete it, then attune build PACK"),
    ),
}


@pytest.mark.parametrize(("change", "code", "message", "cure"), CASES.values(), ids=CASES)
def test_a_finding(root: Path, change: Callable[[Path], object], code: str, message: str, cure: str) -> None:
    change(root)
    (found,) = verify(root, "packs/demo").diagnostics
    assert (found.code, found.severity) == (code, RULES[code].severity)
    assert message in found.message
    assert cure.replace("PACK", "packs/demo") in str(found.help)
    assert found.path == "packs/demo/binaries.lock"


def test_every_code_is_found() -> None:
    assert {code for _, code, _, _ in CASES.values()} == {rule.code for rule in OURS}


def test_a_finding_stands_at_its_entry(root: Path) -> None:
    changed(root, version="0.9.0")
    (found,) = verify(root, ".").diagnostics
    assert (root / found.path).read_text().splitlines()[found.start.line - 1] == "[[binary]]"
    assert found.help == "attune build ."


def test_a_folder_that_could_be_a_ref(root: Path) -> None:
    changed(root, version="0.9.0")
    (found,) = verify(root, "demo").diagnostics
    assert found.help == "attune build ./demo"


def test_a_pack_that_was_never_built_and_one_without_sources(root: Path) -> None:
    (root / LOCK_FILE).unlink()
    (root / "actions/tool").unlink()
    assert verify(root).diagnostics == ()
    shutil.rmtree(root / "native")
    assert verify(root).diagnostics == ()


def test_no_pack(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="the file does not exist"):
        verify(tmp_path)
