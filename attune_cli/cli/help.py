"""Help as it is scanned at a prompt: purpose, usage, options in their groups, examples last, next to
the prompt where they are copied.

It is laid out here and not by Rich: the same in a terminal and in a pipe but for the colours, never
wider than 100 columns, examples and tables never wrapped, and three times as fast on the screen.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from typer.core import TyperCommand, TyperGroup

from attune_cli.errors import ExitCode, UsageError
from attune_cli.report.style import Style, wants_colour

_WIDEST, _NARROWEST = 100, 40
#: The names of options take up to this much of the width; longer ones get a line of their own.
_NAMES_SHARE = 0.42

Row = tuple[str, str]
#: Typer keeps the classes of its parser to itself: those of its contexts, commands and parameters.
Context: TypeAlias = Any
Command: TypeAlias = Any
Parameter: TypeAlias = Any


class ReadableCommand(TyperCommand):
    """A command with such a help."""

    def get_help(self, ctx: Context) -> str:
        return help_text(self, ctx)


class ReadableGroup(TyperGroup):
    """A group with such a help. Called with nothing behind it, it shows the help and fails."""

    #: What it fails with then.
    no_command_status = ExitCode.USAGE

    def get_help(self, ctx: Context) -> str:
        return help_text(self, ctx, self.summaries(ctx))

    def summaries(self, ctx: Context) -> list[Row]:
        """Every command's name and its one line."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, _purpose(command.help)) for name, command in commands if command and not command.hidden]

    def resolve_command(self, ctx: Context, args: list[str]) -> Command:
        name = args[0]
        if name not in self.list_commands(ctx) and not name.startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx), 1)
            cure = f"did you mean {ctx.command_path} {near[0]}?" if near else f"{ctx.command_path} --help lists them"
            raise UsageError(f"there is no command `{ctx.command_path} {name}`", help=cure)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            print(help_text(self, ctx, self.summaries(ctx), Style.of(sys.stderr)), file=sys.stderr)
            ctx.exit(self.no_command_status)
        return super().parse_args(ctx, args)


def help_text(command: Command, ctx: Context, commands: Sequence[Row] = (), style: Style | None = None) -> str:
    """The whole help of a command. style: that of standard output otherwise."""
    sections = {"Commands": commands, **_groups(command, ctx)}
    page = _Page(style or Style.of(sys.stdout), [name for rows in sections.values() for name, _ in rows])
    prose, blocks = _parts(command.help)
    page.prose(prose[:1])
    page.usage(" ".join([ctx.command_path, *command.collect_usage_pieces(ctx)]).replace("{", "").replace("}", ""))
    page.prose(prose[1:])
    for title, rows in sections.items():
        page.section(title, rows)
    for block in blocks:
        page.verbatim(block)
    return "\n".join(page.lines).strip("\n")


class _Page:
    """The lines of a help so far. names: all that stand at the left of a section."""

    def __init__(self, style: Style, names: Sequence[str]) -> None:
        self._style = style
        self._width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
        widest = int(self._width * _NAMES_SHARE)
        #: Where what they mean begins.
        self._column = max((len(name) + 4 for name in names if len(name) + 4 <= widest), default=4)
        self.lines: list[str] = []

    def prose(self, paragraphs: Sequence[str]) -> None:
        for paragraph in paragraphs:
            self.lines += [*textwrap.wrap(" ".join(paragraph.split()), self._width), ""]

    def usage(self, text: str) -> None:
        self.lines += [f"{self._heading('Usage:')} {self._style(text, 'cyan')}", ""]

    def section(self, title: str, rows: Sequence[Row]) -> None:
        """Names at the left, what they mean at the right of them or, where that is narrow, below."""
        if not rows:
            return
        self.lines.append(self._heading(f"{title}:"))
        for name, text in rows:
            self.lines += self._row(name, text)
        self.lines.append("")

    def verbatim(self, block: str) -> None:
        """A title, and lines below it that stay as they are."""
        title, *rest = block.splitlines()
        self.lines += [self._heading(title), *rest, ""]

    def _row(self, name: str, text: str) -> Iterator[str]:
        """At the right of a name that leaves room, else below it."""
        gap = self._column - len(name) - 2
        shown = f"  {self._style(name, 'cyan')}"
        first, *rest = textwrap.wrap(text, self._width - self._column) or [""]
        if gap < 2:
            yield shown
            rest = [first, *rest]
        else:
            yield f"{shown}{' ' * gap}{first}".rstrip()
        yield from (f"{' ' * self._column}{line}" for line in rest)

    def _heading(self, text: str) -> str:
        return self._style(text, "bold", "green")


def _parts(text: str | None) -> tuple[list[str], list[str]]:
    """(paragraphs, blocks): in a block the first line is a title and the others are indented."""
    parts = [part for part in (text or "").strip().split("\n\n") if part]
    blocks = [part for part in parts if "\n " in part and not part.split("\n", 1)[0].startswith(" ")]
    return [part for part in parts if part not in blocks], blocks


def _purpose(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())


def _groups(command: Command, ctx: Context) -> dict[str, list[Row]]:
    """Arguments, then the options by their panels, those without one last."""
    groups: dict[str, list[Row]] = {"Arguments": []}
    rest: list[Row] = []
    for param in command.get_params(ctx):
        if getattr(param, "hidden", False):
            continue
        if param.param_type_name == "argument":
            groups["Arguments"].append((param.make_metavar(ctx=ctx), param.help or ""))
            continue
        panel = getattr(param, "rich_help_panel", None)
        (groups.setdefault(panel, []) if panel else rest).append((_names(param, ctx), param.help or ""))
    return {**groups, "Options": rest}


def _names(param: Parameter, ctx: Context) -> str:
    """`-p, --param NAME=VALUE`, the long name always in the same column."""
    long = [name for name in param.opts if name.startswith("--")]
    short = [name for name in param.opts if name not in long]
    names = f"{', '.join(short)}, " if short else "    "
    value = "" if param.is_flag else f" {param.make_metavar(ctx=ctx)}"
    return f"{names}{', '.join(long)}{value}"


def colour_of_help() -> bool:
    """Whether the colours of a help reach standard output."""
    return wants_colour(sys.stdout)
