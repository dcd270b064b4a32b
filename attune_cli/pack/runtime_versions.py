"""Versions, and the constraints on them that `runtime_version` holds.

A constraint is a list of comparators, separated by commas; a version has to satisfy all of them.

| comparator        | satisfied by                                                                  |
|-------------------|-------------------------------------------------------------------------------|
| `3.12`, `=3.12`   | every 3.12.x: what is left out is free; `=3.12.1` is that version only         |
| `>=3.12`, `>3.12` | from 3.12.0 on; from 3.13.0 on                                                |
| `<3.12`, `<=3.12` | below 3.12.0; below 3.13.0                                                    |
| `~3.12.4`, `~18`  | from there on within the minor (>=3.12.4, <3.13), or the major if only that is given |
| `^3.12`, `^0.2.3` | from there on up to a change of the leftmost number that is not zero (<4, <0.3) |
| `3.x`, `3.12.*`   | any number there; `*` and an empty constraint: every version                  |
| `==3.12`, `!=3.12`| like `=3.12`; everything but it. The platform refuses both (`Constraint.unread`) |

The platform compares with the runtime versions it has registered, which stop at the minor for
Python (3.12) and at the major for Node (20). On the versions of real interpreters the same answers
come from reading left-out numbers as free, as npm does. A pre-release satisfies a constraint only
where a comparator names a pre-release of the same version.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from attune_cli.errors import UsageError

_VERSION = re.compile(r"[vV]?(\d{1,9})(?:\.(\d{1,9})(?:\.(\d{1,9}))?)?(?:-?([a-zA-Z][\w.-]*))?(?:\+\S*)?", re.ASCII)
_COMPARATOR = re.compile(r"(>=|<=|==|!=|=|>|<|~|\^|)\s*(\S+)")
_WILDCARDS = re.compile(r"(?:\.[xX*])+\Z")
_EXAMPLES = "write for example >=3.12, ~18.0, ^20, 3.12 or >=3.9,<3.13"
_BEYOND_ANY = 10**9

_PreRelease = tuple[tuple[int, int, str], ...]


class Version(NamedTuple):
    """A version; a pre-release (`pre` is not empty, `final` is 0) comes before the version itself."""

    major: int
    minor: int = 0
    patch: int = 0
    final: int = 1
    pre: _PreRelease = ()

    @property
    def numbers(self) -> tuple[int, int, int]:
        return self.major, self.minor, self.patch

    def __str__(self) -> str:
        pre = "".join(word or str(number) for _, number, word in self.pre)
        return f"{self.major}.{self.minor}.{self.patch}{pre}"


def parse_version(text: str) -> Version | None:
    """`3.12.1`, `v20.2.0`, `3.14.0rc1`, `3.12` (3.12.0); None when it is no version."""
    match = _VERSION.fullmatch(text.strip())
    if not match:
        return None
    major, minor, patch = (int(number or 0) for number in match.groups()[:3])
    pre = _pre_release(match[4] or "")
    return Version(major, minor, patch, int(not pre), pre)


def _pre_release(text: str) -> _PreRelease:
    """`rc1`, `rc.1` and `-rc.1` alike, in the order of semantic versioning: numbers before words."""
    return tuple(
        (0, int(word), "") if word.isdigit() else (1, 0, word.lower()) for word in re.findall(r"[0-9]+|[a-zA-Z]+", text)
    )


class _Comparator(NamedTuple):
    """`given`: how many of its numbers were written."""

    operator: str
    version: Version
    given: int

    def allows(self, candidate: Version) -> bool:
        reached, beyond = candidate >= self.version, self._is_beyond(candidate)
        match self.operator:
            case ">=":
                return reached
            case "<":
                return not reached
            case ">":
                return beyond
            case "<=":
                return not beyond
            case "!=":
                return not reached or beyond
            case "~":
                return reached and candidate < self._bumped(min(self.given, 2))
            case "^":
                return reached and candidate < self._bumped(self._leftmost())
        return reached and not beyond

    def _is_beyond(self, candidate: Version) -> bool:
        """Whether it comes after every version that these numbers stand for."""
        return candidate > self.version if self.version.pre else candidate >= self._bumped(self.given)

    def _leftmost(self) -> int:
        """The place, counted from 1, of the leftmost number that is not zero; else of the last one given."""
        numbers = self.version.numbers[: self.given]
        return next((place for place, number in enumerate(numbers, 1) if number), self.given)

    def _bumped(self, place: int) -> Version:
        """The first version whose number at that place is greater."""
        numbers = [*self.version.numbers[:place], 0, 0]
        numbers[place - 1] += 1
        return Version(numbers[0], numbers[1], numbers[2])


class Constraint(NamedTuple):
    """What versions may be used. text: as it was written.

    unread: comparators in it that are understood here and refused by the platform.
    """

    text: str
    comparators: tuple[_Comparator, ...]
    unread: tuple[str, ...] = ()

    def allows(self, version: Version) -> bool:
        """Whether the version satisfies all comparators."""
        if version.pre and version.numbers not in {named.numbers for named in self._pre_releases()}:
            return False
        return all(one.allows(version) for one in self.comparators)

    def might_allow(self, major: int, minor: int) -> bool:
        """Whether there is a version of that major and minor that satisfies it."""
        near = (abs(one.version.patch + step) for one in self.comparators for step in (-1, 0, 1))
        candidates = [Version(major, minor, patch) for patch in {0, _BEYOND_ANY, *near}]
        candidates += [named for named in self._pre_releases() if named.numbers[:2] == (major, minor)]
        return any(self.allows(candidate) for candidate in candidates)

    def _pre_releases(self) -> list[Version]:
        return [one.version for one in self.comparators if one.version.pre]


def parse_constraint(text: str, *, where: str | None = None) -> Constraint:
    """Read a constraint. Raises UsageError when it is malformed. where: what it belongs to."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    comparators = [_comparator(part, text, where) for part in parts if part not in {"*", "x", "X"}]
    unread = tuple(part for part in parts if part.startswith(("==", "!=")))
    return Constraint(text, tuple(comparators), unread)


def _comparator(part: str, text: str, where: str | None) -> _Comparator:
    match = _COMPARATOR.fullmatch(part)
    operator, number = (match[1], match[2]) if match else ("", part)
    if not operator and (wildcards := _WILDCARDS.search(number)):
        number = number[: wildcards.start()]
    version, numbers = parse_version(number), _VERSION.fullmatch(number)
    given = sum(1 for found in numbers.groups()[:3] if found) if numbers else 0
    if not match or not version or (version.pre and given < 3):
        raise UsageError(
            f"{text!r} is not a version constraint", where=where, why=f"{part!r} is no comparator", help=_cure(part)
        )
    return _Comparator(operator, version, given)


def _cure(part: str) -> str:
    if "||" in part:
        return "there is no 'or': write a range, for example >=18,<21"
    if part.startswith("~="):
        return f"write ^{part[2:].strip()} or a range, for example >=3.12,<4"
    if re.search(r"\d\s+[<>=~^!\d]", part):
        return "separate comparators with commas, for example >=3.9,<3.13"
    return _EXAMPLES
