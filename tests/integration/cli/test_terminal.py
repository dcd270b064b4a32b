"""At a terminal: live output, a summary behind it, and nothing that the action could drive it with."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.integration.cli.conftest import Attune
from tests.integration.process.life import Letterbox

Script = Callable[..., Path]
GREEN, RESET = "\x1b[32m", "\x1b[0m"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def shown(child: pexpect.spawn[str]) -> str:
    """All that came on the terminal till the end."""
    child.expect(pexpect.EOF)
    child.wait()
    return str(child.before)


def test_output_is_seen_while_the_action_runs(attune: Attune, script: Script, answers: Letterbox) -> None:
    child = attune.on_terminal("run", "action", script(f"echo one; read word <{answers.path}; echo two >&2"))
    child.expect_exact("one\r\n")
    answers.post()
    child.expect_exact("two\r\n")
    child.expect_exact(f"{GREEN}✓{RESET}")
    shown(child)
    assert child.exitstatus == 0


def test_half_a_line_is_seen_too_and_ended_before_the_summary(
    attune: Attune, script: Script, answers: Letterbox
) -> None:
    child = attune.on_terminal("run", "action", script(f"printf 'how many? '; read word <{answers.path}"))
    child.expect_exact("how many? ")
    answers.post()
    assert shown(child).startswith(f"\r\n{GREEN}✓{RESET}")


def test_two_half_lines_are_ended_once(attune: Attune, script: Script) -> None:
    text = shown(attune.on_terminal("run", "action", script("printf out; printf err >&2")))
    assert "\r\n\r\n" not in text
    assert re.fullmatch(r"(outerr|errout)\r\n", text.partition(GREEN)[0])


def test_the_action_cannot_drive_the_terminal(attune: Attune, script: Script) -> None:
    program = script(
        r"""printf 'a\033]0;title\007b\033[2Jc\302\233d\010e\033'; printf '[6nf' >&2; printf '\033[1;31mred'"""
    )
    text = shown(attune.on_terminal("run", "action", program))
    left = COLOURS.sub("", text).translate(dict.fromkeys(map(ord, "\r\n\t")))
    assert left.isprintable()
    # The other stream may be shown between the two halves, or behind them.
    assert "a^[]0;title^Gb^[[2Jc\\x9bd^He^[" in text.replace("[6nf", "")
    assert text.index("\x1b[1;31mred") < text.index(RESET) < text.index(GREEN)


def test_names_and_values_cannot_either(attune: Attune, script: Script) -> None:
    program = script("exit 1", "odd\x1b[2J\x9b\u202e")
    text = shown(attune.on_terminal("run", "action", program))
    text += shown(attune.on_terminal("run", "action", f"{program}\n\rx"))
    text += shown(attune.on_terminal("run", "action", "core.echo", "-p", "a\x1b[2Jb=c", "--dry-run"))
    text += shown(attune.on_terminal("run", "action", "core.echo", "-p", "message=\x1b[2J\x9b\u202e", "--dry-run"))
    text += shown(attune.on_terminal("run", "action", "--no\x1b[2J"))
    left = COLOURS.sub("", text).replace("\r\n", "")
    assert left.isprintable()
    assert left.count("^[[2J") >= 5


def test_a_person_sees_colours_unless_told_otherwise(attune: Attune) -> None:
    call = ("run", "action", "core.echo", "-p", "message=x")
    assert GREEN in shown(attune.on_terminal(*call))
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}):
        text = shown(attune.on_terminal(*call, env=env))
        assert "\x1b" not in text
        assert "✓ core.echo succeeded" in text
    for args in (("runtime", "list"), ("--help",), ("run", "action", "core.nothing")):
        assert "\x1b" in shown(attune.on_terminal(*args))
        assert "\x1b" not in shown(attune.on_terminal(*args, env={"NO_COLOR": "1"}))


def test_force_color_holds_in_pipes(attune: Attune) -> None:
    env = {"FORCE_COLOR": "1"}
    assert GREEN.encode() in attune("run", "action", "core.echo", "-p", "message=x", env=env).stderr
    assert b"\x1b[" in attune("--help", env=env).stdout
    assert b"\x1b[" in attune("runtime", "list", env=env).stdout
    assert b"\x1b" not in attune("run", "action", "core.echo", "-p", "message=x", "-j", env=env).stdout


def test_pipes_hold_no_colours(attune: Attune) -> None:
    for args in (("run", "action", "core.echo", "-p", "message=x"), ("--help",), ("runtime", "list"), ("run",)):
        done = attune(*args)
        assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("columns", [60, 80])
def test_nothing_is_wider_than_the_terminal(attune: Attune, script: Script, columns: int) -> None:
    program = script(
        """echo '{"key": "a value that goes on and on and does not end soon enough"}'; sleep 60 & exit 0"""
    )
    text = shown(attune.on_terminal("run", "action", program, columns=columns)).partition("\r\n")[2]
    for args in (("core.nothing",), ("core.echo", "-p", "mesage=1"), ("--help",)):
        text += shown(attune.on_terminal("run", "action", *args, columns=columns))
    for line in COLOURS.sub("", text).replace("\r", "").splitlines():
        # A path is one word and stays whole.
        assert len(line) <= columns or "/" in line


def test_output_to_a_file_and_the_summary_to_the_terminal(attune: Attune, script: Script) -> None:
    program = script("printf 'raw\\033[2J'")
    child = attune.on_terminal("run", "action", program)
    assert "raw^[[2J" in shown(child)
    child = pexpect.spawn(
        "sh", ["-c", f"{attune.command} run action {program} >file"], encoding="utf-8", cwd=attune.folder
    )
    assert "✓" in shown(child)
    assert (attune.folder / "file").read_bytes() == b"raw\x1b[2J"


def test_a_document_on_a_terminal_is_the_document_alone(attune: Attune, script: Script) -> None:
    text = shown(attune.on_terminal("run", "action", script("echo hidden; echo too >&2"), "-j"))
    assert text.startswith("{\r\n")
    assert text.endswith("}\r\n")
