"""`attune run`: an action (or a bare program) or a sensor on this machine, as the platform would run it."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Typer

from attune_cli.cli.arguments import RunArguments
from attune_cli.cli.help import Context, ReadableCommand, ReadableGroup
from attune_cli.cli.options import OUTPUT, Json, Output, PacksDirs, offered, option
from attune_cli.cli.sensor_arguments import SensorArguments, Show, as_pair, paired
from attune_cli.errors import ExitCode
from attune_cli.pack.keywords import DELIVERIES, FORMATS
from attune_cli.pack.runner_types import ALIASES


class RunGroup(ReadableGroup):
    """`attune run`: its own statuses stay out of the way of the child's."""

    no_command_status = ExitCode.RUN_FAILURE


app = Typer(cls=RunGroup, add_completion=False)


@app.callback()
def run() -> None:
    """Run an action or a sensor as the platform would."""


_PARAMETERS, _ENVIRONMENT, _LIMITS = "Parameters", "Environment", "Limits"

_Subject = Argument(
    metavar="REF|PATH",
    help="A ref (core.echo), an action's YAML file, or any program or script.",
    autocompletion=offered("refs"),
)
_Param = option(
    _PARAMETERS,
    "--param",
    "-p",
    metavar="NAME=VALUE",
    help="A parameter; also NAME:=JSON, NAME=@FILE.",
    autocompletion=offered("parameters"),
)
_Params = option(_PARAMETERS, "--params", metavar="FILE", help="Parameters from YAML or JSON; - reads stdin.")
_ParamsJson = option(_PARAMETERS, "--params-json", metavar="JSON", help="Parameters as one JSON object.")
_Secret = option(
    _PARAMETERS,
    "--secret",
    metavar="NAME",
    help="A secret parameter: asked for, hidden; or NAME=@FILE, NAME=env:VAR.",
    autocompletion=offered("secrets"),
)
_Secrets = option(_PARAMETERS, "--secrets", metavar="FILE", help="Secret parameters from YAML or JSON.")
_Delivery = option(
    _PARAMETERS,
    "--delivery",
    metavar="|".join(DELIVERIES),
    help="How they arrive, instead of as declared.",
    autocompletion=lambda: DELIVERIES,
)
_Format = option(
    _PARAMETERS,
    "--format",
    metavar="|".join(FORMATS),
    help="How they are written, instead of as declared.",
    autocompletion=lambda: FORMATS,
)
_Runtime = option(
    _ENVIRONMENT,
    "--runtime",
    metavar="|".join(ALIASES),
    help="What starts it, instead of as declared.",
    autocompletion=lambda: list(ALIASES),
)
_Cwd = option(_ENVIRONMENT, "--cwd", metavar="DIR", help="Work here instead of in the pack's folder.")
_Env = option(
    _ENVIRONMENT,
    "--env",
    metavar="NAME[=VALUE]",
    help="A variable; NAME alone takes it from here.",
    autocompletion=offered("variables"),
)
_EnvFile = option(_ENVIRONMENT, "--env-file", metavar="FILE", help="Variables from lines of NAME=value.")
_CleanEnv = option(_ENVIRONMENT, "--clean-env", help="Pass next to nothing of your environment on.")
_Timeout = option(_LIMITS, "--timeout", metavar="TIME", help="Kill it after that long: seconds, or 1m30s.")
_Grace = option(_LIMITS, "--grace", metavar="TIME", help="SIGTERM first, SIGKILL only that much later.")
_MaxStdout = option(_LIMITS, "--max-stdout", metavar="SIZE", help="Keep that much of standard output (10MiB).")
_MaxStderr = option(_LIMITS, "--max-stderr", metavar="SIZE", help="Keep that much of standard error (10MiB).")
_DryRun = option(OUTPUT, "--dry-run", help="Show what would be started; start nothing.")
_Quiet = option(OUTPUT, "--quiet", "-q", help="No summary: the action's own output alone.")


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
    api: Annotated[bool, _Api] = False,
    keys: Annotated[list[str] | None, _Keys] = None,
    key: Annotated[list[str] | None, _Key] = None,
    state: Annotated[str | None, _State] = None,
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
            api=api,
            keys=tuple(keys or ()),
            key=tuple(key or ()),
            state=state,
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


_SENSOR_RULES, _API = "Rules", "Local API"

_Sensor = Argument(
    metavar="REF|PATH",
    help="A ref (core.interval_timer_sensor), or a sensor's YAML file.",
    autocompletion=offered("sensors"),
)
_Rule = option(_SENSOR_RULES, "--rule", metavar="FILE", help="A rule it works for; repeatable.")
_On = option(_SENSOR_RULES, "--on", metavar="TRIGGER JSON", help="A rule made on the spot; repeatable.")
_Execute = option(_SENSOR_RULES, "--execute", help="Run the rules' actions for its events.")
_Concurrency = option(_SENSOR_RULES, "--concurrency", metavar="N", help="So many actions at once (4).", min=1, max=64)
_Api = option(_API, "--api", help="Serve the Attune API here while it runs; the next three do so as well.")
_Keys = option(_API, "--keys", metavar="FILE", help="Keys from YAML or JSON; repeatable.")
_Key = option(_API, "--key", metavar="REF=@FILE", help="One key; also REF:=@FILE, REF=env:VARIABLE.")
_State = option(_API, "--state", metavar="FILE", help="Keep the keys that it writes here between runs.")
_MqUrl = option(_ENVIRONMENT, "--mq-url", metavar="URL", help="A RabbitMQ for it; otherwise it has none.")
_LogLevel = option(
    _ENVIRONMENT,
    "--log-level",
    metavar="LEVEL",
    help="trace, debug, info, warn or error (info).",
    autocompletion=lambda: ["trace", "debug", "info", "warn", "error"],
)
_Duration = option(_LIMITS, "--duration", metavar="TIME", help="Stop it after that long: seconds, or 1m30s.")
_Events = option(_LIMITS, "--events", metavar="N", help="Stop it after so many events.", min=1)
_EventsTimeout = option(_LIMITS, "--timeout", metavar="TIME", help="Wait no longer for --events.")
_SensorGrace = option(_LIMITS, "--grace", metavar="TIME", help="From SIGTERM to SIGKILL when it is stopped (5s).")
_NoRestart = option(_LIMITS, "--no-restart", help="When it ends by itself, that is the end.")
_BackoffBase = option(_LIMITS, "--backoff-base", metavar="TIME", help="The first pause before a restart (5s).")
_Show = option(OUTPUT, "--show", metavar="|".join(Show), help="How much of a payload is shown (short).")
_EventsFile = option(OUTPUT, "--events-file", metavar="FILE", help="Write the events here, a line of JSON each.")
_LogDir = option(OUTPUT, "--log-dir", metavar="DIR", help="Write what it prints here, in rotated files.")
_SensorQuiet = option(OUTPUT, "--quiet", "-q", help="Show its events alone.")


class SensorCommand(ReadableCommand):
    """`attune run sensor`. Typer knows no repeatable option of two values: `--on TRIGGER JSON` becomes one."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(paired(args)))


@app.command("sensor", cls=SensorCommand)
def sensor(
    subject: Annotated[str, _Sensor],
    rule: Annotated[list[str] | None, _Rule] = None,
    on: Annotated[list[str] | None, _On] = None,
    execute: Annotated[bool, _Execute] = False,
    concurrency: Annotated[int, _Concurrency] = 4,
    keys: Annotated[list[str] | None, _Keys] = None,
    key: Annotated[list[str] | None, _Key] = None,
    state: Annotated[str | None, _State] = None,
    runtime: Annotated[str | None, _Runtime] = None,
    env: Annotated[list[str] | None, _Env] = None,
    env_file: Annotated[list[str] | None, _EnvFile] = None,
    clean_env: Annotated[bool, _CleanEnv] = False,
    mq_url: Annotated[str | None, _MqUrl] = None,
    log_level: Annotated[str, _LogLevel] = "info",
    packs_dir: PacksDirs = None,
    duration: Annotated[str | None, _Duration] = None,
    events: Annotated[int | None, _Events] = None,
    timeout: Annotated[str | None, _EventsTimeout] = None,
    grace: Annotated[str | None, _SensorGrace] = None,
    no_restart: Annotated[bool, _NoRestart] = False,
    backoff_base: Annotated[str | None, _BackoffBase] = None,
    show: Annotated[Show, _Show] = Show.SHORT,
    events_file: Annotated[str | None, _EventsFile] = None,
    log_dir: Annotated[str | None, _LogDir] = None,
    output: Output = None,
    json: Json = False,
    quiet: Annotated[bool, _SensorQuiet] = False,
) -> int:
    """Run a sensor in a local world, and show and check every event it creates.

    Exit status:
      0        it ran and stopped cleanly, and all events were right
      1        it did not, they were not, or an action failed
      124      --events did not come in time
      125-127  as for an action
      130      interrupted before it was started, or before --events had come

    Examples:
      attune run sensor core.interval_timer_sensor
      attune run sensor core.interval_timer_sensor --on core.intervaltimer '{"unit": "seconds", "interval": 1}'
      attune run sensor my_pack.my_sensor --events 3 --timeout 30 -j
      attune run sensor sensors/my_sensor.yaml --rule rules/my_rule.yaml --execute
    """
    # Imported here: neither help nor a mistake on the command line needs it.
    from attune_cli.cli.sensor import perform as perform_sensor

    return perform_sensor(
        SensorArguments(
            subject=subject,
            rule=tuple(rule or ()),
            on=tuple(map(as_pair, on or ())),
            execute=execute,
            concurrency=concurrency,
            keys=tuple(keys or ()),
            key=tuple(key or ()),
            state=state,
            runtime=runtime,
            env=tuple(env or ()),
            env_file=tuple(env_file or ()),
            clean_env=clean_env,
            mq_url=mq_url,
            log_level=log_level,
            packs_dir=tuple(packs_dir or ()),
            duration=duration,
            events=events,
            timeout=timeout,
            grace=grace,
            no_restart=no_restart,
            backoff_base=backoff_base,
            show=show,
            events_file=events_file,
            log_dir=log_dir,
            output=output,
            json=json,
            quiet=quiet,
        )
    )
