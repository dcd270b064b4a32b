"""Small packs, written from texts and judged as `attune pack validate` judges them."""

from __future__ import annotations

import re
from pathlib import Path

from attune_cli.diagnostics import Diagnostic
from attune_cli.pack.components import read_pack
from attune_cli.pack.judgement import judge

#: Begins a file in an example: `# actions/greet (mode 755)`, `# actions/greet -> /bin/true`.
_HEAD = re.compile(r"# (pack\.yaml|[\w.-]+/[\w./-]+)(?: \(mode ([0-7]{3})\))?(?: -> (\S+))?\n?")

_PACK = "ref: demo\nlabel: Demo\nversion: 1.0.0\n"


def write_pack(root: Path, example: str) -> Path:
    """Writes the files of an example into a folder, with a pack.yaml where it has none.

    A text without a head is (a part of) one action's file.
    """
    (root / "pack.yaml").write_text(_PACK, encoding="utf-8")
    if not _HEAD.match(example):
        example = f"# actions/example.yaml\n{example}"
    current = root / "pack.yaml"
    for line in example.splitlines(keepends=True):
        if head := _HEAD.fullmatch(line):
            current = _new_file(root / head[1], mode=head[2], link=head[3])
        else:
            with current.open("a", encoding="utf-8", newline="") as file:
                file.write(line)
    return root


def _new_file(path: Path, *, mode: str | None, link: str | None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if link:
        path.symlink_to(link)
        return path
    path.write_bytes(b"")
    path.chmod(int(mode or "644", 8))
    return path


def judged(root: Path, shown: str = "PACK") -> list[Diagnostic]:
    """All findings on a pack, in order."""
    return sorted(judge(read_pack(root, shown)).findings)
