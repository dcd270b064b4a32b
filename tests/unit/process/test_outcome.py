"""What an outcome and a capture say of themselves."""

from __future__ import annotations

import signal

import pytest

from attune_cli.process import Capture, Outcome, Secrets, Usage


def outcome(**facts: object) -> Outcome:
    empty = Capture("stdout", bytearray(), 0)
    defaults = {"exit_code": 0, "signal": None, "timed_out": False, "cancelled": False, "stdout": empty}
    others = {**defaults, **facts}
    return Outcome(pid=1, stderr=empty, usage=Usage(), duration=0.0, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "succeeded"),
    [
        ({}, True),
        ({"exit_code": 1}, False),
        ({"exit_code": None, "signal": 9}, False),
        ({"exit_code": None}, False),
        ({"timed_out": True}, False),
        ({"cancelled": True}, False),
    ],
)
def test_an_outcome_is_true_when_the_process_succeeded(facts: dict[str, object], *, succeeded: bool) -> None:
    assert bool(outcome(**facts)) is succeeded


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (None, None),
        (signal.SIGSEGV, "SIGSEGV"),
        (signal.SIGRTMIN, "SIGRTMIN"),
        (signal.SIGRTMIN + 3, "SIGRTMIN+3"),
        (signal.SIGRTMAX, "SIGRTMAX"),
    ],
)
def test_the_name_of_a_signal(number: int | None, name: str | None) -> None:
    assert outcome(exit_code=None, signal=number).signal_name == name


def test_a_capture_counts_what_was_cut() -> None:
    capture = Capture("stderr", bytearray(b"abc"), 10)
    assert (capture.raw, capture.bytes_cut, capture.truncated) == (b"abc", 7, True)
    assert capture.text == "abc\n\n[OUTPUT TRUNCATED: stderr exceeded size limit]\n"
    assert repr(capture) == "<stderr: 10 bytes, 7 cut>"


def test_a_whole_capture_has_no_notice() -> None:
    capture = Capture("stdout", bytearray(b"abc"), 3)
    assert (capture.bytes_cut, capture.truncated, capture.text) == (0, False, "abc")
    assert repr(capture) == "<stdout: 3 bytes>"


def test_the_notice_fits_into_what_is_kept_back_for_it() -> None:
    notice = Capture("stderr", bytearray(), 1).text
    assert len(notice.encode()) <= 128


def test_a_capture_shows_no_secret_and_no_content() -> None:
    capture = Capture("stdout", bytearray(b"my hunter22 and \xff"), 14, Secrets({"word": "hunter22"}))
    assert capture.text == "my *** and \ufffd"
    assert capture.raw == b"my hunter22 and \xff"
    assert "hunter22" not in repr(outcome(stdout=capture))
