"""What a process gets of its parameters, and what is refused before it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attune_cli.execution.delivery import check_size, deliver, unreadable_in_shells, variable
from attune_cli.execution.parameters import Parameters
from attune_cli.execution.problems import ParameterError

EVERYTHING: dict[str, object] = {
    "message": "as it is\n",
    "count": 5,
    "ratio": 1.5,
    "flag": True,
    "off": False,
    "nothing": None,
    "list": [1, "ä"],
    "map": {"b": 1, "a": {"c": []}},
    "Mixed_case": "",
}


def refused(parameters: Parameters, way: str = "env", form: str = "json") -> list[str]:
    with pytest.raises(ParameterError) as caught:
        deliver(parameters, way, form, subject="demo.x")
    return [str(problem) for problem in caught.value.problems]


def test_env() -> None:
    found = deliver(Parameters(EVERYTHING), "env", "json", subject="demo.x")
    assert found.env == {
        "ATTUNE_ACTION_MESSAGE": "as it is\n",
        "ATTUNE_ACTION_COUNT": "5",
        "ATTUNE_ACTION_RATIO": "1.5",
        "ATTUNE_ACTION_FLAG": "true",
        "ATTUNE_ACTION_OFF": "false",
        "ATTUNE_ACTION_NOTHING": "null",
        "ATTUNE_ACTION_LIST": '[1,"ä"]',
        "ATTUNE_ACTION_MAP": '{"b":1,"a":{"c":[]}}',
        "ATTUNE_ACTION_MIXED_CASE": "",
    }
    assert (found.stdin, found.document) == (b"", None)


def test_env_gives_secrets_on_standard_input_alone() -> None:
    found = deliver(Parameters({"a": "x"}, {"b": "geheim ä", "c": {"d": 1}}), "env", "json", subject="demo.x")
    assert found.env == {"ATTUNE_ACTION_A": "x"}
    assert found.stdin == '{"b":"geheim ä","c":{"d":1}}'.encode()


@pytest.mark.parametrize(
    ("form", "text"),
    [("json", '{"a":"x","b":"y"}\n'), ("dotenv", "a='x'\nb='y'\n"), ("yaml", 'a: x\nb: "y"\n')],
)
def test_documents(form: str, text: str) -> None:
    parameters = Parameters({"a": "x"}, {"b": "y"})
    by_stdin = deliver(parameters, "stdin", form, subject="demo.x")
    assert by_stdin.env == {"ATTUNE_PARAMETER_DELIVERY": "stdin", "ATTUNE_PARAMETER_FORMAT": form}
    assert (by_stdin.stdin.decode(), by_stdin.document) == (text, None)
    by_file = deliver(parameters, "file", form, subject="demo.x")
    assert by_file.env == {"ATTUNE_PARAMETER_DELIVERY": "file", "ATTUNE_PARAMETER_FORMAT": form}
    assert (by_file.stdin, by_file.document) == (b"", text.encode())


@pytest.mark.parametrize(("form", "text"), [("json", "{}\n"), ("dotenv", "\n"), ("yaml", "{}\n")])
def test_documents_of_nothing(form: str, text: str) -> None:
    assert deliver(Parameters(), "stdin", form, subject="demo.x").stdin.decode() == text


def test_names_that_are_one_in_upper_case() -> None:
    values: dict[str, object] = {"user": 1, "User": 2, "straße": 3, "STRASSE": 4, "other": 5}
    assert refused(Parameters(values)) == [
        "straße and STRASSE are both ATTUNE_ACTION_STRASSE: deliver it by stdin or file",
        "user and User are both ATTUNE_ACTION_USER: deliver it by stdin or file",
    ]
    assert deliver(Parameters(values), "stdin", "json", subject="demo.x").stdin


@pytest.mark.parametrize("name", ["a=b", "a\0", ""])
def test_names_that_no_variable_can_have(name: str) -> None:
    assert refused(Parameters({name: 1})) == [f"{name} has a name that no environment variable can have"]


def test_a_nul_byte() -> None:
    assert refused(Parameters({"a": "x\0y", "b": "c"})) == [
        "a has a NUL byte, which ends an environment variable: deliver it by stdin or file"
    ]
    assert "NUL" in refused(Parameters({"a": "x\0y"}), "stdin", "dotenv")[0]
    assert deliver(Parameters({"a": "x\0y"}), "stdin", "json", subject="demo.x").stdin == b'{"a":"x\\u0000y"}\n'
    # In an array JSON writes it out, and nothing ends there.
    assert deliver(Parameters({"a": ["\0"]}), "env", "json", subject="demo.x").env == {"ATTUNE_ACTION_A": '["\\u0000"]'}


def test_no_problem_shows_a_value() -> None:
    parameters = Parameters({"a": "hunter22\0", "A": "hunter22"}, {"b": "hunter22"})
    assert "hunter22" not in str(refused(parameters))


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of one string is Linux's own")
def test_one_variable_that_is_too_long_to_the_byte() -> None:
    room = 128 * 1024 - len("ATTUNE_ACTION_TEXT=") - 1
    fits = deliver(Parameters({"text": "ä" * (room // 2) + "x" * (room % 2)}), "env", "json", subject="demo.x").env
    done = subprocess.run(["/usr/bin/env"], env=dict(fits), stdout=subprocess.PIPE, check=True)
    assert len(done.stdout) == 128 * 1024
    [problem] = refused(Parameters({"text": "x" * (room + 1), "other": 1}))
    assert (
        problem == "text is 131073 bytes long as a variable, and the system takes 131072: deliver it by stdin or file"
    )
    with pytest.raises(OSError, match="long"):
        subprocess.run(["/usr/bin/env"], env={"ATTUNE_ACTION_TEXT": "x" * (room + 1)}, check=True)


def test_an_environment_that_is_too_large_as_a_whole_names_the_largest_parameter() -> None:
    limit = min(os.sysconf("SC_ARG_MAX"), 6 * 1024 * 1024)
    env = {variable(f"p{number}"): "x" * 100_000 for number in range(limit // 100_000 + 1)}
    env[variable("largest")] = "x" * 120_000
    with pytest.raises(ParameterError) as caught:
        check_size(("/bin/true",), env, subject="demo.x")
    [problem] = caught.value.problems
    assert problem.name == "largest"
    assert problem.message.endswith("deliver it by stdin or file")
    check_size(("/bin/true",), {variable("a"): "x" * 100_000}, subject="demo.x")


def test_what_passes_the_check_of_size_can_be_started() -> None:
    """Just below the limit: the check must not promise too much."""
    limit = min(os.sysconf("SC_ARG_MAX"), 6 * 1024 * 1024) - 4096
    count, size = limit // 100_000, 100_000 - 40
    env = {f"V{number:05}": "x" * size for number in range(count)}
    check_size(("/bin/true",), env, subject="demo.x")
    subprocess.run(["/bin/true"], env=env, check=True)


def test_names_that_shells_cannot_read() -> None:
    parameters = Parameters({"dry-run": 1, "ok_1": 2, "a.b": 3}, {"se-cret": 4})
    assert unreadable_in_shells(parameters) == ("dry-run", "a.b")


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="=\0"), min_size=1, max_size=6)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ECHO = """\
import json, os, sys
own = {name: value for name, value in os.environ.items() if name.startswith("ATTUNE_")}
json.dump([own, sys.stdin.read()], sys.stdout)
"""


@settings(max_examples=12)
@given(
    st.dictionaries(NAMES, TEXT | st.integers() | st.lists(TEXT, max_size=2), max_size=5).filter(
        lambda values: len({name.upper() for name in values}) == len(values)
    ),
    st.dictionaries(NAMES, TEXT, max_size=2),
)
def test_a_process_gets_what_was_given(values: dict[str, object], secrets: dict[str, object]) -> None:
    found = deliver(Parameters(values, secrets), "env", "json", subject="demo.x")
    env = {**found.env, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ECHO], env=env, input=found.stdin, stdout=subprocess.PIPE, check=True
    )
    seen, stdin = json.loads(done.stdout)
    assert seen == {
        f"ATTUNE_ACTION_{name.upper()}": value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for name, value in values.items()
    }
    assert (json.loads(stdin) if stdin else {}) == secrets
