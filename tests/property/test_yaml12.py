"""Any bytes: no exception, no hang, no place outside the text. And what it reads agrees with who else reads it."""

from __future__ import annotations

import json
import math
import re
from datetime import timedelta
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from attune_cli.diagnostics import Position, Severity
from attune_cli.yaml12 import Document, Mapping, Node, Scalar, Sequence, codes, parse, to_data

LIMIT = settings(deadline=timedelta(seconds=2))
BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
SEEDS = [path.read_bytes() for path in (Path(__file__).parents[1] / "golden" / "yaml12").glob("*/*.yaml")]
FRAGMENTS = (
    *("a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ", ", "&a ", "*a", "!!str ", "!x "),
    *(
        '"',
        "'",
        "|\n",
        ">-\n",
        "# c\n",
        "---\n",
        "...\n",
        "%TAG ",
        "\t",
        "\\",
        "yes",
        "014",
        "1e3",
        "é",
        "<<",
        "\r",
        "@",
    ),
)


def check(text: bytes) -> Document:
    """Parses, and holds the result to what every result promises."""
    document = parse(text, "FILE")
    lines = BREAK.split(text.decode("utf-8-sig", "replace"))
    for finding in document.diagnostics:
        assert finding.end is not None
        check_span(finding.start, finding.end, lines)
        assert finding.code in codes.TITLES
        assert finding.message
    assert list(document.diagnostics) == sorted(document.diagnostics)
    check_node(document.root, lines)
    to_data(document.root)
    return document


def check_span(start: Position, end: Position, lines: list[str]) -> None:
    assert Position(1, 1) <= start <= end
    for place in (start, end):
        assert place.line <= len(lines)
        assert place.column <= len(lines[place.line - 1]) + 1


def check_node(node: Node | None, lines: list[str]) -> None:
    if node is None:
        return
    check_span(node.start, node.end, lines)
    if isinstance(node, Mapping):
        for entry in node.entries:
            check_node(entry.key, lines)
            check_node(entry.value, lines)
    elif isinstance(node, Sequence):
        for item in node.items:
            check_node(item, lines)
    elif isinstance(node, Scalar) and not node.style and node.start.line == node.end.line:
        written = lines[node.start.line - 1][node.start.column - 1 : node.end.column - 1]
        assert written.endswith(node.text)


@LIMIT
@given(st.binary(max_size=300))
def test_random_bytes(text: bytes) -> None:
    check(text)


@LIMIT
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_pieces_of_yaml(text: str) -> None:
    check(text.encode())


@LIMIT
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 4), st.binary(max_size=3))))
def test_mutated_files(text: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    for place, dropped, inserted in edits:
        text = text[:place] + inserted + text[place + dropped :]
    check(text)


@LIMIT
@given(
    st.lists(st.sampled_from(["[", "{a: ", "- ", "? ", "[a, ", "&x [", "!!seq ["]), min_size=1, max_size=4),
    st.integers(1, 3_000),
)
def test_deep_nesting(openers: list[str], times: int) -> None:
    document = check("".join(openers).encode() * times)
    if len(openers) * times > 128:
        assert document.diagnostics


@LIMIT
@given(st.integers(1, 12), st.integers(1, 60), st.sampled_from(["[{}]", "{{k: [{}]}}"]))
def test_alias_bombs(width: int, levels: int, form: str) -> None:
    lines = ["- &a0 [x, y]"]
    for level in range(1, levels + 1):
        names = ", ".join([f"*a{level - 1}"] * width)
        lines.append(f"- &a{level} " + form.format(names))
    document = check("\n".join(lines).encode())
    assert codes_of(document) <= {codes.ALIAS_BOMB, codes.TOO_DEEP}
    if width > 1 and levels > 18:
        assert document.root is None


def writable(sign: str) -> bool:
    """Whether JSON and YAML may both hold the character as it is, and YAML sees no line end in it."""
    return not ("\x7f" <= sign <= "\x9f" or "\ud800" <= sign <= "\udfff" or sign in "\u2028\u2029\ufffe\uffff")


WRITABLE = st.text(st.characters().filter(writable))
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | WRITABLE
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WRITABLE, inner, max_size=4),
    max_leaves=20,
)


def codes_of(document: Document) -> set[str]:
    return {finding.code for finding in document.diagnostics}


def same(left: object, right: object) -> bool:
    """Equal and of one type: 1, 1.0 and True are three things."""
    return repr(left) == repr(right)


@given(DATA, st.sampled_from([None, 2]))
def test_json_reads_as_json(data: object, indent: int | None) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    finite = text.replace("-Infinity", "-.inf").replace("Infinity", ".inf") if "Infinity" in text else text
    document = parse(finite.encode(), "FILE")
    assert not [finding for finding in document.diagnostics if finding.severity is Severity.ERROR]
    expected = json.loads(finite.replace("-.inf", "-Infinity").replace(".inf", "Infinity"))
    assert same(to_data(document.root), expected)


@given(DATA, st.booleans(), st.sampled_from([None, '"', "'", "|"]), st.booleans())
def test_where_yaml_1_1_and_1_2_agree_so_do_we_and_pyyaml(
    data: object, flow: bool, style: str | None, unicode: bool
) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, default_style=style, allow_unicode=unicode)
    document = check(text.encode())
    if not document.diagnostics:
        assert same(to_data(document.root), yaml.safe_load(text))


@given(st.from_regex(r"[-+]?(0[xob]?)?[0-9._:eE+-]{0,8}|[A-Za-z.]{1,5}|[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
def test_a_warning_stands_exactly_where_yaml_1_1_reads_something_else(word: str) -> None:
    document = parse(f"- {word}\n".encode(), "FILE")
    data = to_data(document.root)
    if not isinstance(data, list) or isinstance(data[0], dict) or codes.INTEGER_RANGE in codes_of(document):
        return
    try:
        expected = yaml.safe_load(f"- {word}\n")
    except (ValueError, yaml.YAMLError):
        expected = None
    assert (codes_of(document) == {codes.YAML_1_1}) is not same(data, expected)


def test_not_a_number_is_a_float() -> None:
    data = to_data(parse(b"[.nan]", "FILE").root)
    assert isinstance(data, list)
    assert math.isnan(data[0])
