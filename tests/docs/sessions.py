"""Examples in the documentation, run as a reader would run them: by bash, at a terminal.

In a block ```console a line that begins with `$ ` is a command, one that begins with `> ` goes on with
it, and the others are what the terminal then shows. `...` stands for whatever differs: within a line
for any part of it, alone on one for any number of lines. A block that names a path behind its language
(```yaml packs/demo/pack.yaml) is that file, for the whole page. The commands of a section are one session.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect

from tests.docs.pages import Block, Section, sections

#: Written before each command's output; no command here writes it.
_MARK = "\x1e"


@dataclass(frozen=True, slots=True)
class Step:
    """A command and what it should show."""

    command: str
    expected: str


def steps(block: Block) -> Iterator[Step]:
    """The commands of a console block, in order."""
    lines = block.text.splitlines()
    assert lines[0].startswith("$ "), f"line {block.line}: a console block begins with a command"
    while lines:
        command = [lines.pop(0)[2:]]
        while lines and lines[0].startswith("> "):
            command.append(lines.pop(0)[2:])
        expected = list[str]()
        while lines and not lines[0].startswith("$ "):
            expected.append(lines.pop(0))
        yield Step("\n".join(command), "\n".join(expected))


def play(section: Section, folder: Path, env: Mapping[str, str]) -> list[str]:
    """Run all that a section shows in `folder`; one text for each command that shows something else."""
    for block in (block for each in sections(section.page) for block in each.blocks if block.info):
        _write(folder / block.info, block.text)
    wanted = [step for block in section.blocks if block.language == "console" for step in steps(block)]
    shown = _shown([step.command for step in wanted], folder, env)
    return [
        f"$ {step.command}\n--- should show\n{step.expected}\n--- shows\n{text}"
        for step, text in zip(wanted, shown, strict=True)
        if not matches(step.expected, text)
    ]


def matches(expected: str, shown: str) -> bool:
    """Whether a terminal shows what is expected; blanks at the ends of lines do not count."""
    pattern = "".join(_patterns(expected.splitlines()))
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in shown.splitlines())) is not None


def _patterns(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if line == "...":
            yield r"(?:.*\n)*"
        else:
            yield ".*".join(re.escape(part) for part in line.rstrip().split("...")) + r"\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755 if text.startswith("#!") else 0o644)


def _shown(commands: Sequence[str], folder: Path, env: Mapping[str, str]) -> list[str]:
    """What each command shows when bash runs them one after the other."""
    script = folder / ".session"
    mark = f"printf '{_MARK}'; (exit $status)"
    script.write_text("status=0\n" + "".join(f"{mark}\n{command}\nstatus=$?\n" for command in commands))
    bash = pexpect.spawn(
        "bash",
        ["--noprofile", "--norc", str(script)],
        timeout=280,
        cwd=str(folder),
        env=dict(env),
        encoding="utf-8",
        dimensions=(50, 100),
    )
    bash.expect(pexpect.EOF)
    said = bash.before
    bash.close()
    shown = str(said).replace("\r\n", "\n").split(_MARK)[1:]
    assert len(shown) == len(commands), f"ended early:\n{said}"
    return shown
