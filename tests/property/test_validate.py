"""Whatever a pack holds: findings, in time, within bounds. And three judges of a schema with one verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attune_cli.pack import plain_fit, schema
from attune_cli.pack.catalogue import RULES
from attune_cli.pack.checks import Failures
from attune_cli.pack.components import read_pack
from attune_cli.pack.judgement import judge
from attune_cli.pack.places import FOLDERS
from attune_cli.yaml12 import Mapping as MappingNode
from attune_cli.yaml12 import parse
from tests.unit.pack_rules.packs import write_pack

ROOT = Path(__file__).parents[2]
LIMIT = settings(deadline=timedelta(seconds=2), suppress_health_check=[HealthCheck.too_slow])


@contextmanager
def pack(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A pack of these files, by their paths inside it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in {"pack.yaml": b"ref: demo\nlabel: D\nversion: 1.0.0\n", **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(text)
        yield root


def check(files: Mapping[str, bytes]) -> None:
    """Judges a pack, and holds the findings to what all findings promise."""
    with pack(files) as root:
        found = judge(read_pack(root, "PACK"))
    shown = {f"PACK/{name}" for name in (*files, "pack.yaml")}
    for finding in (*found.findings, *found.suppressed):
        assert finding.code in RULES
        assert finding.path in shown
        assert (1, 1) <= finding.start <= (finding.end or finding.start)
        assert finding.message
    assert len(set(found.findings)) == len(found.findings)
    assert {f"PACK/{name}" for name in found.files} <= shown


# --- any files ------------------------------------------------------------------------------------


@cache
def seeds() -> list[tuple[str, bytes]]:
    """Files of every kind that are right, or wrong in every way there is a rule for."""
    found: dict[tuple[str, bytes], None] = {}
    with tempfile.TemporaryDirectory() as folder:
        for rule in RULES.values():
            for text in filter(None, (rule.good, rule.bad)):
                root = Path(tempfile.mkdtemp(dir=folder))
                tree = read_pack(write_pack(root, text), ".")
                found.update(dict.fromkeys((each.inside, each.text) for each in (tree.pack, *tree.components)))
    return sorted(found)


NAMES = st.sampled_from(["pack.yaml", *(f"{folder}/x.yaml" for folder in FOLDERS)])
EDITS = st.lists(
    st.tuples(
        st.integers(0, 300),
        st.integers(0, 8),
        st.binary(max_size=4)
        | st.sampled_from([b"\n", b": ", b"- ", b"[]", b"{}", b"~", b"*a", b"&a ", b"# attune: ignore["]),
    ),
    max_size=6,
)


def edited(text: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, dropped, inserted in edits:
        text = text[:place] + inserted + text[place + dropped :]
    return text


@LIMIT
@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=4))
def test_random_bytes(files: dict[str, bytes]) -> None:
    check(files)


@LIMIT
@given(st.data(), st.lists(EDITS, min_size=1, max_size=5))
def test_mutated_files(data: st.DataObject, all_edits: list[list[tuple[int, int, bytes]]]) -> None:
    files = {}
    for number, edits in enumerate(all_edits):
        name, text = data.draw(st.sampled_from(seeds()))
        # Sometimes under another kind's folder.
        place = data.draw(st.just(name) | NAMES)
        files[place.replace(".yaml", f"{number}.yaml") if place != "pack.yaml" else place] = edited(text, edits)
    check(files)


WORDS = st.text(st.sampled_from("ab1 é-"), max_size=5)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def as_json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


@cache
def published(kind: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(schema.schema_text(kind))
    return data


FIELD = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "any", ["integer", "null"]]),
        "required": st.booleans() | st.just(["a"]),
        "minItems": st.integers(0, 3),
        "items": st.just({"type": "string"}) | st.booleans(),
        "properties": st.just({"a": {"type": "object", "properties": {}}}),
        "x-own": st.none() | st.booleans(),
    },
)
DEFINED = {
    "field": FIELD | st.booleans() | st.none(),
    "fields": st.dictionaries(st.sampled_from(["a", "b"]), FIELD)
    | st.fixed_dictionaries({"type": st.just("object"), "properties": st.dictionaries(WORDS, FIELD, max_size=2)}),
}


def fitting(wanted: Any) -> st.SearchStrategy[object]:
    """Values that fit a schema of ours."""
    if "$ref" in wanted:
        return DEFINED[wanted["$ref"].rpartition("/")[2]]
    if wanted.get("enum"):
        return st.sampled_from(wanted["enum"])
    kinds = wanted.get("type", "boolean")
    return st.one_of([of_kind(kind, wanted) for kind in ([kinds] if isinstance(kinds, str) else kinds)])


def of_kind(kind: str, wanted: dict[str, Any]) -> st.SearchStrategy[object]:
    if kind == "object":
        named = {name: fitting(each) for name, each in wanted.get("properties", {}).items()}
        required = {name: named.pop(name) for name in wanted.get("required", ())}
        return st.fixed_dictionaries(required, optional=named)
    if kind == "array":
        return st.lists(fitting(wanted.get("items", {})), min_size=wanted.get("minItems", 0), max_size=2)
    plain: dict[str, st.SearchStrategy[object]] = {
        "string": WORDS,
        "integer": st.integers(1, 9) | st.just(1.0),
        "number": st.sampled_from([1, 0.5]),
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return plain[kind]


@st.composite
def documents(draw: st.DrawFn, kind: str) -> dict[str, object]:
    """Whole files that fit."""
    whole = published(kind)
    required = {*whole["required"], *(["entry_point"] if kind == "action" else [])}
    others = st.lists(st.sampled_from(sorted(whole["properties"])), max_size=6, unique=True)
    return {name: draw(fitting(whole["properties"][name])) for name in sorted({*draw(others), *required})}


def places(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every value in it."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in inside:
        yield (*path, step)
        yield from places(value, (*path, step))


def changed(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    """A copy with something else in a place, or nothing for `...`."""
    if not path:
        return value
    copy = data.copy()
    inner = changed(data[path[0]], path[1:], value)
    if inner is ... and isinstance(copy, dict):
        del copy[path[0]]
    elif inner is not ...:
        copy[path[0]] = inner
    return copy


def judged_part(node: Any) -> Any:
    """A published schema without what is left to rules: the patterns of refs."""
    if isinstance(node, list):
        return [judged_part(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: each for key, each in node.items() if key not in {"pattern", "format"}}
    return {
        key: {name: judged_part(own) for name, own in each.items()} if key == "properties" else judged_part(each)
        for key, each in kept.items()
    }


@cache
def judges(kind: str) -> tuple[Any, Any]:
    data = judged_part(published(kind))
    return jsonschema.Draft202012Validator(data), jsonschema_rs.Draft202012Validator(data)


def verdict_of_all(kind: str, document: dict[str, object]) -> bool:
    """What the three judges say, who say the same."""
    root = parse(as_json(document), "FILE").root
    assert isinstance(root, MappingNode)
    failures: Failures = []
    verdict = schema.judge(kind)(root, None)
    assert verdict == schema.judge(kind)(root, failures) == (not failures)
    # A key at the top without a value counts as absent.
    known = published(kind)["properties"]
    present = {key: value for key, value in document.items() if value is not None or key not in known}
    of_record, fast = judges(kind)
    assert verdict == of_record.is_valid(present) == fast.is_valid(present), failures
    return verdict


@pytest.mark.parametrize("kind", schema.KINDS)
@given(st.data())
def test_three_judges_have_one_verdict(kind: str, data: st.DataObject) -> None:
    document = data.draw(documents(kind))
    assert verdict_of_all(kind, document)
    for _ in range(3):
        path = data.draw(st.sampled_from(sorted(places(document), key=repr)))
        document = changed(document, path, data.draw(JUNK | st.just(...)))
        document |= data.draw(st.dictionaries(WORDS, JUNK, max_size=1))
        verdict_of_all(kind, document)
        if not document:
            break


FIELDS = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "number", "boolean", "array", "object", "any"])},
    optional={
        "enum": st.lists(JUNK, min_size=1, max_size=3),
        "minimum": st.integers(-2, 2),
        "maximum": st.sampled_from([0, 1.5, 3]),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 3),
        "minItems": st.integers(0, 2),
        "maxItems": st.integers(0, 2),
        "items": st.fixed_dictionaries({"type": st.sampled_from(["string", "integer", "number"])}),
        "pattern": st.just("^a"),
        "description": st.just("d"),
        "required": st.booleans(),
    },
)


@given(FIELDS, JUNK)
def test_what_fits_plainly_is_valid(field: dict[str, Any], value: object) -> None:
    root = parse(as_json([field, value]), "FILE").root
    assert root is not None
    written, default = root.items  # type: ignore[attr-defined]
    standard = {key: each for key, each in field.items() if key != "required" and (key, each) != ("type", "any")}
    valid = jsonschema_rs.is_valid(standard, value)
    assert valid or not plain_fit.fits(written, default)
    if valid and "pattern" not in field and isinstance(value, str | bool):
        known = {"type", "description", "required", "enum"} | (
            {"minLength", "maxLength"} if isinstance(value, str) else set()
        )
        assert plain_fit.fits(written, default) or not known.issuperset(field)


# --- files that are meant to hurt -----------------------------------------------------------------


def bomb() -> str:
    lines = ["ref: demo.a", "parameters:", "  a0: &a0 {type: int, min_items: 1, default: {}}"]
    lines += [f"  a{n}: &a{n} {{properties: {{x: *a{n - 1}, y: *a{n - 1}, z: *a{n - 1}}}}}" for n in range(1, 11)]
    return "\n".join(lines)


HOSTILE = {
    "nested items": "ref: demo.a\nentry_point: a\nparameters: {p: " + "{type: array, items: " * 120 + "{}" + "}" * 121,
    "nested lists": "ref: demo.a\ndefault: " + "[" * 3000,
    "nested default": "ref: demo.a\nparameters: {p: {type: string, default: " + "[" * 100 + "]" * 100 + "}}",
    "alias bomb": bomb(),
    "many unknown keys": "ref: demo.a\n" + "".join(f"k{n}: 1\n" for n in range(50_000)),
    "many wrong types": "ref: demo.a\nparameters:\n" + "".join(f"  k{n}: {{type: int}}\n" for n in range(30_000)),
    "many misspelled keywords": "ref: demo.a\nparameters: {p: {"
    + "".join(f"minimun{n}: 1, " for n in range(20_000))
    + "}}",
    "many patterns": "ref: demo.a\nparameters:\n"
    + "".join(f"  k{n}: {{pattern: '(a{{9}}){n}'}}\n" for n in range(20_000)),
    "many bad defaults": "ref: demo.a\nparameters:\n"
    + "".join(f"  k{n}: {{type: string, pattern: '^b', default: [{n}]}}\n" for n in range(20_000)),
    "a large default": "ref: demo.a\nparameters: {k: {type: array, items: {type: string}, uniqueItems: true, default: ["
    + ",".join(map(str, range(50_000)))
    + "]}}",
    "an exploding pattern": "ref: demo.a\nparameters: {k: {type: string, pattern: '^(?=(a*)*$)(a|a?)+$', default: "
    + "a" * 5000
    + "b}}",
    "many comments": "ref: demo.a\n" + "tags: # attune: ignore[ATN021] # attune: ignore-file[ATN001]\n" * 40_000,
    "a long comment": "ref: demo.a\nk: 1 # " + "attune: ignore[" * 60_000,
    "many quotes and comments": "ref: demo.a\n"
    + "".join(f"k{n}: 'x' # attune: ignore[ATN021]\n" for n in range(30_000)),
    "many enum values": "ref: demo.a\nparameters: {k: {type: string, enum: [" + "1," * 100_000 + "]}}",
    "one long line": "ref: demo.a\nxyz: " + "x" * 5_000_000,
    "five megabytes": "ref: demo.a\nparameters:\n"
    + "".join(
        f"  p{n}:\n    type: string\n    description: 'number {n} of them'\n    default: x\n" for n in range(62_000)
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_no_time(name: str) -> None:
    """Three seconds for five megabytes, two for anything else. Measured as CPU time: the machine may be busy."""
    kind = "workflows" if name == "nested lists" else "actions"
    started = time.process_time()
    check({f"{kind}/a.yaml": HOSTILE[name].encode()})
    assert time.process_time() - started < (3 if name == "five megabytes" else 2)


_MEASURE = """
import sys
from attune_cli.pack.validate import Options, validate
validate(sys.argv[1:], Options(use_cache=False))
print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the peak of memory")
@pytest.mark.parametrize(
    "name", ["alias bomb", "many wrong types", "five megabytes", "many patterns", "a large default"]
)
def test_hostile_files_take_no_memory(name: str) -> None:
    """Two of them in a pack: 200 MB hold the nodes of one and whatever is made of them."""
    text = HOSTILE[name].encode()
    with pack({"actions/a.yaml": text, "actions/b.yaml": text}) as root:
        command = [sys.executable, "-c", _MEASURE, str(root)]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
        )
    assert int(done.stdout) < 200 * 1024
