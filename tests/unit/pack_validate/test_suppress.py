"""Comments that take findings away: which are comments, what they take away, which are left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.diagnostics import Diagnostic, Position, Severity
from attune_cli.pack.components import PackTree, read_pack
from attune_cli.pack.suppress import MAX_WISHES, Sifted, sift


def pack_of(root: Path, action: str) -> PackTree:
    (root / "actions").mkdir()
    (root / "pack.yaml").write_text("ref: demo\n", encoding="utf-8")
    (root / "actions" / "a.yaml").write_bytes(action.encode())
    return read_pack(root, ".")


def finding(line: int, code: str, path: str = "actions/a.yaml") -> Diagnostic:
    return Diagnostic(path, Position(line, 1), code, f"{code} at {line}")


def sifted(root: Path, action: str, *findings: Diagnostic) -> Sifted:
    tree = pack_of(root, action)
    return sift(findings, (tree.pack, *tree.components))


def idle(result: Sifted) -> list[tuple[str, str]]:
    """Place and message of what is said about comments."""
    return [(f"{each.start}-{each.end}", each.message) for each in result.kept if each.code == "ATN029"]


def codes(findings: list[Diagnostic]) -> list[str]:
    return [each.code for each in findings]


def test_on_its_line(tmp_path: Path) -> None:
    text = "ref: demo.a # attune: ignore[ATN021]\nlabel: a\n"
    result = sifted(tmp_path, text, finding(1, "ATN021"), finding(1, "ATN030"), finding(2, "ATN021"))
    assert result.suppressed == [finding(1, "ATN021")]
    assert result.kept == [finding(1, "ATN030"), finding(2, "ATN021")]


def test_several_codes_and_several_comments(tmp_path: Path) -> None:
    text = "a: 1 #attune:ignore[ ATN021,atn030 ATN040 ]  # attune: ignore[ATN041]\n"
    found = [finding(1, code) for code in ("ATN021", "ATN030", "ATN040", "ATN041", "ATN042")]
    assert codes(sifted(tmp_path, text, *found).kept) == ["ATN042"]


def test_in_the_whole_file(tmp_path: Path) -> None:
    text = "---\n# attune: ignore-file[ATN021]\n\nref: demo.a\nlabel: a\n"
    result = sifted(tmp_path, text, finding(4, "ATN021"), finding(5, "ATN021"), finding(1, "ATN021", "pack.yaml"))
    assert result.suppressed == [finding(4, "ATN021"), finding(5, "ATN021")]
    assert result.kept == [finding(1, "ATN021", "pack.yaml")]


def test_what_takes_nothing_away_is_told(tmp_path: Path) -> None:
    text = "# attune: ignore-file[ATN040]\na: 1  # attune: ignore[ATN021, ATN030]\n"
    result = sifted(tmp_path, text, finding(2, "ATN021"))
    assert idle(result) == [
        ("1:23-1:29", "`ATN040` is not found in this file: the comment suppresses nothing"),
        ("2:32-2:38", "`ATN030` is not found on this line: the comment suppresses nothing"),
    ]
    assert {each.severity for each in result.kept} == {Severity.INFO}


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore", "the comment names no code, and suppresses nothing"),
        ("ignore[]", "the comment names no code, and suppresses nothing"),
        ("ignore-file[ATN021]", "`ignore-file` counts above the first key only: the comment suppresses nothing"),
    ],
)
def test_a_comment_that_cannot_work_is_told(tmp_path: Path, comment: str, message: str) -> None:
    result = sifted(tmp_path, f"a: 1\nb: 2 # attune: {comment}\n", finding(2, "ATN021"))
    assert result.suppressed == []
    assert idle(result) == [(f"2:6-2:{16 + len(comment)}", message)]


@pytest.mark.parametrize(
    "value",
    [
        '"x # attune: ignore[ATN021]"',
        "'x # attune: ignore[ATN021]'",
        '{"k # attune: ignore[ATN021]": 1}',
        "x# attune: ignore[ATN021]",
        "#attune",
        "# about attune: the tool",
        "# attune: ignored[ATN021]",
        "# attune ignore[ATN021]",
    ],
)
def test_what_is_no_such_comment(tmp_path: Path, value: str) -> None:
    result = sifted(tmp_path, f"a: {value}\n", finding(1, "ATN021"))
    assert (codes(result.kept), result.suppressed) == (["ATN021"], [])


def test_block_texts_hold_no_comments_and_their_first_lines_do(tmp_path: Path) -> None:
    text = "a: | # attune: ignore[ATN021]\n  text # attune: ignore[ATN030]\n\n  more # attune: ignore[ATN030]\nb: 1\n"
    result = sifted(tmp_path, text, finding(1, "ATN021"), finding(2, "ATN030"), finding(4, "ATN030"))
    assert (codes(result.kept), codes(result.suppressed)) == (["ATN030", "ATN030"], ["ATN021"])


def test_a_quoted_text_over_several_lines(tmp_path: Path) -> None:
    text = 'a: "first\n  second # attune: ignore[ATN021]\n  third" # attune: ignore[ATN030]\n'
    result = sifted(tmp_path, text, finding(2, "ATN021"), finding(3, "ATN030"))
    assert (codes(result.kept), codes(result.suppressed)) == (["ATN021"], ["ATN030"])


def test_lines_end_as_yaml_says(tmp_path: Path) -> None:
    text = "a: 1\r\nb: é # attune: ignore[ATN021]\rc: 3 # attune: ignore[ATN030]\n"
    result = sifted(tmp_path, text, finding(2, "ATN021"), finding(3, "ATN030"))
    assert result.kept == []


def test_nothing_is_taken_away_from_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    result = sifted(tmp_path, "a: [ # attune: ignore[ATN001]\n", finding(1, "ATN001"))
    assert result.kept == [finding(1, "ATN001")]


def test_many_comments_are_bounded(tmp_path: Path) -> None:
    text = "".join(f"k{number}: 1 # attune: ignore[ATN021]\n" for number in range(3 * MAX_WISHES))
    assert len(sifted(tmp_path, text).kept) == MAX_WISHES
