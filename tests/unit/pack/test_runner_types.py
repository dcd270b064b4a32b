"""Runner types are known by all their names, in any case, and a wrong one gets the nearest."""

from __future__ import annotations

import pytest

from attune_cli.errors import UsageError
from attune_cli.pack.runner_types import known_runtime, runtime_name


@pytest.mark.parametrize(
    ("name", "aliases"),
    [
        ("native", "native builtin standalone"),
        ("python", "python python3"),
        ("shell", "shell bash sh"),
        ("node", "node nodejs node.js"),
    ],
)
def test_every_alias_in_any_case(name: str, aliases: str) -> None:
    for alias in aliases.split():
        assert {runtime_name(alias), known_runtime(alias.upper()), runtime_name(alias.title())} == {name}


@pytest.mark.parametrize(
    ("wrong", "nearest"), [("pyton", "python"), ("nodesj", "nodejs"), ("Shel", "shell"), ("natve", "native")]
)
def test_an_unknown_type_gets_the_nearest_first(wrong: str, nearest: str) -> None:
    with pytest.raises(UsageError, match=f"unknown runner type {wrong!r}") as caught:
        known_runtime(wrong)
    listed = str(caught.value.help).removeprefix("known types, nearest first: ").split(", ")
    assert listed[0] == nearest
    assert sorted(listed) == sorted(
        ["native", "builtin", "standalone", "python", "python3", "shell", "bash", "sh", "node", "nodejs", "node.js"]
    )


@pytest.mark.parametrize("runner_type", ["ruby", "Go", "perl"])
def test_a_runtime_of_the_platform_that_attune_has_not(runner_type: str) -> None:
    with pytest.raises(UsageError, match="attune does not start") as caught:
        known_runtime(runner_type)
    assert "shebang" in str(caught.value.help)


@pytest.mark.parametrize("runner_type", ["", " ", "python 3"])
def test_what_is_no_type_at_all(runner_type: str) -> None:
    assert runtime_name(runner_type) is None
    with pytest.raises(UsageError):
        known_runtime(runner_type)
