"""The documentation as data: pages, their sections, the blocks and tables in these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

_FENCE = re.compile(r"(`{3,})(\S*) ?(.*)")
_HEADING = re.compile(r"(#{1,6}) (.*)")
_TICKED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. info: what stands behind its language. line: where it begins, from 1."""

    language: str
    info: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the first or second level, with all up to the next one."""

    page: Path
    title: str
    text: str
    blocks: tuple[Block, ...]

    def __str__(self) -> str:
        return f"{self.page.name}: {self.title}"

    @property
    def rows(self) -> list[list[str]]:
        """The cells of all its tables, without the heads."""
        lines = [line for line in self.text.splitlines() if line.startswith("|")]
        rules = [at for at, line in enumerate(lines) if set(line) <= set("|-: ")]
        heads = {at - 1 for at in rules} | set(rules)
        return [_cells(line) for at, line in enumerate(lines) if at not in heads]


def sections(page: Path) -> Iterator[Section]:
    """In order; what is above the first heading is no section."""
    title, lines, blocks = "", list[str](), list[Block]()
    source = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in source:
        if heading := _HEADING.fullmatch(line):
            if len(heading[1]) <= 2:
                if title:
                    yield Section(page, title, "\n".join(lines), tuple(blocks))
                title, lines, blocks = plain(heading[2]), [], []
        elif fence := _FENCE.fullmatch(line):
            content = list(_until(fence[1], source))
            blocks.append(Block(fence[2], fence[3], "\n".join(content) + "\n", number))
            continue
        lines.append(line)
    yield Section(page, title, "\n".join(lines), tuple(blocks))


def section(page: str, title: str) -> Section:
    """The one of that name."""
    (found,) = [one for one in sections(ROOT / page) if one.title == title]
    return found


def anchors(page: Path) -> set[str]:
    """The names that links may give behind a #."""
    headings = [match[2] for line in _prose(page).splitlines() if (match := _HEADING.fullmatch(line))]
    return {re.sub(r"[^\w\- ]", "", plain(heading).lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    """Where its links lead."""
    return re.findall(r"\]\(([^)\s]+)\)", _prose(page))


def plain(text: str) -> str:
    """Without the marks of code."""
    return text.replace("`", "")


def ticked(text: str) -> list[str]:
    """What stands between backticks."""
    return _TICKED.findall(text)


def _prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"(?ms)^(`{3,}).*?^\1$", "", page.read_text(encoding="utf-8"))


def _until(fence: str, source: Iterator[tuple[int, str]]) -> Iterator[str]:
    for _, line in source:
        if line == fence:
            return
        yield line


def _cells(line: str) -> list[str]:
    """A bar that belongs to a cell is written `\\|`."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
