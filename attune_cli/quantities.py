"""Sizes and times as people write them: `10MiB`, `1m30s`; and back, for reports."""

from __future__ import annotations

import math
import re

from attune_cli.errors import UsageError

_SIZE_UNITS = {"": 1, "b": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_TIME_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6}

_NUMBER = r"([0-9]{1,20}(?:\.[0-9]{1,20})?)"
# Compiled when first used: every start of attune imports this module, few read a size.
_SIZE = rf"{_NUMBER}\s*([a-zA-Z]*)"
_TIME = "".join(rf"(?:{_NUMBER}\s*{unit}\s*)?" for unit in _TIME_UNITS)

_SIZE_HELP = "write bytes (1048576) or a number with a unit: KiB, MiB, GiB (1024) or KB, MB, GB (1000)"
_TIME_HELP = "write seconds (90, 1.5) or numbers with units from large to small: d, h, m, s, ms, us (1m30s)"


def parse_size(text: str, *, where: str | None = None) -> int:
    """Bytes of `1000`, `64KiB`, `1.5 MiB` or `5MB`; upper and lower case mean the same.

    A fraction of a byte is dropped. Raises UsageError for anything else, also for `10M`, which
    some read as 10 000 000 bytes and others as 10 485 760. where: what the value belongs to.
    """
    match = re.fullmatch(_SIZE, text.strip())
    unit = match and _SIZE_UNITS.get(match[2].lower())
    if not match or unit is None:
        raise UsageError(f"{text!r} is not a size", where=where, help=_SIZE_HELP)
    whole, _, fraction = match[1].partition(".")
    return int(whole) * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)


def parse_duration(text: str, *, where: str | None = None) -> float:
    """Seconds of `90`, `1.5`, `1m30s`, `500ms` or `2h 5m`; each unit once, from large to small.

    Raises UsageError for anything else. where: what the value belongs to.
    """
    stripped = text.strip()
    if re.fullmatch(_NUMBER, stripped):
        return float(stripped)
    match = re.fullmatch(_TIME, stripped)
    if not stripped or not match:
        raise UsageError(f"{text!r} is not a length of time", where=where, help=_TIME_HELP)
    numbers = zip(match.groups(), _TIME_UNITS.values(), strict=True)
    return math.fsum(float(number) * unit for number, unit in numbers if number)


def format_size(size: int) -> str:
    """`10 MiB`, `1.5 KiB`, `127 B`: the largest unit of which it is at least one, at most one decimal.

    `parse_size` reads it back, to within that decimal.
    """
    for unit in ("GiB", "MiB", "KiB"):
        factor = _SIZE_UNITS[unit.lower()]
        if size >= factor:
            return f"{_decimals(size / factor, 1)} {unit}"
    return f"{size} B"


def format_duration(seconds: float) -> str:
    """`250us`, `38ms`, `1.21s`, `1m30s`, `2h5m`: about three digits, the two largest units at most.

    `parse_duration` reads it back, to within that precision.
    """
    if seconds < 0.9995:
        unit, count = ("ms", seconds * 1e3) if seconds >= 0.0009995 else ("us", seconds * 1e6)
        return "0s" if seconds == 0 else f"{count:.3g}{unit}"
    if seconds < 59.995:
        return f"{_decimals(seconds, 2)}s"
    return _clock(seconds)


def _clock(seconds: float) -> str:
    """A minute and more in its two largest units."""
    for large, small in (("d", "h"), ("h", "m"), ("m", "s")):
        count = round(seconds / _TIME_UNITS[small])
        high, low = divmod(count, round(_TIME_UNITS[large] / _TIME_UNITS[small]))
        if high:
            return f"{high}{large}{low}{small}" if low else f"{high}{large}"
    return f"{round(seconds)}s"


def _decimals(number: float, places: int) -> str:
    """The number with at most that many decimals and no zeros behind them."""
    return f"{number:.{places}f}".rstrip("0").rstrip(".")
