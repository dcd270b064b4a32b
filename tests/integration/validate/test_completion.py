"""What TAB offers for the commands about packs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune
from tests.integration.validate.conftest import write

pytestmark = pytest.mark.usefixtures("demo")


def offered(attune: Attune, *words: str) -> list[str]:
    """What the shell adds by itself, then the words."""
    done = attune("--", *words, env={"_ATTUNE_COMPLETE": "zsh"})
    assert (done.returncode, done.stderr) == (0, b"")
    return [line.partition("\t")[0] for line in done.stdout.decode().splitlines()]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("pack", ""), ["-", "validate", "new", "list", "show"]),
        (("pack", "validate", ""), ["files"]),
        (("pack", "validate", "--baseline", ""), ["files"]),
        (("pack", "validate", "--show", ""), ["-", "info", "warning", "error"]),
        (("pack", "validate", "--select", "ATN041,ATN00"), ["-", *(f"ATN041,ATN00{n}" for n in range(1, 10))]),
        (("pack", "validate", "--report", "s"), ["-", "sarif"]),
        (("pack", "validate", "--report", "sarif=pac"), ["-", "sarif=packs/"]),
        (("pack", "new", "x", "--runner", "n"), ["-", "native", "node"]),
        (("pack", "show", ""), ["files", "demo", "core"]),
        (("pack", "show", "demo."), ["files", "demo.greet", "demo.tick"]),
        (("pack", "show", "core.e"), ["files", "core.echo"]),
        (("explain", "PAR00"), ["-", *(f"PAR00{n}" for n in range(1, 10))]),
        (("explain", "atn041"), ["-", "atn041"]),
        (("schema", "pe"), ["-", "permission_set"]),
    ],
)
def test_offers(attune: Attune, demo: Path, words: tuple[str, ...], answer: list[str]) -> None:
    write(demo / "triggers/tick.yaml", "ref: demo.tick\n")
    write(demo / "triggers/broken.yaml", "ref: [\n")
    assert offered(attune, *words) == answer


def test_codes_say_what_they_mean(attune: Attune) -> None:
    done = attune("--", "pack", "validate", "--ignore", "ATN041", env={"_ATTUNE_COMPLETE": "fish"})
    assert done.stdout.decode().splitlines() == ["-", "ATN041\tan entry point that is not there"]
