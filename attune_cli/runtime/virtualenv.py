"""Virtual environments for Python packs, made by uv where it is installed, else by venv and pip."""

from __future__ import annotations

import os
from pathlib import Path

from attune_cli.runtime.base import Progress
from attune_cli.runtime.environments import Recipe
from attune_cli.runtime.installers import Step, install
from attune_cli.runtime.interpreters import Interpreter
from attune_cli.runtime.requirements import Requirements
from attune_cli.runtime.search import on_path


def recipe(file: Path, requirements: Requirements, python: Interpreter) -> Recipe:
    """How the environment is made that a requirements file asks for, with that interpreter below it."""
    pack = file.parent
    title = f"the Python {python.version} environment of pack {pack.name}"
    made_from: list[bytes | str] = [str(python.path), str(python.identity), str(python.version), os.uname().machine]
    made_from += [content for _, content in requirements.contents]
    # Lines that name a folder mean another one in another pack.
    made_from += [str(pack.resolve())] if requirements.from_disk else []

    def build(folder: Path, progress: Progress) -> None:
        cure = f"correct {file.name}, or see to what the installer says; then run again"
        uv = next(on_path("uv"), None)
        for argv in _with_uv(uv, python, folder, file) if uv else _with_pip(python, folder, file):
            install(Step(title, file, argv, pack, cure), progress)

    return Recipe("python", title, made_from, "bin/python", file, build)


def _with_uv(uv: Path, python: Interpreter, folder: Path, file: Path) -> tuple[tuple[str, ...], ...]:
    into = str(folder / "bin/python")
    return (
        (str(uv), "venv", "--no-project", "--python", str(python.path), str(folder)),
        (str(uv), "pip", "install", "--python", into, "--requirements", str(file)),
    )


def _with_pip(python: Interpreter, folder: Path, file: Path) -> tuple[tuple[str, ...], ...]:
    return (
        (str(python.path), "-m", "venv", str(folder)),
        (str(folder / "bin/python"), "-m", "pip", "install", "--requirement", str(file)),
    )
