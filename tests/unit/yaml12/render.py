"""A parsed file as text: its findings, then its data with the place of every key and value.

As a program: `render.py FILE…` prints one JSON object, path → text; with `--pure` first, as on a machine
whose PyYAML was built without libyaml.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from attune_cli.yaml12 import Document, Mapping, Node, Scalar, Sequence, parse


def render(text: bytes) -> str:
    """What a golden `.out` file holds for a `.yaml` file with these bytes."""
    return "".join(f"{line}\n" for line in _lines(parse(text, "FILE")))


def _lines(document: Document) -> Iterator[str]:
    for finding in document.diagnostics:
        yield f"{finding.start}-{finding.end} {finding.severity} {finding.code} {finding.message}"
        if finding.help:
            yield f"    {finding.help}"
    if document.root is not None:
        yield "---"
        yield from _tree("", document.root)


def _tree(label: str, node: Node, indent: str = "") -> Iterator[str]:
    yield f"{indent}{label}{_described(node)}  {node.start}-{node.end}"
    if isinstance(node, Mapping):
        for (key, value), name in zip(node.entries, node.by_name, strict=True):
            yield from _tree(f"{json.dumps(name, ensure_ascii=False)} {key.start}-{key.end}: ", value, indent + "  ")
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _tree("- ", item, indent + "  ")


def _described(node: Node) -> str:
    return json.dumps(node.value) if isinstance(node, Scalar) else type(node).__name__.lower()


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--pure"]:
        del arguments[0]
        sys.modules["yaml._yaml"] = None  # type: ignore[assignment]  # importing it now fails, as where it was not built
    json.dump({name: render(Path(name).read_bytes()) for name in arguments}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
