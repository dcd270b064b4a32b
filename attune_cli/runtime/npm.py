"""Packages for Node packs, installed by npm."""

from __future__ import annotations

import json
import os
from pathlib import Path

from attune_cli.errors import AttuneError, CannotExecuteError
from attune_cli.runtime.base import Progress
from attune_cli.runtime.environments import Recipe
from attune_cli.runtime.installers import Step, install
from attune_cli.runtime.interpreters import Interpreter
from attune_cli.runtime.search import on_path

_LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
_DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def asks_for_something(file: Path) -> bool:
    """Whether a package.json has dependencies. Raises AttuneError when it is no JSON."""
    try:
        manifest = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise AttuneError("package.json cannot be read", where=_place(file, error), why=_reason(error)) from error
    return isinstance(manifest, dict) and any(manifest.get(key) for key in _DEPENDENCIES)


def _place(file: Path, error: OSError | ValueError) -> str:
    return f"{file}:{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else str(file)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def recipe(file: Path, node: Interpreter) -> Recipe:
    """How the packages are installed that a package.json asks for, to be used with that node."""
    pack = file.parent
    copied = [path for name in (file.name, *_LOCKS) if (path := pack / name).is_file()]
    title = f"the Node.js packages of pack {pack.name}"
    made_from: list[bytes | str] = [str(node.path), str(node.identity), str(node.version), os.uname().machine]
    for path in copied:
        made_from += [path.name, path.read_bytes()]

    def build(folder: Path, progress: Progress) -> None:
        folder.mkdir(0o700)
        for path in copied:
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "node_modules").mkdir()
        command = "ci" if len(copied) > 1 else "install"
        argv = (str(_npm(node)), command, "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel=error")
        # npm starts the first node on PATH: it is to be the one the action runs on.
        env = {"PATH": f"{node.path.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
        install(Step(title, file, argv, pack, _HELP, env), progress)

    return Recipe("node", title, made_from, "node_modules", file, build)


_HELP = (
    "correct package.json, or see to what npm says; a relative file: path in it is meant from the "
    "environment's folder on, here as on a worker"
)


def _npm(node: Interpreter) -> Path:
    """The npm beside that node, else the one on PATH."""
    beside = node.path.parent / "npm"
    if found := beside if os.access(beside, os.X_OK) else next(on_path("npm"), None):
        return found
    raise CannotExecuteError("there is no npm on PATH", help="install npm; it comes with Node.js")
