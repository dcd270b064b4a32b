"""Results as one document for machines: JSON on a line each, or YAML."""

from __future__ import annotations

import json
from typing import TextIO


def print_document(document: object, stream: TextIO, *, as_yaml: bool = False) -> None:
    """Print JSON, indented, or YAML; text outside ASCII as it is where the stream takes it."""
    if as_yaml:
        from attune_cli.execution.block_yaml import block_yaml

        print(block_yaml(document), file=stream)
        return
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeError:
        # Lone surrogates, or a stream that is not UTF-8: the same document in ASCII.
        text = json.dumps(document, ensure_ascii=True, indent=2, allow_nan=False)
    print(text, file=stream)
