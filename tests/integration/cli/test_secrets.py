"""Secrets: how they come in, and that they get out nowhere."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.integration.cli.conftest import Attune, execution
from tests.integration.process.life import Letterbox

Pack = Callable[..., Path]
SECRET = "hunter2-Ω-correct-horse"

_SCHEMA = """\
parameter_delivery: {delivery}
output_format: text
parameters:
  user: {{type: string}}
  token: {{type: string, required: true, secret: true}}
"""
#: Gives the secret away wherever it can.
_BLABS = """\
case $ATTUNE_PARAMETER_DELIVERY in file) cat "$ATTUNE_PARAMETER_FILE";; *) cat;; esac
"""


def action(pack: Pack, delivery: str = "stdin", program: str = _BLABS) -> None:
    pack("login", _SCHEMA.format(delivery=delivery), program)


def ways(folder: Path) -> dict[str, tuple[str, ...]]:
    """The ways of giving it where nobody can be asked."""
    (folder / "token").write_text(f"{SECRET}\n")
    (folder / "secrets.yaml").write_text(f"token: {SECRET}\n")
    return {
        "file": ("--secret", "token=@token"),
        "variable": ("--secret", "token=env:MY_TOKEN"),
        "secrets": ("--secrets", "secrets.yaml"),
        "parameters": ("--params", "secrets.yaml"),
    }


@pytest.mark.parametrize("way", ["file", "variable", "secrets", "parameters"])
@pytest.mark.parametrize("delivery", ["stdin", "file", "env"])
def test_it_arrives_and_is_masked(attune: Attune, pack: Pack, way: str, delivery: str) -> None:
    action(pack, delivery, f"{_BLABS.rstrip()} | tee arrived; cat arrived >&2")
    env = {"MY_TOKEN": SECRET}
    for more in ((), ("-j",), ("--dry-run",), ("--dry-run", "-j")):
        done = attune("run", "action", "demo.login", *ways(attune.folder)[way], "--cwd", ".", *more, env=env)
        assert done.returncode == 0, done.stderr
        seen = (done.stdout + done.stderr).decode()
        assert "***" in seen
        assert SECRET not in seen
        assert json.dumps(SECRET)[1:-1] not in seen
    assert SECRET in (attune.folder / "arrived").read_text()


@pytest.mark.parametrize("way", ["file", "variable", "secrets"])
def test_no_process_shows_it(attune: Attune, pack: Pack, box: Letterbox, answers: Letterbox, way: str) -> None:
    action(pack, "file", f"echo $$ >{box.path}; read word <{answers.path}")
    env = {**os.environ, **({"MY_TOKEN": SECRET} if way == "variable" else {})}
    process = attune.start("run", "action", "demo.login", *ways(attune.folder)[way], env=env)
    found = [process.pid, box.pid(), *_children(process.pid)]
    assert len(set(found)) >= 3
    places = {Path(f"/proc/{pid}/{what}") for pid in found for what in ("cmdline", "environ")}
    if way == "variable":
        # It is in attune's own first environment: the caller has put it there.
        places.remove(Path(f"/proc/{process.pid}/environ"))
    assert [place for place in places if SECRET.encode() in place.read_bytes()] == []
    answers.post()
    assert process.wait(timeout=10) == 0


def _children(pid: int) -> list[int]:
    """The action and the guardian."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_it_is_asked_for_and_not_shown(attune: Attune, pack: Pack) -> None:
    action(pack)
    child = attune.on_terminal("run", "action", "demo.login", "--secret", "token")
    child.expect_exact("token (hidden): ")
    child.sendline(SECRET)
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0
    assert SECRET not in str(child.before)
    assert '{"token":"***"}' in str(child.before)


def test_a_required_one_is_asked_for_by_itself(attune: Attune, pack: Pack) -> None:
    action(pack)
    child = attune.on_terminal("run", "action", "demo.login", "-p", "user=me", "-j")
    child.expect_exact("token (hidden): ")
    child.sendline(SECRET)
    child.expect(pexpect.EOF)
    assert json.loads(execution(str(child.before))["stdout"]) == {"user": "me", "token": "***"}


@pytest.mark.parametrize("way", ["file", "variable", "secrets", "parameters"])
def test_one_that_is_given_is_not_asked_for(attune: Attune, pack: Pack, way: str) -> None:
    action(pack)
    child = attune.on_terminal("run", "action", "demo.login", *ways(attune.folder)[way], env={"MY_TOKEN": SECRET})
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0
    assert "hidden" not in str(child.before)


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_the_question_can_be_left(attune: Attune, pack: Pack, key: str) -> None:
    action(pack)
    child = attune.on_terminal("run", "action", "demo.login")
    child.expect_exact("token (hidden): ")
    child.send(key)
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 130
    assert str(child.before) in {"\r\n", "^C\r\n"}


def test_the_terminal_shows_typing_again_behind_the_question(attune: Attune, pack: Pack) -> None:
    action(pack)
    line = f"trap : INT; {attune.command} run action demo.login; stty -a"
    child = pexpect.spawn("sh", ["-c", line], cwd=str(attune.folder), encoding="utf-8", timeout=20)
    child.expect_exact("token (hidden): ")
    child.sendintr()
    child.expect(pexpect.EOF)
    assert " echo " in str(child.before)


def test_an_unknown_action_is_told_before_anything_is_asked(attune: Attune) -> None:
    child = attune.on_terminal("run", "action", "core.nothing", "--secret", "token")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 127
    assert "hidden" not in str(child.before)


def test_without_a_terminal_the_error_says_how_to_give_it(attune: Attune, pack: Pack) -> None:
    action(pack)
    for more in ((), ("--secret", "token")):
        done = attune("run", "action", "demo.login", *more)
        assert done.returncode == 125
        assert "--secret token=@FILE, --secret token=env:VARIABLE, or --secrets FILE" in done.stderr.decode()


def test_what_can_be_read_only_once_is_read_once(attune: Attune, pack: Pack) -> None:
    action(pack)
    call = f"run action demo.login --secrets <(echo 'token: {SECRET}')"
    done = attune.shell(f"attune {call}")
    assert (done.returncode, done.stdout) == (0, b'{"token":"***"}\n')
    # Where it could be asked for as well.
    child = pexpect.spawn(
        "bash", ["-c", f"{attune.command} {call}"], cwd=str(attune.folder), encoding="utf-8", timeout=20
    )
    child.expect(pexpect.EOF)
    child.close()
    assert str(child.before).startswith('{"token":"***"}')


def test_a_plain_value_is_refused_and_not_repeated(attune: Attune) -> None:
    done = attune("run", "action", "core.echo", "--secret", f"token={SECRET}")
    assert done.returncode == 125
    assert SECRET not in done.stderr.decode()


def test_one_given_as_a_parameter_is_masked_and_warned_of(attune: Attune, pack: Pack) -> None:
    action(pack)
    done = attune("run", "action", "demo.login", "-p", f"token={SECRET}")
    assert SECRET not in (done.stdout + done.stderr).decode()
    assert b"PAR012: " in done.stderr


def test_errors_do_not_hold_it(attune: Attune, pack: Pack) -> None:
    pack("pin", "parameters:\n  pin: {type: integer, secret: true, maximum: 10}\n", "cat")
    (attune.folder / "pin").write_text("8472910364")
    (attune.folder / "word").write_text(SECRET)
    for file in ("pin", "word"):
        for more in ((), ("-j",), ("--dry-run",)):
            done = attune("run", "action", "demo.pin", "--secret", f"pin=@{file}", *more)
            assert done.returncode == 125
            assert b"8472910364" not in done.stdout + done.stderr
            assert SECRET.encode() not in done.stdout + done.stderr
