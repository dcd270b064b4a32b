"""The languages with interpreters of many versions: Python and Node; and the shell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from attune_cli.runtime.interpreters import Language
from attune_cli.runtime.search import Candidate, managed_versions

_PYTHON_QUESTION = (
    "import sys; v = sys.version_info;"
    "print('%d.%d.%d%s' % (v[0], v[1], v[2], '' if v[3] == 'final' else v[3] + str(v[4])));"
    "print(sys.executable)"
)


def _managed_pythons() -> Iterator[Candidate]:
    """Of pyenv and of uv."""
    home = Path("~").expanduser()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv", "versions")
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv/python")
    return chain(managed_versions(pyenv, "python3"), managed_versions(uv, "python3"))


def _managed_nodes() -> Iterator[Candidate]:
    """Of nvm and of nodenv."""
    home = Path("~").expanduser()
    nvm = Path(os.environ.get("NVM_DIR") or home / ".nvm", "versions/node")
    nodenv = Path(os.environ.get("NODENV_ROOT") or home / ".nodenv", "versions")
    return chain(managed_versions(nvm, "node"), managed_versions(nodenv, "node"))


PYTHON = Language(
    title="Python",
    names=("python3",),
    versioned=r"python3(\.\d+)?",
    # -I and -S: neither the caller's variables nor anything installed has a say; it takes 10 ms.
    question=("-I", "-S", "-c", _PYTHON_QUESTION),
    managed=_managed_pythons,
    install="for example with `uv python install`, pyenv or the system's package manager",
)

NODE = Language(
    title="Node.js",
    names=("node", "nodejs"),
    versioned=r"node(js)?-?\d*",
    question=("--version",),
    managed=_managed_nodes,
    install="for example with nvm or the system's package manager",
)

#: bash; another sh answers with nothing, which is no version.
SHELL = Language(
    title="bash",
    names=("bash",),
    versioned="bash",
    question=("-c", "echo ${BASH_VERSION%%[^0-9.]*}"),
    managed=tuple,
    install="with the system's package manager",
)
