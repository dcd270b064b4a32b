"""The `attune` command of this checkout, as it would be on PATH, whether or not it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_COMMAND = f"""\
#!{sys.executable}
import sys
sys.path.insert(0, {str(ROOT)!r})
from attune_cli.__main__ import main
main()
"""


def install_attune(folder: Path) -> Path:
    """Put the command into a folder and return its path."""
    command = folder / "attune"
    command.write_text(_COMMAND, encoding="utf-8")
    command.chmod(0o755)
    return command
