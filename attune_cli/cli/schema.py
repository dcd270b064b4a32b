"""`attune schema`: the JSON Schemas of a pack's files, for editors, and of attune's own documents."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer

from attune_cli.cli.help import ReadableCommand
from attune_cli.errors import UsageError

app = Typer(add_completion=False)


class Kind(StrEnum):
    """What there is a schema of."""

    PACK = "pack"
    ACTION = "action"
    SENSOR = "sensor"
    TRIGGER = "trigger"
    RULE = "rule"
    RUNTIME = "runtime"
    WORKFLOW = "workflow"
    PERMISSION_SET = "permission_set"
    QUEUE = "queue"
    EXECUTION = "execution"
    FINDINGS = "findings"
    BINARY = "binary"
    BUILD = "build"
    SEED_RUNTIMES = "seed-runtimes"
    SENSOR_RUN = "sensor-run"


#: What `attune` itself writes: kind → the name of the file.
_OWN = {
    Kind.EXECUTION: "execution-1",
    Kind.FINDINGS: "findings-1",
    Kind.BINARY: "binary-1",
    Kind.BUILD: "build-1",
    Kind.SEED_RUNTIMES: "seed-runtimes-1",
    Kind.SENSOR_RUN: "sensor-run-1",
}


@app.command("schema", cls=ReadableCommand)
def schema(
    kind: Annotated[Kind | None, Argument(metavar="[KIND]", help=f"{', '.join(Kind)}.", show_default=False)] = None,
    install: Annotated[bool, Option("--install", help="Set VS Code up to use the schemas in this repository.")] = False,
    directory: Annotated[
        Path | None,
        Option(
            "--dir",
            metavar="DIR",
            help="The folder that the editor opens; the repository otherwise.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of one kind of file, or set an editor up with all of them.

    --install writes the schemas to .vscode/attune and names them in .vscode/settings.json, in the
    setting of the YAML extension (redhat.vscode-yaml). All else in that file stays as it is. Other
    editors with yaml-language-server read a comment: # yaml-language-server: $schema=PATH

    Examples:
      attune schema action
      attune schema --install
    """
    if install == (kind is not None) or (directory is not None and not install):
        raise UsageError("give a KIND, or --install", where="attune schema", help="attune schema --help")
    if install:
        from attune_cli.cli.installing import install_schemas

        install_schemas(directory)
        return
    assert kind is not None
    sys.stdout.write(_text(kind))


def _text(kind: Kind) -> str:
    if kind in _OWN:
        # Imported here: the help needs no part of either.
        from attune_cli import report

        return (Path(report.__path__[0]) / "schemas" / f"{_OWN[kind]}.json").read_text(encoding="utf-8")
    from attune_cli.pack.schema import schema_text

    return schema_text(kind)
