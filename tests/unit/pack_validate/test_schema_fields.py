"""The schemas that packs write themselves: keywords, defaults, patterns."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from attune_cli.diagnostics import Diagnostic
from attune_cli.pack import field_schemas
from attune_cli.pack.components import read_pack
from attune_cli.pack.field_schemas import nearest_keyword
from attune_cli.pack.patterns import MAX_LENGTH, MAX_PATTERNS, MAX_REPETITIONS, Patterns
from tests.unit.pack_rules.packs import write_pack


def found(root: Path, example: str) -> list[Diagnostic]:
    tree = read_pack(write_pack(root, example), ".")
    return sorted(finding for each in (tree.pack, *tree.components) for finding in field_schemas.check(each))


def of_field(root: Path, field: str) -> list[str]:
    """What is found of one parameter, in both spellings, which must be the same."""
    spellings = (f"p: {field}", f"{{type: object, properties: {{p: {field}}}}}")
    told = []
    for number, text in enumerate(spellings):
        folder = root / str(number)
        folder.mkdir()
        example = f"# actions/a.yaml\nparameters:\n  {text}\n"
        findings = found(folder, example)
        told.append(
            [
                f"{each.code} {each.message} | {each.help}".replace("parameters.properties", "parameters")
                for each in findings
            ]
        )
    assert told[0] == told[1]
    return told[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("min_items", "minItems"),
        ("min-length", "minLength"),
        ("Default", "default"),
        ("defualt", "default"),
        ("descripton", "description"),
        ("maximun", "maximum"),
        ("enums", "enum"),
        ("example", "examples"),
        ("additional_properties", "additionalProperties"),
        ("choices", "enum"),
        ("regex", "pattern"),
        ("min", "minimum"),
        ("x-order", None),
        ("nullable", None),
        ("immutable", None),
        ("label", None),
        ("unit", None),
        ("help", None),
    ],
)
def test_the_nearest_keyword(written: str, meant: str | None) -> None:
    assert nearest_keyword(written) == meant


def test_an_unknown_keyword_is_told_at_its_key(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "# actions/a.yaml\nparameters:\n  hosts:\n    type: array\n    min_items: 1\n")
    assert (finding.where, str(finding.end), finding.code) == ("actions/a.yaml:4:5", "4:14", "ATN025")
    assert finding.message == "`min_items` in `parameters.hosts` is no keyword of JSON Schema and says nothing"
    assert finding.help == "did you mean `minItems`?"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{type: string, default: 3}", "must be a string, not 3 | put it in quotes"),
        (
            "{type: string, enum: [a, b], default: c}",
            'must be one of: "a", "b", not "c" | write a default that fits, or leave it out',
        ),
        (
            "{type: integer, minimum: 3, default: 2}",
            "must be at least 3, not 2 | write a default that fits, or leave it out",
        ),
        (
            "{type: array, items: {type: integer}, default: [1, x]}",
            'must be an integer, not "x" at [1] | write a default that fits, or leave it out',
        ),
        (
            "{type: string, pattern: '^[a-z]+$', default: A}",
            'must match the pattern "^[a-z]+$", not "A" | write a default that fits, or leave it out',
        ),
        (
            "{enum: [1, 2], default: '1'}",
            'must be one of: 1, 2, not "1" | write a default that fits, or leave it out',
        ),
        (
            "{type: any, enum: [1], default: true}",
            "must be one of: 1, not true | write a default that fits, or leave it out",
        ),
        (
            "{type: integer, enum: [1, '2']}",
            "one of the values of `parameters.p` is a string, and its type is integer | None",
        ),
        (
            "{type: string, enum: [a, 2]}",
            "one of the values of `parameters.p` is an integer, and its type is string | put it in quotes",
        ),
    ],
)
def test_a_default_that_does_not_fit(tmp_path: Path, field: str, expected: str) -> None:
    about = "" if expected.startswith("one of the values") else "the default of `parameters.p` "
    assert of_field(tmp_path, field) == [f"ATN027 {about}{expected}"]


@pytest.mark.parametrize(
    "field",
    [
        "{type: string, default: a}",
        "{type: number, default: 1}",
        "{type: integer, default: 1.0}",
        "{type: any, default: [1]}",
        "{default: {a: 1}}",
        "{type: [string, integer], default: 3}",
        "{type: string, default: null}",
        "{type: string, default: '{{ config.name }}'}",
        "{type: integer, default: '{{ config.count }}'}",
        "{type: array, default: []}",
        "{type: array, items: {type: string}, minItems: 1, uniqueItems: true, default: [a, b]}",
        "{type: string, minLength: 1, maxLength: 3, default: abc}",
        "{type: string, format: uri, default: nothing}",
        "{type: number, minimum: 0.1, maximum: 10, exclusiveMaximum: 10, default: 1}",
        "{type: object, properties: {a: {type: string, required: true}}, default: {a: b}}",
        "{type: number, enum: [1, 2.5], default: 2.5}",
        "{$ref: '#/$defs/elsewhere', default: 1}",
        "{type: string, pattern: '[', secret: true}",
        "{type: number, default: .inf, format: uri}",
        "{type: number, default: .nan, enum: [1]}",
    ],
)
def test_a_default_that_fits_or_cannot_be_judged(tmp_path: Path, field: str) -> None:
    assert [each for each in of_field(tmp_path, field) if "ATN027" in each] == []


def test_a_secret_default_is_not_shown(tmp_path: Path) -> None:
    (told,) = of_field(tmp_path, "{type: string, enum: [a], secret: true, default: hunter2}")
    assert "hunter2" not in told


def test_defaults_and_patterns_are_found_however_deep(tmp_path: Path) -> None:
    example = """\
# pack.yaml
conf_schema:
  a:
    type: object
    properties:
      b:
        type: array
        items:
          anyOf:
            - {type: integer, default: x}
            - {type: string, pattern: "("}
# triggers/t.yaml
output:
  c:
    additionalProperties: {type: integer, default: y}
"""
    assert [(each.where, each.code) for each in found(tmp_path, example)] == [
        ("pack.yaml:9:40", "ATN027"),
        ("pack.yaml:10:39", "ATN028"),
        ("triggers/t.yaml:3:52", "ATN027"),
    ]


def test_what_stands_in_a_value_is_no_schema(tmp_path: Path) -> None:
    field = "{default: {type: integer, default: x, min_items: 1}, enum: [{pattern: '('}], examples: [{min_items: 1}]}"
    assert [each for each in of_field(tmp_path, field) if "ATN027" not in each] == []


@pytest.mark.parametrize("pattern", ["[", "(a", "a**", "[z-a]", r"\y", "(?<", "((a{100}){100}){100}"])
def test_a_pattern_that_does_not_compile(tmp_path: Path, pattern: str) -> None:
    (told,) = of_field(tmp_path, f"{{type: string, pattern: '{pattern}'}}")
    assert told.startswith("ATN028 the pattern of `parameters.p` is no regular expression: it does not compile | ")


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "^[A-Za-z][A-Za-z0-9_-]*$", "^[0-9]+$", "^/run/secrets/.+", r"^\d{4}-\d\d$", r"(?i)a|b", "(?=a)a"),
        *(r"^\S+@\S+\.[a-z]{2,}$", r"[\w.-]+", "[^/]+", "a]", r"\p{L}+", "é"),
    ],
)
def test_a_pattern_that_compiles(tmp_path: Path, pattern: str) -> None:
    assert of_field(tmp_path, f"{{type: string, pattern: '{pattern}'}}") == []


def test_what_is_plain_to_us_is_plain_to_the_engine() -> None:
    import jsonschema_rs

    from attune_cli.pack.patterns import _is_plain

    pieces = [
        "^",
        "$",
        "a",
        "[a-z]",
        "[^0-9_-]",
        r"\d",
        r"\.",
        ".",
        "+",
        "*",
        "?",
        " ",
        "[.*+]",
        r"[\w-]",
        "&",
        "[a&&b]",
        "~",
    ]
    plain = 0
    for first in pieces:
        for second in pieces:
            for third in pieces:
                pattern = first + second + third
                if _is_plain(pattern):
                    plain += 1
                    jsonschema_rs.Draft202012Validator({"pattern": pattern})
    assert plain > 500


def test_patterns_that_take_long_are_bounded() -> None:
    patterns = Patterns()
    started = time.process_time()
    verdicts = [
        patterns.compiles(f"((a{{100}}){{100}}){{{number}}}") for number in range(1000, 1000 + 3 * MAX_REPETITIONS)
    ]
    assert verdicts == [False] * MAX_REPETITIONS + [True] * 2 * MAX_REPETITIONS
    assert time.process_time() - started < 2


def test_a_default_that_makes_a_pattern_explode(tmp_path: Path) -> None:
    started = time.process_time()
    field = f"{{type: string, pattern: '^(?=(a+)+$)(a|aa)+$', default: {'a' * 40}b}}"
    assert [each[:6] for each in of_field(tmp_path, field)] == ["ATN027"]
    assert time.process_time() - started < 2


def test_many_defaults_that_take_long_are_bounded(tmp_path: Path) -> None:
    fields = "".join(f"  p{number}: {{type: string, pattern: 'a|b', default: c{number}}}\n" for number in range(2000))
    started = time.process_time()
    findings = found(tmp_path, f"# actions/a.yaml\nparameters:\n{fields}")
    assert len(findings) == field_schemas.MAX_CHECKS
    unexplained = [each for each in findings if each.message.endswith("does not fit its own schema")]
    assert len(unexplained) == field_schemas.MAX_CHECKS - field_schemas.MAX_EXPLAINED
    assert time.process_time() - started < 2


def test_patterns_that_are_long_or_many_are_taken_to_compile() -> None:
    assert not Patterns().compiles("(")
    assert Patterns().compiles("(" * (MAX_LENGTH + 1))
    patterns = Patterns()
    assert [patterns.compiles(f"({number}") for number in range(MAX_PATTERNS)] == [False] * MAX_PATTERNS
    assert patterns.compiles("(")
