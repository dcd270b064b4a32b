"""Both generations of the contract, with real processes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from attune_cli.execution.problems import ParameterError
from tests.integration.execution.conftest import Packs, codes

FIRST = """\
runner_type: shell
parameters:
  type: object
  properties:
    message: {type: string, default: hello}
    count: {type: integer}
    items: {type: array}
    token: {type: string, secret: true}
  required: [message]
"""
SECOND = """\
runner_type: shell
parameter_delivery: stdin
parameter_format: %s
output_format: text
parameters:
  message: {type: string, required: true}
  headers: {type: object, default: {}}
  token: {type: string, secret: true}
"""


def test_the_first_generation(packs: Packs) -> None:
    ref = packs.action(
        "x",
        """\
        printf '%s|%s|%s\\n' "$ATTUNE_ACTION_MESSAGE" "$ATTUNE_ACTION_COUNT" "$ATTUNE_ACTION_ITEMS"
        env | grep -c TOKEN
        cat
        """,
        FIRST,
    )
    done = packs.run(ref, pairs=("count=3", "items=[1, 2]"), asked={"token": "a longer secret"})
    assert done.stdout == 'hello|3|[1,2]\n0\n{"token":"***"}'
    assert (done.status, done.exit_code, done.exit_status, done.runtime) == ("succeeded", 0, 0, "shell")


def test_without_secrets_standard_input_is_at_its_end(packs: Packs) -> None:
    ref = packs.action("x", "cat | wc -c", FIRST)
    assert packs.run(ref).stdout.strip() == "0"


@pytest.mark.parametrize(
    ("form", "stdin"),
    [
        ("json", '{"message":"it\'s","headers":{"Accept":"x"},"token":"***"}\n'),
        ("dotenv", "headers.Accept='x'\nmessage='it'\\''s'\ntoken='***'\n"),
        ("yaml", 'message: "it\'s"\nheaders:\n  Accept: x\ntoken: ***\n'),
    ],
)
def test_the_second_generation(form: str, stdin: str, packs: Packs) -> None:
    ref = packs.action("x", 'cat; echo "$ATTUNE_PARAMETER_DELIVERY $ATTUNE_PARAMETER_FORMAT" >&2', SECOND % form)
    done = packs.run(ref, pairs=("message=it's", 'headers={"Accept": "x"}'), asked={"token": "long_secret"})
    assert done.stdout == stdin
    assert done.stderr == f"stdin {form}\n"


def test_the_parameter_file(packs: Packs, tmp_path: Path) -> None:
    declared = (SECOND % "json").replace("stdin", "file")
    script = 'stat -c %a "$ATTUNE_PARAMETER_FILE"; cat "$ATTUNE_PARAMETER_FILE"; cat | wc -c'
    done = packs.run(packs.action("x", script, declared), pairs=("message=m",))
    assert done.stdout == '400\n{"message":"m","headers":{}}\n0\n'
    assert list((tmp_path / "run").iterdir()) == []


def test_flags_go_before_what_is_declared(packs: Packs) -> None:
    ref = packs.action("x", 'cat "$ATTUNE_PARAMETER_FILE"; pwd', SECOND % "json")
    done = packs.run(ref, pairs=("message=m",), delivery="file", format="dotenv", cwd=packs.folder)
    assert done.stdout == f"message='m'\n{packs.folder}\n"


def test_the_environment_of_an_action(packs: Packs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EDITOR", "vi")
    monkeypatch.setenv("ATTUNE_LOG_LEVEL", "debug")
    monkeypatch.setenv("ATTUNE_API_URL", "http://api")
    monkeypatch.setenv("PYTHONPATH", "/mine")
    script = "import json, os; print(json.dumps([dict(os.environ), os.getcwd()]))"
    ref = packs.action("x", script, "runner_type: python\n", suffix=".py")
    done = packs.run(ref, env=("EXTRA=1",))
    assert isinstance(done.result, list)
    env, cwd = done.result
    own = {name: value for name, value in env.items() if name.startswith("ATTUNE_")}
    assert 0 < int(own.pop("ATTUNE_EXEC_ID")) < 2**53
    assert own.pop("ATTUNE_ARTIFACTS_DIR").startswith(str(tmp_path / "tmp"))
    assert own == {"ATTUNE_ACTION": "demo.x", "ATTUNE_PACK_REF": "demo", "ATTUNE_API_URL": "http://api"}
    assert (env["EDITOR"], env["EXTRA"], env["PYTHONPATH"]) == ("vi", "1", f"{packs.demo}/lib:/mine")
    assert cwd == str(packs.demo)
    clean = packs.run(ref, clean_env=True).result
    assert isinstance(clean, list)
    assert "EDITOR" not in clean[0]
    assert clean[0]["PYTHONPATH"] == f"{packs.demo}/lib"


def test_python_actions_import_from_the_packs_lib(packs: Packs) -> None:
    (packs.demo / "lib").mkdir()
    (packs.demo / "lib" / "shared.py").write_text("NAME = 'of the pack'\n")
    ref = packs.action("x", "import shared; print(shared.NAME)", "runner_type: python\n", suffix=".py")
    assert packs.run(ref).stdout == "of the pack\n"


def test_the_token_of_the_api_is_a_secret(packs: Packs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_API_TOKEN", "long_token_1")
    ref = packs.action("x", 'echo "$ATTUNE_API_TOKEN"')
    assert packs.run(ref).stdout == "***\n"
    assert packs.run(ref, env=("ATTUNE_API_TOKEN=long_token_2",)).stdout == "***\n"


def test_secrets_are_masked_in_every_part_of_the_document(packs: Packs) -> None:
    script = """\
    read -r line
    printf '%s' "$line" >&2
    printf '{"whole": %s, "key-hunter22": [22334455, "x hunter22 y"]}' "$line"
    """
    ref = packs.action("x", script, FIRST)
    done = packs.run(ref, asked={"token": "hunter22", "pin": "22334455"})
    assert "hunter22" not in json.dumps(done.to_document())
    assert "22334455" not in json.dumps(done.to_document())
    assert done.result == {"whole": {"token": "***", "pin": "***"}, "key-***": ["***", "x *** y"]}
    assert codes(done) == ["PAR011"]


def test_a_program_without_a_yaml_file(packs: Packs, tmp_path: Path) -> None:
    program = tmp_path / "my_binary"
    program.write_text(
        '#!/bin/sh\nprintf \'{"x": "%s", "y": %s}\' "$ATTUNE_ACTION_INPUT_DATA" "$ATTUNE_ACTION_Y"\npwd >&2\n'
    )
    program.chmod(0o755)
    done = packs.run(str(program), pairs=("input_data=5", "y:=[5]"))
    assert (done.runtime, done.action, done.result) == ("native", str(program), {"x": "5", "y": [5]})
    assert done.stderr == f"{tmp_path}/here\n"


def test_a_yaml_file_by_its_path(packs: Packs) -> None:
    packs.action("x", "echo hi")
    done = packs.run(str(packs.demo / "actions" / "x.yaml"))
    assert (done.action, done.stdout) == ("demo.x", "hi\n")


def test_a_file_whose_name_could_be_a_ref(packs: Packs, tmp_path: Path) -> None:
    script = tmp_path / "here" / "run.sh"
    script.write_text("echo from a file")
    assert packs.run("run.sh").stdout == "from a file\n"
    packs.action("sh", "echo from a pack")
    (packs.demo / "pack.yaml").write_text("ref: run\n")
    (packs.demo / "actions" / "sh.yaml").write_text("ref: run.sh\nentry_point: sh.sh\n")
    assert packs.run("run.sh").stdout == "from a pack\n"


@pytest.mark.parametrize(
    ("form", "out", "result"),
    [
        ("json", 'log\n{"a": 1}', {"a": 1}),
        ("yaml", "a: yes\n", {"a": "yes"}),
        ("jsonl", "1\n2\n", [1, 2]),
        ("text", "1", None),
    ],
)
def test_results(form: str, out: str, result: object, packs: Packs) -> None:
    ref = packs.action("x", f"printf '%s' '{out}'", f"output_format: {form}\n")
    assert packs.run(ref).result == result
    failing = packs.action("y", f"printf '%s' '{out}'; exit 3", f"output_format: {form}\n")
    done = packs.run(failing)
    assert (done.result, done.status, done.exit_status) == (None, "failed", 3)
    assert done.error == "the action exited with status 3"


def test_nothing_starts_when_parameters_are_wrong(packs: Packs, tmp_path: Path) -> None:
    proof = tmp_path / "started"
    ref = packs.action("x", f"touch {proof}", FIRST)
    for asked in (
        {"pairs": ("count=x",)},
        {"pairs": ("none=1",)},
        {"pairs": ("message=a\0b",)},
        {"pairs": ("message=" + "x" * 140_000,)},
    ):
        with pytest.raises(ParameterError):
            packs.run(ref, **asked)
    assert not proof.exists()
    packs.run(ref)
    assert proof.exists()


def test_the_dry_run_starts_nothing_and_shows_no_secret(packs: Packs, tmp_path: Path) -> None:
    proof = tmp_path / "started"
    ref = packs.action("x", f"touch {proof}", FIRST)
    plan = packs.plan(ref, pairs=("message=m",), asked={"token": "long_secret"}, timeout=5.0)
    document = plan.to_document()
    assert document["argv"] == ["/bin/bash", str(packs.demo / "actions" / "x.sh")]
    assert document["stdin"] == '{"token":"***"}'
    environment = document["environment"]
    assert isinstance(environment, dict)
    assert environment["ATTUNE_ACTION_MESSAGE"] == "m"
    inherited = document["inherited"]
    assert isinstance(inherited, list)
    assert "PATH" in inherited
    assert "ATTUNE_ACTION_MESSAGE" not in inherited
    assert "long_secret" not in f"{json.dumps(document)} {plan!r}"
    assert not proof.exists()
    assert not os.path.exists(str(environment["ATTUNE_ARTIFACTS_DIR"]))
