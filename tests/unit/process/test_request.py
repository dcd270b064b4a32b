"""A request that makes no sense is refused, and none shows what it carries."""

from __future__ import annotations

import signal

import pytest

from attune_cli.process import AT_ONCE, DEFAULT_BOUND, GRACEFULLY, Request, Rung


def test_the_platforms_own_terms_are_the_default() -> None:
    request = Request(argv=("/bin/true",), env={})
    assert (request.max_stdout, request.max_stderr) == (10_485_760, 10_485_760) == (DEFAULT_BOUND, DEFAULT_BOUND)
    assert request.timeout is None
    assert request.on_timeout == AT_ONCE == (Rung(signal.SIGKILL, 0.0),)
    assert [(rung.signal, rung.grace) for rung in request.on_cancel] == [(signal.SIGTERM, 5.0), (signal.SIGKILL, 0.0)]


@pytest.mark.parametrize("argv", [(), ("",)])
def test_nothing_to_start(argv: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="there is nothing to start"):
        Request(argv=argv, env={})


@pytest.mark.parametrize("ladder", [(), GRACEFULLY[:1]])
@pytest.mark.parametrize("name", ["on_timeout", "on_cancel"])
def test_a_ladder_that_need_not_end(name: str, ladder: tuple[Rung, ...]) -> None:
    with pytest.raises(ValueError, match="ends with SIGKILL"):
        Request(argv=("/bin/true",), env={}, **{name: ladder})  # type: ignore[arg-type]


def test_a_marker_is_a_variable() -> None:
    with pytest.raises(ValueError, match="marker 'RUN' is not a variable of env"):
        Request(argv=("/bin/true",), env={}, marker="RUN")
    assert Request(argv=("/bin/true",), env={"RUN": "7\udcff"}, marker="RUN").mark == b"RUN=7\xff"
    assert Request(argv=("/bin/true",), env={"RUN": "7"}).mark == b""


def test_values_do_not_show() -> None:
    request = Request(argv=("/bin/true",), env={"TOKEN": "hunter22"}, stdin=b"hunter22")
    assert "hunter22" not in repr(request)
