"""The scripts: the files that are shipped are what attune prints, and each suits its shell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from attune_cli.cli.completion import Shell
from attune_cli.cli.completion_scripts import SCRIPTS
from tests.installed import ROOT

#: What each has to have so that its shell calls it for `attune`.
REGISTERED = {
    "bash": "\ncomplete -o default -F _attune attune\n",
    "zsh": "#compdef attune\n",
    "fish": "\ncomplete -c attune -f -a '(__attune_complete)'\n",
}


@pytest.mark.parametrize("shell", Shell)
def test_the_file_is_what_attune_prints(shell: Shell, desk: Path) -> None:
    printed = subprocess.run([desk / "bin" / "attune", "completion", shell], capture_output=True, check=True)
    assert printed.stderr == b""
    shipped = ROOT / "completions" / f"attune.{shell}"
    assert printed.stdout == shipped.read_bytes(), f"attune completion {shell} > completions/{shipped.name}"


def test_there_is_a_file_for_every_shell() -> None:
    assert {path.name for path in (ROOT / "completions").iterdir()} == {f"attune.{shell}" for shell in Shell}


@pytest.mark.parametrize("shell", Shell)
def test_it_is_registered_and_asks_attune(shell: Shell) -> None:
    script = SCRIPTS[shell]
    assert REGISTERED[shell] in script
    assert f"_ATTUNE_COMPLETE={shell} " in script
    assert f"`attune completion {shell}`" in script
    # Words are handed over behind --, nothing is read from the terminal, nothing is said on it.
    assert " -- " in script
    assert "</dev/null 2>/dev/null" in script


@pytest.mark.parametrize("shell", [shell for shell in Shell if shutil.which(shell)])
def test_its_shell_can_read_it(shell: Shell) -> None:
    checked = subprocess.run([shell, "-n"], input=SCRIPTS[shell], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


#: A command line; what fish offers for its end.
IN_FISH = {
    "attune ru": ["run\tRun an action or a sensor as the platform would.", "runtime\tWhat this machine can run."],
    "attune run action demo.": ["demo.resize\tMakes pictures smaller"],
    "attune run action demo.resize -p m": ["mode=\tstring: How"],
    "attune run action demo.resize -p 'mode=s": ["mode=slow and good"],
    "attune run action demo.resize --output=j": ["--output=json"],
    "attune run action demo.resize --timeout ": [],
    "attune run action --cwd r": ["results/"],
    "attune run action val": ["values.json"],
}


@pytest.mark.parametrize("shell", [shell for shell in ("fish",) if shutil.which(shell)] or ["none"])
def test_fish(shell: str, desk: Path) -> None:
    if shell == "none":
        assert all(word in SCRIPTS["fish"] for word in ("commandline -opc", "commandline -ct", "__fish_complete_path"))
        return
    offered = {}
    for line in IN_FISH:
        call = f"source {desk}/scripts/attune.fish; complete -C {line!r}"
        said = subprocess.run(["fish", "--no-config", "-c", call], capture_output=True, text=True, check=True)
        offered[line] = said.stdout.splitlines()
    assert offered == IN_FISH
