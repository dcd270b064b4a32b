"""The end of a call: all is written, and the interpreter is not taken apart."""

from __future__ import annotations

import subprocess
import sys

from tests.installed import ROOT

_PROGRAM = """\
import atexit, sys
from attune_cli.__main__ import _leave

class Slow:
    def __del__(self) -> None:
        print("taken apart")

kept = Slow()
atexit.register(print, "at exit")
print("out")
print("err", end="", file=sys.stderr)
_leave(7)
"""


def test_leaving() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (7, "out\nat exit\n", "err")
