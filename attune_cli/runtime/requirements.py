"""What a pack's `requirements.txt` asks for, as far as an environment's identity depends on it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attune_cli.errors import AttuneError

_INCLUDE = re.compile(r"(?:-r|--requirement[\s=]|(-c|--constraint[\s=]))\s*(.+)")
_COMMENT = re.compile(r"(^|\s)#.*")
_PLACE_OPTION = re.compile(r"(?:-e|-f|--editable[\s=]|--find-links[\s=])\s*(.+)")
_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True, slots=True)
class Requirements:
    """A requirements file and all files that it includes.

    contents:   real path and bytes of each, in the order of their first mention.
    from_disk:  whether something is installed from a path: the same lines mean something else in
                another folder then.
    is_empty:   whether there is nothing to install.
    """

    contents: tuple[tuple[Path, bytes], ...]
    from_disk: bool
    is_empty: bool


def read_requirements(file: Path) -> Requirements:
    """Read a file and those it includes with -r and -c, as deep as they go, each once.

    What an include by URL holds is not looked at. Raises AttuneError for a file that cannot be read.
    """
    contents: dict[Path, bytes] = {}
    lines = list(_lines(file, str(file), contents))
    wanted = [line for line in lines if not _is_option(line)]
    return Requirements(tuple(contents.items()), any(map(_is_from_disk, lines)), not wanted)


def _lines(file: Path, mentioned: str, contents: dict[Path, bytes]) -> Iterator[str]:
    """The lines of a file and of those it includes, but for lines that only constrain versions."""
    real = Path(os.path.realpath(file))
    if real in contents:
        return
    contents[real] = _read(file, mentioned)
    for number, line in _logical_lines(contents[real]):
        include = _INCLUDE.fullmatch(line)
        if not include or "://" in include[2]:
            yield line
            continue
        lines = list(_lines(_included(include[2], file), f"{file}:{number}", contents))
        yield from () if include[1] else lines


def _read(path: Path, mentioned: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AttuneError(f"{path} cannot be read", where=mentioned, why=error.strerror) from error


def _included(name: str, by: Path) -> Path:
    """The file meant, from the including file on; `${NAME}` is the environment's, as pip reads it."""
    expanded = re.sub(r"\$\{([A-Z0-9_]+)\}", lambda match: os.environ.get(match[1], match[0]), name.strip("'\" "))
    return by.parent / expanded


def _logical_lines(content: bytes) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and lines, continued ones joined, without comments and empty ones."""
    begun, joined = 0, ""
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        begun = begun or number
        joined += line.removesuffix("\\")
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            continue
        if text := _COMMENT.sub("", joined).strip():
            yield begun, text
        begun, joined = 0, ""
    if text := _COMMENT.sub("", joined).strip():
        yield begun, text


def _is_option(line: str) -> bool:
    """`--index-url …` and its like install nothing; `-e` and a remote `-r` do."""
    return line.startswith("-") and not line.startswith(("-e", "--editable", "-r", "--requirement"))


def _is_from_disk(line: str) -> bool:
    place = _PLACE_OPTION.fullmatch(line)
    if "file:" in line or "://" in line:
        return "file:" in line
    if place or line.startswith("-"):
        return bool(place)
    first = line.strip("'\"").split()[0].partition("[")[0]
    return first.startswith((".", "~", "$")) or "/" in first or first.endswith(_ARCHIVES)
