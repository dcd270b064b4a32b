"""From the bytes of a file to a positioned tree and its findings."""

from __future__ import annotations

from attune_cli.yaml12.collector import CollectorPaused
from attune_cli.yaml12.findings import Findings
from attune_cli.yaml12.nodes import Document
from attune_cli.yaml12.source import refuse_unread


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
    # Imported here: PyYAML takes as long to import as starting Python does.
    from attune_cli.yaml12.compose import compose

    with CollectorPaused():
        root = compose(text, findings)
    return Document(root, findings.sorted())
