"""`attune explain`: what a code stands for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Typer

from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.help import ReadableCommand
from attune_cli.cli.options import Json, Output, offered
from attune_cli.errors import UsageError

if TYPE_CHECKING:
    from attune_cli.report.rules import Explanation

app = Typer(add_completion=False)


@app.command("explain", cls=ReadableCommand)
def explain(
    code: Annotated[
        str | None,
        Argument(
            metavar="[CODE]",
            help="A code (ATN041), or a rule's name; none: all codes.",
            autocompletion=offered("all_codes"),
        ),
    ] = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """Say what a code stands for, why it matters, and what is wrong and right.

    Codes with ATN are findings about packs, binaries and events, those with PAR warnings of attune run.

    Examples:
      attune explain ATN041
      attune explain
    """
    # Imported here: help does not need them.
    from attune_cli.report.document import print_document
    from attune_cli.report.rules import explanations
    from attune_cli.settings import load_settings

    chosen = chosen_output(output, json=json, default=load_settings().output)
    known = explanations()
    found = [_found(code, known)] if code else list(known.values())
    if chosen.is_document:
        documents = [each.to_document() for each in found]
        print_document(documents[0] if code else documents, sys.stdout, as_yaml=chosen is OutputFormat.YAML)
    elif code:
        _tell(found[0])
    else:
        from attune_cli.report.table import print_table

        print_table(
            ("CODE", "SEVERITY", "TITLE"), [(each.code, each.severity, each.title) for each in found], sys.stdout
        )


def _tell(explanation: Explanation) -> None:
    from attune_cli.report.rules import explanation_lines
    from attune_cli.report.style import Style, width

    print("\n".join(explanation_lines(explanation, Style.of(sys.stdout), width(sys.stdout))))


def _found(text: str, known: Mapping[str, Explanation]) -> Explanation:
    """By its code or its name, upper case or lower."""
    by_name = {each.name: each for each in known.values() if each.name}
    found = known.get(text.upper()) or by_name.get(text.lower().replace("_", "-"))
    if found:
        return found
    from difflib import get_close_matches

    # Another number is another rule: a code has to be all but right.
    near = get_close_matches(text.upper(), known, 1, 0.85) or get_close_matches(text.lower(), by_name, 1)
    cure = f"did you mean {near[0]}?" if near else "attune explain lists them"
    raise UsageError(f"there is no code `{text}`", help=cure)
