"""The project's own files: what a commit of everything would hold."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pathspec

ROOT = Path(__file__).parents[2]


def project_files(root: Path = ROOT) -> Iterator[Path]:
    """Every file that .gitignore does not name, relative to the root, in order."""
    ignored = pathspec.GitIgnoreSpec.from_lines((root / ".gitignore").read_text().splitlines())
    for folder, folders, files in os.walk(root):
        here = Path(folder).relative_to(root)
        folders[:] = sorted(name for name in folders if name != ".git" and not ignored.match_file(f"{here / name}/"))
        yield from (here / name for name in sorted(files) if not ignored.match_file(here / name))


def copy_project(to: Path) -> Path:
    """A clean copy, as a fresh clone would be."""
    for file in project_files():
        (to / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, to / file)
    return to
