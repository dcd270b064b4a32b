"""Findings as people read them."""

from __future__ import annotations

import pytest

from attune_cli.report.findings.formats import PLAIN, Format, Look, rendered
from attune_cli.report.findings.text import total_line
from attune_cli.report.style import Style
from tests.unit.report_findings.conftest import INFO, WARNING, Desk, finding, verdict

COLOURED = Look(Style(colour=True), 60)


def test_findings_by_file(desk: Desk) -> None:
    first = desk.write("actions/a.yaml", "ref: demo.a\nruner_type: python\n")
    second = desk.write("pack.yaml", "ref: Demo\n")
    shown = rendered(
        Format.TEXT,
        verdict(
            finding(second, (1, 6), "the ref has an upper case letter", end=(1, 10), help="write `demo`"),
            finding(first, (2, 1), "no such key", code="ATN021", end=(2, 11), severity=WARNING, help="one\ntwo"),
            finding(first, (1, 1), "far off", severity=INFO),
            seconds=0.084,
        ),
    )
    assert shown.splitlines() == [
        "actions/a.yaml:1:1: info ATN041 far off",
        "  1 | ref: demo.a",
        "    | ^",
        "actions/a.yaml:2:1: warning ATN021 no such key",
        "  2 | runer_type: python",
        "    | ^^^^^^^^^^",
        "  help: one",
        "        two",
        "",
        "pack.yaml:1:6: error ATN041 the ref has an upper case letter",
        "  1 | ref: Demo",
        "    |      ^^^^",
        "  help: write `demo`",
        "",
        "1 error, 1 warning, 1 info in 3 files, 84ms",
    ]


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_lines_end_as_yaml_has_it(desk: Desk, sign: str) -> None:
    path = desk.write("a.yaml", f"a: 1\x0b\x0c\x1c{sign}b: wrong{sign}")
    shown = rendered(Format.TEXT, verdict(finding(path, (2, 4), end=(2, 9))))
    assert shown.splitlines()[1:3] == ["  2 | b: wrong", "    |    ^^^^^"]


def test_a_byte_order_mark_is_no_character(desk: Desk) -> None:
    path = desk.write("a.yaml", b"\xef\xbb\xbfref: x\n")
    assert "  1 | ref: x\n    |      ^\n" in rendered(Format.TEXT, verdict(finding(path, (1, 6), end=(1, 7))))


def test_a_range_over_lines_is_marked_to_the_end_of_its_first(desk: Desk) -> None:
    path = desk.write("a.yaml", "a: [1,\n  2]\n")
    assert "    |    ^^^\n" in rendered(Format.TEXT, verdict(finding(path, (1, 4), end=(2, 5))))


@pytest.mark.parametrize("content", [None, b"", b"\0ELF\n", b"one line"])
def test_no_source_to_show(desk: Desk, content: bytes | None) -> None:
    if content is not None:
        desk.write("a.yaml", content)
    shown = rendered(Format.TEXT, verdict(finding("a.yaml", (2, 1))))
    assert shown.splitlines()[:2] == ["a.yaml:2:1: error ATN041 it is wrong", ""]


def test_nothing_drives_the_terminal(desk: Desk) -> None:
    path = desk.write("a\x1b[2J.yaml", "\x1b]0;title\x07: \x9b31m\n")
    shown = rendered(Format.TEXT, verdict(finding(path, (1, 1), "key \x1b[31m\nis \u202e bad", help="\x1b[0m")), PLAIN)
    assert all(letter.isprintable() or letter == "\n" for letter in shown)
    assert shown.startswith("a^[[2J.yaml:1:1: error ATN041 key ^[[31m is \\u202e bad\n")


def test_narrow_terminals(desk: Desk) -> None:
    path = desk.write("packs/demo/actions/a.yaml", f"{'key: ' * 40}\n")
    message = "the message is too long to stand beside the place of the finding"
    look = COLOURED._replace(style=Style(colour=False))
    shown = rendered(Format.TEXT, verdict(finding(path, (1, 101), message, end=(1, 104))), look)
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[0] == "packs/demo/actions/a.yaml:1:101: error ATN041"
    assert " ".join(line.strip() for line in lines[1:3]) == message
    assert lines[3][lines[4].index("^") :][:3] == "key"


def test_colours(desk: Desk) -> None:
    path = desk.write("a.yaml", "a: 1\n")
    shown = rendered(Format.TEXT, verdict(finding(path, (1, 1), help="x")), COLOURED)
    assert "\x1b[1ma.yaml:1:1\x1b[0m: \x1b[31;1merror\x1b[0m " in shown
    assert "\x1b[31;1m^\x1b[0m" in shown


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "✓ no errors or warnings in 1,200 files, 1.5s"),
        ({"suppressed": 2, "known": 1}, "✓ no errors or warnings, 2 suppressed, 1 known in 1,200 files, 1.5s"),
    ],
)
def test_totals(more: dict[str, int], line: str) -> None:
    assert total_line(verdict(files=1200, seconds=1.5, **more), Style(colour=False)) == line


def test_infos_that_are_not_listed_are_counted() -> None:
    whole = verdict(finding("a", (1, 1), severity=INFO), finding("a", (1, 1)), files=1)
    listed = type(whole)(findings=whole.findings[:0], counts=whole.counts, files=1)
    assert total_line(listed, Style(colour=False)) == "1 error, 1 info (--show info) in 1 file, 0s"


def test_quiet_is_findings_alone() -> None:
    look = PLAIN._replace(total=False)
    assert rendered(Format.TEXT, verdict(), look) == ""
    assert rendered(Format.TEXT, verdict(finding("a", (1, 1))), look) == "a:1:1: error ATN041 it is wrong\n"
