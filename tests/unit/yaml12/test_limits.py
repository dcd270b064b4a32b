"""What is too deep, too repetitive, too large or too wrong is said once, and read no further."""

from __future__ import annotations

import pytest

from attune_cli.diagnostics import Position
from attune_cli.yaml12 import codes, parse, to_data
from attune_cli.yaml12.compose import MAX_ALIASED, MAX_DEPTH, MAX_EVENTS
from attune_cli.yaml12.findings import MAX_FINDINGS
from attune_cli.yaml12.source import MAX_BYTES


def only_finding(text: bytes) -> tuple[str, Position]:
    (finding,) = parse(text, "FILE").diagnostics
    return finding.code, finding.start


def test_the_deepest_allowed_nesting_is_read() -> None:
    document = parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "FILE")
    assert document.diagnostics == ()
    data, levels = to_data(document.root), 1
    while isinstance(data, list) and data:
        data, levels = data[0], levels + 1
    assert levels == MAX_DEPTH


@pytest.mark.parametrize("opener", [b"[", b"- ", b"{a: ", b"? ", b"- ? "])
def test_deeper_nesting_is_refused_where_it_becomes_too_deep(opener: bytes) -> None:
    code, start = only_finding(opener * 2_000)
    assert code == codes.TOO_DEEP
    assert MAX_DEPTH <= start.column <= MAX_DEPTH * len(opener) + 1


def test_aliases_do_not_hide_depth() -> None:
    lines = [b"- &a0 [x]"] + [b"- &a%d [[[[[[[[[[*a%d]]]]]]]]]]" % (i, i - 1) for i in range(1, 40)]
    assert only_finding(b"\n".join(lines)) == (codes.TOO_DEEP, Position(14, 18))


def test_aliases_of_aliases_do_not_explode() -> None:
    lines = [b"- &a0 [x]"] + [b"- &a%d [%s]" % (i, b",".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 40)]
    code, start = only_finding(b"\n".join(lines))
    assert (code, start.line) == (codes.ALIAS_BOMB, 6)


def test_many_plain_aliases_are_no_bomb() -> None:
    document = parse(b"- &a x\n" + b"- *a\n" * (MAX_ALIASED // 10), "FILE")
    assert document.diagnostics == ()
    assert to_data(document.root) == ["x"] * (MAX_ALIASED // 10 + 1)


def test_a_cycle_is_cut_where_it_closes() -> None:
    document = parse(b"a: &a\n  b: [*a]\n  c: 1\n", "FILE")
    assert [(finding.code, finding.start) for finding in document.diagnostics] == [
        (codes.RECURSIVE_ALIAS, Position(2, 7))
    ]
    assert to_data(document.root) == {"a": {"b": [None], "c": 1}}


def test_an_anchor_may_be_taken_again_inside_its_own_value() -> None:
    document = parse(b"- &a [&a 1, *a]\n- *a\n", "FILE")
    assert document.diagnostics == ()
    assert to_data(document.root) == [[1, 1], 1]


def test_a_file_of_the_largest_size_is_read() -> None:
    comment = b"#" * (MAX_BYTES - 6) + b"\n"
    assert to_data(parse(comment + b"a: 1\n", "FILE").root) == {"a": 1}


def test_a_larger_file_is_not_read() -> None:
    assert only_finding(b"a: 1\n" + b"#" * MAX_BYTES) == (codes.TOO_LARGE, Position(1, 1))


def test_too_many_values_are_not_read() -> None:
    count = MAX_EVENTS + 10
    document = parse(b"[" + b",".join([b"a"] * count) + b"]", "FILE")
    assert document.root is None
    assert [finding.code for finding in document.diagnostics] == [codes.TOO_LARGE]


def test_long_tag_directives_are_refused() -> None:
    text = b"%TAG !a! " + b"x" * 5_000 + b"\n---\n- !a!b c\n"
    assert only_finding(text) == (codes.TOO_LARGE, Position(1, 1))


def test_the_list_of_findings_ends_with_a_word_that_it_does() -> None:
    document = parse(b"- yes\n" * (MAX_FINDINGS * 2), "FILE")
    assert len(document.diagnostics) == MAX_FINDINGS + 1
    assert document.diagnostics[-1].code == codes.MORE_FINDINGS


def test_the_finding_that_ends_the_reading_is_listed_however_many_there_are() -> None:
    document = parse(b"- yes\n" * (MAX_FINDINGS * 2) + b"- @\n", "FILE")
    assert document.diagnostics[-1].code == codes.SYNTAX


@pytest.mark.parametrize("digits", [41, 310, 5_000])
def test_endless_digits_are_read_as_the_platform_reads_them(digits: int) -> None:
    value = to_data(parse(b"9" * digits, "FILE").root)
    assert value == (float("9" * digits) if digits < 309 else "9" * digits)


def test_what_is_found_once_is_found_again() -> None:
    codes_found = [finding.code for finding in parse(b"- 18446744073709551616\n- yes\n" * 2, "FILE").diagnostics]
    assert codes_found == [codes.INTEGER_RANGE, codes.YAML_1_1] * 2


@pytest.mark.parametrize("text", [b'? "x"', b"- ? a", b"a: |\n  b", b"a:\n  - b\n  -"])
def test_a_text_without_a_last_line_break_ends_where_it_ends(text: bytes) -> None:
    document = parse(text, "FILE")
    assert document.root is not None
    lines = text.decode().split("\n")
    assert document.root.end == Position(len(lines), len(lines[-1]) + 1)
