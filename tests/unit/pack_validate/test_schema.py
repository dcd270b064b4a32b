"""What the published schemas say of a file, in words, where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.pack import schema
from attune_cli.pack.components import KINDS, read_pack
from attune_cli.pack.judge import compile_schema
from attune_cli.pack.judgement import judge
from attune_cli.yaml12 import parse
from tests.unit.pack_rules.packs import write_pack


def found(root: Path, example: str) -> list[Diagnostic]:
    tree = read_pack(write_pack(root, example), ".")
    return sorted(finding for each in (tree.pack, *tree.components) for finding in schema.check(each))


def only(root: Path, example: str) -> str:
    """The one finding, as `place severity code message | help`."""
    (finding,) = found(root, example)
    return f"{finding.start}-{finding.end} {finding.severity} {finding.code} {finding.message} | {finding.help}"


ACTION = "# actions/a.yaml\nref: demo.a\nentry_point: a.py\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "runer_type: python",
            (
                "3:1-3:11 warning ATN021 `runer_type` is no key of an action: nobody reads it"
                " | did you mean `runner_type`?"
            ),
        ),
        (
            "Parameter-Delivery: stdin",
            (
                "3:1-3:19 warning ATN021 `Parameter-Delivery` is no key of an action: nobody reads it"
                " | did you mean `parameter_delivery`?"
            ),
        ),
        (
            "xyz: 1",
            (
                "3:1-3:4 warning ATN021 `xyz` is no key of an action: nobody reads it"
                " | `attune schema action` shows the keys there are"
            ),
        ),
        (
            "enabled: yes",
            "3:10-3:13 error ATN023 `enabled` must be true or false, not the text yes | write true, without quotes",
        ),
        (
            'enabled: "False"',
            "3:10-3:17 error ATN023 `enabled` must be true or false, not the text False | write false, without quotes",
        ),
        ("label: 3.10", '3:8-3:12 error ATN023 `label` must be text, not the number 3.10 | put it in quotes: "3.10"'),
        ("label: true", '3:8-3:12 error ATN023 `label` must be text, not the boolean true | put it in quotes: "true"'),
        ("label: [a, b]", "3:8-3:14 error ATN023 `label` must be text, not a list | None"),
        (
            "tags: one",
            '3:7-3:10 error ATN023 `tags` must be a list, not text | write each item on a line of its own, after "- "',
        ),
        ("tags: [one, 2]", '3:13-3:14 error ATN023 `tags[1]` must be text, not the number 2 | put it in quotes: "2"'),
        ("worker_selector: here", "3:18-3:22 error ATN023 `worker_selector` must be a mapping, not text | None"),
        (
            "output_format: jsno",
            (
                "3:16-3:20 error ATN024 `output_format` must be one of text, json, yaml, jsonl, not `jsno`"
                " | did you mean `json`?"
            ),
        ),
        (
            "output_format: JSON",
            (
                "3:16-3:20 warning ATN024 `output_format` must be one of text, json, yaml, jsonl, not `JSON`"
                " | did you mean `json`?"
            ),
        ),
        ("log_retention_limit: 0", "3:22-3:23 error ATN024 `log_retention_limit` must be at least 1, not `0` | None"),
        (
            "parameters: {n: {type: int}}",
            (
                "3:24-3:27 error ATN026 `parameters.n.type` must be one of string, integer, number, boolean, object,"
                " array, any, null, not `int` | did you mean `integer`?"
            ),
        ),
        ("parameters: {n: text}", "3:17-3:21 error ATN026 `parameters.n` must be a mapping, not text | None"),
        (
            "parameters: {type: object, properties: {n: {minLength: x}}}",
            "3:56-3:57 error ATN026 `parameters.properties.n.minLength` must be a whole number, not text | None",
        ),
        (
            "output: {n: {type: array, items: {type: [string, nil]}}}",
            (
                "3:50-3:53 error ATN026 `output.n.items.type[1]` must be one of string, integer, number, boolean,"
                " object, array, any, null, not `nil` | None"
            ),
        ),
        ("parameters: [a]", "3:13-3:16 error ATN023 `parameters` must be a mapping, not a list | None"),
    ],
)
def test_a_key_or_value_of_an_action(tmp_path: Path, lines: str, expected: str) -> None:
    assert only(tmp_path, f"{ACTION}{lines}\n") == expected


@pytest.mark.parametrize(
    "lines",
    [
        "label:",
        "parameters:",
        "parameters: {}",
        "parameters: {a: , b: true, c: {}}",
        "parameters: {type: {type: string}, properties: {type: object}}",
        "parameters: {type: object}",
        "parameters: {type: object, properties: {a: {type: [string, 'null'], x-shown: false}}, required: [a]}",
        "parameters: {properties: {a: {type: any}}}",
        "parameters: {a: {default: null, enum: [1], const: 1, required: false, secret: true, nullable: true}}",
        "timeout_seconds: 60",
    ],
)
def test_what_is_in_order(tmp_path: Path, lines: str) -> None:
    assert found(tmp_path, f"{ACTION}{lines}\n") == []


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("# actions/a.yaml\nref: demo.a\n", "1:1-1:4 error ATN022 `entry_point` or `workflow_file` is missing"),
        (
            "# actions/a.yaml\nentry_point:\nref: demo.a\n",
            "1:1-1:12 error ATN022 `entry_point` or `workflow_file` has no value",
        ),
        ("# rules/r.yaml\n# first\nref: demo.r\ntrigger_ref: demo.t\n", "2:1-2:4 error ATN022 `action_ref` is missing"),
        (
            "# rules/r.yaml\nref: demo.r\naction_ref: ~\ntrigger_ref: demo.t\n",
            "2:1-2:11 error ATN022 `action_ref` has no value",
        ),
        (
            "# permission_sets/p.yaml\nref: demo.p\ngrants: [{resource: packs}]\n",
            "2:11-2:19 error ATN022 `actions` is missing in `grants[0]`",
        ),
        ("# triggers/t.yaml\n", "1:1-1:1 error ATN022 the file is empty: it must declare at least its `ref`"),
        ("# triggers/t.yaml\n# a comment\n", "1:1-1:1 error ATN022 the file is empty"),
        ("# policies/t.yaml\n- a\n", "1:1-1:4 error ATN023 the file holds a list: it must be a mapping of keys"),
        ("# workflows/w.yaml\ntasks: []\n", "1:8-1:10 error ATN024 `tasks` must have at least 1 item, not a list"),
    ],
)
def test_what_is_missing(tmp_path: Path, example: str, expected: str) -> None:
    assert only(tmp_path, example).startswith(expected)


def test_a_broken_file_is_left_alone(tmp_path: Path) -> None:
    tree = read_pack(write_pack(tmp_path, "# actions/a.yaml\nref: [\n# actions/b.yaml\nlabel: 1\nlabel: 2\n"), ".")
    assert {finding.code for finding in judge(tree).findings} == {"ATN001", "ATN006"}


def test_a_value_is_shown_only_where_it_explains_the_mistake(tmp_path: Path) -> None:
    text = f"{ACTION}enabled: hunter2\nlabel: {{hunter2: 1}}\nworker_selector: 8080\n"
    assert not any("hunter2" in finding.message or "8080" in finding.message for finding in found(tmp_path, text))


def test_an_alias_is_told_of_once(tmp_path: Path) -> None:
    text = f"{ACTION}parameters: {{a: &a {{type: int}}, b: *a, c: *a}}\n"
    assert len({finding.start for finding in found(tmp_path, text)}) == 1


def test_severities_are_those_of_the_codes_but_for_case(tmp_path: Path) -> None:
    findings = found(tmp_path, f"{ACTION}xyz: 1\nlabel: 1\noutput_format: x\nparameter_format: YAML\n")
    assert [(each.code, each.severity) for each in findings] == [
        ("ATN021", Severity.WARNING),
        ("ATN023", Severity.ERROR),
        ("ATN024", Severity.ERROR),
        ("ATN024", Severity.WARNING),
    ]


# --- the files ------------------------------------------------------------------------------------


def test_every_kind_but_policies_has_a_schema() -> None:
    assert set(KINDS) - set(schema.KINDS) == {"policy"}


def properties(node: object) -> list[dict[str, object]]:
    """Every schema of a property, however deep."""
    if isinstance(node, list):
        return [each for item in node for each in properties(item)]
    if not isinstance(node, dict):
        return []
    own = node.get("properties")
    named = [each for each in own.values() if isinstance(each, dict)] if isinstance(own, dict) else []
    return named + [each for value in node.values() for each in properties(value)]


@pytest.mark.parametrize("kind", schema.KINDS)
def test_a_schema_is_one_and_every_key_is_described(kind: str) -> None:
    import jsonschema

    data = json.loads(schema.schema_text(kind))
    jsonschema.Draft202012Validator.check_schema(data)
    assert data["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert data["additionalProperties"] is False
    assert data["description"].endswith(".")
    for name, each in data["properties"].items():
        assert each["description"].endswith("."), name
    named = data["$defs"]["field"]["properties"] if "$defs" in data else {}
    assert all(each["description"].endswith(".") for each in named.values())


def test_fields_are_described_alike_everywhere() -> None:
    found = [json.loads(schema.schema_text(kind)).get("$defs") for kind in schema.KINDS]
    assert len({json.dumps(each) for each in found if each is not None}) == 1


def test_a_keyword_the_judge_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError):
        compile_schema({"uniqueItems": True})
    node = parse(b"a: []", "FILE").root
    assert node is not None
    with pytest.raises(KeyError):
        compile_schema({"properties": {"a": {"uniqueItems": True}}})(node, None)


@pytest.mark.parametrize("kind", schema.KINDS)
def test_the_judge_knows_every_keyword_of_the_schemas(kind: str) -> None:
    whole = json.loads(schema.schema_text(kind))
    parts = list(subschemas(whole))
    assert len(parts) > 5
    for part in parts:
        compile_schema({**part, "$defs": whole.get("$defs", {})})


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        inner = [schema[key] for key in ("additionalProperties", "if", "items", "then", "else") if key in schema]
        named = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
        for part in (*inner, *named, *schema.get("anyOf", [])):
            yield from subschemas(part)
