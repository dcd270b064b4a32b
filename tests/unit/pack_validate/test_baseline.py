"""Findings that are known: written once, then only news are left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attune_cli.diagnostics import Diagnostic, Position
from attune_cli.errors import AttuneError, UsageError
from attune_cli.pack import baseline


def finding(path: str, line: int, message: str = "wrong", code: str = "ATN021") -> Diagnostic:
    return Diagnostic(path, Position(line, 1), code, message)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "baseline.json"


def test_what_is_written_is_known(file: Path) -> None:
    findings = [finding("a.yaml", 1), finding("a.yaml", 2), finding("b.yaml", 1, "other")]
    assert baseline.write(file, findings) == 3
    assert baseline.compare(file, findings) == ([], findings)


def test_news(file: Path) -> None:
    baseline.write(file, [finding("a.yaml", 1)])
    others = [
        finding("a.yaml", 1, "another message"),
        finding("a.yaml", 1, code="ATN030"),
        finding("b.yaml", 1),
    ]
    assert baseline.compare(file, others) == (others, [])


def test_lines_may_move_and_of_several_alike_as_many_are_known(file: Path) -> None:
    baseline.write(file, [finding("a.yaml", 1), finding("a.yaml", 5)])
    moved = [finding("a.yaml", line) for line in (2, 7, 9)]
    assert baseline.compare(file, moved) == (moved[2:], moved[:2])


def test_places_in_messages_may_move(file: Path) -> None:
    message = "the key at {} was already written in packs/a.yaml:{}"
    baseline.write(file, [finding("a.yaml", 3, message.format("3:1", "1:1"))])
    news, known = baseline.compare(file, [finding("a.yaml", 9, message.format("9:1", "4:10"))])
    assert (news, len(known)) == ([], 1)


def test_paths_count_from_the_baseline_on(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    baseline.write(file, [finding("packs/a.yaml", 1)])
    (tmp_path / "packs").mkdir()
    monkeypatch.chdir(tmp_path / "packs")
    found = [finding("a.yaml", 1), finding(str(tmp_path / "packs" / "a.yaml"), 1)]
    assert baseline.compare(Path("../baseline.json"), found) == (found[1:], found[:1])


def test_the_file_is_sorted_and_the_same_in_any_order(file: Path) -> None:
    findings = [finding("b.yaml", 1), finding("a.yaml", 2), finding("a.yaml", 1, "earlier")]
    baseline.write(file, findings)
    first = file.read_text(encoding="utf-8")
    baseline.write(file, reversed(findings))
    assert file.read_text(encoding="utf-8") == first
    data = json.loads(first)
    assert data["version"] == 1
    assert [each["path"] for each in data["findings"]] == ["a.yaml", "a.yaml", "b.yaml"]
    assert all(set(each) == {"path", "code", "message", "count"} for each in data["findings"])
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_name_that_is_no_utf8(file: Path) -> None:
    odd = finding("a.yaml", 1)._replace(path="odd\udcff.yaml", message="odd \udcff")
    baseline.write(file, [odd])
    assert baseline.compare(file, [odd]) == ([], [odd])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 2, "findings": []}',
        '{"version": 1, "findings": [1]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="no baseline"):
        baseline.compare(file, [])


def test_a_baseline_of_another_version_is_told(file: Path) -> None:
    file.write_text('{"version": 2, "findings": []}', encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        baseline.read(file)
    assert caught.value.why == "its version is 2, and this is written for 1"


def test_a_baseline_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        baseline.compare(tmp_path / "absent.json", [])
    assert caught.value.where == str(tmp_path / "absent.json")
    with pytest.raises(AttuneError, match="cannot be written"):
        baseline.write(tmp_path / "absent" / "b.json", [])
