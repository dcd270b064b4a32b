"""Documents, tables and progress."""

from __future__ import annotations

import io
import json
import os
import pty

import yaml

from attune_cli.report.document import print_document
from attune_cli.report.progress import Progress
from attune_cli.report.table import print_table

DATA = {"text": "é\ud800\x00\x9b", "list": [1, 2.5, None, True], "empty": {}}


def stream(encoding: str = "utf-8") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace", write_through=True)


def written(target: io.TextIOWrapper) -> str:
    assert isinstance(target.buffer, io.BytesIO)
    return target.buffer.getvalue().decode()


def test_json_is_json_in_every_encoding() -> None:
    for encoding in ("utf-8", "ascii", "latin-1"):
        target = stream(encoding)
        print_document(DATA, target)
        assert json.loads(written(target)) == DATA
    target = stream()
    print_document({"a": "é"}, target)
    assert written(target) == '{\n  "a": "é"\n}\n'


def test_yaml_is_yaml_in_every_encoding() -> None:
    data = {**DATA, "text": "é\x00\x9b"}
    for encoding in ("utf-8", "ascii"):
        target = stream(encoding)
        print_document(data, target, as_yaml=True)
        assert yaml.safe_load(written(target)) == data


def test_a_table_in_a_pipe() -> None:
    target = io.StringIO()
    print_table(("NAME", "PATH"), [("a\x1b\n", "x"), ("longer", "")], target)
    assert target.getvalue() == "NAME    PATH\na^[     x\nlonger\n"


def test_a_table_on_a_terminal() -> None:
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as target:
        print_table(("NAME", "PATH"), [("a", "[red]x[/red]\x1b[2J")], target)
    shown = os.read(ours, 10000).decode()
    os.close(ours)
    assert "\x1b[1mNAME" in shown
    assert "[red]x[/red]^[[2J" in shown


def test_progress_in_a_file_is_lines() -> None:
    target = io.StringIO()
    progress = Progress(target)
    progress("setting up")
    progress("one\x1b[2J\ntwo")
    progress.close()
    assert target.getvalue() == "setting up\none^[[2J two\n"


def test_progress_on_a_terminal_is_one_line_that_goes_away() -> None:
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as target:
        progress = Progress(target)
        progress("setting up")
        progress("x" * 200)
        progress.close()
        progress.close()
    shown = os.read(ours, 10000).decode()
    os.close(ours)
    assert "\n" not in shown
    assert shown.count("\r\x1b[K") == 3
    assert shown.endswith("\r\x1b[K")
    assert "x" * 80 not in shown
