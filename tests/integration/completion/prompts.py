"""Shells at their prompts, on terminals, where keys can be pressed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect

_LINE_START = "\x01"
_INTERRUPT = "\x03"

#: Prints the words it gets, so that it can be seen what a command line has become.
_WORDS = """words() { printf '<%s>' "$@"; echo '<.>'; }"""

_BASHRC = """\
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind 'set completion-query-items 1000'
bind 'set page-completions off'
"""

_ZSHRC = """\
bindkey -e
unsetopt beep prompt_cr prompt_sp
autoload -Uz compinit && compinit -u -D
"""


class Prompt:
    """A shell that waits for a command line. ⇥ is TAB; it reads the keys one after the other."""

    def __init__(self, child: pexpect.spawn[str]) -> None:
        self._child = child
        self._ready()

    def words(self, keys: str) -> list[str]:
        """The words of the command line after these keys."""
        self._press(f"{keys}{_LINE_START}words \r")
        self._child.expect(r"<[^\r]*><\.>")
        line = str(self._child.after).removesuffix("<.>")
        self._ready()
        return re.findall("<([^>]*)>", line)

    def shown(self, keys: str, *texts: str) -> None:
        """Wait until all these texts have been shown after the keys, in this order; give the command line up."""
        self._press(keys)
        for text in texts:
            self._child.expect_exact(text)
        self._press(_INTERRUPT)
        self._ready()

    def _press(self, keys: str) -> None:
        self._child.send(keys.replace("⇥", "\t"))

    def _ready(self) -> None:
        self._child.expect_exact("READY> ")


#: Shell → its arguments; what it does before the script is loaded; where it looks for both.
_SHELLS = {
    "bash": (["--noprofile", "--rcfile", "{home}/rc", "-i"], _BASHRC, "rc", {"INPUTRC": "/dev/null"}),
    "zsh": (["-i"], _ZSHRC, ".zshrc", {"ZDOTDIR": "{home}"}),
}


@contextmanager
def prompt_of(shell: str, script: Path, home: Path) -> Iterator[Prompt]:
    """bash or zsh with the script loaded and nobody's settings."""
    args, before, startup, variables = _SHELLS[shell]
    (home / startup).write_text(f"{before}. '{script}'\n{_WORDS}\nPS1='READY> '\n")
    env = {**os.environ, "TERM": "dumb", **{name: value.format(home=home) for name, value in variables.items()}}
    child = pexpect.spawn(
        shell, [arg.format(home=home) for arg in args], env=env, encoding="utf-8", dimensions=(50, 250), timeout=20
    )
    try:
        yield Prompt(child)
    finally:
        child.close(force=True)
