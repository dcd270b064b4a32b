"""Random cron expressions with what cronsim makes of them: the oracle of the timer sensor's own search."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

#: cronsim steps by whole hours and takes every midnight for one that exists. These zones are those in which
#: that is right: none changes its clock at midnight, or by less than an hour, since 2012.
ZONES = (
    *("UTC", "America/New_York", "America/Los_Angeles", "America/St_Johns", "Europe/Berlin", "Europe/London"),
    *("Europe/Dublin", "Africa/Casablanca", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Sydney", "Pacific/Auckland"),
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_RANGES = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_DAY, _MONTH, _WEEKDAY = 3, 4, 5


def cases(count: int, seed: int) -> Iterator[str]:
    """One JSON object for each expression: its next three times, or that it is refused."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        expression = _expression(chance)
        if chance.random() < 0.1:
            expression = _spoilt(chance, expression)
        case = _case(chance, expression)
        if case is not None:
            made += 1
            yield json.dumps(case)


def _case(chance: random.Random, expression: str) -> dict[str, object] | None:
    """None for what the oracle and the sensor mean to treat differently, and for what never comes."""
    zone = chance.choice(ZONES)
    after = _start(chance, zone)
    fields = expression.split()
    if len(fields) == 5 or ("L" in fields[_DAY].upper() and "/" in fields[_DAY]):
        return None
    try:
        times = list(islice(CronSim(expression, datetime.fromtimestamp(after, ZoneInfo(zone))), 3))
    except CronSimError:
        return {"expression": expression, "refused": True}
    following = [int(each.timestamp()) for each in times]
    if len(following) < 3:
        return None
    return {"expression": expression, "timezone": zone, "after": after, "next": following}


def _start(chance: random.Random, zone: str) -> int:
    """Any time; every other one is shortly before the zone's clock is changed."""
    if chance.random() < 0.5 and (changes := _changes(zone)):
        return chance.choice(changes) - chance.randrange(3 * 3600)
    return chance.randrange(1_330_000_000, 2_300_000_000)


@cache
def _changes(zone: str) -> list[int]:
    """When the distance to UTC changes, to the hour before it."""
    start = datetime(2012, 2, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=each) for each in range(24 * 365 * 12)]
    offsets = [each.astimezone(ZoneInfo(zone)).utcoffset() for each in hours]
    changes = (index for index, (before, after) in enumerate(pairwise(offsets)) if before != after)
    return [int(hours[index + 1].timestamp()) for index in changes]


def _expression(chance: random.Random) -> str:
    return " ".join(_field(chance, position) for position in range(6))


def _field(chance: random.Random, position: int) -> str:
    if chance.random() < (0.2, 0.3, 0.4, 0.5, 0.6, 0.5)[position]:
        return "*"
    return ",".join(_term(chance, position) for _ in range(chance.choice((1, 1, 1, 2, 3))))


def _term(chance: random.Random, position: int) -> str:
    low, high = _RANGES[position]
    kind = chance.random()
    if kind < 0.1 and position == _DAY:
        return chance.choice(("L", "LW"))
    if kind < 0.2 and position == _WEEKDAY:
        return chance.choice((f"{chance.randint(0, 7)}L", f"{_value(chance, position, 0, 7)}#{chance.randint(1, 5)}"))
    first = chance.randint(low, high)
    if kind < 0.5:
        span = _value(chance, position, first, first)
    elif kind < 0.8:
        span = f"{_value(chance, position, first, first)}-{_value(chance, position, first, high)}"
    else:
        span = "*"
    return span if chance.random() < 0.6 else f"{span}/{chance.choice((1, 2, 3, 5, 7, 15, 20, 61))}"


def _value(chance: random.Random, position: int, low: int, high: int) -> str:
    """A number of these, or its name in some spelling."""
    number = chance.randint(low, high)
    names = {_MONTH: ("", *_MONTHS), _WEEKDAY: _WEEKDAYS}.get(position, ())
    if number < len(names) and chance.random() < 0.4:
        return chance.choice((str.upper, str.lower, str.title))(names[number])
    return f"{number:02}" if chance.random() < 0.2 else str(number)


def _spoilt(chance: random.Random, expression: str) -> str:
    """The expression with one character changed or gone."""
    place = chance.randrange(len(expression))
    changed = chance.choice(("", "x", "-", "/", ",", "#", "L", "W", "*", "0", "9", "60", "+", "JAN", " "))
    return expression[:place] + changed + expression[place + 1 :]
