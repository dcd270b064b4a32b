"""YAML 1.2 as the platform's parser reads it, with the place of every key and value.

    document = parse(path.read_bytes(), str(path))
    document.diagnostics          # findings; never an exception
    document.root.get("ref").start  # line and column of a value
    to_data(document.root)        # plain dicts, lists and scalars

The only room that knows PyYAML, and it imports it at the first `parse`: that costs as much as
starting Python does.
"""

from __future__ import annotations

from attune_cli.yaml12.nodes import Document, Entry, Mapping, Node, Scalar, ScalarValue, Sequence, to_data
from attune_cli.yaml12.reader import parse

__all__ = ["Document", "Entry", "Mapping", "Node", "Scalar", "ScalarValue", "Sequence", "parse", "to_data"]
