"""Options that several commands share, each defined once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from typer import Context, Option

from attune_cli.cli.formats import OutputFormat, chosen_output

__all__ = [
    "OUTPUT",
    "REPORT",
    "Json",
    "Offer",
    "Output",
    "OutputFormat",
    "PacksDirs",
    "chosen_output",
    "offered",
    "option",
]

#: A word that TAB offers, and what it means.
Offer = tuple[str, str]

#: The group in which help shows how results are told.
OUTPUT = "Output"


def offered(what: str) -> Callable[[Context, str], list[Offer]]:
    """What TAB offers, by the function of that name in `offers` or `pack_offers`, imported only then."""

    def offer(ctx: Context, incomplete: str) -> list[Offer]:
        from attune_cli.cli import offers, pack_offers

        home = offers if hasattr(offers, what) else pack_offers
        found: list[Offer] = getattr(home, what)(ctx, incomplete)
        return found

    return offer


# Typer reads an option from what is of type Any to whoever checks types.
def option(panel: str | None, *names: str, metavar: str | None = None, help: str, **more: Any) -> Any:  # noqa: ANN401
    """An option as all commands have them. panel: the group in which help shows it; None: the last one."""
    return Option(*names, metavar=metavar, help=help, rich_help_panel=panel, show_default=False, **more)


REPORT = option(
    OUTPUT,
    "--report",
    metavar="FORMAT[=FILE]",
    help="text, json, yaml, sarif, junit or github; repeatable.",
    autocompletion=offered("reports"),
)

Output = Annotated[
    OutputFormat | None,
    Option(
        "--output",
        "-o",
        metavar="|".join(OutputFormat),
        help="For people, or one document for machines.",
        rich_help_panel=OUTPUT,
        show_default=False,
    ),
]
Json = Annotated[bool, Option("--json", "-j", help="The same as --output json.", rich_help_panel=OUTPUT)]
PacksDirs = Annotated[
    list[str] | None,
    Option("--packs-dir", metavar="DIR", help="Look for packs here first; repeatable.", show_default=False),
]
