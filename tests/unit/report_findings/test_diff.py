"""The diff of changes, as git takes it and as a terminal shows it."""

from __future__ import annotations

import subprocess

import pytest

from attune_cli.pack.fixes.change import Change
from attune_cli.report.findings.diff import diff_bytes, diff_text
from attune_cli.report.style import Style
from tests.unit.report_findings.conftest import Desk


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a: 1\nmin_items: 1\nc: 3\n", b"a: 1\nminItems: 1\nc: 3\n"),
        (b"#!/bin/sh\r\necho\r\n", b"#!/bin/sh\necho\n"),
        (b"no end", b"no end at all"),
        (b"a\rb\r\n\xff", b"a\rb\n\xff"),
        (b"a\n", b"a\n"),
    ],
)
@pytest.mark.parametrize("mode", [0o644, 0o755])
@pytest.mark.parametrize("name", ["a/é b.sh", "a/other.sh"])
def test_git_applies_it(desk: Desk, before: bytes, after: bytes, mode: int, name: str) -> None:
    desk.write("a/é b.sh", before)
    change = Change("a/é b.sh", before, after, 0o644, mode, name)
    diff = diff_bytes([change])
    if change:
        command = ["git", "-c", "core.fileMode=true", "apply", "--whitespace=nowarn", "-"]
        subprocess.run(command, input=diff, check=True, cwd=desk.folder)
    target = desk.folder / name
    assert target.read_bytes() == after
    assert target.stat().st_mode & 0o111 == mode & 0o111
    assert (desk.folder / "a/é b.sh").exists() == (name == "a/é b.sh")


def test_on_a_terminal() -> None:
    change = Change("a\x1b[2J.sh", b"one\r\ntwo\n", b"one\ntwo\n", 0o644, 0o755, "b.sh")
    assert diff_text([change], Style(colour=False)).splitlines() == [
        "diff --git a/a^[[2J.sh b/b.sh",
        "old mode 100644",
        "new mode 100755",
        "rename from a^[[2J.sh",
        "rename to b.sh",
        "--- a/a^[[2J.sh",
        "+++ b/b.sh",
        "@@ -1,2 +1,2 @@",
        "-one^M",
        "+one",
        " two",
    ]
    coloured = diff_text([change], Style(colour=True)).splitlines()
    assert coloured[0].startswith("\x1b[1m")
    assert [line[:5] for line in coloured[7:]] == ["\x1b[36m", "\x1b[31m", "\x1b[32m", " two"]
