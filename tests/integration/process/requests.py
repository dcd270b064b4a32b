"""Requests as short as tests want them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attune_cli.process import Request

PROGRAMS = Path(__file__).resolve().parents[2] / "programs"
ENV = {"PATH": os.defpath}


def sh(script: str, *arguments: object, **terms: Any) -> Request:
    """A shell that runs `script`; `$1` … are the arguments. It has 30 seconds."""
    return _request(("/bin/sh", "-c", script, "sh", *map(str, arguments)), terms)


def program(name: str, *arguments: object, **terms: Any) -> Request:
    """One of the Python programs in tests/programs."""
    return _request((sys.executable, "-I", "-S", str(PROGRAMS / name), *map(str, arguments)), terms)


def binary(path: Path, *arguments: object, **terms: Any) -> Request:
    return _request((str(path), *map(str, arguments)), terms)


def _request(argv: tuple[str, ...], terms: dict[str, Any]) -> Request:
    return Request(argv=argv, **{"env": ENV, "timeout": 30.0, **terms})


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Does `work` in another thread meanwhile; what it raises is raised at the end."""
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # raised again below
            raised.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if raised:
        raise raised[0]
