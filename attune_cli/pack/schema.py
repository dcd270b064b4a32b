"""What the schemas in `schemas/` say of a file: keys, types and values, in words, where they stand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.pack import schema_rules
from attune_cli.pack.checks import UNKNOWN_KEY, Check, Failure, Failures, is_null, kind_of
from attune_cli.pack.components import Component
from attune_cli.pack.judge import compile_schema
from attune_cli.yaml12 import Mapping, Node, Scalar

KINDS: Final = (
    *("pack", "action", "sensor", "trigger", "rule"),
    *("runtime", "workflow", "permission_set", "queue"),
)
"""The kinds of components that have a schema."""

FIELD_KEYS: Final = frozenset(
    ("conf_schema", "config_schema", "item_schema", "output", "output_schema", "parameters", "result_schema")
)
"""Keys at the top under which schemas stand."""

_TYPES: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "null",
}
#: How booleans are written, and were in YAML 1.1.
_BOOLEANS: Final = {
    **dict.fromkeys(("true", "yes", "on"), "true"),
    **dict.fromkeys(("false", "no", "off"), "false"),
}
#: Types as other languages call them.
_OTHER_NAMES: Final = {
    **dict.fromkeys(("str", "text", "varchar", "char"), "string"),
    **dict.fromkeys(("int", "int32", "int64", "long"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "numeric"), "number"),
    **dict.fromkeys(("list", "tuple", "set", "sequence"), "array"),
    **dict.fromkeys(("dict", "map", "mapping", "hash", "struct"), "object"),
    "bool": "boolean",
    "none": "null",
}
_BOUNDS: Final = {
    "exclusiveMinimum": "must be more than {}",
    "maximum": "must be at most {}",
    "minItems": "must have at least {} item",
    "minimum": "must be at least {}",
}


def schema_text(kind: str) -> str:
    """The JSON Schema (2020-12) of one of `KINDS`, as it is published: for editors, and for `check`."""
    return Path(__file__).with_name("schemas").joinpath(f"{kind}.json").read_text(encoding="utf-8")


@cache
def judge(kind: str) -> Check:
    """The schema, ready to judge."""
    import json

    return compile_schema(json.loads(schema_text(kind)))


def check(component: Component) -> list[Diagnostic]:
    """What is wrong with the file as such, or by the schema of its kind. Not for files that are broken."""
    root = component.root
    if root is None:
        return [_no_mapping(component, component.document.root)]
    if component.kind not in KINDS or judge(component.kind)(root, None):
        return []
    failures: Failures = []
    judge(component.kind)(root, failures)
    # An alias leads to the same place several times.
    once = {(id(each.node), each.keyword, str(each.limit)): each for each in reversed(failures)}
    return [_explained(component, failure) for failure in once.values()]


def _no_mapping(component: Component, root: Node | None) -> Diagnostic:
    if root is None or is_null(root):
        message = "the file is empty: it must declare at least its `ref`"
        return component.finding(schema_rules.MISSING_KEY, None, message)
    message = f"the file holds {_TYPES[kind_of(root)]}: it must be a mapping of keys to values"
    return component.finding(schema_rules.WRONG_TYPE, root, message, "begin it with `ref:`")


def _explained(component: Component, failure: Failure) -> Diagnostic:
    name = _named(failure.path)
    if failure.keyword == UNKNOWN_KEY:
        return _unknown_key(component, failure)
    if failure.keyword in {"required", "anyOf"}:
        return _missing(component, failure, name)
    inside = len(failure.path) > 1 and failure.path[0] in FIELD_KEYS
    rule = schema_rules.WRONG_TYPE if failure.keyword == "type" else schema_rules.NOT_ALLOWED
    asked, cure = _asked(failure)
    finding = component.finding(schema_rules.INVALID_SCHEMA if inside else rule, failure.node, f"{name} {asked}", cure)
    # The platform reads these words in any case; that nobody else does is worth a warning.
    return finding._replace(severity=Severity.WARNING) if _differs_in_case(failure) else finding


def _differs_in_case(failure: Failure) -> bool:
    node, is_at_top = failure.node, len(failure.path) == 1
    return failure.keyword == "enum" and is_at_top and isinstance(node, Scalar) and node.text.lower() in failure.limit


def _named(path: list[str | int]) -> str:
    """`parameters.url.type`, with the indexes of lists in brackets."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"`{text.removeprefix('.')}`"


def _unknown_key(component: Component, failure: Failure) -> Diagnostic:
    from difflib import get_close_matches

    key = str(failure.path[-1])
    near = get_close_matches(key.lower().replace("-", "_"), failure.limit, 1)
    kind = component.kind.replace("_", " ")
    message = f"`{key}` is no key of {'a' if kind[0] not in 'aeiou' else 'an'} {kind}: nobody reads it"
    cure = f"did you mean `{near[0]}`?" if near else f"`attune schema {component.kind}` shows the keys there are"
    return component.finding(schema_rules.UNKNOWN_KEY, failure.node, message, cure)


def _missing(component: Component, failure: Failure, name: str) -> Diagnostic:
    names = failure.limit if failure.keyword == "required" else [each["required"][0] for each in failure.limit]
    node = failure.node
    listed = " or ".join(f"`{each}`" for each in names)
    empty = next((key for each in names if isinstance(node, Mapping) and (key := node.key(each))), None)
    within = f" in {name}" if failure.path else ""
    message = f"{listed} has no value{within}" if empty else f"{listed} is missing{within}"
    first = node.keys[0] if isinstance(node, Mapping) and node.keys else node
    return component.finding(schema_rules.MISSING_KEY, empty or first, message, f"write `{names[0]}: …`")


def _asked(failure: Failure) -> tuple[str, str | None]:
    """What the value must be, and what to write instead where that is plain."""
    node, limit = failure.node, failure.limit
    if failure.keyword == "type":
        # Where a schema is wanted, `true` and nothing at all will do as well: nobody needs to know.
        wanted = [_TYPES[kind] for kind in (("object",) if {"null", "object"}.issubset(limit) else limit)]
        return f"must be {' or '.join(wanted)}, not {_described(node, limit)}", _cure(node, limit)
    if failure.keyword == "enum":
        return f"must be one of {', '.join(limit)}, not {_spelled(node)}", _nearest(node, limit)
    return f"{_BOUNDS[failure.keyword].format(limit)}, not {_spelled(node)}", None


def _cure(node: Node, wanted: tuple[str, ...]) -> str | None:
    if not isinstance(node, Scalar) or node.value is None:
        return None
    text = node.text.lower()
    if "boolean" in wanted and text in _BOOLEANS:
        return f"write {_BOOLEANS[text]}, without quotes"
    if "string" in wanted:
        return f'put it in quotes: "{node.text}"'
    if "array" in wanted and isinstance(node.value, str):
        return 'write each item on a line of its own, after "- "'
    return None


def _nearest(node: Node, options: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches

    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    text = node.value.strip().lower()
    other = _OTHER_NAMES.get(text)
    near = [other] if other in options else get_close_matches(text, options, 1)
    return f"did you mean `{near[0]}`?" if near else None


def _described(node: Node, wanted: tuple[str, ...]) -> str:
    """What stands there; the value itself only where it explains the mistake."""
    if not isinstance(node, Scalar) or node.value is None or not {"string", "boolean"}.intersection(wanted):
        return _TYPES[kind_of(node)].replace("true or false", "a boolean")
    match node.value:
        case str():
            return f"the text {node.text}" if node.text.lower() in _BOOLEANS else "text"
        case bool():
            return f"the boolean {node.text}"
        case _:
            return f"the number {node.text}"


def _spelled(node: Node) -> str:
    if not isinstance(node, Scalar):
        return _TYPES[kind_of(node)]
    return f"`{node.text}`" if len(node.text) <= 40 else "a text that is longer than any of them"
