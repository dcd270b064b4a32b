"""Logs are bounded, in memory and on disk, whatever comes."""

from __future__ import annotations

import os
from pathlib import Path

from attune_cli.process import Secrets
from attune_cli.sensor.logs import LINE_BYTES, LINES, LogStream, RotatedFile, Tail


def test_lines_whatever_the_pieces() -> None:
    data = "eins\r\nzwei\n\ndrei€\n".encode()
    for size in range(1, len(data) + 1):
        tail = Tail()
        told = [line for at in range(0, len(data), size) for line in tail.feed(data[at : at + size])]
        assert told == list(tail.lines) == ["eins", "zwei", "", "drei€"]


def test_a_line_that_was_begun_is_one_at_the_end() -> None:
    tail = Tail()
    assert tail.feed(b"no end") == []
    assert tail.close() == ["no end"]
    assert tail.close() == []


def test_the_last_lines_are_kept() -> None:
    tail = Tail()
    for number in range(LINES + 50):
        tail.feed(b"%d\n" % number)
    assert list(tail.lines) == [str(number) for number in range(50, LINES + 50)]


def test_a_long_line_is_cut_and_says_so() -> None:
    tail = Tail()
    for _ in range(100):
        tail.feed(b"x" * 65536)
    (line,) = tail.feed(b"\n")
    assert line == f"{'x' * LINE_BYTES} … ({6553600 - LINE_BYTES} bytes more)"


def test_invalid_bytes() -> None:
    assert Tail().feed(b"\xff\n") == ["\ufffd"]


def test_files_are_rotated_between_lines(tmp_path: Path) -> None:
    file = RotatedFile(tmp_path / "log", limit=20, older=2)
    for number in range(10):
        file.write(b"line %d\n" % number * 2)
    file.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "log.1", "log.2"]
    kept = b"".join((tmp_path / name).read_bytes() for name in ("log.2", "log.1", "log"))
    assert kept == b"".join(b"line %d\n" % number * 2 for number in range(10))[-len(kept) :]
    assert kept.startswith(b"line")
    assert all(path.stat().st_size <= 20 for path in tmp_path.iterdir())


def test_a_line_longer_than_a_file_goes_into_several(tmp_path: Path) -> None:
    file = RotatedFile(tmp_path / "log", limit=10, older=3)
    file.write(b"0123456789" * 3 + b"\n")
    file.close()
    assert [(tmp_path / name).read_bytes() for name in ("log.3", "log.2", "log.1", "log")] == [
        *[b"0123456789"] * 3,
        b"\n",
    ]


def test_what_was_there_stays_in_front(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"before\n")
    file = RotatedFile(tmp_path / "log")
    file.write(b"after\n")
    file.close()
    assert (tmp_path / "log").read_bytes() == b"before\nafter\n"


def test_a_secret_that_comes_later_is_masked_from_then_on(tmp_path: Path) -> None:
    known = [Secrets({"a": "first-secret"}), Secrets({"a": "first-secret", "b": "second-secret"})]
    now = [known[0]]
    told: list[str] = []
    failures: list[OSError] = []
    file = RotatedFile(tmp_path / "log")
    stream = LogStream("stdout", lambda: now[0], lambda _, lines: told.extend(lines), file, failures.append)
    stream.feed(b"one first-")
    stream.feed(b"secret\n")
    now[0] = known[1]
    stream.feed(b"two second-sec")
    stream.feed(b"ret first-secret")
    stream.end()
    stream.close()
    assert failures == []
    assert told == list(stream.tail.lines) == ["one ***", "two *** ***"]
    assert (tmp_path / "log").read_text() == "one ***\ntwo *** ***"
    assert stream.bytes == len("one first-secret\ntwo second-secret first-secret")


def test_a_full_disk_is_told_once_and_the_lines_go_on() -> None:
    failures: list[OSError] = []
    stream = LogStream("stderr", lambda: Secrets({}), lambda *_: None, RotatedFile(Path("/dev/full")), failures.append)
    stream.feed(b"a\n")
    stream.feed(b"b\n")
    assert [os.strerror(error.errno or 0) for error in failures] == ["No space left on device"]
    assert list(stream.tail.lines) == ["a", "b"]
