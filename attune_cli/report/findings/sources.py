"""The lines that findings point at, read when they are to be shown."""

from __future__ import annotations

from attune_cli.yaml12.source import BREAKS, MAX_BYTES, decoded


class Sources:
    """Lines of files, by the paths that findings name. Keeps the last file: findings come file by file."""

    def __init__(self) -> None:
        self._path: str | None = None
        self._lines: list[str] = []

    def line(self, path: str, number: int) -> str | None:
        """A line, from 1, without its end; None where there is none to show: the file is gone, has
        fewer lines, or is a binary."""
        if path != self._path:
            self._path, self._lines = path, _lines(path)
        return self._lines[number - 1] if number <= len(self._lines) else None


def _lines(path: str) -> list[str]:
    """As the YAML reader counts them."""
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES)
    except (OSError, ValueError):
        return []
    if b"\0" in content:
        return []
    text = decoded(content)
    for sign in ("\r\n", *BREAKS):
        text = text.replace(sign, "\n")
    return text.split("\n")
