"""The keys of a mapping: text, each of them once."""

from __future__ import annotations

from collections.abc import Sequence

from attune_cli.yaml12 import codes
from attune_cli.yaml12.findings import Findings, Span
from attune_cli.yaml12.nodes import Node, Scalar

Indexed = tuple[tuple[Node, ...], dict[str, Node]]
"""Keys, and values by the keys' names, in the same order."""


def index(keys: tuple[Node, ...], values: Sequence[Node], findings: Findings) -> Indexed:
    """Pairs keys with values. A duplicate, or a key that cannot be text, is a finding and left out."""
    try:
        # A list or a mapping has no value, which is what is caught: asking each for its class would take longer.
        by_name = {key.value: value for key, value in zip(keys, values, strict=True)}  # type: ignore[attr-defined]
        "".join(by_name)
    except (AttributeError, TypeError):  # a key that is a list or a mapping, or one that is no text
        return _index_odd(keys, values, findings)
    return (keys, by_name) if len(by_name) == len(keys) else _index_odd(keys, values, findings)


def _index_odd(keys: Sequence[Node], values: Sequence[Node], findings: Findings) -> Indexed:
    kept: dict[str, tuple[Node, Node]] = {}
    for key, value in zip(keys, values, strict=True):
        name = _name(key, findings)
        if name is not None and name in kept:
            _report_duplicate(name, key, kept[name][0], findings)
        elif name is not None:
            kept[name] = (key, value)
    return tuple(key for key, _ in kept.values()), {name: value for name, (_, value) in kept.items()}


def _name(key: Node, findings: Findings) -> str | None:
    at = Span(key.start_place, key.end_place)
    if not isinstance(key, Scalar):
        message = "a list or mapping stands where a key belongs: keys are text"
        cure = 'to mean text that begins with a bracket, put it in quotes, as in "{{ name }}"'
        findings.add(codes.IMPOSSIBLE_KEY, message, at, cure)
    elif key.value is None:
        message = "the key is empty: keys are text" if not key.text else f"the key {key.text} is null: keys are text"
        findings.add(
            codes.IMPOSSIBLE_KEY, message, at, 'write a name before the ":", with quotes if it looks like null'
        )
    elif isinstance(key.value, str):
        return key.value
    else:
        name = _json(key.value)
        kind = "boolean" if isinstance(key.value, bool) else "number"
        message = f'the key {key.text} is a {kind}; keys are text, so it is read as "{name}"'
        findings.add(codes.KEY_NOT_TEXT, message, at, f'write "{name}" with the quotes')
        return name
    return None


def _json(value: object) -> str:
    import json

    return json.dumps(value)


def _report_duplicate(name: str, key: Node, first: Node, findings: Findings) -> None:
    findings.add(
        codes.DUPLICATE_KEY,
        f'the key "{name}" at {key.start} was already written at {first.start}',
        Span(key.start_place, key.end_place),
        "keep one of the two: the platform refuses a file that has both",
    )
