"""`--fix`, and `--diff`, which shows the same first."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune
from tests.integration.validate.conftest import put_right, write

VALIDATE = ("pack", "validate")


@pytest.fixture
def broken(demo: Path) -> Path:
    """With all kinds of findings that can be put right, and one that cannot."""
    write(demo / "actions/native.yaml", "ref: demo.tool\nrunner_type: native\nentry_point: tool\nlabel: T\n")
    write(demo / "actions/tool", "#!/bin/sh\necho hello\n")
    (demo / "actions/gret.sh").write_bytes(b"if true; then\r\n  echo hello\r\nfi\r\n")
    return demo


def tree(root: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode) for path in files}


def test_it_puts_right_what_it_shows(attune: Attune, broken: Path) -> None:
    before = tree(broken)
    shown = attune(*VALIDATE, "--diff")
    assert (shown.returncode, shown.stderr) == (1, b"")
    assert tree(broken) == before
    shutil.copytree(attune.folder / "packs", attune.folder / "other/packs")
    subprocess.run(["git", "apply", "--whitespace=nowarn"], input=shown.stdout, cwd=attune.folder / "other", check=True)
    done = attune(*VALIDATE, "--fix")
    assert done.stderr == b"4 findings put right in 4 files\n"
    assert done.returncode == 0
    after = tree(broken)
    assert after == tree(attune.folder / "other/packs/demo")
    assert set(before) - set(after) == {"actions/native.yaml"}
    assert after["actions/tool.yaml"] == before["actions/native.yaml"]
    assert after["actions/gret.sh"][0] == b"if true; then\n  echo hello\nfi\n"
    assert after["actions/tool"] == (before["actions/tool"][0], before["actions/tool"][1] | 0o111)
    assert attune(*VALIDATE, "--diff").stdout == b""


def test_what_cannot_be_put_right_is_reported(attune: Attune, demo: Path) -> None:
    done = attune(*VALIDATE, "--fix")
    assert done.returncode == 1
    assert b"1 finding put right in 1 file" in done.stderr
    assert b"ATN041" in done.stdout
    assert b"ATN021" not in done.stdout
    assert "output_format: text\n" in (demo / "actions/greet.yaml").read_text()


def test_only_what_is_selected(attune: Attune, broken: Path) -> None:
    before = tree(broken)
    attune(*VALIDATE, "--fix", "--select", "ATN045")
    changed = {path for path, file in tree(broken).items() if before.get(path) != file}
    assert changed == {"actions/tool"}


def test_what_a_comment_suppresses_stays(attune: Attune, demo: Path) -> None:
    action = demo / "actions/greet.yaml"
    action.write_text(action.read_text().replace("output_Format: text", "output_Format: text # attune: ignore[ATN021]"))
    before = tree(demo)
    attune(*VALIDATE, "--fix")
    assert tree(demo) == before


def test_something_to_put_right_counts_when_it_is_shown(attune: Attune, demo: Path) -> None:
    write(demo / "actions/gret.sh", "echo hello\n")
    assert attune(*VALIDATE).returncode == 0
    assert attune(*VALIDATE, "--diff").returncode == 1


def test_reports_beside_a_diff(attune: Attune, demo: Path) -> None:
    put_right(demo)
    assert attune(*VALIDATE, "--diff").returncode == 0
    done = attune(*VALIDATE, "--diff", "--report", "junit=a.xml")
    assert done.stdout == b""
    assert (attune.folder / "a.xml").is_file()


def test_a_diff_on_a_terminal(attune: Attune, broken: Path) -> None:
    child = attune.on_terminal(*VALIDATE, "--diff")
    shown = str(child.read())
    child.wait()
    assert "\x1b[31m-if true; then^M\x1b[0m" in shown
    assert "\x1b[32m+output_format: text\x1b[0m" in shown
    assert broken.is_dir()
