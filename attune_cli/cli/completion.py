"""`attune completion`: the scripts that make shells complete attune's command lines."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from typer import Argument, Typer

from attune_cli.cli.help import ReadableCommand

app = Typer(add_completion=False)


class Shell(StrEnum):
    """The shells there is a script for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@app.command("completion", cls=ReadableCommand)
def completion(
    shell: Annotated[Shell, Argument(metavar="|".join(Shell), help="The shell to print the script for.")],
) -> None:
    """Print the completion script of a shell.

    The script completes commands, options, refs and parameters. Nothing is installed: put it where
    the shell looks for completions, and start a new shell.

    Where to put it:
      bash  attune completion bash > ~/.local/share/bash-completion/completions/attune
      zsh   attune completion zsh > ~/.zfunc/_attune      (a folder of $fpath, before compinit)
      fish  attune completion fish > ~/.config/fish/completions/attune.fish

    For one session only:
      bash  . <(attune completion bash)
      zsh   . <(attune completion zsh)
      fish  attune completion fish | source
    """
    # Imported here: the help does not need them.
    from attune_cli.cli.completion_scripts import SCRIPTS

    print(SCRIPTS[shell], end="")
