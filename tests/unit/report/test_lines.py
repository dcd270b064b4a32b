"""Broken lines and errors."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from attune_cli.errors import AttuneError
from attune_cli.report.failure import failure_lines
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style

PLAIN = Style(colour=False)


@given(st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=30), st.integers(30, 100))
def test_lines_fit_and_lose_nothing(words: list[str], columns: int) -> None:
    lines = hanging("why:", " ".join(words), columns, indent=8)
    assert max(map(len, lines)) <= columns
    assert " ".join(lines).split() == ["why:", *words]
    assert all(line.startswith(" " * 8) for line in lines[1:])


def test_without_a_width_only_the_text_s_own_lines_count() -> None:
    assert hanging("a:", f"{'x ' * 99}x\nnext", None, indent=4) == [f"a:  {'x ' * 99}x", "    next"]


def test_a_long_word_stays_whole() -> None:
    path = "/a" * 60
    assert hanging("at", f"see {path} there", 40, indent=3) == ["at see", f"   {path}", "   there"]


def test_an_error_has_four_lines() -> None:
    error = AttuneError("it broke", where="file:1:2", why="because", help="mend it")
    assert failure_lines(error, PLAIN) == [
        "error: it broke",
        "  where: file:1:2",
        "  why:   because",
        "  help:  mend it",
    ]
    assert failure_lines(AttuneError("it broke"), PLAIN) == ["error: it broke"]


def test_an_error_cannot_pretend_to_be_two() -> None:
    error = AttuneError("no `x\nerror: y\r\x1b[A`", why="a\nb", help="c")
    assert failure_lines(error, PLAIN) == [
        "error: no `x",
        "       error: y^M^[[A`",
        "  why:   a",
        "         b",
        "  help:  c",
    ]


def test_colours_do_not_count() -> None:
    error = AttuneError("w " * 60, why="v " * 60, help="h")
    coloured = failure_lines(error, Style(colour=True), 60)
    plain = failure_lines(error, PLAIN, 60)
    assert len(coloured) == len(plain)
    assert max(map(len, plain)) <= 60
