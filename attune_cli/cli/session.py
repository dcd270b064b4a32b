"""One `attune run action` as it meets the terminal: live output, then the answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attune_cli.cli.arguments import RunArguments
from attune_cli.cli.boundary import say, tell
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.interrupts import Interrupts
from attune_cli.cli.passing import Passing, Screen, note_at_once
from attune_cli.errors import AttuneError, ExitCode
from attune_cli.execution.action import ActionRequest, Execution, Live, plan, run_action
from attune_cli.execution.execution import CANCELLED, not_started
from attune_cli.process import Process
from attune_cli.report.execution import summary_lines
from attune_cli.report.progress import Progress
from attune_cli.report.style import Style, is_terminal, width


class RunSession:
    """Runs for a person, a pipe or a machine.

    For a person and a pipe the action's own output is passed on while it runs: made harmless on a
    terminal, byte for byte in a pipe. The summary goes to standard error. A machine gets exactly
    one document on standard output, also when the action was never started.
    """

    def __init__(self, arguments: RunArguments) -> None:
        self._arguments = arguments
        self._output = chosen_output(arguments.output, json=arguments.json)
        self._interrupts = Interrupts(self._note_interrupt)
        self._progress = Progress(sys.stderr)

    @contextmanager
    def begun(self) -> Iterator[None]:
        """All of it happens in here: signals are handled, and what goes wrong is told to a machine too."""
        with self._interrupts.caught():
            try:
                yield
            except AttuneError as error:
                self._document(not_started(self._arguments.subject, None, error))
                raise
            except KeyboardInterrupt:
                self._progress.close()
                self._document(self._interrupted())
                raise

    def choose(self, default: str | None) -> None:
        """Take the settings' output format where the command line names none."""
        self._output = chosen_output(self._arguments.output, json=self._arguments.json, default=default)

    def show_plan(self, request: ActionRequest) -> int:
        """Print what would be started."""
        # Imported here: a run does not need it.
        from attune_cli.report.plan import plan_document, plan_lines

        planned = plan(request)
        if self._output.is_document:
            self._print(plan_document(planned))
        else:
            print("\n".join(plan_lines(planned, Style.of(sys.stdout), width(sys.stdout))))
        return ExitCode.OK

    def run(self, request: ActionRequest) -> int:
        """Run, show, and return the exit status."""
        execution = self._silently(request) if self._output.is_document else self._live(request)
        self._interrupts.take_back()
        self._document(execution)
        if execution.failure:
            tell(execution.failure)
        elif not self._output.is_document and not self._arguments.quiet:
            say("\n".join(summary_lines(execution, Style.of(sys.stderr), width(sys.stderr))))
        return execution.exit_status

    def _silently(self, request: ActionRequest) -> Execution:
        return run_action(request, self._told(None, None))

    def _live(self, request: ActionRequest) -> Execution:
        screen = Screen()
        stdout, stderr = Passing(sys.stdout, screen), Passing(sys.stderr, screen)
        try:
            return run_action(request, self._told(stdout, stderr))
        except OSError as error:
            # A terminal that is closed sends SIGHUP and takes no more output, whichever comes first.
            if self._interrupts.asked:
                raise KeyboardInterrupt from error
            raise
        finally:
            # What follows may wait for a terminal that has been stopped: Ctrl-C ends that as well.
            self._interrupts.take_back()
            self._progress.close()
            stdout.finish()
            stderr.finish()

    def _told(self, stdout: Passing | None, stderr: Passing | None) -> Live:
        """Who is told of the run. stdout, stderr: where its streams go; None: into the document alone."""
        return Live(stdout, stderr, self._interrupts.hold, self._started, self._tell_progress)

    def _started(self, process: Process) -> None:
        self._progress.close()
        self._interrupts.hand_on(process)

    def _tell_progress(self, line: str) -> None:
        if not self._arguments.quiet:
            # Whether it can be told or not, the set-up goes on.
            with suppress(OSError):
                self._progress(line)

    def _note_interrupt(self) -> None:
        if is_terminal(sys.stderr) and not self._arguments.quiet:
            note_at_once(Style.of(sys.stderr)("stopping; Ctrl-C again kills it at once", "dim"))

    def _document(self, execution: Execution) -> None:
        if self._output.is_document:
            self._print(execution.to_document())

    def _print(self, document: dict[str, object]) -> None:
        # Imported here: most runs print none.
        from attune_cli.report.document import print_document

        print_document(document, sys.stdout, as_yaml=self._output is OutputFormat.YAML)

    def _interrupted(self) -> Execution:
        return Execution(
            action=self._arguments.subject,
            runtime=None,
            status=CANCELLED,
            error="the action was interrupted before it was started",
        )
