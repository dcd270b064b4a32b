"""Where errors end."""

from __future__ import annotations

import errno

import pytest

from attune_cli.cli.boundary import guarded
from attune_cli.errors import AttuneError, CannotExecuteError, NotFoundError, UsageError


def told(error: BaseException, capsys: pytest.CaptureFixture[str], *, is_run: bool = False) -> tuple[int, str]:
    def fail() -> int:
        raise error

    status = guarded(fail, is_run=is_run, debug=False)
    out, err = capsys.readouterr()
    assert out == ""
    return status, err


@pytest.mark.parametrize(
    ("error", "elsewhere", "in_run"),
    [
        (AttuneError("x"), 3, 125),
        (UsageError("x"), 2, 125),
        (NotFoundError("x"), 3, 127),
        (CannotExecuteError("x"), 3, 126),
        (OSError(errno.ENOSPC, "full"), 3, 125),
        (ZeroDivisionError(), 3, 125),
        (KeyboardInterrupt(), 130, 130),
        (BrokenPipeError(), 141, 141),
    ],
)
def test_statuses(error: BaseException, elsewhere: int, in_run: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(error, capsys)[0] == elsewhere
    assert told(error, capsys, is_run=True)[0] == in_run


def test_a_mistake_of_attune_is_called_one_and_quotes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    _, text = told(ValueError("the password is hunter2"), capsys)
    assert text.startswith("error: attune itself has failed: ValueError\n  where: ")
    assert "test_boundary.py:" in text
    assert "hunter2" not in text
    assert "Traceback" not in text


def test_an_interrupt_that_python_has_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    wrapped = RuntimeError("Error calling __set_name__")
    wrapped.__cause__ = KeyboardInterrupt()
    assert told(wrapped, capsys) == (130, "")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "error: cannot write the output\n  why:   No space left on device\n",
        ),
        (
            OSError(errno.EIO, "Input/output error", "standard error"),
            "error: cannot write to standard error\n  why:   Input/output error\n",
        ),
        (OSError(errno.EMFILE, "Too many open files"), "error: Too many open files\n"),
        (PermissionError(errno.EACCES, "Permission denied", b"/x\xff"), "error: Permission denied\n  where: /x\\xff\n"),
    ],
)
def test_what_the_system_says(error: OSError, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(error, capsys)[1] == text


def test_debug_shows_the_traceback_and_keeps_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise AttuneError("it broke")

    assert guarded(fail, is_run=True, debug=True) == 125
    text = capsys.readouterr().err
    assert text.startswith("Traceback (most recent call last):")
    assert text.endswith("error: it broke\n")
