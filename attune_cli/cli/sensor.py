"""`attune run sensor`, from its arguments to its exit status."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from attune_cli.cli.boundary import say, tell
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.interrupts import Interrupts
from attune_cli.cli.passing import note_at_once
from attune_cli.cli.sensor_arguments import SensorArguments, Show
from attune_cli.cli.sensor_showing import Showing, showing
from attune_cli.errors import AttuneError, UsageError
from attune_cli.quantities import parse_duration
from attune_cli.report.sensor.summary import summary_lines
from attune_cli.report.style import Style, is_terminal, width
from attune_cli.sensor.backoff import BASE
from attune_cli.sensor.document import run_document
from attune_cli.sensor.outcome import SensorRun
from attune_cli.sensor.preparation import LOG_LEVELS, SensorRequest
from attune_cli.sensor.supervisor import GRACE, Reason, Terms
from attune_cli.sensor.world import run_sensor
from attune_cli.settings import Settings, load_settings


def perform(arguments: SensorArguments) -> int:
    """Run it, show what happens, and return the exit status."""
    session = _Session(arguments)
    with session.interrupts.caught():
        try:
            settings = load_settings({"packs_dir": arguments.packs_dir or None})
            session.output = chosen_output(arguments.output, json=arguments.json, default=settings.output)
            return session.run(_request(arguments, settings))
        except AttuneError as error:
            session.document(SensorRun(sensor=arguments.subject, failure=error))
            raise
        except KeyboardInterrupt:
            session.document(SensorRun(sensor=arguments.subject, reason=Reason.INTERRUPT))
            raise


class _Session:
    """A run for a person, a pipe or a machine."""

    def __init__(self, arguments: SensorArguments) -> None:
        self._arguments = arguments
        self.output = chosen_output(arguments.output, json=arguments.json)
        self.interrupts = Interrupts(self._note_interrupt)
        self._shown: Showing | None = None

    def run(self, request: SensorRequest) -> int:
        """Run, show, and return the exit status."""
        arguments = self._arguments
        is_full = arguments.show is Show.FULL
        shown = showing(self.interrupts, document=self.output.is_document, full=is_full, quiet=arguments.quiet)
        self._shown = shown
        try:
            run = run_sensor(request, shown)
        finally:
            # What follows may wait for a terminal that has been stopped: Ctrl-C ends that as well.
            self.interrupts.take_back()
            shown.close()
        self._raise_lost(shown)
        self.document(run)
        if run.failure:
            tell(run.failure)
        if not self.output.is_document and not arguments.quiet and (run.course.starts or not run.failure):
            say("\n".join(summary_lines(run, Style.of(sys.stderr), width(sys.stderr))))
        return run.exit_status

    def document(self, run: SensorRun) -> None:
        """For a machine: the one document."""
        if self.output.is_document:
            from attune_cli.report.document import print_document

            print_document(run_document(run), sys.stdout, as_yaml=self.output is OutputFormat.YAML)

    def _raise_lost(self, shown: Showing) -> None:
        """Nobody reads what is shown any longer: that ends the run as it ends any program in a pipe."""
        if shown.failure:
            if self.interrupts.asked:
                raise KeyboardInterrupt from shown.failure
            raise shown.failure

    def _note_interrupt(self) -> None:
        is_shown = self._shown is not None and self._shown.shows_state
        if is_terminal(sys.stderr) and not self._arguments.quiet and not is_shown:
            note_at_once(Style.of(sys.stderr)("stopping; Ctrl-C again kills it at once", "dim"))


def _check(arguments: SensorArguments) -> None:
    """Raises UsageError."""
    if arguments.timeout is not None and arguments.events is None:
        raise UsageError(
            "--timeout is for how long --events are waited for",
            where="--timeout",
            help="--duration ends a run after that long",
        )
    if arguments.log_level not in LOG_LEVELS:
        raise UsageError(f"`{arguments.log_level}` is none of {', '.join(LOG_LEVELS)}", where="--log-level")


def _request(arguments: SensorArguments, settings: Settings) -> SensorRequest:
    _check(arguments)
    return SensorRequest(
        subject=arguments.subject,
        packs_dirs=settings.packs_dirs,
        rules=arguments.rule,
        on=arguments.on,
        runtime=arguments.runtime,
        clean_env=arguments.clean_env,
        env=arguments.env,
        env_files=arguments.env_file,
        log_level=arguments.log_level,
        mq_url=arguments.mq_url,
        keys=arguments.keys,
        key_pairs=arguments.key,
        state=_path(arguments.state),
        terms=_terms(arguments),
        events=arguments.events,
        events_file=_path(arguments.events_file),
        log_dir=_path(arguments.log_dir),
        execute=arguments.execute,
        concurrency=arguments.concurrency,
        caller=dict(os.environ),
    )


def _terms(arguments: SensorArguments) -> Terms:
    return Terms(
        grace=_seconds("--grace", arguments.grace, GRACE),
        backoff_base=_seconds("--backoff-base", arguments.backoff_base, BASE),
        restart=not arguments.no_restart,
        duration=_limit("--duration", arguments.duration),
        timeout=_limit("--timeout", arguments.timeout),
    )


def _seconds(option: str, text: str | None, default: float) -> float:
    return default if text is None else parse_duration(text, where=option)


def _limit(option: str, text: str | None) -> float | None:
    return None if text is None else parse_duration(text, where=option)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
