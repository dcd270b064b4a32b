"""`--output json` and `yaml`: exactly one document, whatever becomes of the run."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.cli.conftest import Attune, execution
from tests.integration.process.life import Letterbox

Script = Callable[..., Path]


def test_success(attune: Attune, script: Script) -> None:
    done = attune("run", "action", script("""echo '{"a": "é\\u0000"}'; echo note >&2"""), "-j")
    document = execution(done.stdout)
    assert (document["status"], document["exit_code"], document["error"]) == ("succeeded", 0, None)
    assert document["result"] == {"a": "é\0"}
    assert document["stderr"] == "note\n"
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("lines", "more", "expected"),
    [
        ("exit 3", (), {"status": "failed", "exit_code": 3, "signal": None}),
        ("kill -SEGV $$", (), {"status": "failed", "exit_code": None, "signal": "SIGSEGV"}),
        ("exec sleep 60", ("--timeout", "0.2"), {"status": "timed_out", "signal": "SIGKILL"}),
        ("head -c 500 /dev/zero", ("--max-stdout", "200"), {"stdout_truncated": True, "stdout_bytes_truncated": 428}),
        ("printf 'a\\377\\033[2J'", (), {"stdout": "a�\x1b[2J"}),
    ],
)
def test_other_ends(
    attune: Attune, script: Script, lines: str, more: tuple[str, ...], expected: dict[str, Any]
) -> None:
    done = attune("run", "action", script(lines), "--output", "json", *more)
    document = execution(done.stdout)
    assert {key: document[key] for key in expected} == expected
    assert done.stderr == b""
    if document["exit_code"] is not None:
        assert done.returncode == document["exit_code"]


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("core.nothing",), 127),
        (("./nothing",), 127),
        (("core.echo", "-p", "mesage=1"), 125),
        (("core.echo", "-p", "message"), 125),
        (("core.echo", "--params", "nothing.yaml"), 125),
        (("core.echo", "--timeout", "soon"), 125),
        (("core.echo", "--runtime", "cobol"), 125),
        (("core.echo", "--secret", "token=plain"), 125),
        (("core.echo", "--secret", "token"), 125),
        (("core.echo", "--cwd", "/nowhere"), 125),
        (("/etc/passwd",), 126),
    ],
)
def test_what_was_never_started_is_a_document_too(attune: Attune, args: tuple[str, ...], status: int) -> None:
    done = attune("run", "action", *args, "-j")
    document = execution(done.stdout)
    assert (done.returncode, document["status"]) == (status, "not_started")
    assert document["action"] == args[0]
    assert done.stderr.startswith(b"error: ")


def test_the_settings_choose_it_as_well(attune: Attune) -> None:
    env = {"ATTUNE_OUTPUT": "json"}
    assert execution(attune("run", "action", "core.nothing", env=env).stdout)["status"] == "not_started"
    assert attune("run", "action", "core.echo", "-p", "message=x", "-o", "table", env=env).stdout == b"x"
    (attune.folder / "attune.toml").write_text('output = "json"\n')
    assert execution(attune("run", "action", "core.echo", "-p", "message=x").stdout)["stdout"] == "x"
    assert json.loads(attune("runtime", "list").stdout)["runtimes"]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_an_interrupted_run_is_a_document(attune: Attune, script: Script, box: Letterbox, form: str) -> None:
    # More than a pipe holds: when it is all written, somebody has read.
    process = attune.start(
        "run", "action", script(f"head -c 100000 /dev/zero; echo $$ >{box.path}; exec sleep 60"), "-o", form
    )
    box.pid()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    document = execution(out if form == "json" else json.dumps(yaml.safe_load(out)))
    assert (process.returncode, document["status"], len(document["stdout"])) == (130, "cancelled", 100000)
    assert err == b""


def test_one_that_is_interrupted_before_it_starts_too(attune: Attune) -> None:
    parameters = attune.folder / "parameters"
    os.mkfifo(parameters)
    process = attune.start("run", "action", "core.echo", "--params", parameters, "-j")
    # Opened as soon as somebody reads.
    with open(parameters, "wb"):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, execution(out)["status"], err) == (130, "cancelled", b"")


def test_yaml_says_the_same(attune: Attune, script: Script) -> None:
    program = script("""echo '{"yes": "no", "n": 1e3, "t": "é\\n\\u0085"}'""")
    documents = [
        json.loads(attune("run", "action", program, "-j").stdout),
        yaml.safe_load(attune("run", "action", program, "-o", "yaml").stdout),
    ]
    for document in documents:
        document["duration_ms"], document["usage"] = 0, None
    assert documents[0] == documents[1]


def test_runtimes(attune: Attune) -> None:
    listed = json.loads(attune("runtime", "list", "--json").stdout)
    assert {"native", "shell"} <= set(listed["runtimes"])
    assert listed["max_concurrent_executions"] >= 1
    assert yaml.safe_load(attune("runtime", "list", "-o", "yaml").stdout) == listed
    table = attune("runtime", "list").stdout.decode().splitlines()
    assert table[0].split() == ["RUNTIME", "VERSION", "PATH"]
    available = [line.split()[0] for line in table[1:] if line.split()[0] in listed["runtimes"]]
    assert available == listed["runtimes"]
