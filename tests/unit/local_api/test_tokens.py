"""The tokens of a run."""

from __future__ import annotations

import pytest

from attune_cli.sensor.tokens import GRACE, Tokens


class Clock:
    """A clock that goes when it is told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_old_token_is_good_for_a_while() -> None:
    clock = Clock()
    tokens = Tokens(clock)
    first = tokens.current.encode()
    second = tokens.refresh().encode()
    assert [tokens.opens(each) for each in (first, second, b"", first[:-1], first + b"x")] == [True, True] + [False] * 3
    clock.now += GRACE
    assert [tokens.opens(each) for each in (first, second)] == [False, True]
    clock.now += 10**9
    assert tokens.opens(second)


def test_every_token_there_will_ever_be_is_known_from_the_start() -> None:
    tokens = Tokens()
    known = tokens.all
    assert len(set(known)) == len(known)
    assert {tokens.refresh() for _ in range(50)} == set(known)
    assert tokens.opens(tokens.current.encode())


def test_tokens_that_were_not_given_out_yet_are_not_good() -> None:
    tokens = Tokens()
    assert [tokens.opens(each.encode()) for each in tokens.all] == [True] + [False] * (len(tokens.all) - 1)


@pytest.mark.parametrize("token", [b"", b"\xff\xfe", b"x" * 100_000])
def test_what_is_no_token(token: bytes) -> None:
    assert not Tokens().opens(token)


def test_two_runs_have_different_ones_and_show_none() -> None:
    one, other = Tokens(), Tokens()
    assert not set(one.all) & set(other.all)
    assert not any(token in repr(one) for token in one.all)
    assert all(len(token) >= 40 for token in one.all)
