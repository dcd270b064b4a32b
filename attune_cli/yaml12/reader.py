"""From the bytes of a file to a positioned tree and its findings."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from attune_cli.yaml12.findings import Findings
from attune_cli.yaml12.nodes import Document, Node
from attune_cli.yaml12.source import end_of_bytes, refuse_unread


def parse(text: bytes, path: str) -> Document:
    """Parses one YAML 1.2 file as the platform would read it.

    Whatever the bytes are, this neither raises nor takes long: what is wrong is a finding, and so is
    what is too large, too deep or too repetitive to read. `path` is only what the findings name.
    """
    findings = Findings(path)
    refusal = refuse_unread(text)
    if refusal is not None:
        findings.add_last(*refusal)
        return Document(None, findings.sorted())
    with _collector_paused():
        root = _compose(text, findings)
    return Document(root, findings.sorted())


def _compose(text: bytes, findings: Findings) -> Node | None:
    import yaml

    from attune_cli.yaml12.compose import Composer, StopComposing
    from attune_cli.yaml12.events import events

    composer = Composer(findings, end_of_bytes(text))
    try:
        composer.compose(events(text))
    except StopComposing:
        return composer.root
    except (yaml.YAMLError, UnicodeError) as error:
        from attune_cli.yaml12.syntax import explain

        findings.add_last(*explain(error, text, composer.last_end))
        return None
    return composer.root


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Holds the cyclic garbage collector still. A tree under construction is all alive, and looking
    through it again and again makes a large file take six times as long."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
