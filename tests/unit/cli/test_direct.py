"""Command lines read without Typer mean what they mean with it."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.exceptions import TyperException
from typer.main import get_command

from attune_cli.cli.arguments import RunArguments
from attune_cli.cli.direct import direct_call
from attune_cli.cli.run import app

ACTION: Any = get_command(app).commands["action"]  # type: ignore[attr-defined]
OPTIONS = {name for param in ACTION.params if param.param_type_name == "option" for name in param.opts}


def directly(args: list[str]) -> RunArguments | None:
    """As it is read without Typer; None: Typer shall read it."""
    call = cast("partial[int] | None", direct_call(args))
    return call.args[0] if call else None


def with_typer(args: list[str]) -> RunArguments | None:
    """As Typer reads it; None: it refuses, or shows help."""
    try:
        values = ACTION.make_context("action", list(args)).params
    except (TyperException, RuntimeError):
        return None
    values["format"] = values.pop("format_")
    given: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in values.items()}
    return RunArguments(**{name: value for name, value in given.items() if value is not None})


def test_every_option_is_known_to_both() -> None:
    for param in ACTION.params:
        if param.param_type_name == "argument":
            continue
        for name in param.opts:
            words = [name] if param.is_flag else [name, "json" if param.name == "output" else "x"]
            read = directly(["run", "action", "core.echo", *words])
            assert read is not None
            assert read == with_typer(["core.echo", *words])


_WORDS = st.sampled_from(
    [*sorted(OPTIONS), "core.echo", "./x", "a=b", "", "-", "--", "json", "--help", "-h", "-x", "-qj", "-pa=b", "--par"]
) | st.builds("{}={}".format, st.sampled_from(sorted(OPTIONS)), st.sampled_from(["", "json", "a=b", "-"]))


@given(st.lists(_WORDS, max_size=7))
def test_what_is_read_directly_is_read_alike(words: list[str]) -> None:
    read = directly(["run", "action", *words])
    assert read is None or read == with_typer(words)


@pytest.mark.parametrize(
    "words",
    [
        ["core.echo"],
        ["core.echo", "-p", "a=b", "--param", "c=d", "--param=e=f", "-q", "-j"],
        ["--timeout", "30", "./x", "--cwd", "..", "-o", "yaml", "--output=json"],
        ["-p", "-x", "core.echo"],
    ],
)
def test_the_usual_is_read_directly(words: list[str]) -> None:
    read = directly(["run", "action", *words])
    assert read is not None
    assert read == with_typer(words)


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["run"],
        ["run", "action"],
        ["--debug", "run", "action", "x"],
        ["run", "action", "x", "--help"],
        ["run", "action", "x", "y"],
        ["run", "action", "x", "--time", "3"],
        ["run", "action", "x", "--timeout"],
        ["run", "action", "x", "--quiet=1"],
        ["run", "action", "x", "-o", "xml"],
        ["run", "action", "x", "--subject", "y"],
        ["run", "action", "--", "x"],
        ["run", "action", "x", "-pa=b"],
        ["runtime", "list"],
        ["run", "nothing", "x"],
    ],
)
def test_all_else_is_left_to_typer(args: list[str]) -> None:
    assert directly(args) is None
