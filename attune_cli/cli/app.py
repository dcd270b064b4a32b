"""The `attune` command as Typer has it: its groups and its own options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from typer import Abort, Exit, Option, Typer
from typer.exceptions import TyperException
from typer.main import get_command

from attune_cli import __version__
from attune_cli.cli.help import colour_of_help
from attune_cli.cli.lazy import Home, LazyGroup
from attune_cli.errors import UsageError


class Commands(LazyGroup):
    """The command groups, one module each."""

    homes: ClassVar = {
        "run": Home("attune_cli.cli.run", "Run an action or a sensor as the platform would."),
        "runtime": Home("attune_cli.cli.runtime", "What this machine can run."),
        "pack": Home("attune_cli.cli.pack", "Check, list, show and begin packs."),
        "db": Home("attune_cli.cli.db", "Make the rows of a platform's database right, and show them."),
        "binary": Home("attune_cli.cli.binary", "Check executables."),
        "build": Home("attune_cli.cli.build", "Build executables from a pack's native sources."),
        "explain": Home("attune_cli.cli.explain", "Say what a code stands for."),
        "schema": Home("attune_cli.cli.schema", "The JSON Schemas of a pack's files, for editors."),
        "completion": Home("attune_cli.cli.completion", "Print the completion script of a shell."),
    }


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"attune {__version__}")
        raise Exit


def attune(
    version: Annotated[
        bool, Option("--version", "-V", help="Print the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
    debug: Annotated[bool, Option("--debug", help="Show tracebacks of attune itself.")] = False,
) -> None:
    """Run and check Attune packs on your own machine and in CI, with no server.

    Examples:
      attune run action core.echo -p message=hello
      attune run action ./my_binary -p input_data=x
      attune runtime list
    """
    # Both have had their effect by now: `entry` looks for --debug before anything can fail.
    del version, debug


def application() -> Typer:
    """The Typer application."""
    app = Typer(
        name="attune",
        cls=Commands,
        add_completion=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(attune)
    return app


def invoke(args: Sequence[str]) -> int:
    """Read a command line (without the program's name), run it, and return the exit status.

    What Typer raises is made attune's own: UsageError, or KeyboardInterrupt.
    """
    command = get_command(application())
    try:
        with command.make_context("attune", list(args), color=colour_of_help()) as context:
            result = command.invoke(context)
    except Exit as exit_:
        return exit_.exit_code
    except Abort:
        raise KeyboardInterrupt from None
    except TyperException as error:
        raise _usage(error) from error
    return result if isinstance(result, int) else 0


def _usage(error: Any) -> UsageError:  # noqa: ANN401 - what Typer knows of a mistake is in classes of its private parser
    """A complaint of the command-line parser."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "attune"
    if option := getattr(error, "option_name", None):
        near = getattr(error, "possibilities", None) or ()
        if hasattr(error, "possibilities"):
            return UsageError(f"there is no option {option}", where=path, help=_nearest(near, path))
    message = error.format_message().strip().rstrip(".")
    return UsageError(message[:1].lower() + message[1:], where=path, help=f"{path} --help")


def _nearest(names: Sequence[str], path: str) -> str:
    return f"did you mean {' or '.join(names)}?" if names else f"{path} --help lists them"
