"""Sizes and times are read as documented, nothing else is, and what is printed reads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.errors import UsageError
from attune_cli.quantities import format_duration, format_size, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("1000", 1000),
        ("64KiB", 65536),
        ("10MiB", 10_485_760),
        ("10 mib", 10_485_760),
        ("5MB", 5_000_000),
        ("1kb", 1000),
        ("2GiB", 2 << 30),
        ("1.5KiB", 1536),
        ("0.3 B", 0),
        (" 7b ", 7),
        ("18014398509481985", 18014398509481985),
    ],
)
def test_a_size_in_bytes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "10M", "10K", "-1", "ten", "1e3", "1 2", "1.", ".5", "1TiB", "inf", "٣", "5MB5", "9" * 5000]
)
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError, match="is not a size") as caught:
        parse_size(text, where="--max-stdout")
    assert caught.value.where == "--max-stdout"
    assert "MiB" in str(caught.value.help)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("90", 90),
        ("1.5", 1.5),
        ("1m30s", 90),
        ("500ms", 0.5),
        ("2h", 7200),
        ("1d", 86400),
        ("1h 30m", 5400),
        ("1m 500ms", 60.5),
        ("250us", 0.00025),
        (" 3 s ", 3),
    ],
)
def test_a_time_in_seconds(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", " ", "-1", "30s1m", "1m1m", "5 minutes", "nan", "inf", "1e3", "1:30", "s", "1m30", "9" * 400]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(UsageError, match="is not a length of time") as caught:
        parse_duration(text, where="ATTUNE_TIMEOUT")
    assert caught.value.where == "ATTUNE_TIMEOUT"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (127, "127 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (10_485_760, "10 MiB"), (3 << 30, "3 GiB")],
)
def test_a_size_for_people(size: int, text: str) -> None:
    assert format_size(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.00025, "250us"),
        (0.0384, "38.4ms"),
        (0.9999, "1s"),
        (1.206, "1.21s"),
        (59.999, "1m"),
        (90, "1m30s"),
        (3599.8, "1h"),
        (7500, "2h5m"),
        (90000, "1d1h"),
    ],
)
def test_a_time_for_people(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(0, 1 << 40))
def test_a_printed_size_reads_back(size: int) -> None:
    assert parse_size(format_size(size)) == pytest.approx(size, rel=0.051)


@given(st.floats(0, 1e7).filter(lambda seconds: seconds == 0 or seconds > 1e-6))
def test_a_printed_time_reads_back(seconds: float) -> None:
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, rel=0.021)
