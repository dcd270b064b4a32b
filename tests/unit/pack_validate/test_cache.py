"""What has not changed is not judged again; whatever has, is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.diagnostics import Diagnostic, Position, Severity
from attune_cli.pack import cache, fingerprint, recall
from attune_cli.pack.cache import Judged
from attune_cli.pack.components import Place
from attune_cli.paths import cache_dir
from tests.unit.pack_rules.packs import write_pack

JUDGED = Judged(
    (
        Diagnostic("a.yaml", Position(1, 2), "ATN021", "é \udcff", Severity.WARNING, Position(1, 5), "help"),
        Diagnostic("b.yaml", Position(3, 4), "ATN022", "gone", Severity.ERROR),
    ),
    (Diagnostic("a.yaml", Position(1, 2), "ATN030", "hidden", Severity.INFO),),
    ("pack.yaml", "actions/a.yaml"),
)


def fields(finding: Diagnostic) -> tuple[object, ...]:
    """All of them: two findings are equal already when they are at the same place and say the same."""
    return (finding, finding.severity, finding.end, finding.help)


def test_what_is_stored_comes_back() -> None:
    cache.store("key", JUDGED)
    found = cache.load("key")
    assert found is not None
    assert [*map(fields, found.findings)] == [*map(fields, JUDGED.findings)]
    assert [*map(fields, found.suppressed)] == [*map(fields, JUDGED.suppressed)]
    assert (found.files, found.fresh, JUDGED.fresh) == (JUDGED.files, False, True)
    assert cache.load("other") is None


def entry(key: str = "key") -> Path:
    return cache_dir() / cache.FOLDER / f"{key}.json"


def with_first_byte_changed(text: bytes) -> bytes:
    return bytes([text[0] ^ 1]) + text[1:]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda text: text[:-1],
        lambda text: text + b" ",
        lambda text: text.replace(b"gone", b"here"),
        with_first_byte_changed,
        lambda _: b"\xff\xfe\n{}",
        lambda _: os.urandom(1000),
    ],
)
def test_a_damaged_entry_is_none(damage: Callable[[bytes], bytes]) -> None:
    cache.store("key", JUDGED)
    entry().write_bytes(damage(entry().read_bytes()))
    assert cache.load("key") is None
    cache.store("key", JUDGED)
    assert cache.load("key") is not None


@pytest.mark.parametrize("body", [b"[]", b"{}", b"1", b'{"findings": [[1]], "suppressed": [], "files": []}'])
def test_an_entry_of_another_form_is_none(body: bytes) -> None:
    cache.store("key", JUDGED)
    entry().write_bytes(f"{cache._digest(body)}\n".encode() + body)
    assert cache.load("key") is None


def test_entries_are_private_and_nothing_else_is_left() -> None:
    cache.store("key", JUDGED)
    assert entry().parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in entry().parent.iterdir()] == ["key.json"]


def test_without_a_place_to_write_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ATTUNE_CACHE_DIR", str(tmp_path / "file" / "below"))
    cache.store("key", JUDGED)
    assert cache.load("key") is None
    cache.prune()


def test_what_is_too_large_is_not_kept() -> None:
    many = tuple(Diagnostic("a", Position(1, 1), "ATN021", "x" * 1000) for _ in range(5000))
    cache.store("key", Judged(many, (), ()))
    assert cache.load("key") is None
    assert not entry().exists()


def test_the_oldest_entries_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        cache.store(str(number), JUDGED)
        os.utime(entry(str(number)), (number, number))
    monkeypatch.setattr(cache, "MAX_TOTAL", 2 * entry("0").stat().st_size)
    cache.prune()
    assert sorted(path.stem for path in entry().parent.iterdir()) == ["2", "3"]


# --- packs ----------------------------------------------------------------------------------------

PACK = "# actions/a.yaml\nref: demo.a\nentry_point: a.py\nrunner_type: python\nxyz: 1\n# actions/a.py\n"


def judged(root: Path, shown: str = "demo", identity: str = "one") -> bool:
    """Judges the pack; whether anew."""
    place = Place(root, shown)
    found = recall.judged(place, identity)
    assert sorted(found.findings) == sorted(recall.judged(place, None).findings)
    return found.fresh


def test_an_unchanged_pack_is_judged_once(tmp_path: Path) -> None:
    root = write_pack(tmp_path, PACK)
    assert judged(root)
    assert not judged(root)


def replace_text(root: Path) -> None:
    (root / "actions" / "a.yaml").write_text("ref: demo.a\nentry_point: b.py\n", encoding="utf-8")


def same_size_and_time(root: Path) -> None:
    file = root / "actions" / "a.yaml"
    before = file.stat()
    file.write_bytes(file.read_bytes().replace(b"xyz", b"zyx"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def retarget(root: Path) -> None:
    (root / "actions" / "l.py").unlink(missing_ok=True)
    (root / "actions" / "l.py").symlink_to("elsewhere")


@pytest.mark.parametrize(
    "change",
    [
        replace_text,
        same_size_and_time,
        retarget,
        lambda root: (root / "actions" / "a.py").chmod(0o755),
        lambda root: (root / "actions" / "a.py").write_text("pass\n"),
        lambda root: (root / "actions" / "a.py").unlink(),
        lambda root: (root / "actions" / "a.yaml").rename(root / "actions" / "b.yaml"),
        lambda root: (root / "tests").mkdir(),
        lambda root: (root / "lib" / "deep").mkdir(parents=True),
    ],
)
def test_a_changed_pack_is_judged_anew(tmp_path: Path, change: Callable[[Path], object]) -> None:
    root = write_pack(tmp_path, PACK)
    assert judged(root)
    change(root)
    assert judged(root)
    assert not judged(root)


def test_a_file_that_a_link_leads_to(tmp_path: Path) -> None:
    root = write_pack(tmp_path, PACK)
    (root / "actions" / "link.py").symlink_to("../shared.py")
    (root / "shared.py").touch()
    assert judged(root)
    (root / "shared.py").chmod(0o755)
    assert judged(root)


def test_a_link_that_leads_to_another_file(tmp_path: Path) -> None:
    root = write_pack(tmp_path, PACK)
    link = root / "actions" / "link.py"
    for target in ("a.py", "b.py"):
        (root / "actions" / target).touch()
    link.symlink_to("a.py")
    assert judged(root)
    link.unlink()
    link.symlink_to("b.py")
    assert judged(root)


def test_a_large_file_is_told_by_its_times(tmp_path: Path) -> None:
    root = write_pack(tmp_path, PACK)
    large = root / "actions" / "large"
    large.write_bytes(bytes(2 * 1024 * 1024))
    assert judged(root)
    assert not judged(root)
    large.write_bytes(bytes(2 * 1024 * 1024 - 1) + b"x")
    assert judged(root)


def test_what_no_rule_looks_at_changes_nothing(tmp_path: Path) -> None:
    root = write_pack(tmp_path, PACK)
    (root / ".git").mkdir()
    assert judged(root)
    (root / ".git" / "index").write_text("x", encoding="utf-8")
    assert not judged(root)


def test_who_judges_and_how_it_is_shown_count(tmp_path: Path) -> None:
    root = write_pack(tmp_path, PACK)
    assert judged(root)
    assert judged(root, identity="another")
    assert judged(root, shown="other")


def test_who_judges_is_the_version_the_modules_and_what_they_see_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = recall.identity()
    assert here == recall.identity()
    monkeypatch.setenv("PATH", str(tmp_path))
    elsewhere = recall.identity()
    assert elsewhere != here
    monkeypatch.setattr("attune_cli.__version__", "0.0.0.changed")
    assert recall.identity() != elsewhere


def test_a_changed_module_judges_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("pack/rules", "pack/schemas", "yaml12", "binary"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(fingerprint, "__file__", str(tmp_path / "pack" / "fingerprint.py"))
    seen = {recall.identity()}
    for module in ("pack/a.py", "pack/rules/a.py", "pack/schemas/a.json", "yaml12/a.py", "binary/a.py"):
        (tmp_path / module).touch()
        seen.add(recall.identity())
    os.utime(tmp_path / "yaml12" / "a.py", (1, 1))
    assert len(seen | {recall.identity()}) == 7


def test_a_pack_that_cannot_be_read_as_a_whole_is_judged_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attune_cli.pack.fingerprint.MAX_FILES", 2)
    root = write_pack(tmp_path, PACK)
    assert judged(root)
    assert judged(root)
