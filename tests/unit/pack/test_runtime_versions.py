"""A constraint allows what it says, and what it cannot say is refused with a cure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.errors import UsageError
from attune_cli.pack.runtime_versions import Version, parse_constraint, parse_version

VERSIONS = st.tuples(*[st.integers(0, 4)] * 3).map(lambda numbers: Version(*numbers))
OPERATORS = st.sampled_from(["", "=", "==", "!=", ">", ">=", "<", "<=", "~", "^"])
NUMBERS = st.lists(st.integers(0, 4).map(str), min_size=1, max_size=3).map(".".join)
CONSTRAINTS = st.lists(st.builds("{}{}".format, OPERATORS, NUMBERS), min_size=1, max_size=2).map(",".join)


@pytest.mark.parametrize(
    ("constraint", "allowed", "refused"),
    [
        ("3.12", "3.12.0 3.12.9", "3.11.9 3.13.0 4.12.0"),
        ("=3.12", "3.12.0 3.12.9", "3.11.9 3.13.0"),
        ("==3.12", "3.12.0 3.12.9", "3.11.9 3.13.0"),
        ("!=3.12", "3.11.9 3.13.0", "3.12.0 3.12.9"),
        ("=3.12.1", "3.12.1", "3.12.0 3.12.2"),
        ("!=3.12.1", "3.12.0 3.12.2", "3.12.1"),
        ("20", "20.0.0 20.20.2", "19.9.9 21.0.0"),
        ("v20", "20.20.2", "21.0.0"),
        (">=3.12", "3.12.0 3.13.0 4.0.0", "3.11.9"),
        (">3.12", "3.13.0 4.0.0", "3.12.0 3.12.9"),
        (">3.12.1", "3.12.2", "3.12.1"),
        ("<3.12", "3.11.9 2.7.18", "3.12.0 3.12.9"),
        ("<=3.12", "3.12.9 3.0.0", "3.13.0"),
        ("<=3.12.1", "3.12.1", "3.12.2"),
        ("~18.0", "18.0.0 18.0.9", "18.1.0 17.9.9"),
        ("~18", "18.0.0 18.20.1", "19.0.0 17.9.9"),
        ("~3.12.4", "3.12.4 3.12.9", "3.12.3 3.13.0"),
        ("^20", "20.0.0 20.20.2", "21.0.0 19.9.9"),
        ("^3.12", "3.12.0 3.99.0", "4.0.0 3.11.9"),
        ("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.2 0.0.4"),
        ("^0.0", "0.0.9", "0.1.0"),
        ("^0", "0.9.9", "1.0.0"),
        (">=3.9,<3.13", "3.9.0 3.12.9", "3.8.9 3.13.0"),
        (" >= 3.9 , != 3.10 ,", "3.9.0 3.11.0", "3.10.4 3.8.9"),
        ("3.x", "3.0.0 3.99.9", "2.7.18 4.0.0"),
        ("3.12.*", "3.12.9", "3.13.0"),
        ("3.x.x", "3.12.9", "4.0.0"),
        ("*", "0.0.0 99.9.9", "3.14.0rc1"),
        ("", "0.0.0 99.9.9", "3.14.0rc1"),
        (">=3.14.0-rc.2", "3.14.0rc2 3.14.0rc3 3.14.0 3.15.0", "3.14.0rc1 3.14.0b4 3.15.0a1"),
        (">3.14.0rc2", "3.14.0rc3 3.14.0", "3.14.0rc2"),
        ("3.14.0rc2", "3.14.0rc2", "3.14.0rc3 3.14.0"),
    ],
)
def test_what_a_constraint_allows(constraint: str, allowed: str, refused: str) -> None:
    parsed = parse_constraint(constraint)
    verdicts = {
        text: parsed.allows(version)
        for text in (*allowed.split(), *refused.split())
        if (version := parse_version(text))
    }
    assert verdicts == dict.fromkeys(allowed.split(), True) | dict.fromkeys(refused.split(), False)


@pytest.mark.parametrize(
    ("constraint", "help"),
    [
        ("latest", "write for example"),
        (">=", "write for example"),
        (">=3,12x", "write for example"),
        (">=3.x", "write for example"),
        ("3.12.1.4", "write for example"),
        ("=>3.12", "write for example"),
        ("^1.0rc1", "write for example"),
        ("1" * 30, "write for example"),
        ("٣", "write for example"),
        (">=3.9 <3.13", "separate comparators with commas"),
        ("3.9 3.10", "separate comparators with commas"),
        (">=18 || <12", "there is no 'or'"),
        ("~=3.12", r"write \^3.12"),
    ],
)
def test_what_is_no_constraint(constraint: str, help: str) -> None:
    with pytest.raises(UsageError, match="is not a version constraint") as caught:
        parse_constraint(constraint, where="runtime_version")
    assert caught.value.where == "runtime_version"
    assert help.replace("\\", "") in str(caught.value.help)


def test_comparators_that_the_platform_refuses_are_named() -> None:
    assert parse_constraint(">=3.9, !=3.10, ==3.11").unread == ("!=3.10", "==3.11")
    assert parse_constraint(">=3.9,<4").unread == ()


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.12.1", Version(3, 12, 1)),
        ("v20.20.2\n", Version(20, 20, 2)),
        ("3.12", Version(3, 12)),
        ("3", Version(3)),
        ("20.1.0+build.5", Version(20, 1)),
        ("3.14.0rc1", Version(3, 14, 0, 0, ((1, 0, "rc"), (0, 1, "")))),
    ],
)
def test_a_version(text: str, version: Version) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize("text", ["", "pyenv: python3.12: command not found", "3.", ".3", "3.12.1.2"])
def test_what_is_no_version(text: str) -> None:
    assert parse_version(text) is None


def test_pre_releases_come_in_order() -> None:
    texts = ["3.14.0a1", "3.14.0b2", "3.14.0rc1", "3.14.0-rc.2", "3.14.0rc10", "3.14.0", "3.14.1a1"]
    versions = [parse_version(text) for text in texts]
    assert versions == sorted(version for version in reversed(versions) if version)
    assert str(versions[3]) == "3.14.0rc2"


@given(CONSTRAINTS, VERSIONS)
def test_a_minor_is_ruled_out_only_when_no_version_of_it_fits(constraint: str, version: Version) -> None:
    parsed = parse_constraint(constraint)
    if parsed.allows(version):
        assert parsed.might_allow(version.major, version.minor)


@given(CONSTRAINTS, st.integers(0, 4), st.integers(0, 4))
def test_a_minor_that_is_not_ruled_out_has_a_version_that_fits(constraint: str, major: int, minor: int) -> None:
    parsed = parse_constraint(constraint)
    fits = any(parsed.allows(Version(major, minor, patch)) for patch in range(8))
    assert parsed.might_allow(major, minor) == fits


@given(NUMBERS, VERSIONS)
def test_comparators_agree_with_one_another(number: str, version: Version) -> None:
    def allows(constraint: str) -> bool:
        return parse_constraint(constraint).allows(version)

    assert allows(f">={number}") != allows(f"<{number}")
    assert allows(f">{number}") != allows(f"<={number}")
    assert allows(f"={number}") == (allows(f">={number}") and allows(f"<={number}"))
    assert allows(f"!={number}") != allows(f"={number}")
    assert not allows(f"~{number}") or allows(f">={number}")
    assert not allows(f"={number}") or (allows(f"~{number}") and allows(f"^{number}"))
