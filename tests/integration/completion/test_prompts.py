"""Shells driven for real: TAB is pressed at their prompts. bash is everywhere, zsh where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.completion.conftest import PromptOf

RUN = "attune run action "
ACTION = f"{RUN}demo.resize "

#: Keys (⇥ is TAB), and what the line has become, in words.
EVERYWHERE = {
    "attune run a⇥": "attune|run|action",
    "attune runt⇥l⇥": "attune|runtime|list",
    "attune completion z⇥": "attune|completion|zsh",
    "./bin/attune completion z⇥": "./bin/attune|completion|zsh",
    f"{RUN}demo.r⇥--dr⇥": "attune|run|action|demo.resize|--dry-run",
    # No space behind what is to be gone on with, one behind the rest.
    f"{ACTION}-p so⇥x.png -p mo⇥f⇥-q": "attune|run|action|demo.resize|-p|source=x.png|-p|mode=fast|-q",
    f"{ACTION}-p dry=t⇥": "attune|run|action|demo.resize|-p|dry=true",
    f"{ACTION}-p dry:=f⇥": "attune|run|action|demo.resize|-p|dry:=false",
    f"{ACTION}-p mode=s⇥": "attune|run|action|demo.resize|-p|mode=slow and good",
    f"{ACTION}--param=so⇥x": "attune|run|action|demo.resize|--param=source=x",
    f"{ACTION}-pso⇥x": "attune|run|action|demo.resize|-psource=x",
    f"{ACTION}-p source=@val⇥": "attune|run|action|demo.resize|-p|source=@values.json",
    f"{ACTION}--secret t⇥": "attune|run|action|demo.resize|--secret|token",
    f"{ACTION}--secret token=e⇥X": "attune|run|action|demo.resize|--secret|token=env:X",
    f"{ACTION}--output y⇥": "attune|run|action|demo.resize|--output|yaml",
    f"{ACTION}--output=j⇥": "attune|run|action|demo.resize|--output=json",
    f"{ACTION}--cwd=res⇥x": "attune|run|action|demo.resize|--cwd=results/x",
    f"{RUN}--cwd res⇥x": "attune|run|action|--cwd|results/x",
    f"{RUN}--params val⇥": "attune|run|action|--params|values.json",
    f"{RUN}./val⇥": "attune|run|action|./values.json",
    f"{RUN}val⇥": "attune|run|action|values.json",
    # Nothing fits: nothing happens.
    f"{ACTION}--timeout val⇥": "attune|run|action|demo.resize|--timeout|val",
}

IN_BASH = {
    "X=1 attune runt⇥": "X=1|attune|runtime",
    f"{ACTION}-p 'so⇥": "attune|run|action|demo.resize|-p|source=",
    f"{ACTION}-p mode=$⇥": "attune|run|action|demo.resize|-p|mode=$(touch pwned)",
    f'{ACTION}-p "mode=s⇥"': "attune|run|action|demo.resize|-p|mode=s",
    f"{ACTION}< val⇥": "attune|run|action|demo.resize",
    f"{RUN}~/pl⇥": "attune|run|action|{home}/place/",
}


@pytest.mark.parametrize("shell", [shell for shell in ("bash", "zsh") if shutil.which(shell)])
def test_every_shell(prompt: PromptOf, shell: str) -> None:
    with prompt(shell) as at:
        assert {keys: "|".join(at.words(keys)) for keys in EVERYWHERE} == EVERYWHERE


def test_bash(prompt: PromptOf, home: Path) -> None:
    (home / "place").mkdir()
    with prompt("bash") as at:
        assert {keys: "|".join(at.words(keys)) for keys in IN_BASH} == {
            keys: line.format(home=home) for keys, line in IN_BASH.items()
        }


def test_bash_lists_what_fits(prompt: PromptOf) -> None:
    with prompt("bash") as at:
        at.shown(f"{ACTION}-p ⇥⇥", "dry=", "mode=", "source=", "width=", "READY> ")
        at.shown(f"{ACTION}-p mode=f⇥-p ⇥⇥", "dry=", "source=", "width=", "READY> ")
        at.shown(f"{RUN}⇥⇥", "core.echo", "demo.resize", "results", "values.json")


def test_bash_completes_files_where_there_is_no_attune(prompt: PromptOf, desk: Path) -> None:
    (desk / "bin" / "attune").unlink()
    with prompt("bash") as at:
        assert at.words(f"{RUN}val⇥") == ["attune", "run", "action", "values.json"]


def test_bash_asks_the_command_that_was_typed(prompt: PromptOf, desk: Path, home: Path) -> None:
    (desk / "bin" / "attune").rename(home / "attune")
    with prompt("bash") as at:
        assert at.words("~/attune completion z⇥") == [f"{home}/attune", "completion", "zsh"]


def test_bash_in_the_middle_of_a_line(desk: Path) -> None:
    line = f"{RUN}demo.re --quiet"
    call = (
        f". {desk}/scripts/attune.bash; COMP_WORDS=({line}); COMP_CWORD=3; COMP_LINE='{line}'; "
        f"COMP_POINT={line.index('.re') + 2}; _attune attune demo.r action; declare -p COMPREPLY"
    )
    said = subprocess.run(["bash", "--norc", "-c", call], capture_output=True, text=True, check=True)
    assert (said.stdout, said.stderr) == ('declare -a COMPREPLY=([0]="demo.resize")\n', "")
