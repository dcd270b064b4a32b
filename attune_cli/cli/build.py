"""`attune build`: native sources made into executables."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option, Typer

from attune_cli.cli.build_arguments import BuildArguments
from attune_cli.cli.help import ReadableCommand
from attune_cli.cli.options import OUTPUT, Json, Output, PacksDirs, offered

app = Typer(add_completion=False)


@app.command("build", cls=ReadableCommand)
def build(
    subject: Annotated[
        str | None,
        Argument(
            metavar="[REF|PATH]",
            help="A pack (core), an action or sensor of one (core.digest), or a path; none: the pack here.",
            autocompletion=offered("components"),
        ),
    ] = None,
    platform: Annotated[
        list[str] | None,
        Option(
            "--platform",
            metavar="OS/ARCH",
            help="Build for it, into native/dist/OS/ARCH/; repeatable. Else for this machine, in place.",
            autocompletion=offered("platforms"),
        ),
    ] = None,
    force: Annotated[bool, Option("--force", help="Build what has not changed as well.")] = False,
    timeout: Annotated[
        str | None,
        Option("--timeout", metavar="TIME", help="For each compiler; else 1h. 0: no limit.", show_default=False),
    ] = None,
    packs_dir: PacksDirs = None,
    output: Output = None,
    json: Json = False,
    quiet: Annotated[
        bool, Option("--quiet", "-q", help="No progress, no list: errors and warnings alone.", rich_help_panel=OUTPUT)
    ] = False,
) -> int:
    """Build the executables of a pack from its native sources.

    Sources are in native/NAME/: a Go module, a Cargo package, a Makefile, Zig or C files. What has not
    changed is not built again. The compilers are those of this machine, else the wheels of
    pip install 'attune-cli[build]'.

    Exit status:
      0  all of it is built
      1  it is built, and would not start
      2  attune was called wrongly
      3  something could not be built

    Examples:
      attune build
      attune build core.digest
      attune build packs/demo --platform linux/arm64 --platform darwin/arm64
    """
    # Imported here: neither help nor a mistake on the command line needs it.
    from attune_cli.cli.building import perform

    return perform(
        BuildArguments(
            subject=subject,
            platform=tuple(platform or ()),
            force=force,
            timeout=timeout,
            packs_dir=tuple(packs_dir or ()),
            output=output,
            json=json,
            quiet=quiet,
        )
    )
