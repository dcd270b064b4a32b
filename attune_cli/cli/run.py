"""`attune run`: an action (or a bare program) on this machine, as the platform would run it."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Argument, Option, Typer

from attune_cli.cli.arguments import RunArguments
from attune_cli.cli.help import ReadableCommand, ReadableGroup
from attune_cli.cli.options import OUTPUT, Json, Output, PacksDirs, offered
from attune_cli.errors import ExitCode
from attune_cli.pack.keywords import DELIVERIES, FORMATS
from attune_cli.pack.runner_types import ALIASES


class RunGroup(ReadableGroup):
    """`attune run`: its own statuses stay out of the way of the child's."""

    no_command_status = ExitCode.RUN_FAILURE


app = Typer(cls=RunGroup, add_completion=False)


@app.callback()
def run() -> None:
    """Run an action as the platform would."""


def _option(panel: str, *names: str, metavar: str | None = None, help: str, **more: Any) -> Any:  # noqa: ANN401
    return Option(*names, metavar=metavar, help=help, rich_help_panel=panel, show_default=False, **more)


_PARAMETERS, _ENVIRONMENT, _LIMITS = "Parameters", "Environment", "Limits"

_Subject = Argument(
    metavar="REF|PATH",
    help="A ref (core.echo), an action's YAML file, or any program or script.",
    autocompletion=offered("refs"),
)
_Param = _option(
    _PARAMETERS,
    "--param",
    "-p",
    metavar="NAME=VALUE",
    help="A parameter; also NAME:=JSON, NAME=@FILE.",
    autocompletion=offered("parameters"),
)
_Params = _option(_PARAMETERS, "--params", metavar="FILE", help="Parameters from YAML or JSON; - reads stdin.")
_ParamsJson = _option(_PARAMETERS, "--params-json", metavar="JSON", help="Parameters as one JSON object.")
_Secret = _option(
    _PARAMETERS,
    "--secret",
    metavar="NAME",
    help="A secret parameter: asked for, hidden; or NAME=@FILE, NAME=env:VAR.",
    autocompletion=offered("secrets"),
)
_Secrets = _option(_PARAMETERS, "--secrets", metavar="FILE", help="Secret parameters from YAML or JSON.")
_Delivery = _option(
    _PARAMETERS,
    "--delivery",
    metavar="|".join(DELIVERIES),
    help="How they arrive, instead of as declared.",
    autocompletion=lambda: DELIVERIES,
)
_Format = _option(
    _PARAMETERS,
    "--format",
    metavar="|".join(FORMATS),
    help="How they are written, instead of as declared.",
    autocompletion=lambda: FORMATS,
)
_Runtime = _option(
    _ENVIRONMENT,
    "--runtime",
    metavar="|".join(ALIASES),
    help="What starts it, instead of as declared.",
    autocompletion=lambda: list(ALIASES),
)
_Cwd = _option(_ENVIRONMENT, "--cwd", metavar="DIR", help="Work here instead of in the pack's folder.")
_Env = _option(
    _ENVIRONMENT,
    "--env",
    metavar="NAME[=VALUE]",
    help="A variable; NAME alone takes it from here.",
    autocompletion=offered("variables"),
)
_EnvFile = _option(_ENVIRONMENT, "--env-file", metavar="FILE", help="Variables from lines of NAME=value.")
_CleanEnv = _option(_ENVIRONMENT, "--clean-env", help="Pass next to nothing of your environment on.")
_Timeout = _option(_LIMITS, "--timeout", metavar="TIME", help="Kill it after that long: seconds, or 1m30s.")
_Grace = _option(_LIMITS, "--grace", metavar="TIME", help="SIGTERM first, SIGKILL only that much later.")
_MaxStdout = _option(_LIMITS, "--max-stdout", metavar="SIZE", help="Keep that much of standard output (10MiB).")
_MaxStderr = _option(_LIMITS, "--max-stderr", metavar="SIZE", help="Keep that much of standard error (10MiB).")
_DryRun = _option(OUTPUT, "--dry-run", help="Show what would be started; start nothing.")
_Quiet = _option(OUTPUT, "--quiet", "-q", help="No summary: the action's own output alone.")


@app.command("action", cls=ReadableCommand)
def action(
    subject: Annotated[str, _Subject],
    param: Annotated[list[str] | None, _Param] = None,
    params: Annotated[list[str] | None, _Params] = None,
    params_json: Annotated[list[str] | None, _ParamsJson] = None,
    secret: Annotated[list[str] | None, _Secret] = None,
    secrets: Annotated[list[str] | None, _Secrets] = None,
    delivery: Annotated[str | None, _Delivery] = None,
    format_: Annotated[str | None, _Format] = None,
    runtime: Annotated[str | None, _Runtime] = None,
    cwd: Annotated[str | None, _Cwd] = None,
    env: Annotated[list[str] | None, _Env] = None,
    env_file: Annotated[list[str] | None, _EnvFile] = None,
    clean_env: Annotated[bool, _CleanEnv] = False,
    timeout: Annotated[str | None, _Timeout] = None,
    grace: Annotated[str | None, _Grace] = None,
    max_stdout: Annotated[str | None, _MaxStdout] = None,
    max_stderr: Annotated[str | None, _MaxStderr] = None,
    packs_dir: PacksDirs = None,
    output: Output = None,
    json: Json = False,
    quiet: Annotated[bool, _Quiet] = False,
    dry_run: Annotated[bool, _DryRun] = False,
) -> int:
    """Run an action and show its output, its result and how it ended.

    Exit status:
      0-255  the action's own
      124    it ran into --timeout
      125    attune failed, or was called wrongly
      126    it cannot be executed
      127    there is no such action or program
      128+N  signal N killed it
      130    interrupted

    Examples:
      attune run action core.echo -p message=hello
      attune run action ./my_binary -p input_data=x --timeout 30
      attune run action core.http_request --params get.yaml -j
      attune run action my_pack.deploy --secret token --dry-run
    """
    # Imported here: neither help nor a mistake on the command line needs it.
    from attune_cli.cli.action import perform

    return perform(
        RunArguments(
            subject=subject,
            param=tuple(param or ()),
            params=tuple(params or ()),
            params_json=tuple(params_json or ()),
            secret=tuple(secret or ()),
            secrets=tuple(secrets or ()),
            delivery=delivery,
            format=format_,
            packs_dir=tuple(packs_dir or ()),
            runtime=runtime,
            cwd=cwd,
            env=tuple(env or ()),
            env_file=tuple(env_file or ()),
            clean_env=clean_env,
            timeout=timeout,
            grace=grace,
            max_stdout=max_stdout,
            max_stderr=max_stderr,
            dry_run=dry_run,
            output=output,
            json=json,
            quiet=quiet,
        )
    )
