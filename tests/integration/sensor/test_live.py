"""The live view: what a person sees on a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pexpect
import pytest

from tests.integration.cli.conftest import Attune, inside
from tests.integration.process.life import Letterbox, Watched
from tests.integration.sensor.conftest import LONG, command

SHOW_CURSOR = "\x1b[?25h"


def whole(child: pexpect.spawn[str]) -> str:
    """All that is written from now on."""
    child.expect(pexpect.EOF)
    return str(child.before)


def test_how_it_does_is_shown_until_ctrl_c(attune: Attune, box: Letterbox) -> None:
    child = attune.on_terminal(*command("ticker", box), columns=100)
    child.expect(r"rude\.ticker started: pid \d+")
    child.expect(r'rude\.tick\S* \S*rude\.local_1\S* \{"count": 1\}')
    child.expect(r"running[^\n]* · pid \d+ · cpu [\d.]+% · memory [\d.]+ MiB")
    child.expect(r"rude\.tick +\d+ events? +[\d.]+/s")
    child.expect(r"stdout \|\S* ticking")
    child.expect(r"stderr \|\S* to the errors")
    child.sendintr()
    rest = whole(child)
    assert "rude.ticker ended: SIGTERM" in rest
    assert "ran and stopped cleanly" in rest
    assert SHOW_CURSOR in rest
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize("columns", [40, 60])
def test_no_line_is_wider_than_the_terminal(attune: Attune, box: Letterbox, columns: int) -> None:
    child = attune.on_terminal(*command("ticker", box), "--events", "8", "--timeout", LONG, columns=columns)
    lines = re.split(r"[\r\n]", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", whole(child)))
    assert len(lines) > 10
    assert [line for line in lines if len(line) > columns] == []
    # Where the view filled its last line, the `^C` of a terminal would go to the next, and move all of it.
    view = [line for line in lines if line.startswith(("  stdout |", "  stderr |", "─"))]
    assert view
    assert max(map(len, view)) <= columns - len("^C^C")


def test_without_colour(attune: Attune, box: Letterbox) -> None:
    args = (*command("ticker", box), "--events", "3", "--timeout", LONG)
    assert "\x1b[3" not in whole(attune.on_terminal(*args, env={"NO_COLOR": "1"}))


def test_a_terminal_that_can_do_nothing_gets_lines(attune: Attune, box: Letterbox) -> None:
    args = (*command("ticker", box), "--events", "3", "--timeout", LONG)
    told = whole(attune.on_terminal(*args, env={"TERM": "dumb"}))
    assert "\x1b" not in told
    assert '{"count": 1}' in told


def test_what_a_sensor_prints_and_posts_does_not_drive_the_terminal(attune: Attune, rude: Path, box: Letterbox) -> None:
    (rude / "sensors/once.py").write_text(
        "import time\nfrom world import post\nprint('\\x1b]0;owned\\x07', flush=True)\n"
        "post({'count': 1, 'x': '\\x1b]0;owned\\x07'})\ntime.sleep(60)\n"
    )
    child = attune.on_terminal(*command("once", box))
    # What it has printed, in the view.
    child.expect_exact("^[]0;owned")
    told = str(child.before)
    child.sendintr()
    told += whole(child)
    assert "\\u001b]0;owned" in told
    assert "\x1b]" not in told


def test_the_last_words_of_one_that_crashes_stay_on_the_screen(attune: Attune, box: Letterbox) -> None:
    child = attune.on_terminal(*command("crasher", box), "--no-restart")
    told = whole(child)
    # Written above the view, whose own lines are erased.
    assert re.search(r"\nstderr \|\S* no such device|\x1b\[2mstderr \|\x1b\[0m no such device", told)
    child.close()
    assert child.exitstatus == 1


def test_only_the_words_of_the_last_start_are_left(attune: Attune, rude: Path, box: Letterbox) -> None:
    (rude / "sensors/crasher.py").write_text("import os, sys\nprint(os.getpid(), file=sys.stderr)\nsys.exit(3)\n")
    child = attune.on_terminal(*command("crasher", box), "--backoff-base", "100ms", columns=100)
    told = []
    for _ in range(3):
        child.expect(r"rude\.crasher ended: exit 3")
        # Those of the view, which shows older ones as well, are moved in.
        told.append(re.findall(r"mstderr \|\S* (\d+)", str(child.before)))
    child.sendintr()
    whole(child)
    assert [len(pids) for pids in told] == [1, 1, 1]
    assert len({*told[0], *told[1], *told[2]}) == 3


def test_a_terminal_that_is_closed_ends_it(attune: Attune, box: Letterbox) -> None:
    child = attune.on_terminal(*command("ticker", box))
    assert child.pid is not None
    watched = Watched([box.pid(), child.pid])
    inside(child).fileobj.close()
    child.closed = inside(child).closed = True
    watched.end()
