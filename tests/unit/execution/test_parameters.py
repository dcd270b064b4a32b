"""From files, JSON and pairs to the values of one run; or to one error with all that is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.errors import UsageError
from attune_cli.execution.parameters import Parameters, resolve_parameters
from attune_cli.execution.problems import ParameterError, Problem
from attune_cli.execution.sources import Sources
from attune_cli.pack.parameter_schema import ParameterSchema

SPECS: dict[str, Any] = {
    "message": {"type": "string"},
    "count": {"type": "integer", "minimum": 1, "maximum": 9},
    "headers": {"type": "object"},
    "password": {"type": "string", "secret": True, "minLength": 3},
}


def schema_of(**specs: Any) -> ParameterSchema:
    return ParameterSchema.from_data(specs)


def resolve(schema: ParameterSchema | None = None, **sources: Any) -> Parameters:
    return resolve_parameters(Sources(**sources), schema, subject="demo.x", where="x.yaml")


def values(schema: ParameterSchema | None, *pairs: str) -> Mapping[str, object]:
    return resolve(schema, pairs=pairs).values


def problems(schema: ParameterSchema | None = None, **sources: Any) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        resolve(schema, **sources)
    return [str(problem) for problem in caught.value.problems]


def test_pairs(tmp_path: Path) -> None:
    file = tmp_path / "content"
    file.write_text("from a file\n")
    numbers = tmp_path / "numbers"
    numbers.write_text("[1, 2]\n")
    assert values(None, "a=x=y", "b=", "c:=[1]", f"d=@{file}", "e=@@x", f"f:=@{numbers}", "g=a@b", "h:i=1") == {
        "a": "x=y",
        "b": "",
        "c": [1],
        "d": "from a file\n",
        "e": "@x",
        "f": [1, 2],
        "g": "a@b",
        "h:i": "1",
    }


def test_what_a_file_holds_takes_the_type_of_its_parameter(tmp_path: Path) -> None:
    file = tmp_path / "headers"
    file.write_text('{"Accept": "x"}\n')
    assert values(schema_of(**SPECS), f"headers=@{file}", "count=3") == {"headers": {"Accept": "x"}, "count": 3}


@pytest.mark.parametrize("pair", ["x", "=x", ":=1", "x:=", "x:=[", "x=@/does/not/exist", "x:=NaN"])
def test_pairs_that_are_none(pair: str) -> None:
    with pytest.raises(UsageError):
        values(None, pair)


def test_later_ones_win(tmp_path: Path) -> None:
    first, second = tmp_path / "1.yaml", tmp_path / "2.json"
    first.write_text("a: 1\nb: 1\nc: 1\nd: 1\n")
    second.write_text('{"b": 2, "c": 2, "d": 2}')
    found = resolve(None, files=(str(first), str(second)), documents=('{"c": 3, "d": 3}',), pairs=("d=4", "d=5"))
    assert found.values == {"a": 1, "b": 2, "c": 3, "d": "5"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: yes\nb: 0777\nc: [1, 2]\n", {"a": "yes", "b": "0777", "c": [1, 2]}),
        ('{"a": "\\ud83d\\ude00", "b": "\\/"}', {"a": "😀", "b": "/"}),
        ("{a: 1, b: x}", {"a": 1, "b": "x"}),
        ("", {}),
    ],
)
def test_files_and_standard_input(text: str, expected: object, tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(text)
    assert resolve(None, files=(str(file),)).values == expected
    assert resolve(None, files=("-",), stdin=text.encode).values == expected


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("p.yaml", "a: [1\n", "p.yaml:1:4"),
        ("p.yaml", "a: 1\na: 2\n", "p.yaml:2:1"),
        ("p.yaml", "- a\n", "p.yaml"),
        ("p.json", '{"a": NaN}', "p.json"),
        ("p.json", '{"a": 1, "a": 2}', "p.json"),
        ("p.json", "a: 1", "p.json"),
        ("p.json", b'{"a": "\xff"}', "p.json"),
    ],
)
def test_files_that_cannot_be_read_say_where(name: str, text: str | bytes, where: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as caught:
        resolve(None, files=(str(file),))
    assert caught.value.where == str(tmp_path / where)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UsageError, match=r"none\.yaml cannot be read"):
        resolve(None, files=("none.yaml",))


@pytest.mark.parametrize("text", ["[1]", "{", "5", '{"a": 1, "a": 2}'])
def test_json_on_the_command_line_that_is_no_object(text: str) -> None:
    with pytest.raises(UsageError, match="JSON"):
        resolve(None, documents=(text,))


def test_defaults_and_types() -> None:
    schema = schema_of(
        a={"type": "integer", "default": 1}, b={"type": "string", "required": True, "default": "x"}, c={}
    )
    assert values(schema, "a=2") == {"a": 2, "b": "x"}


def test_every_problem_is_in_one_error() -> None:
    schema = schema_of(**SPECS, needed={"type": "string", "required": True})
    found = problems(schema, pairs=("mesage=x", "count=12", "headers=[]"), documents=('{"message": 5}',))
    assert found == [
        "count must be at most 9, not 12",
        "headers must be a JSON object",
        "mesage is unknown: did you mean message?",
        "message must be a string, not 5",
        "needed is required and has no value",
    ]


def test_how_the_error_reads() -> None:
    with pytest.raises(ParameterError) as caught:
        resolve(schema_of(a={"type": "integer", "required": True}, b={}), pairs=("c=1",))
    error = caught.value
    assert error.what == "2 parameters of demo.x are wrong"
    assert error.why == "a is required and has no value; c is unknown"
    assert error.help == "it takes a (integer, required), b (any)"
    assert error.problems == (Problem("a", "is required and has no value"), Problem("c", "is unknown"))


def test_an_action_without_parameters_takes_none() -> None:
    assert problems(schema_of(), pairs=("a=1",)) == ["a is unknown: the action takes no parameters"]


def test_a_schema_that_welcomes_unknown_names_checks_them_too() -> None:
    data = {"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "integer"}}
    schema = ParameterSchema.from_data(data)
    assert values(schema, "b:=5") == {"b": 5}
    assert problems(schema, pairs=("b=x",)) == ['b must be an integer, not "x"']


def test_a_default_that_does_not_fit_is_the_actions_own_fault() -> None:
    assert problems(schema_of(a={"type": "integer", "default": "x"})) == ['a must be an integer, not "x" (its default)']


def test_places_inside_a_value() -> None:
    schema = schema_of(a={"type": "object", "properties": {"b": {"items": {"type": "integer"}}}})
    assert problems(schema, pairs=('a={"b": [1, "x"]}',)) == ['a.b[1] must be an integer, not "x"']


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (".nan", "a must be a finite number: NaN and Infinity are no JSON values"),
        ("[1, -.inf]", "a must be a finite number: NaN and Infinity are no JSON values"),
        ("{x: .inf}", "a must be a finite number: NaN and Infinity are no JSON values"),
    ],
)
def test_what_json_cannot_write(value: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(f"a: {value}\n")
    assert problems(schema_of(a={}), files=(str(file),)) == [message]
    assert problems(None, files=(str(file),)) == [message]


def test_bytes_of_the_command_line_that_are_no_text() -> None:
    assert problems(None, pairs=("a=\udcff",)) == ["a is not valid UTF-8 text"]


@given(st.text(alphabet='ab=:@[]{}"\\1.e-', max_size=12))
def test_no_pair_breaks_it(pair: str) -> None:
    with suppress(UsageError):
        assert json.dumps(dict(values(None, pair)))


# --- secrets ---------------------------------------------------------------------------------------


def test_secrets_from_files_variables_and_the_prompt(tmp_path: Path) -> None:
    line = tmp_path / "token"
    line.write_text("from a file\r\n")
    many = tmp_path / "secrets.yaml"
    many.write_text("c: {deep: value}\nd: 1\n")
    found = resolve(
        None,
        secret_files=(str(many),),
        secrets=(f"a=@{line}", "b=env:TOKEN"),
        asked={"d": "typed"},
        environ={"TOKEN": "from env"},
    )
    assert found.values == {}
    assert found.secrets == {"a": "from a file", "b": "from env", "c": {"deep": "value"}, "d": "typed"}


def test_secrets_take_the_type_of_their_parameter() -> None:
    schema = schema_of(login={"type": "object", "secret": True}, pin={"type": "integer"})
    found = resolve(schema, asked={"login": '{"user": "u"}', "pin": "1234"})
    assert found.secrets == {"login": {"user": "u"}, "pin": 1234}
    assert found.values == {}


def test_a_secret_fills_a_required_parameter_and_wins_over_a_plain_value() -> None:
    schema = schema_of(token={"type": "string", "required": True})
    assert resolve(schema, pairs=("token=plain",), asked={"token": "hidden"}).secrets == {"token": "hidden"}


def test_what_the_schema_calls_secret_is_one_wherever_it_came_from(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("password: hunter22\n")
    schema = schema_of(**SPECS)
    assert resolve(schema, files=(str(file),)).secrets == {"password": "hunter22"}
    assert resolve(schema, files=(str(file),)).exposed == ()
    assert resolve(schema, pairs=("password=hunter22",)).exposed == ("password",)
    assert resolve(schema, documents=('{"password": "hunter22"}',)).exposed == ("password",)
    assert resolve(schema, pairs=(f"password=@{file}",)).exposed == ()


def test_a_secret_that_is_no_parameter_is_given_all_the_same() -> None:
    found = resolve(schema_of(**SPECS), asked={"api_key": "hunter22"})
    assert found.secrets == {"api_key": "hunter22"}
    assert found.undeclared == ("api_key",)
    assert resolve(None, asked={"api_key": "hunter22"}).undeclared == ()


def test_a_secret_default_is_a_secret() -> None:
    found = resolve(schema_of(env={"type": "object", "secret": True, "default": {}}))
    assert (found.values, found.secrets) == ({}, {"env": {}})


@pytest.mark.parametrize(
    "secret", ["password=hunter22", "password=", "=hunter22", "password=env:NOT_SET_hunter22"[:22]]
)
def test_a_plain_secret_on_the_command_line_is_refused_without_repeating_it(secret: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(None, secrets=(secret,), environ={})
    assert "hunter22" not in f"{caught.value} {caught.value.help}"


def test_a_secret_without_a_value() -> None:
    with pytest.raises(UsageError, match="the secret token has no value"):
        resolve(None, secrets=("token",))


@pytest.mark.parametrize(
    "sources",
    [
        {"asked": {"password": "x"}},
        {"asked": {"count": "hunter22"}},
        {"asked": {"count": "123456789"}},
        {"asked": {"headers": '["hunter22", 123456789]'}},
        {"pairs": ("password=x", "count=12", "headers={")},
        {"documents": ('{"password": ["hunter22"]}',)},
        {"pairs": ("count:=hunter22",)},
        {"documents": ('{"count": hunter22}',)},
        {"pairs": ('count:="https://u:hunter22@h"',), "asked": {"password": "hunter22"}},
    ],
)
def test_no_error_gives_a_secret_away(sources: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(schema_of(**SPECS), **sources)
    said = f"{caught.value!r} {caught.value} {caught.value.help} {caught.value.why}"
    assert "hunter22" not in said
    assert "123456789" not in said


def test_no_repr_gives_a_value_away() -> None:
    found = resolve(schema_of(**SPECS), pairs=("message=hunter22",), asked={"password": "hunter22"})
    sources = Sources(pairs=("a=hunter22",), asked={"b": "hunter22"}, secrets=("c=hunter22",), documents=("hunter22",))
    assert "hunter22" not in f"{found!r} {sources!r}"
