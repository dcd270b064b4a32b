"""Every flag of `attune run action` does what it says, and every kind of subject can be run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune, execution

Script = Callable[..., Path]
Pack = Callable[..., Path]

#: Shows what it is given.
_SHOW = 'env | grep -E "^(ATTUNE_ACTION_|ATTUNE_PARAMETER_(DELIVERY|FORMAT)|MY_|OTHER_)" | sort; pwd; cat'


def lines(attune: Attune, *args: str | Path, input: bytes = b"") -> list[str]:
    """What an action shows."""
    done = attune("run", "action", *args, "-q", input=input)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().splitlines()


# --- subjects ---


def test_a_ref_of_a_pack_in_reach(attune: Attune, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    root = pack("show", "", _SHOW)
    assert lines(attune, "demo.show") == [str(root)]
    elsewhere = attune.folder / "elsewhere"
    (attune.folder / "packs").rename(elsewhere)
    assert attune("run", "action", "demo.show").returncode == 127
    assert lines(attune, "demo.show", "--packs-dir", "elsewhere") == [str(elsewhere / "demo")]
    monkeypatch.setenv("ATTUNE_PACKS_DIR", str(elsewhere))
    assert lines(attune, "demo.show") == [str(elsewhere / "demo")]


def test_a_yaml_file(attune: Attune, pack: Pack) -> None:
    root = pack("show", "", _SHOW)
    assert lines(attune, root / "actions" / "show.yaml") == [str(root)]


def test_a_bare_program(attune: Attune, script: Script) -> None:
    assert lines(attune, script(_SHOW), "-p", "input_data=x") == [
        "ATTUNE_ACTION_INPUT_DATA=x",
        str(attune.folder),
    ]
    document = execution(attune("run", "action", "/bin/true", "-j").stdout)
    assert (document["action"], document["runtime"]) == ("/bin/true", "native")


@pytest.mark.parametrize(
    ("name", "text", "runtime"), [("hi.sh", "echo hi", "shell"), ("hi.py", "print('hi')", "python")]
)
def test_a_bare_script(attune: Attune, name: str, text: str, runtime: str) -> None:
    (attune.folder / name).write_text(text)
    for subject in (name, f"./{name}"):
        document = execution(attune("run", "action", subject, "-j").stdout)
        assert (document["runtime"], document["stdout"]) == (runtime, "hi\n")


# --- parameters ---


def test_parameters_from_everywhere(attune: Attune, script: Script) -> None:
    (attune.folder / "some.yaml").write_text("a: file\nb: file\nc: file\nd: file\n")
    (attune.folder / "text").write_text("from a file")
    args = ["--params", "some.yaml", "--params", "-", "--params-json", '{"c": "json", "d": "json"}', "-p", "d=pair"]
    more = ["-p", "e:=[1, 2]", "-p", "f=@text", "--param", "g=@@x", "--param=h=1=2"]
    assert lines(attune, script(_SHOW), *args, *more, input=b'{"b": "stdin"}')[:8] == [
        "ATTUNE_ACTION_A=file",
        "ATTUNE_ACTION_B=stdin",
        "ATTUNE_ACTION_C=json",
        "ATTUNE_ACTION_D=pair",
        "ATTUNE_ACTION_E=[1,2]",
        "ATTUNE_ACTION_F=from a file",
        "ATTUNE_ACTION_G=@x",
        "ATTUNE_ACTION_H=1=2",
    ]


@pytest.mark.parametrize(("form", "content"), [("json", '{"a":"x y"}'), ("dotenv", "a='x y'"), ("yaml", "a: x y")])
def test_delivery_and_format(attune: Attune, script: Script, form: str, content: str) -> None:
    program = script(_SHOW)
    assert lines(attune, program, "-p", "a=x y", "--delivery", "stdin", "--format", form) == [
        "ATTUNE_PARAMETER_DELIVERY=stdin",
        f"ATTUNE_PARAMETER_FORMAT={form}",
        str(attune.folder),
        content,
    ]
    reads = script('cat "$ATTUNE_PARAMETER_FILE"')
    assert lines(attune, reads, "-p", "a=x y", "--delivery", "file", "--format", form) == [content]
    assert "ATTUNE_ACTION_A=x y" in lines(attune, program, "-p", "a=x y", "--delivery", "env")


@pytest.mark.parametrize("flag", ["--delivery", "--format", "--runtime"])
def test_a_word_that_is_none_of_the_known(attune: Attune, script: Script, flag: str) -> None:
    done = attune("run", "action", script(_SHOW), flag, "carrier-pigeon")
    assert done.returncode == 125
    assert b"carrier-pigeon" in done.stderr


# --- environment ---


def test_runtime(attune: Attune) -> None:
    path = attune.folder / "program.sh"
    path.write_text("#!/bin/cat\nexit 9\n")
    path.chmod(0o755)
    assert lines(attune, "./program.sh", "--runtime", "native") == ["#!/bin/cat", "exit 9"]
    assert attune("run", "action", "./program.sh", "--runtime", "bash").returncode == 9


def test_cwd(attune: Attune, script: Script, pack: Pack) -> None:
    (attune.folder / "other").mkdir()
    assert lines(attune, script(_SHOW), "--cwd", "other") == [str(attune.folder / "other")]
    pack("show", "", _SHOW)
    assert lines(attune, "demo.show", "--cwd", "other") == [str(attune.folder / "other")]


def test_variables(attune: Attune, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_OWN", "here")
    monkeypatch.setenv("OTHER_ONE", "there")
    (attune.folder / "env").write_text("MY_FILE='in a file'\nMY_OWN=overridden\n# no more\n")
    program = script(_SHOW)
    assert lines(attune, program)[:2] == ["MY_OWN=here", "OTHER_ONE=there"]
    assert lines(attune, program, "--env-file", "env", "--env", "MY_PAIR=a=b", "--env", "MY_OWN")[:-1] == [
        "MY_FILE=in a file",
        "MY_OWN=here",
        "MY_PAIR=a=b",
        "OTHER_ONE=there",
    ]
    assert lines(attune, program, "--clean-env", "--env", "OTHER_ONE")[:-1] == ["OTHER_ONE=there"]


# --- limits ---


def test_grace_asks_first(attune: Attune, script: Script) -> None:
    program = script("trap 'echo asked; exit 3' TERM; mkfifo never; exec 3<>never; read word <&3")
    done = attune("run", "action", program, "--timeout", "200ms", "--grace", "10")
    assert (done.returncode, done.stdout) == (124, b"asked\n")
    assert b" timed out  exit 3 " in done.stderr


def test_bounds(attune: Attune, script: Script) -> None:
    program = script("head -c 3000 /dev/zero; head -c 3000 /dev/zero >&2")
    done = attune("run", "action", program, "-j", "--max-stdout", "1KiB", "--max-stderr", "2000")
    document = execution(done.stdout)
    assert (document["stdout_bytes_truncated"], document["stderr_bytes_truncated"]) == (3000 - 896, 3000 - 1872)


# --- the answer ---


@pytest.mark.parametrize("form", [(), ("-o", "json"), ("-o", "yaml")])
def test_a_dry_run_starts_nothing(attune: Attune, pack: Pack, form: tuple[str, ...]) -> None:
    root = pack("leave", "parameters: {name: {type: string, default: trace}}\n", 'touch "$ATTUNE_ACTION_NAME"')
    before = sorted(Path(attune.folder).rglob("*"))
    done = attune("run", "action", "demo.leave", "--dry-run", *form)
    assert done.returncode == 0
    assert sorted(Path(attune.folder).rglob("*")) == before
    for word in ("demo.leave", "shell", str(root / "actions" / "leave.sh"), "ATTUNE_ACTION_NAME", "trace"):
        assert word in done.stdout.decode()
    assert done.stderr == b""
    # It would have left one, had it been started.
    assert attune("run", "action", "demo.leave").returncode == 0
    assert (root / "trace").exists()


def test_a_plan_does_not_tell_the_values_of_your_own_variables(attune: Attune) -> None:
    env = {"CLOUD_PASSWORD": "not for the log"}
    for form in ((), ("-j",), ("-o", "yaml")):
        done = attune("run", "action", "core.echo", "--dry-run", "--env", "MY_OWN=told", *form, env=env)
        assert b"not for the log" not in done.stdout
        assert b"told" in done.stdout
    plan = json.loads(attune("run", "action", "core.echo", "--dry-run", "-j", env=env).stdout)
    assert "CLOUD_PASSWORD" in plan["inherited"]
    assert set(plan["inherited"]) <= set(os.environ) | set(env)


def test_output_and_its_short_form(attune: Attune) -> None:
    call = ("run", "action", "core.echo", "-p", "message=x")
    for form in (("--json",), ("-j",), ("--output", "json"), ("--output=json",), ("-o", "json"), ("-ojson",)):
        assert execution(attune(*call, *form).stdout)["stdout"] == "x"
    assert attune(*call, "-o", "table").stdout == b"x"
    assert attune(*call, "-qj").stdout.startswith(b"{")
